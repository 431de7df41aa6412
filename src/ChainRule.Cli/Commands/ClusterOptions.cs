using System.CommandLine;
using System.Text;
using ChainRule.Data;
using ChainRule.Zoo.Experiments;

namespace ChainRule.Cli.Commands;

/// <summary>The options of an experiment that many processes work on, and the jobs that are written for them.</summary>
sealed class ClusterOptions
{
    const int MostTasks = 100, UsualCpus = 4;

    readonly Option<bool> _slurm = new("--slurm")
        { Description = "Write a script for sbatch, whose tasks claim the runs, and train nothing" };

    readonly Option<bool> _kubernetes = new("--kubernetes")
        { Description = "Write a manifest of a Kubernetes Job, whose tasks claim the runs, and train nothing" };

    readonly Option<string?> _jobFile = new("--job-file")
        { Description = "Where --slurm or --kubernetes writes, which must be new [default: standard output]",
            HelpName = "FILE" };

    readonly Option<int> _tasks = new Option<int>("--tasks")
        { Description = "How many tasks the job has [default: one for each run, at most 100]", HelpName = "N" }
        .AtLeast(1);

    readonly Option<int> _atOnce = new Option<int>("--tasks-at-once")
        { Description = "How many of them run at the same time [default: all]", HelpName = "N" }.AtLeast(1);

    readonly Option<int> _cpus = new Option<int>("--cpus")
        { Description = $"How many cores each task has [default: {UsualCpus}]", HelpName = "N" }.AtLeast(1);

    readonly Option<string?> _memory = new("--memory")
        { Description = "How much memory each task has [default: 4GiB]", HelpName = "SIZE" };

    readonly Option<string?> _image = new("--image")
        { Description = "The container image with chainrule, for --kubernetes", HelpName = "IMAGE" };

    readonly Option<string?> _volumeClaim = new("--volume-claim")
        { Description = "The claim of the volume that all tasks share, for --kubernetes", HelpName = "NAME" };

    readonly Option<string?> _mount = new("--mount")
        { Description = "Where the volume is mounted; FILE.json and --out are in it, as the tasks see it, for "
            + "--kubernetes [default: /shared]", HelpName = "PATH" };

    public Option<bool> Claim { get; } = new("--claim")
        { Description = "Share the work with other processes that are started on the same file and --out: each claims "
            + "runs that no other has" };

    public Option<double> StaleAfter { get; } = new Option<double>("--stale-after")
        { Description = "With --claim: after how many seconds without a sign of life a run is taken over "
            + "[default: 60]", HelpName = "SECONDS" }.AtLeast(0.1);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Claim, StaleAfter, _slurm, _kubernetes, _jobFile, _tasks, _atOnce, _cpus,
            _memory, _image, _volumeClaim, _mount]) command.Options.Add(option);
    }

    /// <summary>Refuses options that do not go together.</summary>
    public void Check(ParseResult parsed)
    {
        bool slurm = parsed.GetValue(_slurm), kubernetes = parsed.GetValue(_kubernetes);
        if (slurm && kubernetes) throw new ArgumentException("--slurm and --kubernetes: give one of them");
        if (parsed.GetValue(Claim) && (slurm || kubernetes))
            throw new ArgumentException($"--claim does not go with --{(slurm ? "slurm" : "kubernetes")}, whose tasks "
                + "claim the runs anyway: leave it out");
        OutputFile.CheckFree("experiment", parsed.GetValue(_jobFile), "--job-file");
        if (parsed.GetResult(StaleAfter) is not null && !parsed.GetValue(Claim))
            throw new ArgumentException("--stale-after is for processes that claim runs: give --claim with it");
        foreach (var option in (Option[])[_jobFile, _tasks, _atOnce, _cpus, _memory])
            if (!slurm && !kubernetes && parsed.GetResult(option) is not null)
                throw new ArgumentException($"{option.Name} is for a job of a cluster: give --slurm or --kubernetes "
                    + "with it");
        foreach (var option in (Option[])[_image, _volumeClaim, _mount])
            if (!kubernetes && parsed.GetResult(option) is not null)
                throw new ArgumentException($"{option.Name} is for a job of Kubernetes: give --kubernetes with it");
        if (kubernetes)
            foreach (var option in (Option<string?>[])[_image, _volumeClaim])
                if (string.IsNullOrWhiteSpace(parsed.GetValue(option)))
                    throw new ArgumentException($"--kubernetes: give {option.Name} {option.HelpName} with it");
        if (parsed.GetValue(_volumeClaim) is { } claim && !claim.Split('.').All(ClusterJob.IsDnsName))
            throw new ArgumentException($"--volume-claim {Printable.Of(claim, 80)} is no name of Kubernetes: give "
                + "small letters, digits and hyphens, 63 at most, with a letter or digit at both ends");
    }

    /// <summary>Writes the job that is asked for; false if none is.</summary>
    public bool Write(ParseResult parsed, Experiment experiment, string file, string folder)
    {
        bool kubernetes = parsed.GetValue(_kubernetes);
        if (!kubernetes && !parsed.GetValue(_slurm)) return false;
        int tasks = parsed.GetResult(_tasks) is not null ? parsed.GetValue(_tasks)
            : Math.Min(MostTasks, experiment.PretrainingRuns.Count + experiment.Runs.Count);
        int atOnce = parsed.GetResult(_atOnce) is null ? tasks : Math.Min(tasks, parsed.GetValue(_atOnce));
        int cpus = parsed.GetResult(_cpus) is null ? UsualCpus : parsed.GetValue(_cpus);
        long memory = ClusterJob.MemoryOf(parsed.GetValue(_memory) ?? "4GiB");
        string mount = parsed.GetValue(_mount) ?? "/shared", text;
        if (kubernetes)
        {
            if (!mount.StartsWith('/') || mount.Contains(':', StringComparison.Ordinal))
                throw new ArgumentException($"--mount {Printable.Path(mount)}: give a full path, such as /shared, "
                    + "without a colon");
            text = new ClusterJob(experiment.Name, In(mount, file), In(mount, folder), tasks, atOnce, cpus, memory)
                .Kubernetes(parsed.GetValue(_image)!, parsed.GetValue(_volumeClaim)!, mount);
        }
        else
            text = new ClusterJob(experiment.Name, Path.GetFullPath(file), Path.GetFullPath(folder), tasks, atOnce,
                cpus, memory).Slurm();
        if (parsed.GetValue(_jobFile) is { } to)
        {
            AtomicFile.Write("experiment", to, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
            Console.WriteLine($"The job: {Printable.Path(to)}");
        }
        else Console.Write(text);
        return true;
    }

    /// <summary>A path as it is in the mounted volume.</summary>
    static string In(string mount, string path)
    {
        string full = Path.GetFullPath(path, mount), root = Path.GetFullPath(mount).TrimEnd('/') + "/";
        return full.StartsWith(root, StringComparison.Ordinal) ? full
            : throw new ArgumentException($"--kubernetes: {Printable.Path(path)} is not in the volume at {
                Printable.Path(mount)}: give a path in it, or another --mount");
    }
}
