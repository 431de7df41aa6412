using System.Globalization;

namespace ChainRule.Workers.Bench;

/// <summary>What <see cref="StepModel"/> says of 1 to 1,024 workers, and how far it is right on this machine.</summary>
static class WorkerSimulation
{
    const int MostWorkers = 1024, ProfileSteps = 100;

    static readonly (double Delay, double Rate)[] s_links = [(0.05, 10_000), (0.05, 1000), (5, 1000)];

    /// <summary>Measures a shard of a network, and writes tables in Markdown.</summary>
    public static void Run(string? only, TextWriter output)
    {
        var work = WorkerCase.Find(only);
        var profile = ShardProfile.Measure(work, 1, ProfileSteps, Enumerable.Min);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{work.Name}: {profile.Numbers:N0} parameters in "
            + $"{profile.Buckets.Count} buckets; a shard of one row on {Compute.Threads} thread(s), at best: forward "
            + $"{profile.Forward * 1e3:0.00} ms, backward and its sum "
            + $"{profile.Backward * 1e3:0.00} ms; update {profile.Update * 1e3:0.00} ms"));
        foreach (string line in Tables(profile)) output.WriteLine(line);
    }

    /// <summary>Speed-ups over one worker: of a batch that grows with the workers, and of one that stays.</summary>
    public static IEnumerable<string> Tables(ShardProfile profile)
    {
        int[] workers = [.. Enumerable.Range(0, 11).Select(i => 1 << i)];
        foreach (int each in (int[])[1, 16])
        {
            yield return $"\n{each} row{(each == 1 ? "" : "s")} each: the batch grows with the workers\n";
            foreach (string line in Table(profile, workers, n => n * each, n => n)) yield return line;
        }
        yield return $"\n{MostWorkers:N0} rows in all: each has fewer with more workers\n";
        foreach (string line in Table(profile, workers, _ => MostWorkers, _ => 1)) yield return line;
    }

    /// <summary>Trains over links made slow, and writes what was measured beside what the model says.</summary>
    public static void Check(string? only, int rounds, TextWriter output)
    {
        string name = WorkerCase.Find(only).Name;
        WriteHead(output);
        foreach (var (delay, rate) in s_links)
        {
            foreach (int workers in (int[])[2, 4, 8])
            {
                using var gang = new WorkerGang(name, workers, threads: 1, rounds, delay, rate);
                output.WriteLine(gang.Line());
            }
        }
    }

    /// <summary>What stands above the rows.</summary>
    public static void WriteHead(TextWriter output)
    {
        output.WriteLine("| carried by | workers | link | measured, ms a step | predicted | measured / predicted |");
        output.WriteLine("|---|---|---|---|---|---|");
    }

    // How much more work is done in the same time; in brackets where it is less than half of what the workers could.
    static IEnumerable<string> Table(ShardProfile profile, int[] workers, Func<int, int> shards, Func<int, int> work)
    {
        yield return $"| workers | {string.Join(" | ", Link.All.Select(link => link.Name))} |";
        yield return $"|---|{string.Concat(Link.All.Select(_ => "---|"))}";
        foreach (int n in workers)
        {
            var cells = Link.All.Select(link =>
            {
                var model = new StepModel(profile, link);
                double faster = work(n) * model.Seconds(1, shards(1)) / model.Seconds(n, shards(n));
                string text = faster.ToString(faster < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
                return faster < n / 2.0 ? $"({text})" : text;
            });
            yield return string.Create(CultureInfo.InvariantCulture, $"| {n:N0} | {string.Join(" | ", cells)} |");
        }
    }
}
