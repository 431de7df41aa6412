namespace ChainRule.Bench;

/// <summary>
/// Work that is timed. Its twin of the same name in <c>bench/peers</c> does the same arithmetic from the
/// same numbers: both draw them from torch's stream, seed 1, the parameters in the order in which the layers
/// are made and then the data.
/// </summary>
abstract class Workload
{
    /// <summary>The seed of both sides.</summary>
    public const int Seed = 1;

    /// <summary>Floating-point operations of one step; 0 where arithmetic is not the point.</summary>
    public virtual double Flops => 0;

    /// <summary>What is timed.</summary>
    public abstract void Step();

    /// <summary>
    /// Three numbers that both sides must agree on, or their times say nothing; none where there is no twin.
    /// </summary>
    public abstract double[] Check();
}

/// <summary>A workload by its name, made when it is its turn.</summary>
sealed record Entry(string Name, Func<Workload> Make);
