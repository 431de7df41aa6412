using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of an <see cref="NgramMlp"/>.</summary>
/// <param name="Context">How many characters it looks back.</param>
/// <param name="Width">How many numbers stand for a character.</param>
/// <param name="Hidden">How many hidden units there are.</param>
/// <param name="Norm">Whether batch norm stands before tanh; without it, layers begin as torch's do, and the
/// hidden one has a bias.</param>
/// <param name="Blank">
/// Whether what stands before a text is an id of its own, one more than the vocabulary has: windows may then be of any
/// length, and there are logits at every step.
/// </param>
/// <param name="Dropout">The probability with which a hidden unit is set to 0 in training.</param>
public sealed record NgramMlpOptions(
    [Limits(1, ModelOptions.Largest)] int Context = 6,
    [Limits(1, ModelOptions.Largest)] int Width = 16,
    [Limits(1, ModelOptions.Largest)] int Hidden = 200,
    bool Norm = true,
    bool Blank = false,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0) : ModelOptions
{
    /// <summary>The sizes of makemore.py: 69,147 parameters for names.</summary>
    public static NgramMlpOptions Makemore { get; } = new(Context: 16, Width: 64, Hidden: 64, Norm: false, Blank: true);
}

/// <summary>
/// The multi-layer perceptron of makemore: characters embedded and laid side by side, one hidden layer,
/// batch norm, tanh, and logits.
/// <code lang="math">
/// ids (N, context) → (N, context · width) → (N, hidden) → batch norm → tanh → (N, vocabulary)
/// </code>
/// With batch norm, hidden weights begin at N(0, 1) · (5/3) / √fan-in, so that tanh neither saturates nor fades; output
/// weights begin a hundred times smaller, so that the first loss is the expected initial loss, ln(vocabulary). After
/// Bengio and others, 2003, and makemore parts 2 and 3.
/// </summary>
public sealed class NgramMlp : LanguageModel
{
    readonly int _vocabulary;
    readonly Embedding _embedding;
    readonly Linear _hidden;
    readonly BatchNorm? _norm;
    readonly Linear _output;
    readonly Dropout? _dropout;

    /// <exception cref="ArgumentException">A size is outside of its limits.</exception>
    public NgramMlp(NgramMlpOptions options, int vocabulary, RandomSource rng)
    {
        options.Check("n-gram mlp");
        (Context, PredictsEveryPosition, _vocabulary) = (options.Context, options.Blank, vocabulary);
        _embedding = new(vocabulary + (options.Blank ? 1 : 0), options.Width, rng);
        _hidden = new(options.Context * options.Width, options.Hidden, rng, bias: !options.Norm);
        if (options.Norm) _norm = new(options.Hidden);
        _output = new(options.Hidden, vocabulary, rng);
        if (options.Dropout > 0) _dropout = new(options.Dropout, rng);
        if (!options.Norm) return;
        Init.KaimingNormal(_hidden.Weight, rng, Nonlinearity.Tanh);
        Init.Normal(_output.Weight, 0, 0.01, rng);
        Init.Zeros(_output.Bias!.Value);
    }

    /// <inheritdoc/>
    public override int Context { get; }

    /// <inheritdoc/>
    public override bool PredictsEveryPosition { get; }

    /// <inheritdoc/>
    public override DecodingState BeginDecoding(int? slide = null) =>
        new WindowReader(this, Context, PredictsEveryPosition ? _vocabulary : 0, Logits);

    protected override Tensor Compute(Ids ids) =>
        PredictsEveryPosition ? Logits(Windows(ids)).Reshape(ids.Shape[0], ids.Shape[1], _vocabulary) : Logits(ids);

    Tensor Logits(Ids windows)
    {
        var x = _hidden.Forward(_embedding.Forward(windows).Reshape(windows.Shape[0], -1)); // (N, hidden)
        x = (_norm?.Forward(x) ?? x).Tanh();
        return _output.Forward(_dropout?.Forward(x) ?? x);
    }

    /// <summary>The window that ends at each character, one after another: (B, T) → (B · T, context).</summary>
    Ids Windows(Ids ids)
    {
        int steps = ids.Shape[1];
        int[] windows = new int[ids.Count * Context];
        for (int i = 0, at = 0; i < ids.Count; i++)
            for (int back = Context - 1; back >= 0; back--)
                windows[at++] = back > i % steps ? _vocabulary : ids[i - back];
        return Ids.From(windows, [ids.Count, Context]);
    }
}
