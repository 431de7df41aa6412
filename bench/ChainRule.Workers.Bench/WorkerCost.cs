using System.Globalization;
using ChainRule.Distributed;
using ChainRule.Training;

namespace ChainRule.Workers.Bench;

/// <summary>
/// What it costs that workers share a step: beside one that computes a batch as a whole, and by bytes.
/// </summary>
static class WorkerCost
{
    const int Most = 8, CountedSteps = 3;

    /// <summary>Measures one network, and writes tables in Markdown.</summary>
    public static void Run(string? only, int rounds, TextWriter output)
    {
        var work = WorkerCase.Find(only);
        Alone(work, rounds, output);
        Beside(work, rounds, output);
        Bytes(work, output);
    }

    /// <summary>How many bytes a worker sends in a step: one row for each number of workers.</summary>
    public static void Bytes(WorkerCase work, TextWriter output)
    {
        output.WriteLine("\n| workers | bytes sent a step and worker | by the tree "
            + "| 2 (n − 1) / n of the parameters |");
        output.WriteLine("|---|---|---|---|");
        for (int workers = 2; workers <= Most; workers++)
        {
            var (sent, tree, least) = BytesOf(work, workers);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {workers} | {sent:N0} | {tree:N0} | {least:N0} |"));
        }
    }

    /// <summary>Bytes a step, the mean of the workers: as they were sent, gradients alone by the tree, and the least
    /// that any exchange of sums sends.</summary>
    public static (double Sent, double Tree, double Least) BytesOf(WorkerCase work, int workers)
    {
        string path = SharedMemory.Create(workers);
        double[] sent = new double[workers];
        int[] buckets = [];
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(rank => new Thread(() =>
        {
            using var transport = SharedMemory.Join(path, rank);
            var trainer = work.Trainer(WorkerCase.Shards, transport);
            trainer.Fit(1);
            long before = transport.BytesSent;
            trainer.Fit(1 + CountedSteps);
            sent[rank] = (double)(transport.BytesSent - before) / CountedSteps;
            if (rank == 0) buckets = BucketsOf(trainer);
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        File.Delete(path);
        int shards = Math.Min(WorkerCase.Shards, work.Batch);
        double tree = Enumerable.Range(0, workers).Average(rank =>
            (double)StepModel.BytesSent(buckets, rank, workers, shards));
        return (sent.Average(), tree, 2.0 * (workers - 1) / workers * sizeof(float) * buckets.Sum());
    }

    // A batch as a whole, and the same in shards, in turns in one process.
    static void Alone(WorkerCase work, int rounds, TextWriter output)
    {
        string path = SharedMemory.Create(1);
        using var alone = SharedMemory.Join(path, 0);
        ITrainer[] trainers = [work.Trainer(0, null), work.Trainer(1, alone), work.Trainer(WorkerCase.Shards, alone)];
        var seconds = trainers.Select(_ => new List<double>()).ToArray();
        for (int i = -1; i < rounds; i++)
        {
            for (int k = 0; k < trainers.Length; k++)
            {
                var trainer = trainers[k];
                var before = trainer.TrainingTime;
                trainer.Fit(trainer.Step + (i < 0 ? WorkerProcess.WarmSteps : WorkerProcess.Steps));
                if (i >= 0) seconds[k].Add((trainer.TrainingTime - before).TotalSeconds / WorkerProcess.Steps);
            }
        }
        File.Delete(path);
        double[] medians = [.. seconds.Select(Median.Of)];
        output.WriteLine($"{work.Name}, {work.Batch} rows a step, {Compute.Threads} thread"
            + (Compute.Threads == 1 ? "" : "s"));
        output.WriteLine("\n| one worker | ms a step | batch as a whole = 1 |\n|---|---|---|");
        for (int k = 0; k < trainers.Length; k++)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Words(trainers[k].Shards)} | "
                + $"{medians[k] * 1e3:0.00} | {Median.Of(seconds[k].Zip(seconds[0], (a, b) => a / b)):0.000} |"));
    }

    // Two workers of a thread each, beside one of two threads, in turns.
    static void Beside(WorkerCase work, int rounds, TextWriter output)
    {
        using var one = new WorkerGang(work.Name, 1, threads: 2);
        using var two = new WorkerGang(work.Name, 2, threads: 1);
        one.Line();
        two.Line();
        var seconds = Enumerable.Range(0, rounds).Select(_ => (One: one.Round(), Two: two.Round())).ToArray();
        output.WriteLine($"\n| {WorkerCase.Shards} shards | ms a step | speed, one worker of two threads = 1 |");
        output.WriteLine("|---|---|---|");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| one worker of two threads | {Median.Of(seconds.Select(s => s.One)) * 1e3:0.00} | 1 |"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| two workers of one thread | "
            + $"{Median.Of(seconds.Select(s => s.Two)) * 1e3:0.00} | "
            + $"{Median.Of(seconds.Select(s => s.One / s.Two)):0.000} |"));
    }

    static string Words(int shards) => shards switch { 0 => "as a whole", 1 => "1 shard", _ => $"{shards} shards" };

    static int[] BucketsOf(ITrainer trainer)
    {
        GradientSum.Entry[] entries = [.. trainer.Optimizer.Parameters.Reverse()
            .Select(one => new GradientSum.Entry(one.Slot, IsBuffer: false))];
        int from = 0;
        return [.. GradientSum.BucketEnds(entries).Select(to =>
        {
            int numbers = entries[from..to].Sum(one => one.Owner.Count);
            from = to;
            return numbers;
        })];
    }
}
