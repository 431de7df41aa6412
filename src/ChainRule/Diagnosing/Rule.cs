namespace ChainRule.Diagnosing;

/// <summary>One thing that can be wrong with a training.</summary>
/// <param name="name">What it is called in reports and tables.</param>
abstract class Rule(string name)
{
    public const string Initialising = "initialising the layers for a variance of 1";

    /// <summary>All rules, in the order in which causes come before what they lead to.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new TooFewRows(), new ConstantInputs(), new NotFiniteInputs(), new InputsNotNormalised(),
        new TargetsNotNormalised(), new LabelsShuffled(),
        new LabelsOffByOne(), new ClassImbalance(), new DuplicateRows(), new TargetLeak(), new ShufflingForgotten(),
        new WrongLoss(), new DoubleSoftmax(), new LossNegated(), new LossScaled(), new LossOfAllPairs(),
        new OutputOutOfReach(), new NotInOptimizer(), new Frozen(), new NoGradient(),
        new ForgottenZeroGrad(), new Uphill(), new ZeroTensor(), new Symmetry(), new PoorInitialisation(),
        new ConfidentlyWrong(), new SaturatedUnits(), new DeadRelu(), new VanishingGradients(),
        new ExplodingGradients(), new NotFinite(), new ClippedTooShort(), new LearningRateTooHigh(),
        new LearningRateTooLow(), new UpdateTooSmall(), new UpdateTooLarge(), new UnchangedParameter(),
        new WeightDecayTooStrong(), new WeightDecayOnNorms(), new EvaluationInTrainingMode(),
        new TrainingInEvaluationMode(), new BatchTooSmall(), new DropoutTooStrong(), new Overfitting(),
        new Overtraining(), new Underfitting(), new Stalled(), new LossNotDecreasing(),
    ];

    /// <summary>The rules that need nothing but what a run's files hold.</summary>
    public static IReadOnlyList<Rule> OfRecordings { get; } =
    [
        new RecordedNaN(), new RecordedZeroTensor(), new RecordedUnchanged(), new ConfidentlyWrong(),
        new RecordedVanishing(), new RecordedExploding(), new RecordedLearningRateTooHigh(),
        new RecordedLearningRateTooLow(), new RecordedUpdateTooSmall(), new RecordedUpdateTooLarge(),
        new Overfitting(), new Overtraining(), new Underfitting(), new Stalled(),
    ];

    public string Name => name;

    /// <summary>What it finds; null if nothing, or if there is no evidence to look at.</summary>
    public abstract Finding? Look(Evidence e);

    protected Finding Found(string cause, EvidenceText evidence, string cure, params Variation[] variations) =>
        new(name, cause, evidence.ToText(), cure) { Variations = variations };

    protected static string Names(IEnumerable<ParameterEvidence> parameters)
    {
        const int Shown = 3;
        string[] names = [.. parameters.Select(p => p.Name)];
        return string.Join(", ", names.Take(Shown)) + (names.Length > Shown ? $" and {names.Length - Shown} more" : "");
    }
}
