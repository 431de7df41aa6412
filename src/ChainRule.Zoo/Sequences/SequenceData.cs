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

/// <summary>Sequences to train a network with that says a class at each step, or at the last one.</summary>
public sealed class SequenceData : TaskData
{
    // The seeds of the three parts: other sequences in each.
    const ulong TrainSeed = 1, ValidationSeed = 2, TestSeed = 3;

    const int BatchToMeasure = 500, Few = 8, TinySteps = 6;

    readonly SequenceOptions _options;
    readonly SequenceEncoding _encoding;
    readonly Split<Dataset<Tensor, Ids>> _parts;

    SequenceData(SequenceOptions options)
        : base(Name(options), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"1 {options with { Length = options.Steps }}"))))
    {
        _options = options;
        int held = Math.Max(2, options.Count / 4);
        _parts = new(Draw(options.Count, TrainSeed), Draw(held, ValidationSeed), Draw(held, TestSeed));
        _encoding = new(_parts.Train.Inputs.Shape[2], SyntheticSequences.Classes(options.Problem));

        Dataset<Tensor, Ids> Draw(int count, ulong seed)
        {
            var (x, y) = SyntheticSequences.Draw(options.Problem, count, options.Steps, options.Delay,
                new TorchRandom(seed));
            return new(x, y);
        }
    }

    /// <summary>Makes them.</summary>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public static SequenceData Create(SequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check("sequences");
        return options.Problem != SequenceProblem.Adding ? new(options)
            : throw new ArgumentException("sequences: the targets of adding are numbers: make them by AddingData");
    }

    /// <inheritdoc/>
    public override TaskKind Kind => TaskKind.Sequences;

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => _encoding;

    /// <summary>The part that is held back until the end.</summary>
    public Dataset<Tensor, Ids> Test => _parts.Test;

    internal override int? Validated => _parts.Validation.Count;

    /// <inheritdoc/>
    public override string Describe(Module model) => string.Create(CultureInfo.InvariantCulture,
        $"{Source}: {_parts.Train.Count:N0} sequences to train, {_parts.Validation.Count:N0} to validate and "
        + $"{_parts.Test.Count:N0} to test with, of {_parts.Train.Inputs.Shape[1]} steps");

    /// <inheritdoc/>
    public override ITrainer CreateTrainer(TrainingSetup setup) => CreateTrainer(setup,
        Batches.Shuffled(_parts.Train, Math.Min(setup.Training.BatchSize, _parts.Train.Count), setup.Seed),
        setup.Model.Forward, Loss, _parts.Validation, ("accuracy", Accuracy));

    /// <inheritdoc/>
    public override string? DescribeExample(BatchLoss batch, int row) =>
        batch is BatchLoss<Tensor, Ids> { Inputs: var x }
        && RowOf(_parts.Train.Inputs, x, row) is { } found ? $"training sequence {found}" : null;

    /// <inheritdoc/>
    public override Evaluation Evaluate(Module model, ulong seed)
    {
        var train = _parts.Train.Take([.. Enumerable.Range(0, _parts.Validation.Count)]);
        var (validated, tested) = (Measure(model, _parts.Validation), Measure(model, _parts.Test));
        return new(Measure(model, train).Loss, validated.Loss, tested.Loss, new Dictionary<string, double>
            { ["accuracy"] = validated.Accuracy, ["testAccuracy"] = tested.Accuracy }, []);
    }

    /// <inheritdoc/>
    public override string Describe(HistoryPoint point) =>
        point.Metrics.TryGetValue("accuracy", out double accuracy)
            ? string.Create(CultureInfo.InvariantCulture, $"accuracy {accuracy:0.0000}") : "";

    /// <inheritdoc/>
    public override IEnumerable<string> Report(RunSummary summary)
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"accuracy {summary.Metrics["accuracy"]:0.0000} on validation data, "
            + $"{summary.Metrics["testAccuracy"]:0.0000} on test data; a guess has ")
            + string.Create(CultureInfo.InvariantCulture, $"{1.0 / _encoding.Classes.Count:0.00}");
    }

    /// <inheritdoc/>
    public override TrialSetup CreateTrial(Recipe recipe, ulong seed)
    {
        var plan = recipe.For(Kind);
        var model = recipe.Build(plan.Sizes, _encoding.Shape, new TorchRandom(seed));
        var (x, y) = Batches.Shuffled(_parts.Train, Math.Min(plan.Training.BatchSize, _parts.Train.Count), seed).Next();
        int[] rows = [.. Enumerable.Range(0, Few)];
        var (fewX, fewY) = (x.Rows(rows), y.Rows(rows));
        // Of a short parity every gradient is checked.
        var (drawn, targets) = SyntheticSequences.Draw(SequenceProblem.Parity, Few, TinySteps, 1,
            new TorchRandom(seed));
        var tiny = recipe.Build(recipe.Tiny, new([2], 2), new TorchRandom(seed));
        tiny.To(DType.Float64);
        var tinyX = drawn.To(DType.Float64);
        return new(model, () => Loss(model.Forward(x), y), _encoding.Classes.Count,
            () => Loss(model.Forward(fewX), fewY), ((SequenceModel)model).HasMemory ? 0 : Floor(fewX, fewY), tiny,
            () => Loss(tiny.Forward(tinyX), targets));
    }

    static string Name(SequenceOptions options) => options.Problem switch
    {
        SequenceProblem.Copy => $"copy after {options.Delay} steps",
        SequenceProblem.Parity => "parity",
        _ => "chirps",
    };

    static (double Loss, double Accuracy) Measure(Module model, Dataset<Tensor, Ids> set)
    {
        using var mode = model.InEvaluation();
        using var quiet = NoGrad.Begin();
        (double loss, double right) = (0, 0);
        for (int from = 0; from < set.Count; from += BatchToMeasure)
        {
            using var scope = Scope.Begin("measure");
            int[] rows = [.. Enumerable.Range(from, Math.Min(BatchToMeasure, set.Count - from))];
            var (logits, y) = (model.Forward(set.Inputs.Rows(rows)), set.Targets.Rows(rows));
            loss += Loss(logits, y).Item() * y.Shape[0];
            right += Accuracy(logits, y) * y.Shape[0];
        }
        return (loss / set.Count, right / set.Count);
    }

    /// <summary>The mean cross-entropy over the steps that have a target.</summary>
    static Tensor Loss(Tensor logits, Ids y) => logits.Reshape(-1, logits.Shape[2]).CrossEntropy(y.Reshape([y.Count]),
        ignoreIndex: SyntheticSequences.NoTarget);

    /// <summary>The least loss of what sees one step alone: the entropy of the targets where the input is the
    /// same.</summary>
    static double Floor(Tensor x, Ids y)
    {
        int[] symbols = x.ArgMax(2).Span.ToArray();
        (int Symbol, int Target)[] asked = [.. symbols.Zip(y.Span.ToArray()).Where(one =>
            one.Second != SyntheticSequences.NoTarget)];
        return asked.CountBy(one => one).Sum(pair => -(double)pair.Value / asked.Length
            * Math.Log((double)pair.Value / asked.Count(one => one.Symbol == pair.Key.Symbol)));
    }

    static double Accuracy(Tensor logits, Ids y)
    {
        var said = logits.ArgMax(2).Span;
        (int right, int asked) = (0, 0);
        for (int i = 0; i < y.Count; i++)
        {
            if (y.Span[i] == SyntheticSequences.NoTarget) continue;
            asked++;
            if (said[i] == y.Span[i]) right++;
        }
        return (double)right / asked;
    }
}
