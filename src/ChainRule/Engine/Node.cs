namespace ChainRule;

/// <summary>One op in the graph: what went in, what came out, and how to go back. It lives as long as its output is reachable.</summary>
abstract class Node
{
    static long s_clock;

    readonly int[] _versions;
    readonly int _outputVersion;

    protected Node(Slot[] inputs, Slot output)
    {
        (Inputs, Output, _outputVersion) = (inputs, output, output.Storage.Version);
        _versions = new int[inputs.Length];
        for (int i = 0; i < inputs.Length; i++) _versions[i] = inputs[i].Storage.Version;
    }

    /// <summary>Nodes are numbered as they are born: an eager program already ran in topological order.</summary>
    public long Order { get; } = Interlocked.Increment(ref s_clock);

    public Slot[] Inputs { get; }

    public Slot Output { get; }

    /// <summary>What the op is called: its struct's name as words.</summary>
    public abstract string Op { get; }

    /// <summary>The inputs less the notes: what the op read.</summary>
    public abstract ReadOnlySpan<Slot> Operands { get; }

    /// <summary>Whether a backward pass went through.</summary>
    public bool Spent { get; set; }

    /// <summary>The number of the backward pass that last saw it.</summary>
    public long Pass { get; set; }

    /// <summary>Adds the output's gradient, times the local slopes, to the inputs' gradients.</summary>
    public abstract void Backward();

    /// <summary>Refuses to go back through numbers that were overwritten after the op read or computed them: the slopes would be wrong in silence.</summary>
    public void CheckUnchanged()
    {
        for (int i = 0; i < Inputs.Length; i++)
        {
            if (Inputs[i].Storage.Version != _versions[i])
                Throw.Invalid($"backward: input {i} of '{Op}', {Inputs[i].Shape}, was written in place after the op read it, so its gradient would be wrong: "
                            + "write after Backward(), or into a Clone()");
        }
        if (Output.Storage.Version != _outputVersion)
            Throw.Invalid($"backward: the output of '{Op}', {Output.Shape}, was written in place through a Detach() of it, so the gradient would be wrong: "
                        + "write after Backward(), or into a Clone()");
    }
}

sealed class Node<TOp>(TOp op, Slot[] inputs, Slot output) : Node(inputs, output) where TOp : struct, IOp
{
    public override string Op => OpName.Of<TOp>();

    public override ReadOnlySpan<Slot> Operands => Inputs.AsSpan(..^op.Notes);

    public override void Backward()
    {
        // An op may have nothing to add, such as a loss whose targets are all ignored: what it was reached from has a gradient of zeros all the same.
        foreach (var x in Inputs) if (x.Wants) x.GradToAdd();
        DTypes.Backward(op, Inputs, Output);
    }
}
