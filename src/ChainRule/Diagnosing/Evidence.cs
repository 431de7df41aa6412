using ChainRule.Diagnostics;
using ChainRule.Training;

namespace ChainRule.Diagnosing;

/// <summary>All that rules look at. What could not be looked at is null or empty.</summary>
sealed class Evidence
{
    /// <summary>How many steps had been made.</summary>
    public int Step { get; init; }

    /// <summary>The kind of optimiser.</summary>
    public string Optimizer { get; init; } = "";

    public double LearningRate { get; init; } = double.NaN;

    public double? ClipNorm { get; init; }

    /// <summary>The largest learning rate: of a schedule the largest to come, or that was where it has ended.</summary>
    public double LargestRate { get; init; } = double.NaN;

    /// <summary>That learning rate, divided by the one of the branch without any cure.</summary>
    public double LargestFactor { get; init; } = 1;

    /// <summary>A branch at that learning rate; null where the branch without any cure is near it.</summary>
    public Branch? AtLargestRate { get; init; }

    /// <summary>How many rows the first batch has; 0 where that is not known.</summary>
    public int BatchSize { get; init; }

    /// <summary>Evaluations so far.</summary>
    public IReadOnlyList<HistoryPoint> History { get; init; } = [];

    public IReadOnlyList<ParameterEvidence> Parameters { get; init; } = [];

    /// <summary>What a run recorded of its layers; null of a training that can be looked at itself.</summary>
    public IReadOnlyList<LayerSizes>? Recorded { get; init; }

    public IReadOnlyList<LayerEvidence> Layers { get; init; } = [];

    public IReadOnlyList<ActivationEvidence> Activations { get; init; } = [];

    public LossEvidence? Loss { get; init; }

    public ModeEvidence? Modes { get; init; }

    public DataEvidence? Data { get; init; }

    /// <summary>The branch without any cure.</summary>
    public Branch? Base { get; init; }

    /// <summary>Trains on a few rows alone: the fraction of its first value that their loss comes to. Null where that
    /// cannot be tried.</summary>
    public Func<double>? Memorised { get; init; }

    /// <summary>Whether a schedule has brought the learning rate down to its end: nothing moves any more.</summary>
    public bool Ended { get; init; }

    /// <summary>Whether a backward pass met gradients of the step before; false where that is meant.</summary>
    public bool MetOldGradients { get; init; }

    /// <summary>Whether nothing has been trained yet.</summary>
    public bool AtStart => Step == 0;

    /// <summary>Where a trained weight is: a matrix or a kernel.</summary>
    public IEnumerable<ParameterEvidence> Weights => Parameters.Where(p => p.Trains && p.Shape.Rank >= 2);
}

/// <summary>One parameter.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Tensor">The parameter.</param>
/// <param name="Place">Its place in the optimiser; -1 if it is not there.</param>
sealed record ParameterEvidence(string Name, Tensor Tensor, int Place)
{
    public Shape Shape => Tensor.Shape;

    /// <summary>Whether it is frozen.</summary>
    public bool Frozen { get; init; }

    public bool Trains => !Frozen && Place >= 0;

    /// <summary>The layer that holds it: <c>Linear</c>.</summary>
    public string Layer { get; init; } = "";

    /// <summary>Its standard deviation, and the largest magnitude, before any step.</summary>
    public double Std { get; init; }

    public double Largest { get; init; }

    /// <summary>Whether all its rows are the same.</summary>
    public bool EqualRows { get; init; }

    public double WeightDecay { get; init; }

    public double LearningRateFactor { get; init; } = 1;

    /// <summary>Its gradient in the first step.</summary>
    public GradientFlowResult? Gradient { get; init; }

    /// <summary>The median of log₁₀ (size of the update / size of the parameter) over the steps of the
    /// branch; −∞ if it never moved, NaN where nothing is known.</summary>
    public double Update { get; init; } = double.NaN;

    /// <summary>The same of the first step, before a long one has made the parameter large.</summary>
    public double FirstUpdate { get; init; } = double.NaN;

    /// <summary>Whether any step changed it.</summary>
    public bool Moved { get; init; }
}

/// <summary>One layer with a weight: the standard deviation of what it gives.</summary>
sealed record LayerEvidence(string Name, string Kind, double Std);

/// <summary>What an activation function gave for the first batches.</summary>
/// <param name="Op">relu, tanh or sigmoid.</param>
/// <param name="Layer">The layer before it, or its place in the pass.</param>
/// <param name="Units">How many units there are.</param>
/// <param name="Dead">The fraction of units that give 0 for every row, of a ReLU.</param>
/// <param name="Saturated">The fraction of numbers in the flat parts of tanh or the sigmoid.</param>
sealed record ActivationEvidence(string Op, string Layer, int Units, double Dead, double Saturated);

