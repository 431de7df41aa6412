namespace ChainRule.Distributed;

/// <summary>
/// A worker of the group failed, or is gone, so that the others cannot go on with it; or the group could not be formed.
/// </summary>
public sealed class WorkerException : IOException
{
    /// <summary>It was none of the others.</summary>
    public WorkerException() => Rank = -1;

    /// <summary>With a sentence alone.</summary>
    public WorkerException(string message) : base(message) => Rank = -1;

    /// <summary>With a sentence, and what it came of.</summary>
    public WorkerException(string message, Exception inner) : base(message, inner) => Rank = -1;

    /// <param name="rank">Which worker it was.</param>
    /// <param name="message">What became of it, in one sentence.</param>
    /// <param name="isGone">Whether its process ended without a word; else it said the sentence itself.</param>
    public WorkerException(int rank, string message, bool isGone) : base(message) => (Rank, IsGone) = (rank, isGone);

    /// <summary>Which worker it was; -1 if none of them.</summary>
    public int Rank { get; }

    /// <summary>Whether its process ended without a word.</summary>
    public bool IsGone { get; }
}
