using ChainRule.Distributed;

namespace ChainRule.Workers.Bench;

/// <summary>
/// How long a step takes on many workers: what a shard costs, as measured, and messages that take α + bytes / β. It
/// follows the exchange bucket by bucket: each worker sends to each other its share of what it has summed, then each
/// sends what it has joined; a bucket is on its way while the backward pass goes on.
/// </summary>
/// <param name="profile">What a shard costs.</param>
/// <param name="link">What carries the messages.</param>
/// <remarks>All workers are taken to be as slow as the one with the most shards.</remarks>
sealed class StepModel(ShardProfile profile, Link link)
{
    const int NumberBytes = sizeof(float);

    /// <summary>How long a step takes, in seconds.</summary>
    /// <param name="workers">How many share it.</param>
    /// <param name="shards">How many shards it has.</param>
    public double Seconds(int workers, int shards)
    {
        var tree = new ShardTree(shards);
        var ranks = Enumerable.Range(0, workers);
        int own = ranks.Max(rank => tree.First(rank + 1, workers) - tree.First(rank, workers));
        double last = own * profile.Forward + (own - 1) * profile.Backward;
        double computed = last + profile.Backward;
        if (workers == 1) return computed + profile.Update;
        int[] parts = [.. ranks.Select(rank => tree.Cover(rank, workers).Length)];
        return Exchange(workers, parts.Max(), parts.Sum(), last, computed) + Told(workers) + profile.Update;
    }

    /// <summary>How many bytes of gradients a worker sends in a step, by the tree.</summary>
    public static long BytesSent(IEnumerable<int> buckets, int rank, int workers, int shards)
    {
        int parts = new ShardTree(shards).Cover(rank, workers).Length;
        return buckets.Sum(numbers =>
        {
            long share = Start(rank + 1) - Start(rank);
            return NumberBytes * (parts * (numbers - share) + (workers - 1) * share);

            // As a bucket is divided.
            long Start(int worker) => (long)numbers * worker / workers;
        });
    }

    // When all buckets are there: the link carries one stage of one bucket after another, in the order in which they
    // become ready.
    double Exchange(int workers, int parts, int allParts, double last, double computed)
    {
        PriorityQueue<(int Bucket, bool IsJoined), double> ready = new();
        double delayed = 0;
        for (int i = 0; i < profile.Buckets.Count; i++)
        {
            // Who sends and receives messages does not compute meanwhile.
            delayed += 2 * parts * (workers - 1) * link.Message;
            if (link.UsesProcessor) delayed += 2 * (workers - 1) * Carrying(parts, i);
            ready.Enqueue((i, false), last + profile.Buckets[i].Ready + delayed);
        }
        double free = 0, end = computed + delayed;
        while (ready.TryDequeue(out var stage, out double at))
        {
            free = Math.Max(free, at) + (workers - 1) * (stage.IsJoined ? 2 * link.Message + Carrying(1, stage.Bucket)
                : Carrying(parts, stage.Bucket));
            double arrived = free + link.Latency;
            double share = (double)profile.Buckets[stage.Bucket].Numbers / workers;
            if (stage.IsJoined) end = Math.Max(end, arrived);
            else ready.Enqueue((stage.Bucket, true), arrived + (allParts - 1) * share * profile.Joining);
        }
        return end;

        double Carrying(int times, int bucket) =>
            times * NumberBytes * (double)profile.Buckets[bucket].Numbers / workers / link.Rate;
    }

    // Losses, what was reached, and times: three short messages to each other, one after another.
    double Told(int workers) => 3 * (link.Latency + 2 * (workers - 1) * link.Message)
        + (workers - 1) * profile.Tensors / link.Rate;
}
