using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ChainRule.Distributed;

namespace ChainRule.Workers.Bench;

/// <summary>What a worker process of the bench is asked to do.</summary>
/// <param name="Place">Its number and the file that is shared, "3@/dev/shm/file"; "mpi" where mpirun started it.
/// </param>
/// <param name="Case">What is trained.</param>
/// <param name="Rounds">How many rounds are timed; 0 for one for each line of its input.</param>
/// <param name="Delay">α of a link that is slower than what carries the bytes, in milliseconds; or, where that is
/// MPI, of the link that is there.</param>
/// <param name="Rate">Its β, in Mbit/s; 0 where there is none.</param>
sealed record WorkerProcess(string Place, string Case, int Rounds, double Delay = 0, double Rate = 0)
{
    /// <summary>How many steps a round has, and how many come before the first.</summary>
    public const int Steps = 20, WarmSteps = 60;

    const int ProfileSteps = 30;

    /// <summary>The process that does it, with an input to pace it by.</summary>
    public ProcessStartInfo Start(int threads)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true,
            RedirectStandardOutput = true };
        // Run by dotnet, the program is what that is given first; otherwise the process is the program itself.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(WorkerProcess).Assembly.Location);
        foreach (string word in (string[])["child", JsonSerializer.Serialize(this), "--threads",
            threads.ToString(CultureInfo.InvariantCulture)]) start.ArgumentList.Add(word);
        return start;
    }

    /// <summary>Trains, and tells the seconds of a step, round by round, if this is the first worker; where there is a
    /// link, its median and what the model says.</summary>
    public void Run(TextReader input, TextWriter output)
    {
        bool isMpi = Place == "mpi";
        var link = Rate > 0 ? new Link(string.Create(CultureInfo.InvariantCulture, $"{Rate} Mbit/s, {Delay} ms"),
            Delay / 1e3, Rate * 1e6 / 8, isMpi ? 10e-6 : 1e-6) : null;
        using var carried = isMpi ? Mpi.Join() : Join();
        using var workers = link is null || isMpi ? null : new SlowLink(carried, link);
        var transport = workers ?? carried;
        var work = WorkerCase.Find(Case);
        var trainer = work.Trainer(WorkerCase.Shards, transport);
        trainer.Fit(WarmSteps);
        double predicted = link is null ? 0 : Predicted(work, transport, link);
        bool tells = transport.Rank == 0;
        if (tells && Rounds == 0) Say(output, "ready");
        List<double> seconds = [];
        for (int i = 0; Rounds == 0 ? input.ReadLine() is not null : i < Rounds; i++)
        {
            var before = trainer.TrainingTime;
            trainer.Fit(trainer.Step + Steps);
            seconds.Add((trainer.TrainingTime - before).TotalSeconds / Steps);
            if (tells && Rounds == 0) Say(output, seconds[^1].ToString("R", CultureInfo.InvariantCulture));
        }
        if (!tells || link is null) return;
        double measured = Median.Of(seconds);
        Say(output, string.Create(CultureInfo.InvariantCulture, $"| {carried.Name} | {transport.Size} | {link.Name} | "
            + $"{measured * 1e3:0.0} | {predicted * 1e3:0.0} | {measured / predicted:0.00} |"));
    }

    // All measure at once: what a shard takes is then what it takes beside as many others. All wait for the slowest.
    static double Predicted(WorkerCase work, Transport transport, Link link)
    {
        var profile = ShardProfile.Measure(work, 1, ProfileSteps, Enumerable.Average);
        double own = new StepModel(profile, link).Seconds(transport.Size, Math.Min(WorkerCase.Shards, work.Batch));
        return transport.GatherTexts(own.ToString("R", CultureInfo.InvariantCulture))
            .Max(text => double.Parse(text, CultureInfo.InvariantCulture));
    }

    SharedMemory Join()
    {
        string[] parts = Place.Split('@', 2);
        return SharedMemory.Join(parts[1], int.Parse(parts[0], CultureInfo.InvariantCulture));
    }

    static void Say(TextWriter output, string line)
    {
        output.WriteLine(line);
        output.Flush();
    }
}
