using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Sequences;

/// <summary>
/// Sequences in which two numbers are marked, whose sum is asked at the end: a regression. The loss is the mean squared
/// error; always to say the mean has an error of 1/6, the variance of a sum.
/// </summary>
public sealed class AddingData : TaskData
{
    // The seeds of the three parts: other sequences in each.
    const ulong TrainSeed = 1, ValidationSeed = 2, TestSeed = 3;

    const int BatchToMeasure = 500, Few = 8, TinySteps = 6, Features = 2;

    readonly Split<Dataset<Tensor, Tensor>> _parts;
    readonly double _mean;

    AddingData(SequenceOptions options) : base("adding", Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"1 {options with { Length = options.Steps }}"))))
    {
        int held = Math.Max(2, options.Count / 4);
        _parts = new(Draw(options.Count, TrainSeed), Draw(held, ValidationSeed), Draw(held, TestSeed));
        _mean = _parts.Train.Targets.Mean().Item();

        Dataset<Tensor, Tensor> Draw(int count, ulong seed)
        {
            var (x, y) = SyntheticSequences.DrawAdding(count, options.Steps, new TorchRandom(seed));
            return new(x, y);
        }
    }

    /// <summary>Makes them.</summary>
    /// <exception cref="ArgumentException">The options do not go together, or are of another problem.</exception>
    public static AddingData Create(SequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check("sequences");
        return options.Problem == SequenceProblem.Adding ? new(options)
            : throw new ArgumentException("sequences: these have classes as targets: make them by SequenceData");
    }

    /// <inheritdoc/>
    public override TaskKind Kind => TaskKind.Sequences;

    /// <inheritdoc/>
    public override Preprocessing Preprocessing { get; } = new SequenceEncoding(Features, []);

    /// <summary>The part that is held back until the end.</summary>
    public Dataset<Tensor, Tensor> Test => _parts.Test;

    internal override int? Validated => _parts.Validation.Count;

    /// <inheritdoc/>
    public override string Describe(Module model) => string.Create(CultureInfo.InvariantCulture,
        $"{Source}: {_parts.Train.Count:N0} sequences to train, {_parts.Validation.Count:N0} to validate and "
        + $"{_parts.Test.Count:N0} to test with, of {_parts.Train.Inputs.Shape[1]} steps");

    /// <inheritdoc/>
    public override ITrainer CreateTrainer(TrainingSetup setup) => CreateTrainer(setup,
        Batches.Shuffled(_parts.Train, Math.Min(setup.Training.BatchSize, _parts.Train.Count), setup.Seed),
        setup.Model.Forward, Loss, _parts.Validation, ("rmse", (said, y) => Math.Sqrt(Loss(said, y).Item())));

    /// <inheritdoc/>
    public override string? DescribeExample(BatchLoss batch, int row) =>
        batch is BatchLoss<Tensor, Tensor> { Inputs: var x }
        && RowOf(_parts.Train.Inputs, x, row) is { } found ? $"training sequence {found}" : null;

    /// <inheritdoc/>
    public override Evaluation Evaluate(Module model, ulong seed)
    {
        var train = _parts.Train.Take([.. Enumerable.Range(0, _parts.Validation.Count)]);
        double validated = Measure(model, _parts.Validation), tested = Measure(model, _parts.Test);
        return new(Measure(model, train), validated, tested, new Dictionary<string, double>
        {
            ["rmse"] = Math.Sqrt(validated), ["testRmse"] = Math.Sqrt(tested),
            ["testRmseOfMean"] = Math.Sqrt((_parts.Test.Targets - _mean).Square().Mean().Item()),
        }, []);
    }

    /// <inheritdoc/>
    public override string Describe(HistoryPoint point) => point.Metrics.TryGetValue("rmse", out double rmse)
        ? string.Create(CultureInfo.InvariantCulture, $"root mean squared error {rmse:0.0000}") : "";

    /// <inheritdoc/>
    public override IEnumerable<string> Report(RunSummary summary)
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"root mean squared error {summary.Metrics["rmse"]:0.0000} on validation data, "
            + $"{summary.Metrics["testRmse"]:0.0000} on test data; always to say the mean has ")
            + string.Create(CultureInfo.InvariantCulture, $"{summary.Metrics["testRmseOfMean"]:0.0000}");
    }

    /// <inheritdoc/>
    public override TrialSetup CreateTrial(Recipe recipe, ulong seed)
    {
        var plan = recipe.For(Kind);
        var model = recipe.Build(plan.Sizes, Preprocessing.Shape, new TorchRandom(seed));
        var (x, y) = Batches.Shuffled(_parts.Train, Math.Min(plan.Training.BatchSize, _parts.Train.Count), seed).Next();
        int[] rows = [.. Enumerable.Range(0, Few)];
        var (fewX, fewY) = (x.Rows(rows), y.Rows(rows));
        var tiny = recipe.Build(recipe.Tiny, Preprocessing.Shape, new TorchRandom(seed));
        tiny.To(DType.Float64);
        var (drawn, sums) = SyntheticSequences.DrawAdding(Few, TinySteps, new TorchRandom(seed));
        var (tinyX, tinyY) = (drawn.To(DType.Float64), sums.To(DType.Float64));
        return new(model, () => Loss(model.Forward(x), y), null, () => Loss(model.Forward(fewX), fewY), 0, tiny,
            () => Loss(tiny.Forward(tinyX), tinyY));
    }

    /// <summary>What a model says at the last step: [sequences, steps, 1] → [sequences, 1].</summary>
    internal static Tensor Last(Tensor output) => output.Select(1, output.Shape[1] - 1);

    static Tensor Loss(Tensor output, Tensor y) => Last(output).MseLoss(y);

    static double Measure(Module model, Dataset<Tensor, Tensor> set)
    {
        using var mode = model.InEvaluation();
        using var quiet = NoGrad.Begin();
        double loss = 0;
        for (int from = 0; from < set.Count; from += BatchToMeasure)
        {
            using var scope = Scope.Begin("measure");
            int[] rows = [.. Enumerable.Range(from, Math.Min(BatchToMeasure, set.Count - from))];
            loss += Loss(model.Forward(set.Inputs.Rows(rows)), set.Targets.Rows(rows)).Item() * rows.Length;
        }
        return loss / set.Count;
    }
}
