using System.Globalization;
using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// In training y = x · m / (1 − p), where each m is 0 with probability p and 1 otherwise: whatever is dropped, the
/// expectation stays. In evaluation mode y = x. Masks are torch's, draw for draw.
/// </summary>
/// <remarks>Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014.</remarks>
public sealed class Dropout : Module
{
    readonly RandomSource _rng;

    /// <param name="p">How likely a number is dropped: 0 or more, below 1.</param>
    /// <param name="rng">Where the masks are drawn from.</param>
    public Dropout(double p, RandomSource rng)
    {
        Throw.IfNull(rng, "Dropout");
        (Probability, _rng) = (p, rng);
        if (p is not (>= 0 and < 1))
            Throw.Argument($"{Describe()}: the probability p must be 0 or more and below 1, or nothing is left",
                nameof(p));
    }

    /// <summary>p; a diagnosis tries others.</summary>
    internal double Probability { get; set; }

    protected override Tensor Compute(Tensor x)
    {
        if (!Training || Probability == 0) return x;
        var mask = Tensor.Zeros(x.Shape, x.DType);
        DTypes.FillBernoulli(mask.Slot, 1 - Probability, _rng);
        return x * (mask / (1 - Probability));
    }

    protected internal override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"Dropout({Probability})");
}
