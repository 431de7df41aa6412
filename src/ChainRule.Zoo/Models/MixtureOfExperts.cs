using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a <see cref="MixtureOfExperts"/>.</summary>
/// <param name="Experts">How many experts there are.</param>
/// <param name="Hidden">Hidden units of each.</param>
/// <param name="Dropout">The probability with which a hidden unit is set to 0 in training.</param>
public sealed record MixtureOfExpertsOptions(
    [Limits(1, 64)] int Experts = 4,
    [Limits(1, ModelOptions.Largest)] int Hidden = 48,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0.1) : ModelOptions;

/// <summary>
/// Several small networks, the experts, and a gate that looks at the row and says how much each of them counts. Each
/// expert comes to know a part of the inputs, and the gate knows which part is whose:
/// <code lang="math">
/// g = softmax(W x + b),   y = Σₖ gₖ fₖ(x)
/// </code>
/// </summary>
/// <remarks>Jacobs, Jordan, Nowlan and Hinton, "Adaptive mixtures of local experts", 1991.</remarks>
public sealed class MixtureOfExperts : Module
{
    readonly Sequential[] _experts;

    /// <param name="options">Its sizes.</param>
    /// <param name="columns">How many numbers a row has.</param>
    /// <param name="outputs">How many numbers come out: classes, or 1.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits.</exception>
    public MixtureOfExperts(MixtureOfExpertsOptions options, int columns, int outputs, RandomSource rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check("experts");
        Gate = new(columns, options.Experts, rng);
        _experts = [.. Enumerable.Range(0, options.Experts).Select(_ => Expert(options, columns, outputs, rng))];
    }

    /// <summary>What says, before softmax, how much each expert counts: [rows, columns] → [rows, experts].</summary>
    public Linear Gate { get; }

    /// <summary>The experts, each [rows, columns] → [rows, outputs].</summary>
    public IReadOnlyList<Sequential> Experts => _experts;

    /// <summary>How much each expert counts for each row: [rows, experts], of which the sums are 1.</summary>
    public Tensor Weigh(Tensor x) => Gate.Forward(x).Softmax();

    /// <summary>[rows, columns] → [rows, outputs].</summary>
    protected override Tensor Compute(Tensor x)
    {
        var weights = Weigh(x);
        var sum = weights.Slice(1, 0, 1) * _experts[0].Forward(x);
        for (int k = 1; k < _experts.Length; k++) sum += weights.Slice(1, k, k + 1) * _experts[k].Forward(x);
        return sum;
    }

    static Sequential Expert(MixtureOfExpertsOptions options, int columns, int outputs, RandomSource rng)
    {
        var head = new Linear(options.Hidden, outputs, rng);
        // The first predictions are those of no knowledge: the mean, or equal probabilities.
        using var quiet = NoGrad.Begin();
        head.Weight.CopyInPlace(head.Weight * 0.1);
        head.Bias?.FillInPlace(0);
        List<Module> layers = [new Linear(columns, options.Hidden, rng), new Gelu()];
        if (options.Dropout > 0) layers.Add(new Dropout(options.Dropout, rng));
        return new([.. layers, head]);
    }
}
