namespace ChainRule;

/// <summary>
/// One op in the graph: what went in, what came out, and how to go back. It lives as long as its output is reachable;
/// one that was made in a scope goes back to a free list with its output.
/// </summary>
abstract partial class Node
{
    static long s_clock;

    Slot[] _inputs = [], _outputs = [];
    int[] _versions = [], _outputVersions = [];
    int _count, _outputCount;

    /// <summary>The number of the youngest node.</summary>
    public static long Youngest => Interlocked.Read(ref s_clock);

    /// <summary>Nodes are numbered in creation order: an eager program already ran in topological order.</summary>
    public long Order { get; private set; }

    public ReadOnlySpan<Slot> Inputs => _inputs.AsSpan(0, _count);

    /// <summary>What came out: one tensor, and of a few ops more.</summary>
    public ReadOnlySpan<Slot> Outputs => _outputs.AsSpan(0, _outputCount);

    /// <summary>Whether a gradient reached any of the outputs.</summary>
    public bool IsReached
    {
        get
        {
            foreach (var y in Outputs) if (y.Grad is not null) return true;
            return false;
        }
    }

    /// <summary>What the op is called: its struct's name as words.</summary>
    public abstract string Op { get; }

    /// <summary>Whether a backward pass went through.</summary>
    public bool Spent { get; set; }

    /// <summary>The number of the backward pass that last saw it.</summary>
    public long Pass { get; set; }

    /// <summary>Adds the output's gradient, times the local derivatives, to the inputs' gradients.</summary>
    public void Backward() => Backward(Inputs, Outputs);

    /// <summary>The same backward pass through tensors that stand in for the inputs and the outputs.</summary>
    public abstract void Backward(ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs);

    /// <summary>dL/d(input i) as a tensor with a graph of its own, given dL/dy.</summary>
    public abstract Tensor GradientOf(int input, Tensor dy);

    /// <summary>Goes back to the free list, if it came from there.</summary>
    public abstract void Release();

    /// <summary>
    /// Refuses to go back through numbers that were overwritten after the op read or computed them: the gradients would
    /// be wrong without an error.
    /// </summary>
    public void CheckUnchanged(string asked = "backward", string instead = "write after Backward()")
    {
        for (int i = 0; i < _count; i++)
        {
            if (_inputs[i].Storage.Version != _versions[i])
                Throw.Invalid($"{asked}: input {i} of '{Op}', {_inputs[i].Shape}, was written in place after the op "
                    + $"read it, so its gradient would be wrong: {instead}, or into a Detach().Clone()");
        }
        for (int i = 0; i < _outputCount; i++)
        {
            if (_outputs[i].Storage.Version != _outputVersions[i])
                Throw.Invalid($"{asked}: the output of '{Op}', {_outputs[i].Shape}, was written in place through a "
                    + $"Detach() of it, so the gradient would be wrong: {instead}, or into a Detach().Clone()");
        }
    }

    /// <summary>Becomes what made the outputs.</summary>
    protected void Connect(ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs)
    {
        Remember(inputs, ref _inputs, ref _versions);
        Remember(outputs, ref _outputs, ref _outputVersions);
        (_count, _outputCount, Order, Spent) =
            (inputs.Length, outputs.Length, Interlocked.Increment(ref s_clock), false);
        foreach (var y in outputs) (y.RequiresGrad, y.Producer) = (true, this);
    }

    protected void Forget()
    {
        Array.Clear(_inputs);
        Array.Clear(_outputs);
        (_count, _outputCount) = (0, 0);
    }

    static void Remember(ReadOnlySpan<Slot> slots, ref Slot[] kept, ref int[] versions)
    {
        if (kept.Length < slots.Length) (kept, versions) = (new Slot[slots.Length], new int[slots.Length]);
        for (int i = 0; i < slots.Length; i++) (kept[i], versions[i]) = (slots[i], slots[i].Storage.Version);
    }
}

sealed partial class Node<TOp> : Node where TOp : struct, IOp
{
    // Nodes whose scope ended on this thread, to be used again.
    [ThreadStatic]
    static Stack<Node<TOp>>? s_free;

    TOp _op;
    SavedTensors _saved;
    bool _pooled;

    public override string Op => OpName.Called(_op);

    /// <summary>Puts an op that ran into the graph.</summary>
    public static void Record(TOp op, ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs, in SavedTensors saved)
    {
        bool pooled = ScopeFrame.Current is not null;
        var node = pooled && s_free is { Count: > 0 } free ? free.Pop() : new Node<TOp>();
        (node._op, node._saved, node._pooled) = (op, saved, pooled);
        node.Connect(inputs, outputs);
    }

    public override void Backward(ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs)
    {
        // Of several outputs, one that was not used has a gradient of zeros.
        foreach (var y in outputs) if (y.Grad is null) y.GradToAdd();
        DTypes.Backward(_op, inputs, outputs, ref _saved);
        // An op may have nothing to add, such as a loss whose targets are all ignored: what it was reached from has a
        // gradient of zeros all the same.
        foreach (var x in inputs) if (x.RequiresGrad) x.GradToAdd();
    }

    public override Tensor GradientOf(int input, Tensor dy)
    {
        if (Outputs.Length == 1 && _op.Linearity != Linearity.None)
            return Adjoint<TOp>.Run(_op, input, Inputs, Outputs[0], dy.Slot);
        Tensor[] x = Array.ConvertAll(Inputs.ToArray(), static slot => new Tensor(slot));
        if (Outputs.Length == 1 && _op.GradientOf(input, x, new(Outputs[0]), dy) is { } gradient) return gradient;
        Throw.Invalid(OpName.IsGradient<TOp>()
            ? $"gradients: '{Op}' has no second derivative here: gradients of gradients end at the second"
            : $"gradients: '{Op}' has no second derivative here: write it with other ops, or take its first "
                + "derivative with Backward()");
        return default;
    }

    public override void Release()
    {
        if (!_pooled) return;
        (_op, _saved, _pooled) = (default, default, false);
        Forget();
        (s_free ??= new Stack<Node<TOp>>()).Push(this);
    }
}
