using ChainRule.Diagnosing;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Why;
using ChainRule.Training;

namespace ChainRule.Lab.Playground;

/// <summary>
/// One network of the playground: its settings, its training, and what is drawn of it. Two side by side are two
/// sessions.
/// </summary>
public sealed class PlaygroundSession : LabSession
{
    /// <summary>The playground, as a room of a lab.</summary>
    public static LabRoom Room { get; } = new("playground", "Playground",
        place => new PlaygroundSession(place.Runs));

    // More steps than these are played, not waited for.
    const int MostSteps = 100_000;

    // After fewer epochs nothing can be said of where the losses are going.
    const int Few = 8;

    static readonly FirstQuestion s_first = new(() =>
    {
        using var session = new PlaygroundSession();
        session.Answer(new StepRequest(1));
        session.Answer(new WhyWeightRequest("0.weight", 0));
        session.Answer(new WhyNeuronRequest(0, 0, 0));
    });

    readonly Player _player = new();
    readonly string? _runs;

    /// <summary>A session with the settings that one begins with.</summary>
    /// <param name="runs">The folder below which runs are saved; if null, a run is one file for the page to
    /// keep.</param>
    public PlaygroundSession(string? runs = null)
    {
        _runs = runs;
        _player.Take(new(new(new())));
    }

    /// <inheritdoc/>
    public override long Memory => _player.With(line => line!.Memory + 64L * line.Training.Parameters
        .Sum(one => one.Value.Count));

    /// <inheritdoc/>
    public override byte[] Answer(ReadOnlySpan<byte> request) =>
        Answer(Read(request, PlaygroundJson.Default.PlaygroundRequest));

    /// <inheritdoc/>
    public override TimeSpan? Work() => _player.Slice();

    /// <inheritdoc/>
    protected override void End() => _player.Dispose();

    internal byte[] Answer(PlaygroundRequest request)
    {
        switch (request)
        {
            case ConfigureRequest configure:
                _player.Take(new(new(configure.Settings)));
                return _player.With(line => Configured(line!));
            case FrameRequest frame:
                if (frame.Grid is not 0 and (< 2 or > 100))
                    Throw.Argument($"playground: maps of {frame.Grid} points a side: give 2 to 100, or 0 to "
                        + "have no maps");
                return _player.With(line =>
                    Frames.Of(line!, _player.Playing, _player.StepsPerSecond, frame.Grid));
            case PlayRequest play:
                if (!(play.StepsPerSecond >= 0))
                    Throw.Argument($"playground: {play.StepsPerSecond} steps a second: give 0 or more");
                _player.Play(play.StepsPerSecond);
                return Plain();
            case PauseRequest:
                _player.Pause();
                return Plain();
            case StepRequest step:
                if (step.Steps is < 0 or > MostSteps)
                    Throw.Argument($"playground: {step.Steps:N0} steps at once: give 0, for an epoch, to "
                        + $"{MostSteps:N0}");
                _player.Pause();
                _player.With(line => Advance(line!, step.Steps));
                return Plain();
            case RewindRequest rewind:
                _player.Pause();
                _player.With(line =>
                {
                    line!.GoTo(rewind.Step);
                    return true;
                });
                return Plain();
            case ChangeRequest change:
                _player.With(line =>
                {
                    line!.Change(change.Parameter, change.Index, change.Value, change.Frozen);
                    return true;
                });
                return Plain();
            case DiagnoseRequest:
                _player.Pause();
                return Reply(_player.With(line => Diagnosed(line!)));
            case ExportRequest:
                return Reply(_player.With(line => new ExportAnswer(CSharpProgram.Of(line!), PyTorchProgram.Of(line!))));
            case SaveRequest:
                _player.Pause();
                return _player.With(line => Saved(line!));
            case DescribeRequest:
                s_first.Ask();
                return Reply(new DescribeAnswer(Preset.All, new(), Choices.Names));
            case WhyWeightRequest why:
                _player.Pause();
                return Reply(_player.With(line => new PlaygroundWhyAnswer(PlaygroundWhy.Weight(line!, why))));
            case WhyNeuronRequest why:
                _player.Pause();
                return Reply(_player.With(line => new PlaygroundWhyAnswer(PlaygroundWhy.Neuron(line!, why))));
            case CsvRequest csv:
                return Reply(PointFile.Read(csv));
            default:
                throw new ArgumentException($"playground: a {request.GetType().Name} is not answered here");
        }
    }

