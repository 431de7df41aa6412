using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>How a loss of many examples becomes the loss that is reported.</summary>
public enum Reduction
{
    /// <summary>Σ / n, over what was not ignored.</summary>
    Mean,

    /// <summary>Σ.</summary>
    Sum,

    /// <summary>One loss for each example or element.</summary>
    None,

    /// <summary>Σ / (size of axis 0): for the KL divergence of distributions in rows, where a mean over elements would mean nothing.</summary>
    BatchMean,
}

/// <summary>y = (a − b)².</summary>
readonly struct SquaredError : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => (a - b) * (a - b);
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => a - b + (a - b);
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => b - a + (b - a);
}

/// <summary>y = |a − b|; the slope at a = b is taken to be 0.</summary>
readonly struct AbsoluteError : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => Vector.Abs(a - b);
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => Lanes.Sign(a - b);
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => Lanes.Sign(b - a);
}

/// <summary>y = d² / 2 where |d| = |a − b| is below δ, δ (|d| − δ / 2) beyond;  da = dy · d, held between −δ and δ.</summary>
readonly struct HuberError(double delta) : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b)
    {
        Vector<T> d = Vector.Abs(a - b), half = Lanes.Of<T>(0.5), limit = Lanes.Of<T>(delta);
        return Vector.ConditionalSelect(Vector.LessThan(d, limit), half * d * d, limit * (d - half * limit));
    }

    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => Vector.Min(Vector.Max(a - b, Lanes.Of<T>(-delta)), Lanes.Of<T>(delta));
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => Vector.Min(Vector.Max(b - a, Lanes.Of<T>(-delta)), Lanes.Of<T>(delta));
}

/// <summary>y = max(0, 1 − a b), with b = ±1 the right side;  da = −dy b where a b is below 1.</summary>
readonly struct HingeError : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => Vector.Max(Vector<T>.Zero, Vector<T>.One - a * b);
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => -b * Open(a * b);
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => -a * Open(a * b);

    /// <summary>1 where the margin is below 1, 0 elsewhere.</summary>
    static Vector<T> Open<T>(Vector<T> margin) where T : unmanaged, INumber<T> => Lanes.OrNaN(margin, Lanes.Step(Vector.LessThan(margin, Vector<T>.One)));
}

/// <summary>
/// y = −b ln σ(a) − (1 − b) ln(1 − σ(a)) = |a| w + ln(1 + exp(−|a|)), where w is 1 − b for a ≥ 0 and b for a below 0;
/// da = dy (σ(a) − b) = dy ((1 − b) σ(a) − b σ(−a)), of which neither term loses its digits where σ is near 1.
/// </summary>
readonly struct BinaryCrossEntropy : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b)
    {
        Vector<T> size = Vector.Abs(a), wrong = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(a, Vector<T>.Zero), Vector<T>.One - b, b);
        // An infinite logit on the right side costs nothing, where ∞ · 0 would be NaN.
        return Vector.ConditionalSelect(Vector.Equals(wrong, Vector<T>.Zero), Vector<T>.Zero, size * wrong) + Lanes.Log1p(Lanes.Exp(-size));
    }

    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => (Vector<T>.One - b) * Lanes.Sigmoid(a) - b * Lanes.Sigmoid(-a);
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => -a;
}

/// <summary>y = b (ln b − a), where a is a log-probability and b a probability, and 0 where b is 0;  da = −dy b.</summary>
readonly struct KlDivergence : IBinary
{
    Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => Vector.ConditionalSelect(Vector.Equals(b, Vector<T>.Zero), Lanes.OrNaN(a, Vector<T>.Zero), b * (Lanes.Log(b) - a));
    Vector<T> IBinary.SlopeA<T>(Vector<T> a, Vector<T> b) => -b;
    Vector<T> IBinary.SlopeB<T>(Vector<T> a, Vector<T> b) => Lanes.Log(b) + Vector<T>.One - a;
}

public readonly partial struct Tensor
{
    /// <summary>Mean squared error: (x − target)², reduced.</summary>
    public Tensor MseLoss(Tensor target, Reduction reduction = Reduction.Mean) => Loss("mse", new SquaredError(), target, reduction);

    /// <summary>Mean absolute error: |x − target|, reduced.</summary>
    public Tensor L1Loss(Tensor target, Reduction reduction = Reduction.Mean) => Loss("l1", new AbsoluteError(), target, reduction);

    /// <summary>Huber's loss: squared up to an error of δ, linear beyond, reduced (Huber, 1964).</summary>
    public Tensor HuberLoss(Tensor target, double delta = 1, Reduction reduction = Reduction.Mean)
    {
        if (!(delta > 0)) Throw.Argument($"huber: delta {delta}: it must be above 0");
        return Loss("huber", new HuberError(delta), target, reduction);
    }

    /// <summary>The margin loss max(0, 1 − x t), where t is 1 or −1, reduced.</summary>
    public Tensor HingeLoss(Tensor target, Reduction reduction = Reduction.Mean) => Loss("hinge", new HingeError(), target, reduction);

    /// <summary>Binary cross-entropy of logits x against probabilities t: −t ln σ(x) − (1 − t) ln(1 − σ(x)), reduced. Stable at any size of logit.</summary>
    public Tensor BinaryCrossEntropy(Tensor target, Reduction reduction = Reduction.Mean) => Loss("binary cross-entropy", new BinaryCrossEntropy(), target, reduction);

    /// <summary>The Kullback-Leibler divergence t (ln t − x) of log-probabilities x from probabilities t, reduced. BatchMean is the one of the books.</summary>
    public Tensor KlDivergence(Tensor target, Reduction reduction = Reduction.BatchMean) => Loss("kl divergence", new KlDivergence(), target, reduction);

    // Broadcasting a prediction [32, 1] against a target [32] gives 1,024 errors and no complaint; a loss wants the same shape on both sides.
    Tensor Loss<F>(string asked, F f, Tensor target, Reduction reduction) where F : struct, IBinary
    {
        if (target.Shape != Shape) Throw.Argument($"{asked}: the prediction is {Shape} and the target {target.Shape}: both must have the same shape");
        return Zip(f, this, target).Reduced(asked, reduction, Count);
    }

    Tensor Reduced(string asked, Reduction reduction, int count)
    {
        if (reduction is Reduction.Mean && count == 0)
            Throw.Argument($"{asked}: there is no example to average over: every target is ignored, or the batch is empty");
        if (reduction is Reduction.BatchMean && (Rank == 0 || Shape[0] == 0))
            Throw.Argument($"{asked}: {Shape} has no rows to average over: use Reduction.Mean or Reduction.Sum");
        var x = this;
        return reduction switch
        {
            Reduction.None => this,
            Reduction.Sum => Sum(),
            Reduction.BatchMean => Over(Shape[0]),
            _ => Over(count),
        };

        Tensor Over(int divisor) => ChainRule.Op.Run(new Sum(new(1, x.Count, 1), divisor), [], x);
    }
}
