using ChainRule.Kernels;

namespace ChainRule;

/// <summary>How much of the machine may compute.</summary>
public static class Compute
{
    /// <summary>
    /// How many threads ops may use; all cores unless set. Results are the same bits at any number: threads share out
    /// the numbers of an output, never the terms of a sum.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set below 1.</exception>
    public static int Threads
    {
        get => ForRows.Threads;
        set => ForRows.Threads = value;
    }
}
