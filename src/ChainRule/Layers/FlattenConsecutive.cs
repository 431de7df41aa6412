namespace ChainRule.Layers;

/// <summary>
/// [B, T, C] → [B, T/n, n·C]: each n neighbours in time side by side; [B, n·C] where one group is
/// left. Nothing is copied.
/// </summary>
/// <remarks>Karpathy, makemore part 5, after van den Oord and others, 2016 (WaveNet).</remarks>
public sealed class FlattenConsecutive : Module
{
    readonly int _n;

    /// <param name="n">How many neighbours go together.</param>
    public FlattenConsecutive(int n)
    {
        _n = n;
        if (n < 1) Throw.Argument($"{Describe()}: a group has 1 or more", nameof(n));
    }

    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank != 3)
            Throw.Argument($"{Describe()}: the input is {x.Shape}, and has {x.Rank} axes: give [B, T, C]", nameof(x));
        int batch = x.Shape[0], time = x.Shape[1], columns = x.Shape[2];
        if (time == 0 || time % _n != 0)
            Throw.Argument($"{Describe()}: the input is {x.Shape}, and its axis 1 does not divide into groups of {_n}: "
                + $"give a multiple of {_n}",
                nameof(x));
        return time == _n ? x.Reshape(batch, _n * columns) : x.Reshape(batch, time / _n, _n * columns);
    }

    protected internal override string Describe() => $"FlattenConsecutive({_n})";
}
