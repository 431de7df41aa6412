namespace ChainRule.Classical;

/// <summary>How many classes targets have.</summary>
static class ClassCount
{
    const int Most = 100_000;

    /// <summary>The number given, or one more than the largest target, at least 2.</summary>
    public static int Of(string asked, int[] targets, int? classes)
    {
        int largest = targets.Max();
        if (classes is { } given && given <= largest)
            Throw.OutOfRange($"{asked}: {given} classes, and row {Array.IndexOf(targets, largest)} is of class "
                + $"{largest}: count all classes", nameof(classes));
        long count = classes ?? Math.Max(2, largest + 1L);
        if (count > Most)
            Throw.OutOfRange($"{asked}: {count:N0} classes: number them from 0, {Most:N0} of them at most",
                classes is null ? "y" : nameof(classes));
        return (int)count;
    }
}
