using System.Diagnostics;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Training;

/// <summary>
/// Trains a model: batch, forward, backward, update; evaluates, keeps the best, and can stop at any step and go on as if it had not.
/// <code>
/// var trainer = new Trainer&lt;Ids, Ids&gt;(model, optimizer, batches, (x, y) => model.Forward(x).CrossEntropy(y))
/// {
///     Schedule = Schedule.Cosine(1e-2, 1e-4, warmup: 100, total: 5000),
///     Validate = () => trainer.Evaluate(validation),
/// };
/// trainer.Fit(steps: 5000);
/// </code>
/// Each step runs inside a <see cref="Scope"/>: a tensor that a callback wants to keep must be kept with <see cref="Tensor.Keep"/>.
/// </summary>
/// <param name="model">What is trained.</param>
/// <param name="optimizer">Over the model's parameters.</param>
/// <param name="batches">Where the examples come from.</param>
/// <param name="loss">The loss of a batch: a single number.</param>
public sealed partial class Trainer<TX, TY>(Module model, Optimizer optimizer, Batches<TX, TY> batches, Func<TX, TY, Tensor> loss)
    where TX : IRows<TX> where TY : IRows<TY>
{
    // Progress is for people: more than twenty reports a second only slow training down.
    static readonly long s_reportTicks = Stopwatch.Frequency / 20;

    readonly Func<TX, TY, Tensor> _loss = loss ?? throw new ArgumentNullException(null, "trainer: the loss is null: give a function of a batch");
    long _trainedTicks;
    int _trainedSteps;
    int _checkedAt = -1;

    /// <summary>What is trained.</summary>
    public Module Model { get; } = model ?? throw new ArgumentNullException(null, "trainer: the model is null: give a Module");

    /// <summary>What updates the parameters.</summary>
    public Optimizer Optimizer { get; } = optimizer ?? throw new ArgumentNullException(null, "trainer: the optimizer is null: give an Optimizer");

    /// <summary>Where the examples come from.</summary>
    public Batches<TX, TY> Batches { get; } = batches ?? throw new ArgumentNullException(null, "trainer: batches is null: give Batches");

    /// <summary>The learning rate of each step; the optimiser's own learning rate where there is none.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Lowers the learning rate where the validation loss stops falling; not together with a <see cref="Schedule"/>.</summary>
    public ReduceOnPlateau? Plateau { get; init; }

    /// <summary>The longest gradient, over all parameters, that is taken as it is; a longer one is scaled down to it.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>
    /// Computes the validation loss; called with the model in evaluation mode and recording off. One that comes out as NaN is kept in the history, and is
    /// never the best.
    /// </summary>
    public Func<double>? Validate { get; init; }

    /// <summary>
    /// How many terms the loss of a batch is a mean over, for <see cref="Evaluate"/>. Losses of the library say so themselves, ignored targets left out; for
    /// others it is the rows of the batch, unless this says otherwise.
    /// </summary>
    public Func<TX, TY, double>? LossTerms { get; init; }

    /// <summary>How many steps lie between two evaluations.</summary>
    public int EvaluateEvery { get; init; } = 1000;

    /// <summary>When to stop before all steps are made; if null, never.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Where training is saved at every evaluation, at the end, and when it is cancelled; if null, nowhere.</summary>
    public Checkpoint? Checkpoint { get; init; }

    /// <summary>
    /// Generators that the loss draws from while it trains, by name: saved, so that a resumed run draws on. Those that modules hold in their fields, such as
    /// dropout's, are saved without being named here.
    /// </summary>
    public IReadOnlyDictionary<string, TorchRandom> Generators { get; init; } = new Dictionary<string, TorchRandom>();

    /// <summary>How many steps have been made, before and after a resume.</summary>
    public int Step { get; internal set; }

    /// <summary>One point for each evaluation.</summary>
    public History History { get; } = new();

    /// <summary>How fast steps were made since this trainer was built, evaluations not counted; 0 before the first.</summary>
    public double StepsPerSecond => _trainedTicks == 0 ? 0 : _trainedSteps / TrainingTime.TotalSeconds;

    /// <summary>How long the steps of this trainer took, evaluations not counted.</summary>
    public TimeSpan TrainingTime => Stopwatch.GetElapsedTime(0, _trainedTicks);

    /// <summary>Σ and number of the batch losses since the last evaluation.</summary>
    internal (double Sum, int Count) Recent { get; set; }

    /// <summary>Called after every step with its number and its loss.</summary>
    public event Action<int, double>? Stepped;

    /// <summary>Called after every evaluation.</summary>
    public event Action<HistoryPoint>? Evaluated;

    /// <summary>Trains until <paramref name="steps"/> have been made in all, counting those made before a resume.</summary>
    /// <exception cref="InvalidOperationException">
    /// The loss or a gradient became NaN or infinite; what was saved before stays as it is. Or the optimiser does not hold the model's parameters, or the loss
    /// depends on others; no step was made.
    /// </exception>
    public TrainingEnd Fit(int steps, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (steps < 0) Throw.OutOfRange($"train: {steps} steps: give 0 or more");
        if (EvaluateEvery < 1) Throw.OutOfRange($"train: an evaluation every {EvaluateEvery} steps: give 1 or more");
        if (ClipNorm is { } limit && !(limit >= 0)) Throw.OutOfRange($"train: gradients clipped to a norm of {limit}: give a number, 0 or more");
        if (Schedule is not null && Plateau is not null) Throw.Invalid("train: a schedule and a plateau would both set the learning rate: give one of them");

        if (!Model.Training) Model.Train();
        CheckParameters();
        _checkedAt = -1;
        if (Step == 0 && History.Points.Count == 0 && Validate is not null) EvaluateNow(); // where the curve begins
        // A callback that threw between a step and its evaluation has cost the evaluation no more than a delay.
        if (Step > 0 && IsDue(steps) && (History.Points is not [.., var latest] || latest.Step < Step)) EvaluateNow();
        double shown = double.NaN;
        long reported = 0;
        while (Step < steps)
        {
            if (EarlyStopping?.ShouldStop(History) == true) return TrainingEnd.StoppedEarly;
            if (cancellationToken.IsCancellationRequested)
            {
                Checkpoint?.SaveLast(this);
                return TrainingEnd.Cancelled;
            }

            long began = Stopwatch.GetTimestamp();
            double value = StepOnce();
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
                double validation = History.Points is [.., var last] ? last.ValidationLoss : double.NaN;
                progress.Report(new(Step, steps, shown, validation, Optimizer.LearningRate, StepsPerSecond, TimeSpan.FromSeconds(left)));
            }
        }
        return History.Points is [.., { IsNaN: true }] ? TrainingEnd.NotValidated : TrainingEnd.Completed;
    }

    /// <summary>Trains until the batches of the given number of epochs have been seen.</summary>
    public TrainingEnd FitEpochs(int epochs, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (epochs < 0) Throw.OutOfRange($"train: {epochs} epochs: give 0 or more");
        long steps = (long)epochs * Batches.PerEpoch;
        if (steps > int.MaxValue) Throw.OutOfRange($"train: {epochs:N0} epochs of {Batches.PerEpoch:N0} batches are {steps:N0} steps: give at most {int.MaxValue:N0} steps");
        return Fit((int)steps, progress, cancellationToken);
    }

    /// <summary>
    /// The loss over a data set, in evaluation mode, batch by batch; the model is left as it was. Each batch counts by the terms that its loss is a mean over,
    /// so that the size of the batches makes no difference; losses that are sums are added up.
    /// </summary>
    /// <exception cref="ArgumentException">There is nothing to average over.</exception>
    public double Evaluate(Dataset<TX, TY> dataset, int batchSize = 1024)
    {
        Throw.IfNull(dataset, "evaluate");
        if (dataset.Count == 0) Throw.Argument("evaluate: the data set has no rows: there is nothing to average over");
        using var undisturbed = Model.Undisturbed();
        using var quiet = NoGrad.Begin();
        double sum = 0, terms = 0;
        foreach (var (x, y) in Data.Batches.InOrder(dataset, batchSize))
        {
            using var scope = Scope.Begin("evaluation");
            using var tally = LossTally.Begin();
            double value = _loss(x, y).Item();
            double weight = LossTerms?.Invoke(x, y) ?? tally.Terms(x.Shape[0]);
            if (!(weight >= 0 && double.IsFinite(weight))) Throw.Invalid($"evaluate: the loss of a batch is said to be over {weight} terms: LossTerms must give 0 or more");
            if (LossTerms is null && tally.IsSum) (sum, terms) = (sum + value, 1);
            else if (weight > 0) (sum, terms) = (sum + value * weight, terms + weight);
        }
        if (terms == 0) Throw.Argument("evaluate: nothing in the data set counts, every target being ignored: there is nothing to average over");
        return sum / terms;
    }

    /// <summary>What is trained by what, and how far.</summary>
    public override string ToString() => $"trainer of {Model.Describe()} by {Optimizer}: {Step} step{(Step == 1 ? "" : "s")}, {History}";

    double StepOnce()
    {
        using var scope = Scope.Begin();
        if (Schedule is not null) Optimizer.LearningRate = Schedule.LearningRate(Step);
        if (Plateau is not null) Optimizer.LearningRate = Plateau.LearningRate;
        var (x, y) = Batches.Next();
        var l = _loss(x, y);
        double value = l.Item();
        if (!double.IsFinite(value))
            Throw.Invalid($"train: the loss of step {Step} is {value}: lower the learning rate ({Optimizer.LearningRate}), clip the gradients, or "
                + $"find the op with NanWatch; what was saved before stays as it is");
        if (_checkedAt != Module.Made) CheckLoss(l);
        Optimizer.ZeroGrad();
        l.Backward();
        if (ClipNorm is { } most) Clip.Norm(Optimizer.Parameters, most);
        Optimizer.StepNamed(_nameOf);
        Step++;
        return value;
    }

    void EvaluateNow()
    {
        double validation = double.NaN;
        if (Validate is not null)
        {
            using var mode = Model.InEvaluation();
            using var quiet = NoGrad.Begin();
            validation = Validate();
        }
        CheckParameters();
        if (Checkpoint is not null) Checkpoint.CheckNumbers(Model, Step);
        double training = Recent.Count == 0 ? double.NaN : Recent.Sum / Recent.Count;
        if (Step > 0) Plateau?.Step(Validate is null ? training : validation);
        var point = new HistoryPoint(Step, training, validation, Optimizer.LearningRate) { Validated = Validate is not null };
        Recent = default;
        bool best = History.Add(point);
        if (best) Checkpoint?.SaveBest(this);
        Checkpoint?.SaveLast(this);
        Evaluated?.Invoke(point);
    }

    bool IsDue(int steps) => Step % EvaluateEvery == 0 || Step == steps;
}
