using System.Diagnostics;
using ChainRule.Distributed;
using ChainRule.Kernels;
using ChainRule.Optim;
using ChainRule.Training;

namespace ChainRule.Workers.Bench;

/// <summary>What the parts of a step take on one worker, in seconds.</summary>
/// <param name="Forward">A shard's loss.</param>
/// <param name="Backward">A shard's backward pass, in which its gradients are added to those of others.</param>
/// <param name="Update">After all shards: the sums become gradients, which are clipped, and the optimiser's step.
/// </param>
/// <param name="Buckets">The buckets in the order in which they are sent: how many numbers each has, and when it is
/// complete, in seconds since the last shard's backward pass began.</param>
/// <param name="Tensors">How many parameters and buffers there are.</param>
/// <param name="Joining">To add one number to one other, where both come from memory.</param>
sealed record ShardProfile(double Forward, double Backward, double Update,
    IReadOnlyList<(int Numbers, double Ready)> Buckets, int Tensors, double Joining)
{
    /// <summary>How many numbers are trained.</summary>
    public long Numbers => Buckets.Sum(bucket => (long)bucket.Numbers);

    /// <summary>Makes steps of two shards each, the way a trainer makes them.</summary>
    /// <param name="work">What is trained.</param>
    /// <param name="rows">How many rows a shard has.</param>
    /// <param name="steps">How many steps are timed; others come before.</param>
    /// <param name="of">What is taken of the times: their least, for a machine that has nothing else to do, or their
    /// mean, for one that is as busy as now.</param>
    public static ShardProfile Measure(WorkerCase work, int rows, int steps, Func<IEnumerable<double>, double> of)
    {
        var (net, loss) = work.Shard(rows);
        var optimizer = new AdamW(net.Parameters(), 1e-3);
        var shards = new StepShards(net, optimizer.Parameters, [], null);
        List<GradientSum.Entry> entries = [.. optimizer.Parameters.Reverse()
            .Select(one => new GradientSum.Entry(one.Slot, IsBuffer: false))];
        int[] ends = GradientSum.BucketEnds(entries);
        List<double> forward = [], backward = [], joining = [], update = [];
        float[] some = new float[entries.Sum(one => one.Owner.Count)], others = new float[some.Length];
        var ready = ends.Select(_ => new List<double>()).ToArray();
        for (int i = -steps; i < steps; i++)
        {
            using var scope = Scope.Begin();
            shards.Sum.Begin(new ShardTree(2));
            long begun = 0;
            for (int shard = 0; shard < 2; shard++)
            {
                using var part = Scope.Begin();
                begun = Stopwatch.GetTimestamp();
                var l = loss();
                optimizer.ZeroGrad();
                if (i >= 0) forward.Add(Since(begun));
                shards.Sum.BeginShard(isLast: shard == 1);
                begun = Stopwatch.GetTimestamp();
                int left = 0, bucket = 0;
                BackwardPass.From(l.Slot, null, keepGraph: false, one =>
                {
                    shards.Sum.Ready(one);
                    // A backward pass reaches parameters last to first, but for what is read twice.
                    if (++left == ends[bucket] && i >= 0 && shard == 1) ready[bucket].Add(Since(begun));
                    if (left == ends[bucket]) bucket++;
                });
                shards.Sum.EndShard();
                if (i >= 0) backward.Add(Since(begun));
            }
            Timed(update, i, () =>
            {
                shards.Sum.Complete();
                shards.Sum.Store(0.5, shards.Sum.Reached);
                Clip.Norm(optimizer.Parameters, 1);
                optimizer.Step();
            });
            Timed(joining, i, () => Addition.Add<float>(others, some));
        }
        double[] complete = [.. ready.Select(of)];
        int Numbers(int bucket) =>
            entries[(bucket == 0 ? 0 : ends[bucket - 1])..ends[bucket]].Sum(one => one.Owner.Count);
        return new(of(forward), of(backward), of(update),
            [.. ends.Select((_, bucket) => (Numbers(bucket), complete[bucket]))], entries.Count,
            of(joining) / some.Length);
    }

    static void Timed(List<double> seconds, int i, Action work)
    {
        long began = Stopwatch.GetTimestamp();
        work();
        if (i >= 0) seconds.Add(Since(began));
    }

    static double Since(long began) => Stopwatch.GetElapsedTime(began).TotalSeconds;
}
