namespace ChainRule.Distributed;

/// <summary>
/// Sums the gradients of a step's shards by a <see cref="ShardTree"/>, over all workers. A worker sums its own shards
/// as far as they are neighbours in the tree. The numbers are then divided among the workers: each is sent its part of
/// all that others have summed, adds it up by the tree, and sends the result to all. That begins for the parameters
/// whose gradients are there while the backward pass still computes others, a bucket at a time.
/// </summary>
/// <param name="entries">What is summed: gradients of parameters, then buffers.</param>
/// <param name="group">The workers; null for this one alone.</param>
abstract class GradientSum(IReadOnlyList<GradientSum.Entry> entries, WorkerGroup? group)
{
    /// <summary>How many numbers a bucket holds, at least: 1 MiB of float32.</summary>
    const int BucketNumbers = 1 << 18;

    readonly Dictionary<Slot, int> _places = entries.Select((entry, i) => (entry.Owner, i))
        .ToDictionary(one => one.Owner, one => one.i);

    /// <summary>A tensor whose gradient, or whose own numbers, are summed.</summary>
    /// <param name="Owner">The parameter, or the buffer.</param>
    /// <param name="IsBuffer">Whether it is a buffer: the tensor's own numbers.</param>
    internal sealed record Entry(Slot Owner, bool IsBuffer)
    {
        /// <summary>What a shard computed; null where it did not reach the parameter.</summary>
        public Slot? Found => IsBuffer ? Owner : Owner.Grad;
    }

    /// <summary>What is summed.</summary>
    protected IReadOnlyList<Entry> Entries => entries;

    /// <summary>The workers; null for this one alone.</summary>
    protected WorkerGroup? Group => group;

    /// <summary>The parameters that a shard has reached.</summary>
    public bool[] Reached { get; } = new bool[entries.Count];

    /// <summary>For tensors of one number type.</summary>
    public static GradientSum Of(DType dtype, IReadOnlyList<Entry> entries, WorkerGroup? group)
    {
        var make = new Making(entries, group);
        DTypes.Run(dtype, ref make);
        return make.Made!;
    }

    /// <summary>Behind which entries a bucket ends.</summary>
    internal static int[] BucketEnds(IReadOnlyList<Entry> entries)
    {
        List<int> ends = [];
        int numbers = 0;
        for (int i = 0; i < entries.Count; i++)
        {
            numbers += entries[i].Owner.Count;
            // Buffers are known when all is computed, parameters before.
            bool isLast = i == entries.Count - 1 || entries[i + 1].IsBuffer != entries[i].IsBuffer;
            if (!isLast && numbers < BucketNumbers) continue;
            ends.Add(i + 1);
            numbers = 0;
        }
        return [.. ends];
    }

    /// <summary>The place of a parameter among the entries; -1 for what is not summed.</summary>
    protected int PlaceOf(Slot owner) => _places.GetValueOrDefault(owner, -1);

    /// <summary>Begins a step.</summary>
    /// <param name="tree">The tree over its shards.</param>
    public abstract void Begin(ShardTree tree);

    /// <summary>Before the backward pass of this worker's next shard.</summary>
    /// <param name="isLast">Whether it is its last: then what it finds is sent while it goes on.</param>
    public abstract void BeginShard(bool isLast);

    /// <summary>The backward pass is done with a parameter: its gradient is added while the caches hold it.</summary>
    public abstract void Ready(Slot parameter);

    /// <summary>After the backward pass: adds what it did not reach, and buffers.</summary>
    public abstract void EndShard();

    /// <summary>Waits until the sums over all shards are there.</summary>
    public abstract void Complete();

    /// <summary>
    /// Puts the sums, times a factor, where gradients are, and those of buffers into them as they are.
    /// </summary>
    /// <param name="scale">The factor of the gradients.</param>
    /// <param name="reached">The parameters that a shard of any worker reached; others get no gradient.</param>
    public abstract void Store(double scale, ReadOnlySpan<bool> reached);

    struct Making(IReadOnlyList<Entry> entries, WorkerGroup? group) : INumeric
    {
        public GradientSum? Made { get; private set; }

        void INumeric.Run<T>() => Made = new GradientSum<T>(entries, group);
    }
}
