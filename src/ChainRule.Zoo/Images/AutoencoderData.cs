using System.Globalization;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Images;

/// <summary>
/// Images to train an autoencoder with, which gives back what it is given. The loss is the mean squared error of the
/// standardised pixels; it is compared with that of the mean image.
/// </summary>
public sealed class AutoencoderData : TaskData
{
    // Of tiny images every gradient is checked.
    const int TinySize = 5, Few = 8, BatchToMeasure = 500;

    readonly ImageData _images;
    readonly Tensor _meanImage;

    internal AutoencoderData(ImageData images) : base(images.Source, images.Sha256)
    {
        _images = images;
        Preprocessing = new AutoencoderEncoding(images.Encoding);
        Train = images.Training().Inputs;
        Validation = images.Validating().Inputs;
        Test = images.Measured().Inputs;
        _meanImage = Flat(Train).Mean(0);
    }

    /// <inheritdoc/>
    public override TaskKind Kind => TaskKind.Autoencoder;

    /// <inheritdoc/>
    public override Preprocessing Preprocessing { get; }

    /// <summary>What is learned from, [images, channels, size, size].</summary>
    public Tensor Train { get; }

    /// <summary>What training is watched by.</summary>
    public Tensor Validation { get; }

    /// <summary>What is measured in the end; the validation part where there is no test part.</summary>
    public Tensor Test { get; }

    /// <summary>The classes of <see cref="Test"/>, which the model is not told.</summary>
    public Ids TestClasses => _images.Measured().Targets;

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> Classes => _images.Encoding.Classes;

    /// <inheritdoc/>
    public override string Describe(Module model) => string.Create(CultureInfo.InvariantCulture,
        $"{Source}: {Train.Shape[0]:N0} images to train, {Validation.Shape[0]:N0} to validate and {Test.Shape[0]:N0} ")
        + $"to test with, of {Train.Shape[2]} × {Train.Shape[3]} pixels";

    /// <inheritdoc/>
    public override ITrainer CreateTrainer(TrainingSetup setup) => CreateTrainer(setup,
        Batches.Shuffled(Pairs(Train), Math.Min(setup.Training.BatchSize, Train.Shape[0]), setup.Seed),
        setup.Model.Forward, static (said, y) => said.MseLoss(y), Pairs(Validation));

    /// <inheritdoc/>
    public override string? DescribeExample(BatchLoss batch, int row) =>
        batch is BatchLoss<Tensor, Tensor> { Inputs: var x }
        && RowOf(Train, x, row) is { } found ? $"training image {found}" : null;

    /// <inheritdoc/>
    public override Evaluation Evaluate(Module model, ulong seed)
    {
        var sample = Train.Slice(0, 0, Math.Min(Train.Shape[0], Math.Max(1, Validation.Shape[0])));
        double validated = Loss(model, Validation), tested = Loss(model, Test);
        return new(Loss(model, sample), validated, tested, new Dictionary<string, double>
        {
            ["explained"] = 1 - validated / MeanLoss(Validation), ["testExplained"] = 1 - tested / MeanLoss(Test),
        }, []);
    }

    /// <inheritdoc/>
    public override string Describe(HistoryPoint point) => "";

    /// <inheritdoc/>
    public override IEnumerable<string> Report(RunSummary summary)
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"of the variance around the mean image it explains {100 * summary.Metrics["explained"]:0.0} % on ")
            + string.Create(CultureInfo.InvariantCulture,
                $"validation data, {100 * summary.Metrics["testExplained"]:0.0} % on test data");
    }

    /// <inheritdoc/>
    public override TrialSetup CreateTrial(Recipe recipe, ulong seed)
    {
        var plan = recipe.For(Kind);
        var model = recipe.Build(plan.Sizes, Preprocessing.Shape, new TorchRandom(seed));
        var batch = Train.Slice(0, 0, Math.Min(plan.Training.BatchSize, Train.Shape[0]));
        var few = Train.Slice(0, 0, Math.Min(Few, Train.Shape[0]));
        var tiny = recipe.Build(recipe.Tiny, new([1, TinySize, TinySize], TinySize * TinySize), new TorchRandom(seed));
        tiny.To(DType.Float64);
        var x = Tensor.Randn([Few, 1, TinySize, TinySize], new TorchRandom(seed), DType.Float64);
        return new(model, () => model.Forward(batch).MseLoss(Flat(batch)), null,
            () => model.Forward(few).MseLoss(Flat(few)), 0, tiny, () => tiny.Forward(x).MseLoss(Flat(x)));
    }

    /// <summary>What the model gives back: [images, channels · size · size].</summary>
    public static Tensor Reconstruct(Module model, Tensor images)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var mode = model.InEvaluation();
        using var quiet = NoGrad.Begin();
        return Tensor.Concat(0, [.. Parts(images).Select(model.Forward)]);
    }

    /// <summary>The code of each image: [images, bottleneck].</summary>
    public static Tensor Encode(ImageAutoencoder model, Tensor images)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var mode = model.InEvaluation();
        using var quiet = NoGrad.Begin();
        return Tensor.Concat(0, [.. Parts(images).Select(model.Encoder.Forward)]);
    }

    static IEnumerable<Tensor> Parts(Tensor images)
    {
        for (int from = 0; from < images.Shape[0]; from += BatchToMeasure)
            yield return images.Slice(0, from, Math.Min(images.Shape[0], from + BatchToMeasure));
    }

    static double Loss(Module model, Tensor images) => Reconstruct(model, images).MseLoss(Flat(images)).Item();

    double MeanLoss(Tensor images) => (Flat(images) - _meanImage).Square().Mean().Item();

    static Tensor Flat(Tensor images) => images.Reshape(images.Shape[0], -1);

    static Dataset<Tensor, Tensor> Pairs(Tensor images) => new(images, Flat(images));
}

/// <summary>Images as numbers, and as many numbers back.</summary>
public sealed class AutoencoderEncoding : Preprocessing
{
    internal AutoencoderEncoding(ImageEncoding images) => Images = images;

    /// <summary>How images become numbers.</summary>
    public ImageEncoding Images { get; }

    /// <inheritdoc/>
    public override DataShape Shape => new(Images.Shape.Input, Images.Shape.Input.Elements);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => Images.Metadata;
}
