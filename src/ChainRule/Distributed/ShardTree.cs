namespace ChainRule.Distributed;

/// <summary>A part of the tree: the sum over the shards from Index · 2^Level on, 2^Level of them or what is
/// left.</summary>
readonly record struct TreeNode(int Level, int Index);

/// <summary>
/// The one binary tree by which the gradients of a step's shards are summed, wherever they were computed: shards 0 and
/// 1, 2 and 3, and so on; then the sums of two by two; what has no neighbour goes up as it is. Additions of floats
/// round, so that only the same tree gives the same bits.
/// </summary>
/// <param name="shards">How many shards the step has.</param>
sealed class ShardTree(int shards)
{
    /// <summary>How many shards the step has.</summary>
    public int Shards => shards;

    /// <summary>The first shard of a worker; that of the next worker is behind its last.</summary>
    public int First(int rank, int workers) => (int)((long)rank * shards / workers);

    /// <summary>
    /// The largest parts of the tree that a worker can sum by itself, in order: what it has to tell the others.
    /// </summary>
    public TreeNode[] Cover(int rank, int workers)
    {
        List<TreeNode> open = [];
        for (int shard = First(rank, workers); shard < First(rank + 1, workers); shard++) Add(open, new(0, shard));
        return [.. open];
    }

    /// <summary>
    /// Puts a part behind those that are there, and joins it with its left neighbour as long as there is one.
    /// </summary>
    /// <returns>How often it was joined: as often is the last part of the list added to the one before it.</returns>
    public int Add(List<TreeNode> open, TreeNode part)
    {
        int joined = 0;
        part = Raised(part);
        while (open.Count > 0 && open[^1].Level == part.Level && open[^1].Index == part.Index - 1
            && part.Index % 2 == 1)
        {
            open.RemoveAt(open.Count - 1);
            part = Raised(new(part.Level + 1, part.Index / 2));
            joined++;
        }
        open.Add(part);
        return joined;
    }

    // What has no right neighbour is what is above it.
    TreeNode Raised(TreeNode part)
    {
        while (part.Index % 2 == 0 && 1L << part.Level < shards && (long)(part.Index + 1) << part.Level >= shards)
            part = new(part.Level + 1, part.Index / 2);
        return part;
    }

    /// <summary>Σ of one number a shard, by the tree.</summary>
    public double Sum(ReadOnlySpan<double> of)
    {
        List<TreeNode> open = [];
        Span<double> sums = stackalloc double[64];
        for (int shard = 0; shard < shards; shard++)
        {
            double sum = of[shard];
            int joined = Add(open, new(0, shard));
            for (int i = 0; i < joined; i++) sum = sums[open.Count - 1 + joined - 1 - i] + sum;
            sums[open.Count - 1] = sum;
        }
        return sums[0];
    }
}
