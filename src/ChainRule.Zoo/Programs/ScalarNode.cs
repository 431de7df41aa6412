namespace ChainRule.Zoo.Programs;

/// <summary>One number of a <see cref="ScalarProgram"/>: given, or computed from others.</summary>
public sealed class ScalarNode
{
    readonly Func<Tensor[], Tensor>? _compute;

    internal ScalarNode(string name, string op, Tensor number, int from, int to,
        IReadOnlyList<ScalarNode>? inputs = null, Func<Tensor[], Tensor>? compute = null)
    {
        (Name, Op, Number, From, To, Inputs, _compute) = (name, op, number, from, to, inputs ?? [], compute);
    }

    /// <summary>The name that it is assigned to, or the text that computes it.</summary>
    public string Name { get; internal set; }

    /// <summary>The operator or function, such as <c>*</c> or <c>tanh</c>; empty where the number is given.</summary>
    public string Op { get; }

    /// <summary>Its number, in float64.</summary>
    public Tensor Number { get; }

    /// <summary>Where its text begins in the program.</summary>
    public int From { get; }

    /// <summary>Where its text ends.</summary>
    public int To { get; }

    /// <summary>What it was computed from, in the order of the text; a number that is used twice stands here twice.
    /// </summary>
    public IReadOnlyList<ScalarNode> Inputs { get; }

    /// <summary>
    /// The derivative of this number by each of its <see cref="Inputs"/>, whatever is computed from it later; 0 for
    /// constants.
    /// </summary>
    public double[] LocalDerivatives()
    {
        if (_compute is null || !Number.RequiresGrad) return new double[Inputs.Count];
        Tensor[] xs = [.. Inputs.Select(x => Tensor.Scalar(x.Number.Item(), DType.Float64))];
        for (int i = 0; i < xs.Length; i++)
            if (Inputs[i].Number.RequiresGrad) xs[i].RequireGrad();
        _compute(xs).Backward();
        return [.. xs.Select(x => x.HasGrad ? x.Grad.Item() : 0)];
    }
}