    byte[] Plain() =>
        _player.With(line => Frames.Of(line!, _player.Playing, _player.StepsPerSecond, grid: 0));

    byte[] Saved(Timeline line)
    {
        // A browser has no files: the trimmer sees it, and what writes folders is not sent to it.
        if (!OperatingSystem.IsBrowser() && _runs is not null)
            return Reply(new SavedAnswer(PlaygroundRunFiles.Save(line, _runs), null));
        var reply = new LabReply();
        var zip = reply.Add((ReadOnlySpan<byte>)PlaygroundRunFiles.Zip(line));
        return reply.ToBytes(new SavedAnswer(PlaygroundRunFiles.NameOf(line.Training.Settings), zip),
            PlaygroundJson.Default.PlaygroundAnswer);
    }

    static bool Advance(Timeline line, int steps)
    {
        if (line.Broken is { } why) throw new InvalidOperationException(why);
        int perEpoch = line.Training.StepsPerEpoch;
        // To the end of the epoch that is being made.
        int to = steps > 0 ? line.Step + steps : (line.Step / perEpoch + 1) * perEpoch;
        line.Advance(to, () => false);
        return true;
    }

    static byte[] Configured(Timeline line)
    {
        var training = line.Training;
        var reply = new LabReply();
        var points = reply.Add([.. training.Points.SelectMany(p => (double[])[p.X1, p.X2, p.Y])]);
        return reply.ToBytes(new ConfiguredAnswer(training.Settings, points, training.TrainCount,
            [.. training.Parameters.Select(one => new ParameterShape(one.Key, [.. one.Value.Shape.Span]))],
            training.StepsPerEpoch), PlaygroundJson.Default.PlaygroundAnswer);
    }

    // What is wrong now, and what the curve says of how it came here.
    static DiagnosisAnswer Diagnosed(Timeline line)
    {
        var trained = line.Broken is null ? Diagnose.Run(line.Training.Trainer) : null;
        var recorded = Diagnose.Run(new Recording
        {
            History = [.. line.Curve.Select(p => new HistoryPoint(p.Step, p.Train, p.Test,
                line.Training.Trainer.Optimizer.LearningRate) { Validated = true })],
            Classes = line.Training.Settings.Loss == "crossEntropy" ? line.Training.Settings.Classes : 0,
        });
        // Of what diverged the first finding says all that is known, and what is to be done. What was wrong with the
        // first weights comes first: it is the cause of what is wrong now.
        var findings = line.Broken is not null ? []
            : AtStart(line).Concat(trained?.Findings ?? [])
                .Concat(line.Step < Few * line.Training.StepsPerEpoch ? [] : recorded.Findings)
                .DistinctBy(finding => finding.Rule);
        List<FindingText> texts = [.. findings.Select(f => new FindingText(f.Rule, f.Cause, f.Evidence, f.Cure,
            f.Tried?.ToString()))];
        if (line.Broken is { } why)
            texts.Insert(0, new("training diverged", "the loss or a gradient is NaN or infinite", why,
                "rewind, and lower the learning rate", null));
        return new(texts, (trained ?? recorded).Rules, (trained ?? recorded).Looked);
    }

    static IReadOnlyList<Finding> AtStart(Timeline line) => line.Step == 0 ? []
        : Diagnose.Run(new PlaygroundTraining(line.Training.Settings).Trainer).Findings;

    static byte[] Reply(PlaygroundAnswer answer) => LabReply.Of(answer, PlaygroundJson.Default.PlaygroundAnswer);
}
