using ChainRule.Layers;
using ChainRule.Optim;

namespace ChainRule.Diagnosing;

/// <summary>What a branch of the training does otherwise.</summary>
/// <param name="Change">What is changed, in words.</param>
sealed record Variation(string Change)
{
    /// <summary>A factor of the learning rate.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>A factor of the learning rate of one parameter, by its place in the optimiser.</summary>
    public (int Place, double Factor)? OneParameter { get; init; }

    /// <summary>The longest gradient.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Whether the trainer's own clipping is left out.</summary>
    public bool NoClipping { get; init; }

    /// <summary>What is done to the model before the first step; what it writes into parameters is put back.</summary>
    public Action<Module>? Before { get; init; }

    /// <summary>What puts back what is no parameter.</summary>
    public Action<Module>? After { get; init; }

    /// <summary>What is done to inputs that are tensors.</summary>
    public Func<Tensor, Tensor>? Inputs { get; init; }

    /// <summary>What the loss and the measure are made of.</summary>
    public LossChange Loss { get; init; }

    /// <summary>A factor of the loss; the measure of the branch without it is multiplied by it too.</summary>
    public double LossFactor { get; init; } = 1;

    /// <summary>How batches are drawn.</summary>
    public Drawing Drawing { get; init; }

    /// <summary>How many rows a batch has; as it is if null.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Whether steps go the other way.</summary>
    public bool Reversed { get; init; }

    /// <summary>Whether every layer is put into training mode.</summary>
    public bool Train { get; init; }

    /// <summary>Whether gradients are cleared before each step of a loop of the user's own.</summary>
    public bool ZeroGrad { get; init; }

    /// <summary>Parameters that the optimiser does not hold, and that a second one trains.</summary>
    public IReadOnlyList<Tensor> Also { get; init; } = [];

    /// <summary>Weight decay of parameters of one axis; as it is if null.</summary>
    public double? DecayOfVectors { get; init; }

    /// <summary>A factor of all weight decay.</summary>
    public double WeightDecay { get; init; } = 1;

    /// <summary>Whether the layers are initialised one after the other, until each gives a variance of 1.</summary>
    public bool Initialised { get; init; }

    /// <summary>A factor of the last layer's weights; its bias becomes 0.</summary>
    public double? LastLayer { get; init; }

    /// <summary>Mean and standard deviation by which targets are standardised; as they are if null.</summary>
    public (double Mean, double Std)? Targets { get; init; }

    /// <summary>Whether the sizes of its updates are measured, as they are of the branch without any change.</summary>
    public bool Measured { get; init; }

    /// <summary>Whether it shows what the model is worth, and is not meant to lower the loss.</summary>
    public bool ShowsWorth { get; init; }

    /// <summary>Whether the measure is the accuracy, the mean over classes where batches are balanced.</summary>
    public bool ByAccuracy => Loss is LossChange.OfLogits or LossChange.CrossEntropy || Drawing == Drawing.Balanced;

    /// <summary>The groups of an optimiser with this change; a factor of 0 counts as 1 where it is changed.</summary>
    public IReadOnlyList<(double LearningRateFactor, double WeightDecay)> Regrouped(Optimizer optimizer,
        IReadOnlyList<(double LearningRateFactor, double WeightDecay)> groups)
    {
        return [.. groups.Select((group, i) => (Factor(group.LearningRateFactor, i), Decay(group.WeightDecay, i)))];

        double Factor(double own, int i) => LearningRate
            * (OneParameter is { } one && one.Place == i ? (own == 0 ? 1 : own) * one.Factor : own);

        double Decay(double own, int i) =>
            optimizer.Parameters[i].Rank < 2 && DecayOfVectors is { } decay ? decay : own * WeightDecay;
    }
}

enum LossChange
{
    None,

    /// <summary>What the last Softmax of the output was given goes into the loss.</summary>
    OfLogits,

    /// <summary>What the last activation function of the output was given goes into the loss.</summary>
    Unactivated,

    /// <summary>The output in the shape of the targets goes into the loss.</summary>
    Reshaped,

    /// <summary>The cross-entropy of the output.</summary>
    CrossEntropy,
}

enum Drawing
{
    /// <summary>As the trainer draws them.</summary>
    Own,

    /// <summary>In a new order every epoch.</summary>
    Shuffled,

    /// <summary>Every class as often as every other.</summary>
    Balanced,

    /// <summary>A few rows of the next batch, again and again.</summary>
    Few,
}
