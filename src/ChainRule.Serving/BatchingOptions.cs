namespace ChainRule.Serving;

/// <summary>How a <see cref="BatchingPredictor"/> joins what comes at once.</summary>
public sealed record BatchingOptions
{
    /// <summary>How many rows are predicted together at most; 1 joins none. 64 by default.</summary>
    public int MaxBatch { get; init; } = 64;

    /// <summary>How many rows may wait; one more is refused with a <see cref="TooManyRequestsException"/>. 4,096 by
    /// default.</summary>
    public int MaxWaiting { get; init; } = 4096;

    /// <summary>How many batches are computed at once: by default, 0, half as many as there are processors, and one at
    /// least. What is left to others reads requests and writes answers meanwhile.</summary>
    public int Workers { get; init; }
}
