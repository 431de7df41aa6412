using System.Diagnostics;
using ChainRule.Data;
using ChainRule.Distributed;
using ChainRule.Layers;

namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY>
{
    StepShards? _shards;
    int _shardsMade = -1;
    // What this worker wishes, and what all have agreed on: 0 to go on, 1 that it was cancelled, 2 to stop.
    int _wish, _agreed;

    /// <summary>
    /// Into how many shards the rows of a batch are cut, each with a forward and a backward pass of its own; their
    /// gradients are added up in one fixed binary tree. 0 computes a batch as a whole. The result does not depend on
    /// how many <see cref="Workers"/> share the shards: it is the same bits for any number of them. What looks at a
    /// whole batch, such as <see cref="BatchNorm"/>, sees a shard, and running statistics are the mean of the
    /// shards'; then each shard has two rows or more. A batch of fewer rows has fewer shards. Dropout draws for each
    /// shard anew.
    /// </summary>
    public int Shards { get; init; }

    /// <summary>
    /// The workers that train this model together, each with a trainer that was built from the same settings; null for
    /// this one alone. Each computes its part of the <see cref="Shards"/> of every step, and all have the same
    /// parameters after it. The first worker alone saves to the <see cref="Checkpoint"/>.
    /// </summary>
    public Transport? Workers { get; set; }

    // Before the first step and where parts were made: what is summed, over whom.
    StepShards MakeShards() => new(Model, Optimizer.Parameters,
        Generators.Values.Concat(Model.Generators().Select(one => one.Value)),
        Workers is null ? null : _shards?.Group is { } group && group.Transport == Workers ? group : new(Workers));

    void CheckShards()
    {
        if (Shards is < 0 or > 65_536)
            Throw.OutOfRange($"train: {Shards:N0} shards: give 1 to 65,536, or 0 for a batch as a whole");
        if (Workers is { } workers && Shards < workers.Size)
            Throw.Invalid($"train: {workers.Size} workers share {Shards} shards: set Shards to at least as many as "
                + "there are workers");
        // Parts that were made since have parameters of their own.
        if (_shards is null || _shardsMade != Module.Made) _shards = Shards == 0 ? null : MakeShards();
        _shardsMade = Module.Made;
    }

    double BackwardOfShards()
    {
        if (_shardsMade != Module.Made) CheckShards();
        var group = _shards!.Group;
        long began = Stopwatch.GetTimestamp();
        double waited = group?.Waited ?? 0;
        var (batches, starts, rows) = NextBatches(_shards);
        var tree = new ShardTree(starts[^1]);
        int first = group is null ? 0 : tree.First(group.Rank, group.Size);
        int end = group is null ? tree.Shards : tree.First(group.Rank + 1, group.Size);
        double[] values = new double[2 * tree.Shards];
        _shards.Begin();
        _shards.Sum.Begin(tree);
        for (int shard = first, batch = 0; shard < end; shard++)
        {
            while (shard >= starts[batch + 1]) batch++;
            using var part = Scope.Begin("shard");
            var (x, y) = ShardOf(batches[batch], shard - starts[batch], starts[batch + 1] - starts[batch]);
            BackwardOfShard(x, y, shard, rows, shard == end - 1, values);
        }
        _shards.Sum.Complete();
        _shards.End();
        return Joined(tree, values, rows, began, waited);
    }

    void BackwardOfShard(TX x, TY y, int shard, long rows, bool isLast, double[] values)
    {
        var (shards, sum) = (_shards!, _shards!.Sum);
        shards.Begin(shard);
        using var tally = LossTally.Begin();
        _samples += x.Shape[0];
        var l = _loss(x, y);
        bool isSum = LossTerms is null && tally.IsSum;
        double weight = isSum ? 1 : Terms(tally, x, y);
        values[2 * shard + 1] = isSum ? -1 : weight;
        Optimizer.ZeroGrad();
        sum.BeginShard(isLast);
        shards.Weigh((double)x.Shape[0] / rows);
        if (weight > 0)
        {
            values[2 * shard] = CheckValue(l) * weight;
            BackwardPass.From(l.Slot, Tensor.Full(l.Shape, isSum ? 1 : weight / rows, l.DType).Slot, keepGraph: false,
                sum.Ready);
        }
        sum.EndShard();
    }

    // What every worker has to know of all the others before the step is made.
    double Joined(ShardTree tree, double[] values, long rows, long began, double waited)
    {
        var (group, sum) = (_shards!.Group, _shards.Sum);
        bool[] reached = sum.Reached;
        waited = (group?.Waited ?? 0) - waited;
        var said = new WorkerStatus(Step + 1, 0, Stopwatch.GetElapsedTime(began).TotalSeconds - waited, waited,
            group?.Transport.BytesSent ?? 0);
        if (group is { Size: > 1 })
        {
            int[] starts = [.. Enumerable.Range(0, group.Size + 1).Select(rank => 2 * tree.First(rank, group.Size))];
            group.Gather(values.AsSpan(), starts);
            bool[] all = new bool[reached.Length * group.Size];
            reached.CopyTo(all.AsSpan(reached.Length * group.Rank));
            group.Gather(all.AsSpan(), [.. Enumerable.Range(0, group.Size + 1).Select(rank => reached.Length * rank)]);
            reached = [.. Enumerable.Range(0, reached.Length).Select(i => Enumerable.Range(0, group.Size)
                .Any(rank => all[rank * reached.Length + i]))];
            var each = group.Gather((said, Wish: _wish));
            WorkerTimes = Array.ConvertAll(each, one => one.said);
            _agreed = each.Max(one => one.Wish);
        }
        else (WorkerTimes, _agreed) = (group is null ? [] : [said], _wish);
        double[] losses = new double[tree.Shards], terms = new double[tree.Shards];
        for (int i = 0; i < tree.Shards; i++) (losses[i], terms[i]) = (values[2 * i], values[2 * i + 1]);
        bool isSum = terms.Contains(-1);
        double counted = isSum ? 1 : tree.Sum(terms), loss = tree.Sum(losses) / counted;
        if (counted == 0)
            Throw.Invalid($"train: no target of the {tree.Shards} shards of step {Step} counts, all being ignored: "
                + "there is no gradient to follow");
        sum.Store(isSum ? 1 : rows / counted, reached);
        Workers?.WriteStatus(said with { Loss = loss, BytesSent = Workers.BytesSent });
        return loss;
    }

    // With its graph, as the step that it is of will compute it; the caller puts back what this changes.
    BatchLoss<TX, TY> LossOfShard(int shard)
    {
        var shards = MakeShards();
        while (true)
        {
            var (batches, starts, _) = NextBatches(shards);
            shards.Begin();
            if (shard < starts[^1])
            {
                int batch = Array.FindLastIndex(starts, start => start <= shard);
                shards.Begin(shard);
                var (x, y) = ShardOf(batches[batch], shard - starts[batch], starts[batch + 1] - starts[batch]);
                Tensor? output = _forward?.Invoke(x);
                return new(x, y, output is { } made ? _lossOfOutput!(made, y) : _loss(x, y), output);
            }
            shard -= starts[^1];
            shards.End();
        }
    }

    // The batches of a step, the number of the first shard of each, and how many rows all have.
    (Batch<TX, TY>[] Batches, int[] Starts, long Rows) NextBatches(StepShards shards)
    {
        var batches = new Batch<TX, TY>[GradientAccumulation];
        int[] starts = new int[GradientAccumulation + 1];
        long rows = 0;
        for (int i = 0; i < batches.Length; i++)
        {
            batches[i] = Batches.Next();
            int count = batches[i].Inputs.Shape[0];
            starts[i + 1] = starts[i] + Math.Clamp(count / shards.LeastRows, 1, Shards);
            rows += count;
        }
        return (batches, starts, rows);
    }

    static Batch<TX, TY> ShardOf(Batch<TX, TY> batch, int shard, int shards)
    {
        if (shards == 1) return batch;
        int rows = batch.Inputs.Shape[0], from = (int)((long)shard * rows / shards);
        int[] own = [.. Enumerable.Range(from, (int)((long)(shard + 1) * rows / shards) - from)];
        return new(batch.Inputs.Rows(own), batch.Targets.Rows(own));
    }
}
