using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChainRule.Classical;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Patterns;

/// <summary>Patterns to be stored, a step each, and recalled from damaged ones.</summary>
public sealed class PatternData : TaskData
{
    // How often each pattern is damaged anew and asked for at most, and how many are asked for in all, about.
    const int MostTries = 10, MostAsked = 500;

    // Of many patterns not each step is measured.
    const int MostEvaluations = 40;

    const int Few = 3, TinySide = 3, MostShown = 2;

    // Amit, Gutfreund and Sompolinsky, 1985.
    const double Capacity = 0.138;

    readonly PatternOptions _options;
    readonly PatternEncoding _encoding;

    PatternData(PatternOptions options)
        : base(options.Drawn == PatternDrawing.Letters ? "letters" : "random patterns",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"1 {options}"))))
    {
        _options = options;
        _encoding = new(Pattern.Draw(options));
        Inputs = Stacked(_encoding.Patterns);
    }

    /// <summary>Draws them.</summary>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public static PatternData Create(PatternOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check("patterns");
        return new(options);
    }

    /// <inheritdoc/>
    public override TaskKind Kind => TaskKind.Patterns;

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => _encoding;

    /// <summary>[patterns, neurons], of −1 and +1.</summary>
    public Tensor Inputs { get; }

    int Count => Inputs.Shape[0];

    int Neurons => Inputs.Shape[1];

    int Tries => Math.Clamp(MostAsked / Count, 1, MostTries);

    internal override RunConfig Complete(RunConfig config)
    {
        config = config.Complete();
        var plan = Recipe.Find(Kind, config.Model).For(Kind);
        if (config.Steps != plan.Steps)
            throw new ArgumentException($"train: steps {config.Steps:N0}: each pattern is stored in one step: give "
                + "--count with --drawn random");
        if (config.Training != plan.Training with { EvalEvery = config.Training.EvalEvery })
            throw new ArgumentException("train: Hebb's rule has no settings: leave those of training out");
        int between = Math.Max(config.Training.EvalEvery!.Value, Count / MostEvaluations);
        return config with { Steps = Count, Training = config.Training with { EvalEvery = between } };
    }

    /// <inheritdoc/>
    public override string Describe(Module model) => string.Create(CultureInfo.InvariantCulture,
        $"{Count:N0} {Source} of {_encoding.Patterns[0].Side} × {_encoding.Patterns[0].Side} pixels, to be recalled "
        + $"with {Math.Round(_options.Flipped * Neurons):N0} of {Neurons:N0} flipped; of random patterns about "
        + $"{Capacity} n = {Math.Floor(Capacity * Neurons):N0} can be stored");

    /// <inheritdoc/>
    public override ITrainer CreateTrainer(TrainingSetup setup)
    {
        var network = (Hopfield)setup.Model;
        var rows = new Dataset<Tensor, Ids>(Inputs, Ids.From([.. Enumerable.Range(0, Count)]));
        return new Trainer<Tensor, Ids>(network, new Sgd(network.Parameters(), setup.Training.LearningRate),
            Batches.Shuffled(rows, 1, setup.Seed), (x, _) => network.Energy(x))
        {
            Validate = () => 1 - Recalled(network.Read()),
            EvaluateEvery = setup.Training.EvalEvery!.Value,
            Checkpoint = setup.Checkpoint,
            Generators = setup.Generators,
        };
    }

    /// <inheritdoc/>
    public override string? DescribeExample(BatchLoss batch, int row) =>
        batch is BatchLoss<Tensor, Ids> { Targets: var numbers }
            ? $"the pattern {Printable.Of(_encoding.Patterns[numbers.Span[row]].Name, 40)}" : null;

    /// <inheritdoc/>
    public override Evaluation Evaluate(Module model, ulong seed)
    {
        var network = (Hopfield)model;
        double recalled = Recalled(network.Read());
        return new(network.Energy(Inputs).Item(), 1 - recalled, null,
            new Dictionary<string, double> { ["recalled"] = recalled }, [.. Samples(network.Read())]);
    }

    /// <inheritdoc/>
    public override string Describe(HistoryPoint point) => "";

    /// <inheritdoc/>
    public override IEnumerable<string> Report(RunSummary summary)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{100 * summary.Metrics["recalled"]:0.0} % of "
            + $"{Count * Tries:N0} damaged patterns are recalled, pixel for pixel");
        if (summary.BestStep < Count)
            yield return string.Create(CultureInfo.InvariantCulture, $"most are recalled after {summary.BestStep:N0} "
                + $"of {Count:N0} were stored, and the network is that one: more than it can hold destroy one another");
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Show(RunSummary summary) => summary.Samples;

    /// <inheritdoc/>
    public override TrialSetup CreateTrial(Recipe recipe, ulong seed)
    {
        var (model, tiny) = (new Hopfield(Neurons), new Hopfield(TinySide * TinySide));
        var few = Stacked([.. _encoding.Patterns.Take(Few)]);
        var small = Stacked(Pattern.Draw(new(PatternDrawing.Random, Few, TinySide)));
        return new(model, () => model.Energy(Inputs), null, () => model.Unstable(few), 0, tiny,
            () => tiny.Energy(small));
    }

    static Tensor Stacked(IReadOnlyList<Pattern> patterns) => Tensor.From([.. patterns.SelectMany(one => one.Pixels)],
        [patterns.Count, patterns[0].Pixels.Count]);

    /// <summary>The fraction of damaged patterns that come back pixel for pixel; the same damages each time.</summary>
    double Recalled(HopfieldNetwork network)
    {
        var rng = new TorchRandom(2);
        int whole = 0;
        for (int k = 0; k < Count * Tries; k++)
        {
            var pattern = _encoding.Patterns[k % Count];
            double[] damaged = [.. pattern.Damaged(_options.Flipped, rng).Pixels];
            if (network.Recall(damaged, (ulong)k).State.SequenceEqual(pattern.Pixels)) whole++;
        }
        return (double)whole / (Count * Tries);
    }

    IEnumerable<string> Samples(HopfieldNetwork network)
    {
        var rng = new TorchRandom(3);
        foreach (var pattern in _encoding.Patterns.Take(MostShown))
        {
            var damaged = pattern.Damaged(_options.Flipped, rng);
            foreach (string line in PatternRecall.Of(network, damaged, _encoding.Patterns).Lines) yield return line;
        }
    }
}
