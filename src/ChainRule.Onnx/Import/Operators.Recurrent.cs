namespace ChainRule.Formats.Import;

/// <summary>Recurrent layers: weights have a row of gates each, in ONNX's order.</summary>
static partial class Operators
{
    static readonly int[] s_lstmGates = [0, 2, 3, 1], s_gruGates = [1, 0, 2];

    static OnnxValue[] Lstm(NodeRun run) => Recurrent(run, s_lstmGates, ["Sigmoid", "Tanh", "Tanh"]);

    static OnnxValue[] Gru(NodeRun run)
    {
        if (run.Whole("linear_before_reset", 0) == 0)
            throw run.Refused("the reset gate before the product is not read: PyTorch and this library have it behind "
                + "(linear_before_reset = 1)");
        return Recurrent(run, s_gruGates, ["Sigmoid", "Tanh"]);
    }

    static OnnxValue[] Rnn(NodeRun run) => Recurrent(run, [0], ["Tanh"]);

    static OnnxValue[] Recurrent(NodeRun run, int[] gates, string[] usual)
    {
        string direction = run.Text("direction", "forward");
        int directions = direction == "bidirectional" ? 2 : 1;
        string[] activations = run.Setting("activations") as string[] ?? [];
        bool relu = run.Operator == "RNN" && activations.Length > 0 && activations.All(one => one == "Relu");
        if (activations.Length > 0 && !relu && !Enumerable.Range(0, activations.Length).All(i =>
            activations[i] == usual[i % usual.Length]))
            throw run.Refused($"activations {Printable.Of(string.Join(", ", activations), 80)} are not the usual ones");
        if (run.Has("clip") || run.Whole("layout", 0) != 0 || run.Whole("input_forget", 0) != 0 || run.Has(7))
            throw run.Refused("clip, layout, input_forget and peepholes are not read");
        // [steps, batch, inputs]
        var x = run.Real().Transpose(0, 1);
        Ids? lengths = run.Has(4) ? run.X(4).Ids(0) : null;
        Tensor w = run.Real(1), r = run.Real(2);
        int hidden = r.Shape[2];
        List<Tensor> ys = [], ends = [], cells = [];
        for (int d = 0; d < directions; d++)
        {
            bool back = direction == "reverse" || d == 1;
            Tensor wd = Ordered(w.Select(0, d)), rd = Ordered(r.Select(0, d));
            var none = Tensor.Zeros([gates.Length * hidden], x.DType);
            Tensor wb = none, rb = none;
            if (run.Has(3))
            {
                var both = run.Real(3).Select(0, d);
                (wb, rb) = (Ordered(both.Slice(0, 0, gates.Length * hidden)),
                    Ordered(both.Slice(0, gates.Length * hidden)));
            }
            Tensor? h = run.Has(5) ? run.Real(5).Select(0, d) : null, c = run.Has(6) ? run.Real(6).Select(0, d) : null;
            if (back && lengths is not null) throw run.Refused(
                "lengths of sequences with a backward direction are not read");
            var input = back ? x.Flip(1) : x;
            Tensor y;
            if (run.Operator == "LSTM")
            {
                var zero = Tensor.Zeros([x.Shape[0], hidden], x.DType);
                y = input.Lstm(wd, rd, wb, rb, new(h ?? zero, c ?? zero), out var final, lengths);
                cells.Add(final.Cell);
                ends.Add(final.Hidden);
            }
            else
            {
                y = run.Operator == "GRU" ? input.Gru(wd, rd, wb, rb, h, lengths) : input.Rnn(wd, rd, wb, rb, h, relu,
                    lengths);
                ends.Add(lengths is null ? y.Select(1, -1) : Tensor.Concat(0, [.. Enumerable.Range(0, lengths.Count)
                    .Select(i => y.Slice(0, i, i + 1).Select(1, lengths[i] - 1))]));
            }
            ys.Add((back ? y.Flip(1) : y).Transpose(0, 1));
        }
        // [steps, directions, batch, hidden] and [directions, batch, hidden]
        OnnxValue[] made = [OnnxValue.Of(Tensor.Stack(1, [.. ys])), OnnxValue.Of(Tensor.Stack(0, [.. ends])),
            .. cells.Count > 0 ? [OnnxValue.Of(Tensor.Stack(0, [.. cells]))] : (OnnxValue[])[]];
        return made;

        Tensor Ordered(Tensor all) => gates.Length == 1 ? all : Tensor.Concat(0, [.. gates.Select(gate =>
            all.Slice(0, gate * hidden, (gate + 1) * hidden))]);
    }
}