/// <summary>The first batch's loss.</summary>
/// <param name="Value">Its value.</param>
/// <param name="Op">The op of the loss: <c>cross entropy</c>; empty where it is none of the library's.</param>
/// <param name="Classes">How many classes it distinguishes; 0 if that is not known.</param>
sealed record LossEvidence(double Value, string Op, int Classes)
{
    /// <summary>Whether a cross-entropy was given probabilities in the place of logits.</summary>
    public bool OfProbabilities { get; init; }

    /// <summary>Whether a negative log-likelihood was given numbers above 0.</summary>
    public bool OfNoLogarithms { get; init; }

    /// <summary>Whether the trainer knows the output that the loss is made of.</summary>
    public bool KnowsOutput { get; init; }

    /// <summary>The shape of that output.</summary>
    public Shape Output { get; init; }

    /// <summary>The op that made the output, such as <c>relu</c>; empty where it is none of one input.</summary>
    public string LastOp { get; init; } = "";

    /// <summary>Whether each row of the output is 0 or more and sums to 1.</summary>
    public bool OutputsAreProbabilities { get; init; }

    /// <summary>The loss, divided by the mean of the op's own; NaN where they are not in proportion.</summary>
    public double Factor { get; init; } = double.NaN;

    /// <summary>Shapes of which the loss makes a table of all pairs: <c>[32, 1] and [32]</c>; null if it does not.
    /// </summary>
    public string? Broadcast { get; init; }
}

/// <summary>How the model behaves in its two modes.</summary>
/// <param name="Random">The loss of the same rows in two evaluations, where they differ.</param>
/// <param name="OfOthers">How far an output depends on the rows beside it in evaluation, relative to its size.</param>
/// <param name="NotTraining">Layers that stay in evaluation mode while the model trains.</param>
/// <param name="Dropout">The largest probability of a dropout layer; 0 if there is none.</param>
/// <param name="BatchNorm">Whether there is batch norm.</param>
/// <param name="Norms">Names of the gains and shifts of norm layers.</param>
sealed record ModeEvidence((double First, double Second)? Random, double OfOthers,
    IReadOnlyList<string> NotTraining, double Dropout, bool BatchNorm, IReadOnlySet<string> Norms)
{
    /// <summary>The loss of the same batch in training mode and in evaluation mode, after the branch.</summary>
    public (double Training, double Evaluation) Losses { get; init; } = (double.NaN, double.NaN);

    /// <summary>Whether a forward pass puts layers into evaluation mode.</summary>
    public bool ByForward { get; init; }
}

/// <summary>A short training from where the trainer stands.</summary>
sealed class Branch
{
    /// <summary>The loss of each step.</summary>
    public List<double> Losses { get; } = [];

    /// <summary>The step whose loss or gradient was not finite; null if all were.</summary>
    public int? BrokeAt { get; set; }

    /// <summary>The first op that made NaN or infinity.</summary>
    public string? BrokeIn { get; set; }

    /// <summary>Loss on the rows that are measured, before and after the branch.</summary>
    public double Before { get; set; } = double.NaN;

    public double After { get; set; } = double.NaN;

    /// <summary>Loss on the rows that are measured, with outputs in the shape of the targets, where that differs.
    /// </summary>
    public double AfterReshaped { get; set; } = double.NaN;

    /// <summary>The loss on rows of the training data after the branch, in evaluation mode.</summary>
    public double TrainingAfter { get; set; } = double.NaN;

    /// <summary>Accuracy on the rows that are measured; NaN where there are no classes.</summary>
    public double Accuracy { get; set; } = double.NaN;

    /// <summary>The mean over classes of the fraction that was recognised.</summary>
    public double BalancedAccuracy { get; set; } = double.NaN;

    /// <summary>Of each parameter of the optimiser, log₁₀ of the relative size of its update, step by step.</summary>
    public List<double>[] Updates { get; set; } = [];

    /// <summary>The gradient's length at each step, before clipping.</summary>
    public List<double> GradientNorms { get; } = [];

    /// <summary>The sum over the parameters of gradient · update, per length of each: below 0 is downhill.</summary>
    public List<double> Directions { get; } = [];

    public double First => Mean(Losses.Take(Quarter));

    public double Last => Mean(Losses.Skip(Losses.Count - Quarter));

    int Quarter => Math.Max(1, Losses.Count / 4);

    static double Mean(IEnumerable<double> x) => x.DefaultIfEmpty(double.NaN).Average();
}

/// <summary>What branches can be trained of.</summary>
interface ISubject
{
    /// <summary>What the measure is called.</summary>
    string Measure { get; }

    /// <summary>Trains a branch and puts everything back.</summary>
    Branch Train(Variation variation, int steps);
}
