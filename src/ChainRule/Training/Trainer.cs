using System.Diagnostics;
using ChainRule.Data;
using ChainRule.Errors;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Training;

/// <summary>
/// Trains a model: batch, forward, backward, update; evaluates, keeps the best, and can stop at any step
/// and go on as if it had not.
/// <code>
/// var optimizer = new AdamW(model.Parameters(), Schedule.Cosine(1e-2, 1e-4, warmup: 100, total: 5000));
/// var batches = Batches.Shuffled(data.Train, 32, seed: 1);
/// var trainer = new Trainer&lt;Tensor, Ids&gt;(model, optimizer, batches, model.Forward,
///     (output, y) => output.CrossEntropy(y))
/// {
///     Validation = data.Validation,
///     Metrics = { ["accuracy"] = (output, y) => output.Accuracy(y) },
///     EvaluateEvery = 500,
/// };
/// trainer.Evaluated += point => Console.WriteLine(point);
/// trainer.Fit(steps: 5000);
/// </code>
/// The network is called once for each batch, in training and in evaluation: the loss and all metrics see
/// the one output. A loss that is not made of one output is given as a function of inputs and targets
/// alone, <c>(x, y) => …</c>.
/// Several inputs are one batch: <see cref="Inputs{T1, T2}"/>, or a record of your own that implements
/// <see cref="IRows{TSelf}"/>. Each step runs inside a <see cref="Scope"/>: a tensor that a callback wants to keep must
/// be kept with <see cref="Tensor.Keep"/>.
/// </summary>
/// <param name="model">What is trained.</param>
/// <param name="optimizer">Over the model's parameters.</param>
/// <param name="batches">Where the examples come from.</param>
/// <param name="loss">The loss of a batch: a single number.</param>
public sealed partial class Trainer<TX, TY>(Module model, Optimizer optimizer, Batches<TX, TY> batches,
    Func<TX, TY, Tensor> loss)
    where TX : IRows<TX> where TY : IRows<TY>
{
    // Progress is for people: more than twenty reports a second only slow training down.
    static readonly long s_reportTicks = Stopwatch.Frequency / 20;

    readonly Func<TX, Tensor>? _forward;
    readonly Func<Tensor, TY, Tensor>? _lossOfOutput;
    readonly Func<TX, TY, Tensor> _loss =
        loss ?? throw new RefusedNullException("trainer: the loss is null: give a function of a batch",
        nameof(loss));
    long _trainedTicks;
    int _trainedSteps;
    int _checkedAt = -1;

    // The thread that trains; 0 where none does.
    int _trains;
    volatile bool _stops;

    /// <summary>A trainer whose loss and metrics are made of one output of the network.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="optimizer">Over the model's parameters.</param>
    /// <param name="batches">Where the examples come from.</param>
    /// <param name="forward">The network's output for a batch: <c>model.Forward</c>.</param>
    /// <param name="loss">The loss of an output and its targets: a single number.</param>
    public Trainer(Module model, Optimizer optimizer, Batches<TX, TY> batches, Func<TX, Tensor> forward,
        Func<Tensor, TY, Tensor> loss)
        : this(model, optimizer, batches, Joined(forward, loss)) => (_forward, _lossOfOutput) = (forward, loss);

    /// <summary>What is trained.</summary>
    public Module Model { get; } =
        model ?? throw new RefusedNullException("trainer: the model is null: give a Module", nameof(model));

    /// <summary>What updates the parameters.</summary>
    public Optimizer Optimizer { get; } =
        optimizer ?? throw new RefusedNullException("trainer: the optimizer is null: give an Optimizer",
        nameof(optimizer));

    /// <summary>Where the examples come from.</summary>
    public Batches<TX, TY> Batches { get; } =
        batches ?? throw new RefusedNullException("trainer: batches is null: give Batches", nameof(batches));

    /// <summary>Lowers the optimiser's learning rate where the validation loss stops falling.</summary>
    public ReduceOnPlateau? Plateau { get; init; }

    /// <summary>
    /// How many batches are joined into one step: their gradients are added up, each weighted by the terms that its
    /// loss is a mean over, so that a step is that of one batch as large as all of them, which need not fit into
    /// memory. Only what looks at a whole batch, such as <see cref="BatchNorm"/>, sees the small ones.
    /// </summary>
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>
    /// The longest gradient, over all parameters, that is taken as it is; a longer one is scaled down to it.
    /// </summary>
    public double? ClipNorm { get; init; }

    /// <inheritdoc/>
    public double ClipFactor { get; private set; } = 1;

    /// <summary>
    /// What the validation loss and the metrics are measured on, at every evaluation. A loss that comes out as NaN is
    /// kept in the history, and is never the best.
    /// </summary>
    public IRowSource<TX, TY>? Validation { get; init; }

    /// <summary>
    /// Computes a validation loss in a way of your own, in the place of the mean over <see cref="Validation"/>; called
    /// with the model in evaluation mode and recording off.
    /// </summary>
    public Func<double>? Validate { get; init; }

    /// <summary>
    /// What is measured on <see cref="Validation"/> beside the loss, by name; kept in the history and shown
    /// with the progress. All of them get the output that the loss is made of, so that the trainer must be made
    /// with a forward function.
    /// </summary>
    public IDictionary<string, Metric<TY>> Metrics { get; } = new Dictionary<string, Metric<TY>>();

    /// <summary>
    /// Some of the training data, on which the metrics are measured too, at every evaluation and in evaluation mode:
    /// <c>trainingAccuracy</c> beside <c>accuracy</c>. If null, they are measured on <see cref="Validation"/> alone.
    /// </summary>
    public IRowSource<TX, TY>? TrainingSample { get; init; }

    /// <summary>
    /// As <see cref="Metrics"/>, but each is given inputs and targets, and calls the network itself where it needs it.
    /// </summary>
    public IDictionary<string, Metric<TX, TY>> BatchMetrics { get; } = new Dictionary<string, Metric<TX, TY>>();

    /// <summary>
    /// How many terms the loss of a batch is a mean over, for <see cref="Evaluate"/>. Losses of the library say so
    /// themselves, ignored targets left out; for others it is the rows of the batch, unless this says otherwise.
    /// </summary>
    public Func<TX, TY, double>? LossTerms { get; init; }

    /// <summary>How many steps lie between two evaluations.</summary>
    public int EvaluateEvery { get; init; } = 1000;

    /// <summary>When to stop before all steps are made; if null, never.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>
    /// Where training is saved at every evaluation, at the end, and when it is cancelled; if null, nowhere.
    /// </summary>
    public Checkpoint? Checkpoint { get; init; }

    /// <summary>
    /// Generators that the loss draws from while it trains, by name: saved, so that a resumed run draws on. Those that
    /// modules hold in their fields, such as dropout's, are saved without being named here.
    /// </summary>
    public IReadOnlyDictionary<string, RandomSource> Generators { get; init; } = new Dictionary<string, RandomSource>();

    /// <summary>How many steps have been made, before and after a resume.</summary>
    public int Step { get; internal set; }

    /// <summary>One point for each evaluation.</summary>
    public History History { get; } = new();

    /// <summary>
    /// How fast steps were made since this trainer was built, evaluations not counted; 0 before the first.
    /// </summary>
    public double StepsPerSecond => _trainedTicks == 0 ? 0 : _trainedSteps / TrainingTime.TotalSeconds;

    /// <summary>How long the steps of this trainer took, evaluations not counted.</summary>
    public TimeSpan TrainingTime => Stopwatch.GetElapsedTime(0, _trainedTicks);

    /// <summary>How the last <see cref="Fit"/> ended; null before and while it trains, and where it threw.</summary>
    public TrainingEnd? End { get; private set; }

    /// <summary>Σ and number of the batch losses since the last evaluation.</summary>
    internal (double Sum, int Count) Recent { get; set; }

    /// <summary>Called where <see cref="Fit"/> begins, after its checks.</summary>
    public event Action? Began;

    /// <summary>Called where <see cref="Fit"/> comes back, after everything is saved; not where it throws.</summary>
    public event Action<TrainingEnd>? Ended;

    /// <summary>Called after every step with its number and its loss; may call <see cref="Stop"/>.</summary>
    public event Action<int, double>? Stepped;

    /// <summary>Called after every evaluation; may call <see cref="Stop"/>.</summary>
    public event Action<HistoryPoint>? Evaluated;

    /// <summary>
    /// Trains until <paramref name="steps"/> have been made in all, counting those made before a resume.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The loss or a gradient became NaN or infinite; what was saved before stays as it is. Or the optimiser does not
    /// hold the model's parameters, or the loss depends on others; no step was made. Or this trainer is training
    /// already, on another thread or around the callback that asks.
    /// </exception>
    public TrainingEnd Fit(int steps, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (Interlocked.CompareExchange(ref _trains, Environment.CurrentManagedThreadId, 0) != 0)
            Throw.Invalid("train: this trainer is training already: wait for the end of that Fit, or make a second "
                + "trainer with a model of its own");
        try
        {
            End = null;
            var end = RunObserved(steps, progress, cancellationToken);
            End = end;
            Ended?.Invoke(end);
            return end;
        }
        finally
        {
            _stops = false;
            Volatile.Write(ref _trains, 0);
        }
    }

    /// <summary>
    /// Ends <see cref="Fit"/> after the step that is being made, with everything saved: called by whoever listens to
    /// <see cref="Stepped"/> or <see cref="Evaluated"/>, or from another thread. Where nothing is being trained, the
    /// next <see cref="Fit"/> makes no step: another thread cannot know whether it has begun.
    /// </summary>
    public void Stop() => _stops = true;

    /// <summary>
    /// Trains until the batches of that many epochs have been seen; where several make a step, the last step may reach
    /// into the next epoch.
    /// </summary>
    public TrainingEnd FitEpochs(int epochs, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (epochs < 0) Throw.OutOfRange($"train: {epochs} epochs: give 0 or more", nameof(epochs));
        CheckSettings();
        long steps = ((long)epochs * Batches.PerEpoch + GradientAccumulation - 1) / GradientAccumulation;
        if (steps > int.MaxValue)
            Throw.OutOfRange($"train: {epochs:N0} epochs of {Batches.PerEpoch:N0} batches are {steps:N0} steps: give "
                + $"at most {int.MaxValue:N0} steps",
                nameof(epochs));
        return Fit((int)steps, progress, cancellationToken);
    }

    /// <summary>What is trained by what, and how far.</summary>
    public override string ToString() =>
        $"trainer of {Model.Describe()} by {Optimizer}: {Step} step{(Step == 1 ? "" : "s")}, {History}";

    TrainingEnd Run(int steps, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (!Model.Training) Model.Train();
        CheckParameters();
        CheckShards();
        (_checkedAt, _agreed) = (-1, 0);
        CatchUp();
        if (Step == 0 && History.Points.Count == 0 && IsValidated) EvaluateNow(); // where the curve begins
        // A callback that threw between a step and its evaluation has cost the evaluation no more than a delay.
        if (Step > 0 && IsDue(steps) && (History.Points is not [.., var latest] || latest.Step < Step)) EvaluateNow();
        double shown = double.NaN;
        long reported = 0;
        while (Step < steps)
        {
            if (EarlyStopping?.ShouldStop(History) == true) return TrainingEnd.StoppedEarly;
            // Workers end after a step that all of them made.
            _wish = cancellationToken.IsCancellationRequested ? 1 : _stops ? 2 : 0;
            if ((Workers is null ? _wish : _agreed) is not 0 and var wish)
            {
                Save(best: false);
                return wish == 1 ? TrainingEnd.Cancelled : TrainingEnd.Stopped;
            }

            BeginStep();
            long began = Stopwatch.GetTimestamp();
            double value = StepTogether();
            _trainedTicks += Stopwatch.GetTimestamp() - began;
            _trainedSteps++;
            Recent = (Recent.Sum + value, Recent.Count + 1);
            shown = double.IsNaN(shown) ? value : shown + 0.02 * (value - shown);
            Stepped?.Invoke(Step, value);

            bool evaluated = IsDue(steps);
            if (evaluated) EvaluateNow();
            if (progress is not null && (evaluated || began - reported > s_reportTicks))
            {
                reported = began;
                double left = (steps - Step) / StepsPerSecond;
                var last = History.Points is [.., var point] ? point
                    : new(Step, double.NaN, double.NaN, Optimizer.LearningRate);
                progress.Report(new(Step, steps, shown, last.ValidationLoss, Optimizer.LearningRate, StepsPerSecond,
                    TimeSpan.FromSeconds(left)) { Metrics = last.Metrics });
            }
        }
        return History.Points is [.., { IsNaN: true }] ? TrainingEnd.NotValidated : TrainingEnd.Completed;
    }

    static Func<TX, TY, Tensor> Joined(Func<TX, Tensor> forward, Func<Tensor, TY, Tensor> loss)
    {
        Throw.IfNull(forward, "trainer");
        Throw.IfNull(loss, "trainer");
        return (x, y) => loss(forward(x), y);
    }

    bool IsDue(int steps) => Step % EvaluateEvery == 0 || Step == steps;
}
