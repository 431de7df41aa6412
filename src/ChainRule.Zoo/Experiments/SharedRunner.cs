namespace ChainRule.Zoo.Experiments;

/// <summary>Makes the runs of an experiment together with other processes that share its folder.</summary>
static class SharedRunner
{
    public const string ClaimsFolder = "claims";

    static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);

    public static ExperimentResult Run(Experiment experiment, string folder, int? parallel, TimeSpan patience,
        IProgress<ExperimentProgress>? progress, CancellationToken cancellationToken)
    {
        if (patience <= TimeSpan.Zero)
            throw new ArgumentException($"experiment {experiment.Name}: claims that are given up after {
                patience.TotalSeconds} seconds: give more than 0");
        RunPool.Check(experiment, parallel);
        int? validated = experiment.Checked().FewestValidated;
        ExperimentFolder.Share(experiment, folder);
        using var pool = new RunPool(parallel, experiment.Runs.Count, cancellationToken);
        int finished = 0, all = experiment.PretrainingRuns.Count + experiment.Runs.Count;
        var (watch, told, reported) = (new ClaimWatch(patience), new Lock(), new HashSet<string>());
        var pause = patience / 6 < s_longestPause ? patience / 6 : s_longestPause;
        return new(experiment, folder, pool.Outcomes(experiment, All), validated);

        ExperimentOutcome?[] All(IReadOnlyList<ExperimentRun> part)
        {
            var outcomes = new ExperimentOutcome?[part.Count];
            pool.Work(stop =>
            {
                while (!stop.IsCancellationRequested)
                {
                    int[] left = [.. Enumerable.Range(0, part.Count).Where(i => !IsKnown(part[i], i))];
                    if (left.Length == 0) return;
                    if (!left.Any(i => Make(experiment, part[i], folder, watch, stop)))
                        stop.WaitHandle.WaitOne(pause);
                }
            });
            return outcomes;

            bool IsKnown(ExperimentRun run, int i)
            {
                lock (told)
                {
                    if (outcomes[i] is not null) return true;
                    outcomes[i] = ExperimentRunner.Known(experiment, run, folder);
                    if (outcomes[i] is not { } outcome) return false;
                    if (reported.Add(run.Folder))
                        progress?.Report(new(run, outcome, ++finished, all, TimeSpan.Zero));
                    return true;
                }
            }
        }
    }

    /// <summary>Claims a run and makes it; false where nothing was done because another holds it.</summary>
    static bool Make(Experiment experiment, ExperimentRun run, string folder, ClaimWatch watch,
        CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return false;
        string place = Path.Combine(folder, run.Folder),
            name = run.Folder.Replace(Path.DirectorySeparatorChar, '+');
        using var claim = SweepClaim.TryTake(Path.Combine(folder, ClaimsFolder), name, watch);
        if (claim is null) return false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, claim.Lost);
        try
        {
            // Another may have finished it since it was looked for.
            if (ExperimentRunner.Known(experiment, run, folder) is not null) return true;
            ExperimentFolder.CheckSame(experiment, folder);
            claim.TakeOver(place);
            if (ExperimentRunner.Known(experiment, run, folder) is not null) return true;
            if (ExperimentRunner.KnownAt(experiment, claim.Work) is not null
                || ExperimentRunner.Make(experiment, run, folder, claim.Work, stop.Token)) claim.Publish(place);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException && claim.IsLost)
        {
            // What was being written has been taken over under another name: the run is the other's now.
            return true;
        }
    }
}
