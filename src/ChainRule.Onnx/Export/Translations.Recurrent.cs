using ChainRule.Formats.Graph;

namespace ChainRule.Formats.Export;

/// <summary>Recurrent layers, whose gates ONNX takes in another order.</summary>
static partial class Translations
{
    // Ours: i f g o; ONNX: i o f c.
    static readonly int[] s_lstm = [0, 3, 1, 2];

    // Ours: r z n; ONNX: z r h.
    static readonly int[] s_gru = [1, 0, 2];

    static string[] Lstm(OpView op)
    {
        var (y, cell) = Recurrent(op, "LSTM", s_lstm);
        return op.Outputs == 1 ? [y] : [y, cell!];
    }

    static string[] Gru(OpView op) => [Recurrent(op, "GRU", s_gru, ("linear_before_reset", 1L)).Y];

    static string[] Rnn(OpView op) => [Recurrent(op, "RNN", [0],
        ("activations", (string[])[op.Get<bool>("relu") ? "Relu" : "Tanh"])).Y];

    static (string Y, string? Cell) Recurrent(OpView op, string name, int[] order, params (string, object)[] settings)
    {
        if (op.Has("lengths")) throw op.Refused("lengths of sequences would be fixed in the file: give all steps");
        int hidden = op.Shapes(2)[0][1];
        string one = op.Builder.Whole(0);
        string w = Weights(1, "W"), r = Weights(2, "R"), b = op.Builder.Constant("B", called =>
        {
            var both = Tensor.Concat(0, Ordered(op.Constant(3, "weights"), order), Ordered(op.Constant(4, "weights"),
                order));
            return OnnxTensor.Of(called, both.Unsqueeze(0));
        });
        List<string> inputs = [op.Node("Transpose", [op.X()], ("perm", (long[])[1, 0, 2])), w, r, b];
        if (op.Get<bool>("begun"))
        {
            inputs.AddRange(["", op.Node("Unsqueeze", [op.X(5), one])]);
            if (op.Inputs > 6) inputs.Add(op.Node("Unsqueeze", [op.X(6), one]));
        }
        string[] made = op.Builder.Nodes(name, inputs, name == "LSTM" ? 3 : 1, [("hidden_size", (long)hidden),
            .. settings]);
        // [steps, directions, batch, hidden]
        string y = op.Node("Transpose", [op.Node("Squeeze", [made[0], op.Builder.Whole(1)])],
            ("perm", (long[])[1, 0, 2]));
        return (y, made.Length < 3 ? null : op.Node("Squeeze", [made[2], one]));

        string Weights(int i, string wish) => op.Builder.Constant(wish, called =>
            OnnxTensor.Of(called, Ordered(op.Constant(i, "weights"), order).Unsqueeze(0)));
    }

    static Tensor Ordered(Tensor gates, int[] order)
    {
        int each = gates.Shape[0] / order.Length;
        return gates.Rows([.. order.SelectMany(gate => Enumerable.Range(gate * each, each))]);
    }
}
