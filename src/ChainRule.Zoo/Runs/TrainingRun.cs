using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// A recipe trained for a task, in a folder of its own: started, stopped at any moment, taken up again, finished.
/// </summary>
public sealed partial class TrainingRun
{
    /// <summary>What stands for the path of data that comes with ChainRule.</summary>
    public const string Embedded = "embedded";

    readonly TaskData _data;
    readonly Checkpoint _checkpoint;
    readonly List<RunMetrics> _metrics = [];
    double _secondsBefore;
    RunLock? _lock;
    bool _isNew, _keepsFolder;

    TrainingRun(string folder, RunSettings settings, TaskData data)
    {
        _data = data;
        _checkpoint = new(folder, SavedModel.Metadata(settings, data.Preprocessing));
        Trainer = settings.CreateTrainer(data, _checkpoint);
    }

    /// <summary>Where the run is kept.</summary>
    public RunFolder Folder { get; private set; } = null!;

    /// <summary>What is trained.</summary>
    public Module Model => Trainer.Model;

    /// <summary>What trains it.</summary>
    public ITrainer Trainer { get; }

    /// <summary>What it is trained on.</summary>
    public TaskData Data => _data;

    /// <summary>What a new run took from another model; null if nothing, and of a run that is resumed.</summary>
    public Transfer? Transfer { get; private init; }

    /// <summary>What measures the layers while it trains.</summary>
    internal LayerWatch Layers { get; private set; } = null!;

    /// <summary>How training ended; null before.</summary>
    internal TrainingEnd? End { get; private set; }

    /// <summary>Starts a run in a new folder.</summary>
    /// <param name="folder">The folder to make.</param>
    /// <param name="config">What it is started with. Data that comes through a pipe is kept in the run's folder, so
    /// that the run can be resumed.</param>
    /// <exception cref="ArgumentException">A setting is outside of its limits, or settings do not go together;
    /// nothing was made.</exception>
    public static TrainingRun Start(string folder, RunConfig config)
    {
        var (task, recipe) = (TrainingTask.Of(config.Kind), Recipe.Find(config.Kind, config.Model));
        config.Check();
        string? source = config.Data ?? task.FindData();
        var data = task.Open(source, config.Options).DrawnBy(config.Seed);
        var weights = config.From is { } from ? FirstWeights.Open(from) : null;
        Transfer? transfer = null;
        var complete = data.Complete(config);
        var (kind, model, _, seed, steps, training, sizes, options, _) = complete;
        string kept = data.Piped is not null ? RunFolder.DataFile
            : source is null ? Embedded : task.FullPath(source);
        var settings = new RunSettings(model, recipe.Write(sizes), kept, data.Sha256, seed, steps, kind,
            LineFeeds: true, training.Complete(steps), data.Kept(options).Write(), weights?.Path, weights?.Sha256,
            complete.History == RunConfig.UsualHistory ? null : complete.History);
        bool wasThere = Directory.Exists(folder);
        var made = RunFolder.Create(folder, settings, beside =>
        {
            var first = new TrainingRun(beside, settings, data);
            recipe.Begin(sizes, first.Model, data);
            transfer = weights?.Into(first.Model, data.Preprocessing);
            first.Trainer.SaveLast();
            data.KeepIn(beside);
            if (data.Piped is { } bytes)
                AtomicFile.Write("train", Path.Combine(beside, RunFolder.DataFile), to => to.Write(bytes));
        });
        var run = Resume(made.FullPath, null, transfer, follows: false);
        (run._isNew, run._keepsFolder) = (true, wasThere);
        return run;
    }

    /// <summary>
    /// Takes the folder of a run back that was started here and that came to nothing, so that the same command can be
    /// given again; leaves that of a run that was measured, or that was resumed.
    /// </summary>
    public void TakeBack()
    {
        if (!_isNew || Trainer.History.Points.Count > 0) return;
        _lock?.Dispose();
        _lock = null;
        Leftovers.TakeBack(Folder.FullPath, _keepsFolder);
    }

