namespace ChainRule;

/// <summary>
/// One op in the graph: what went in, what came out, and how to go back. It lives as long as its output is reachable; one that was made in a scope
/// goes back to a free list with its output.
/// </summary>
abstract class Node
{
    static long s_clock;

    Slot[] _inputs = [];
    int[] _versions = [];
    int _count, _outputVersion;

    /// <summary>The number of the youngest node.</summary>
    public static long Youngest => Interlocked.Read(ref s_clock);

    /// <summary>Nodes are numbered as they are born: an eager program already ran in topological order.</summary>
    public long Order { get; private set; }

    public ReadOnlySpan<Slot> Inputs => _inputs.AsSpan(0, _count);

    public Slot Output { get; private set; } = null!;

    /// <summary>What the op is called: its struct's name as words.</summary>
    public abstract string Op { get; }

    /// <summary>The inputs less the notes: what the op read.</summary>
    public abstract ReadOnlySpan<Slot> Operands { get; }

    /// <summary>Whether a backward pass went through.</summary>
    public bool Spent { get; set; }

    /// <summary>The number of the backward pass that last saw it.</summary>
    public long Pass { get; set; }

    /// <summary>Adds the output's gradient, times the local derivatives, to the inputs' gradients.</summary>
    public abstract void Backward();

    /// <summary>Goes back to the free list, if it came from there.</summary>
    public abstract void Release();

    /// <summary>Refuses to go back through numbers that were overwritten after the op read or computed them: the gradients would be wrong without an error.</summary>
    public void CheckUnchanged()
    {
        for (int i = 0; i < _count; i++)
        {
            if (_inputs[i].Storage.Version != _versions[i])
                Throw.Invalid($"backward: input {i} of '{Op}', {_inputs[i].Shape}, was written in place after the op read it, so its gradient would be wrong: "
                            + "write after Backward(), or into a Detach().Clone()");
        }
        if (Output.Storage.Version != _outputVersion)
            Throw.Invalid($"backward: the output of '{Op}', {Output.Shape}, was written in place through a Detach() of it, so the gradient would be wrong: "
                        + "write after Backward(), or into a Detach().Clone()");
    }

    /// <summary>Becomes the producer of y.</summary>
    protected void Connect(ReadOnlySpan<Slot> inputs, Slot y)
    {
        if (_inputs.Length < inputs.Length) (_inputs, _versions) = (new Slot[inputs.Length], new int[inputs.Length]);
        for (int i = 0; i < inputs.Length; i++) (_inputs[i], _versions[i]) = (inputs[i], inputs[i].Storage.Version);
        (_count, Output, _outputVersion, Order, Spent) = (inputs.Length, y, y.Storage.Version, Interlocked.Increment(ref s_clock), false);
        (y.RequiresGrad, y.Producer) = (true, this);
    }

    protected void Forget()
    {
        Array.Clear(_inputs);
        (Output, _count) = (null!, 0);
    }
}

sealed class Node<TOp> : Node where TOp : struct, IOp
{
    // Nodes whose scope ended on this thread, to be used again.
    [ThreadStatic]
    static Stack<Node<TOp>>? s_free;

    TOp _op;
    bool _pooled;

    public override string Op => OpName.Called(_op);

    public override ReadOnlySpan<Slot> Operands => Inputs[..^_op.Notes];

    /// <summary>Puts an op that ran into the graph.</summary>
    public static void Record(TOp op, ReadOnlySpan<Slot> inputs, Slot y)
    {
        bool pooled = ScopeFrame.Current is not null;
        var node = pooled && s_free is { Count: > 0 } free ? free.Pop() : new Node<TOp>();
        (node._op, node._pooled) = (op, pooled);
        node.Connect(inputs, y);
    }

    public override void Backward()
    {
        DTypes.Backward(_op, Inputs, Output);
        // An op may have nothing to add, such as a loss whose targets are all ignored: what it was reached from has a gradient of zeros all the same.
        foreach (var x in Inputs) if (x.RequiresGrad) x.GradToAdd();
    }

    public override void Release()
    {
        if (!_pooled) return;
        (_op, _pooled) = (default, false);
        Forget();
        (s_free ??= new Stack<Node<TOp>>()).Push(this);
    }
}
