namespace ChainRule.Tracing;

/// <summary>
/// All ops of a computation, in the order in which they ran: what a network is written down from in another format,
/// such as ONNX.
/// <code>
/// var trace = Trace.Of([x], () => [model.Forward(x)]);
/// foreach (var op in trace.Ops) Console.WriteLine(op);
/// </code>
/// A tensor is known by its numbers: under another shape it is the same value, read in that shape, since a reshape
/// computes nothing. What no input goes into is a constant, with its numbers: a parameter, or what was computed of
/// parameters alone, unless by ids, which may be an input. What is computed outside of ops, from numbers that were read
/// out of a tensor, is not seen, and
/// stands in the trace as a constant too.
/// </summary>
public sealed class Trace
{
    readonly Dictionary<Storage, TracedValue> _values = new(ReferenceEqualityComparer.Instance);
    readonly List<TracedOp> _ops = [];
    readonly List<TracedValue> _all = [];
    readonly HashSet<string> _unfold;

    Trace(IEnumerable<string> unfold) => _unfold = [.. unfold];

    /// <summary>The ops that an input or ids go into, in the order in which they ran.</summary>
    public IReadOnlyList<TracedOp> Ops => _ops;

    /// <summary>What went in, in the order given.</summary>
    public IReadOnlyList<TracedValue> Inputs { get; private set; } = [];

    /// <summary>What came out, in the order returned, each under its last shape.</summary>
    public IReadOnlyList<TracedInput> Outputs { get; private set; } = [];

    /// <summary>Every value: inputs, constants such as parameters, and what ops computed.</summary>
    public IReadOnlyList<TracedValue> Values => _all;

    /// <summary>Runs a computation, and writes down its ops. No gradient flows.</summary>
    /// <param name="inputs">The tensors that it reads and that may be others the next time.</param>
    /// <param name="compute">The computation, on this thread.</param>
    /// <param name="named">Tensors whose values have names, such as a module's state.</param>
    /// <param name="unfold">Ops that are written down as the simpler ops that they are made of, by name, such as
    /// <c>attention</c>.</param>
    /// <exception cref="InvalidOperationException">A scope that began inside it took back numbers that are read
    /// later.</exception>
    public static Trace Of(IReadOnlyList<Tensor> inputs, Func<IReadOnlyList<Tensor>> compute,
        IEnumerable<KeyValuePair<string, Tensor>>? named = null, params IEnumerable<string> unfold)
    {
        Throw.IfNull(inputs, "trace");
        Throw.IfNull(compute, "trace");
        var trace = new Trace(unfold);
        foreach (var (name, x) in named ?? [])
            if (!trace._values.ContainsKey(x.Slot.Storage)) trace.Known(x.Slot, null, x, name);
        trace.Inputs = [.. inputs.Select((x, i) => trace.Known(x.Slot, null, null))];
        // What a scope would take back, and hand out again, could not be told apart.
        var open = ScopeFrame.Suspend();
        var outer = Watch.Current;
        Watch.Current = new Hook(trace, outer);
        try
        {
            using var quiet = NoGrad.Begin();
            trace.Outputs = [.. compute().Select(y => trace.Read(y.Slot))];
        }
        finally
        {
            Watch.Current = outer;
            ScopeFrame.Resume(open);
        }
        return trace;
    }

    /// <summary>How much ran, and the ops, a line each.</summary>
    public override string ToString() =>
        $"trace of {_ops.Count} op{(_ops.Count == 1 ? "" : "s")}, {Inputs.Count} in, {Outputs.Count} out"
            + string.Concat(_ops.Select(op => $"\n{op}"));

    TracedInput Read(Slot slot) => new(_values.TryGetValue(slot.Storage, out var value) ? value
        : Known(slot, null, new Tensor(slot)), slot.Shape);

    TracedValue Known(Slot slot, TracedOp? producer, Tensor? constant, string? name = null)
    {
        if (_values.ContainsKey(slot.Storage))
            Throw.Invalid($"trace: {(producer is null ? "a tensor" : $"the output of '{producer.Name}'")}, "
                + $"{slot.Shape}, lies where another tensor's numbers were: no scope may end inside of what is traced, "
                + "and inputs must be different tensors");
        var value = new TracedValue(_all.Count, slot.Shape, slot.DType) 
        {
            Producer = producer, Constant = constant, Name = name,
        };
        _all.Add(value);
        return _values[slot.Storage] = value;
    }

    void Add<TOp>(TOp op, ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs) where TOp : struct, IOp
    {
        string name = OpName.Called(op);
        if (_unfold.Contains(name) && op.Unfold(Array.ConvertAll(inputs.ToArray(), static x => new Tensor(x)))
            is { } of)
        {
            for (int i = 0; i < outputs.Length; i++) _values[outputs[i].Storage] = Read(of[i].Slot).Value;
            return;
        }
        var read = new TracedInput[inputs.Length];
        for (int i = 0; i < read.Length; i++) read[i] = Read(inputs[i]);
        var attributes = op.Attributes;
        if (Array.TrueForAll(read, static x => x.Value.Constant is not null)
            && !Array.Exists(attributes, static one => one.Value is Ids))
        {
            foreach (var y in outputs) Known(y, null, new Tensor(y));
            return;
        }
        var traced = new TracedOp(name, read, attributes.ToDictionary(one => one.Name, one => one.Value));
        var made = new TracedValue[outputs.Length];
        for (int i = 0; i < made.Length; i++) made[i] = Known(outputs[i], traced, null);
        traced.Outputs = made;
        _ops.Add(traced);
    }

    sealed class Hook(Trace trace, Watch? outer) : Watch
    {
        public override void Ran<TOp>(TOp op, ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs)
        {
            outer?.Ran(op, inputs, outputs);
            trace.Add(op, inputs, outputs);
        }

        public override void AfterForward(string op, ReadOnlySpan<Slot> inputs, double placed, Slot output) { }

        public override void BeforeBackward(Node node) => outer?.BeforeBackward(node);

        public override void AfterBackward(Node node) => outer?.AfterBackward(node);
    }
}