    /// <summary>
    /// Takes up a run where it was last saved. Until it has been trained, or this is collected, no
    /// other can take it up.
    /// </summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="data">Where the data is now, if it was moved.</param>
    /// <exception cref="IOException">Another process trains in the folder, or it cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A file of the run is damaged, or the data is not that
    /// of the run.</exception>
    public static TrainingRun Resume(string folder, string? data = null) => Resume(folder, data, null, follows: false);

    static TrainingRun Resume(string folder, string? data, Transfer? transfer, bool follows)
    {
        var made = RunFolder.Open(folder);
        made.CheckPlain();
        var held = follows ? null : Take(made);
        try
        {
            return Resume(made, folder, data, held, transfer);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    static TrainingRun Resume(RunFolder made, string folder, string? data, RunLock? held, Transfer? transfer)
    {
        var settings = made.Settings;
        string shown = Printable.Path(folder);
        var opened = RunData.Open(made, folder, data, "resume");
        var run = new TrainingRun(made.FullPath, settings, opened)
            { Folder = made, _lock = held, _follows = held is null, Transfer = transfer };
        if (run.Writes)
        {
            made.Sweep();
            new StopRequest(made.FullPath).Delete();
        }
        run.Trainer.Resume();
        // Before a step is made: a model that is damaged, or another's, would otherwise be found out after all of
        // them, or be overwritten.
        if (run.Trainer.History.Best is { } best)
        {
            if (!made.HasModel && run.Writes) run.RestoreModel(best, shown);
            SavedModel.Load(folder);
        }
        run.RestoreMetrics();
        run.Watch();
        run.Trainer.Evaluated += run.Record;
        run._checkpoint.Saved += run.Remember;
        return run;
    }

    /// <summary>
    /// Saves the best model again, which is gone; the checkpoint holds it where training stands at its best.
    /// </summary>
    void RestoreModel(HistoryPoint best, string shown)
    {
        if (best.Step != Trainer.Step)
        {
            throw new InvalidDataException($"resume {shown}: the best model, of step {best.Step:N0}, is gone (no "
                + $"model.safetensors), and last.safetensors holds that of step {Trainer.Step:N0}: put back a copy of "
                + "model.safetensors, or start a new run");
        }
        _checkpoint.SaveModel(Model);
    }

    static RunLock Take(RunFolder made)
    {
        try
        {
            return RunLock.Take(made.FullPath)
                ?? throw new IOException($"resume {Printable.Path(made.FullPath)}: another process trains in this "
                    + "folder now: wait for its end, or stop it");
        }
        catch (Exception e) when (e is UnauthorizedAccessException
            || e is IOException && !e.Message.StartsWith("resume ", StringComparison.Ordinal))
        {
            throw new IOException($"resume {Printable.Path(made.FullPath)}: nothing can be written there "
                + $"({Files.Why(e)}): change its permissions, or copy the folder", e);
        }
    }

    /// <summary>
    /// Trains until all steps are made, or until it is told to stop, by a token or by
    /// <see cref="RunFolder.RequestStop"/>; all leave the run saved, and its folder free for others.
    /// </summary>
    public TrainingEnd Train(IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default) => Train(progress, null, cancellationToken);

    /// <inheritdoc cref="Train(IProgress{TrainingProgress}?, CancellationToken)"/>
    /// <param name="progress">Is told how far training is.</param>
    /// <param name="limit">How long training may take; null to make all steps. The model is evaluated where training
    /// stands then, so that the steps since the last evaluation are not lost.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public TrainingEnd Train(IProgress<TrainingProgress>? progress, TimeSpan? limit,
        CancellationToken cancellationToken)
    {
        if (!_follows) _lock ??= Take(Folder);
        var request = new StopRequest(Folder.FullPath);
        bool isAsked = false;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (limit <= TimeSpan.Zero) late.Cancel(); // a timer would let some steps be made
        else if (limit is { } most) late.CancelAfter(most);
        Trainer.Stepped += Look;
        void Look(int step, double loss)
        {
            if (!Writes || !request.IsMade()) return;
            isAsked = true;
            late.Cancel();
        }
        try
        {
            End = Trainer.Fit(Folder.Settings.Steps, progress, late.Token);
            if (End == TrainingEnd.Cancelled && isAsked) End = TrainingEnd.Stopped;
            else if (End == TrainingEnd.Cancelled && !cancellationToken.IsCancellationRequested
                && Trainer.Workers is null)
                Trainer.Fit(Trainer.Step, null, cancellationToken);
            return End.Value;
        }
        finally
        {
            Trainer.Stepped -= Look;
            if (Writes) request.Delete();
            _lock?.Dispose();
            _lock = null;
        }
    }

    /// <summary>Takes the best model, measures it, lets it write, and writes the summary.</summary>
    /// <exception cref="DivergedException">Every validation loss was NaN, so that there is no model.</exception>
    public RunSummary Finish()
    {
        if (Trainer.History.Best is not { } best)
            throw new DivergedException($"{Folder.FullPath}: every validation loss was NaN, so no model was saved: "
                + "lower the learning rate, or look at the data, and start a new run");
        _checkpoint.LoadModel(Model);
        var settings = Folder.Settings;
        double seconds = Math.Round(Seconds, 3);
        using var mode = Model.InEvaluation();
        var found = _data.Evaluate(Model, settings.Seed);
        var summary = new RunSummary(settings.Model, Folder.DataName, settings.Seed, settings.Steps,
            Model.ParameterCount, Trainer.History.Points[0].ValidationLoss, found.TrainLoss, found.ValLoss,
            found.TestLoss, best.Step, seconds, seconds == 0 ? 0 : Math.Round(Trainer.Step / seconds, 1),
            found.Samples) { Metrics = found.Metrics, Details = found.Details };
        Folder.WriteSummary(summary);
        return summary;
    }

    double Seconds => _secondsBefore + Trainer.TrainingTime.TotalSeconds;

    /// <summary>
    /// The checkpoint's history is what counts: a run killed between the two has written a line less, or one more. The
    /// file knows the time.
    /// </summary>
    void RestoreMetrics()
    {
        var written = Folder.ReadMetrics();
        foreach (var point in Trainer.History.Points)
        {
            var line = written.FirstOrDefault(line => line.Step == point.Step);
            _secondsBefore = line?.Seconds ?? _secondsBefore;
            var own = RunMetrics.Of(point, _secondsBefore);
            if (line is not null && line with { Seconds = own.Seconds } != own) Folder.RefuseMetrics(point.Step);
            _metrics.Add(own);
        }
        if (Writes && !_metrics.SequenceEqual(written)) Folder.WriteMetrics(_metrics);
    }

    /// <summary>
    /// Lines are written before their step is saved: a run that is killed between the two has one too many.
    /// </summary>
    void Watch()
    {
        var settings = Folder.Settings;
        if (Writes) Folder.WriteLayers(Folder.ReadLayers().Where(line => line.Step <= Trainer.Step));
        Layers = new(Trainer, settings.CompleteTraining.EvalEvery!.Value, settings.Steps, line =>
        {
            if (Writes) Folder.AddLayers(line);
        });
        _ = new WorkerWatch(Trainer, times =>
        {
            Workers = times;
            if (Writes) Folder.AddWorkers(times);
        });
    }

    /// <summary>Keeps what was saved last, if it is time to.</summary>
    void Remember() => RunHistory.Keep(Folder, Trainer.Step);

    void Record(HistoryPoint point)
    {
        _metrics.Add(RunMetrics.Of(point, Seconds));
        if (Writes) Folder.WriteMetrics(_metrics);
    }
}
