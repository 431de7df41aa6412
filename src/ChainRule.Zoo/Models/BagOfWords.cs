using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a <see cref="BagOfWords"/>.</summary>
/// <param name="Context">The most characters of a window.</param>
/// <param name="Width">How many numbers stand for a character and its place.</param>
/// <param name="Hidden">How many hidden units there are.</param>
/// <param name="Dropout">The probability with which a hidden unit is set to 0 in training.</param>
public sealed record BagOfWordsOptions(
    [Limits(1, ModelOptions.Largest)] int Context = 16,
    [Limits(1, ModelOptions.Largest)] int Width = 64,
    [Limits(1, ModelOptions.Largest)] int Hidden = 64,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0) : ModelOptions;

/// <summary>
/// Each step adds the mean of itself and of all steps before it, whatever their order, and then what a small network
/// makes of the sum: attention that pays equal attention to all.
/// <code lang="math">
/// x = token + place;  x = x + mean of x so far;  x = x + W′ tanh(W x + b) + b′;  logits = a layer of x
/// </code>
/// After makemore.py; but weights of the logits begin ten times smaller, so that the first loss is the expected
/// initial loss, ln(vocabulary).
/// </summary>
public sealed class BagOfWords : LanguageModel
{
    readonly Embedding _tokens;
    readonly Embedding _places;
    readonly Linear _up;
    readonly Linear _down;
    readonly Linear _head;
    readonly Dropout? _dropout;

    /// <exception cref="ArgumentException">A size is outside of its limits.</exception>
    public BagOfWords(BagOfWordsOptions options, int vocabulary, RandomSource rng)
    {
        options.Check("bag of words");
        var (context, width, hidden, dropout) = options;
        Context = context;
        _tokens = new(vocabulary, width, rng);
        _places = new(context, width, rng);
        _up = new(width, hidden, rng);
        _down = new(hidden, width, rng);
        _head = new(width, vocabulary, rng);
        if (dropout > 0) _dropout = new(dropout, rng);
        using (NoGrad.Begin()) _head.Weight.CopyInPlace(_head.Weight * 0.1);
    }

    /// <inheritdoc/>
    public override int Context { get; }

    /// <inheritdoc/>
    public override DecodingState BeginDecoding(int? slide = null) => new SumReader(this, slide);

    protected override Tensor Compute(Ids ids)
    {
        int steps = CheckWindow(ids);
        var x = Placed(ids, 0);
        var counts = Tensor.Arange(1, steps + 1, dtype: x.DType).Reshape(steps, 1);
        return Logits(x, (Tensor.LowerTriangle(steps, steps, x.DType) / counts).MatMul(x));
    }

    /// <summary>Tokens and the places they stand at, the first at one of the window: (B, T) → (B, T, width).</summary>
    Tensor Placed(Ids ids, int place) =>
        _tokens.Forward(ids) + _places.Forward(Ids.From([.. Enumerable.Range(place, ids.Shape[1])]));

    Tensor Logits(Tensor x, Tensor mean)
    {
        x += mean;
        var hidden = _up.Forward(x).Tanh();
        return _head.Forward(x + _down.Forward(_dropout?.Forward(hidden) ?? hidden));
    }

    /// <summary>Remembers the sum of all steps.</summary>
    sealed class SumReader(BagOfWords model, int? slide) : WindowedReader(model, slide)
    {
        Tensor? _sum;

        protected override void Forget() => _sum = null;

        protected override Tensor Take(Ids ids, int place)
        {
            var x = model.Placed(ids, place);
            var sum = x.Sum(1);
            if (_sum is { } before) sum += before;
            _sum = sum.Keep();
            int last = ids.Shape[1] - 1;
            return model.Logits(x.Select(1, last), sum / (place + last + 1));
        }
    }
}
