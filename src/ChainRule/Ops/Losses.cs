using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
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

    /// <summary>
    /// Σ / (size of axis 0): for the KL divergence of distributions in rows, where a mean over elements
    /// would mean nothing.
    /// </summary>
    BatchMean,
}

/// <summary>y = (a − b)².</summary>
readonly struct SquaredError : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("(a - b)^2", "2 * (a - b)", "2 * (b - a)");
    V IBinaryFormula.Of<V>(V a, V b) => (a - b) * (a - b);
    V IBinaryFormula.DerivativeA<V>(V a, V b) => a - b + (a - b);
    V IBinaryFormula.DerivativeB<V>(V a, V b) => b - a + (b - a);
}

/// <summary>y = |a − b|; the derivative at a = b is taken to be 0.</summary>
readonly struct AbsoluteError : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("abs(a - b)", "sign(a - b)", "sign(b - a)");
    V IBinaryFormula.Of<V>(V a, V b) => V.Abs(a - b);
    V IBinaryFormula.DerivativeA<V>(V a, V b) => Piecewise.Sign(a - b);
    V IBinaryFormula.DerivativeB<V>(V a, V b) => Piecewise.Sign(b - a);
}

/// <summary>
/// y = d² / 2 where |d| = |a − b| is below δ, δ (|d| − δ / 2) beyond; da = dy · d, held between −δ and δ.
/// </summary>
readonly struct HuberError(double delta) : IBinaryFormula
{
    FormulaText IBinaryFormula.Text =>
        new(FormulaText.With($"[abs(a - b) < {delta}] * (a - b)^2 / 2")
            + FormulaText.With($" + [abs(a - b) >= {delta}] * {delta} * (abs(a - b) - {delta} / 2)"),
            FormulaText.With($"min(max(a - b, -{delta}), {delta})"),
            FormulaText.With($"min(max(b - a, -{delta}), {delta})"));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    V IBinaryFormula.Of<V>(V a, V b)
    {
        V d = V.Abs(a - b), half = 0.5, limit = delta;
        return V.Select(V.Greater(limit, d), half * d * d, limit * (d - half * limit));
    }

    V IBinaryFormula.DerivativeA<V>(V a, V b) => V.Minimum(V.Maximum(a - b, -delta), delta);
    V IBinaryFormula.DerivativeB<V>(V a, V b) => V.Minimum(V.Maximum(b - a, -delta), delta);
}

/// <summary>y = max(0, 1 − a b), with b = ±1 the right side;  da = −dy b where a b is below 1.</summary>
readonly struct HingeError : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("max(0, 1 - a * b)", "-b * [a * b < 1]", "-a * [a * b < 1]");
    V IBinaryFormula.Of<V>(V a, V b) => V.Maximum(0, 1 - a * b);
    V IBinaryFormula.DerivativeA<V>(V a, V b) => -b * Open(a * b);
    V IBinaryFormula.DerivativeB<V>(V a, V b) => -a * Open(a * b);

    /// <summary>1 where the margin is below 1, 0 elsewhere.</summary>
    static V Open<V>(V margin) where V : struct, INumbers<V> =>
        Piecewise.OrNaN(margin, Piecewise.Step(V.Greater(1, margin)));
}

/// <summary>
/// y = −b ln σ(a) − (1 − b) ln(1 − σ(a)) = |a| w + ln(1 + exp(−|a|)), where w is 1 − b for a ≥ 0 and b for a below 0;
/// da = dy (σ(a) − b) = dy ((1 − b) σ(a) − b σ(−a)), of which neither term loses its digits where σ is near 1.
/// </summary>
readonly struct BinaryCrossEntropy : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("log(1 + exp(a)) - a * b", "sigmoid(a) - b", "-a");
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    V IBinaryFormula.Of<V>(V a, V b)
    {
        V size = V.Abs(a), wrong = V.Select(V.GreaterOrEqual(a, 0), 1 - b, b);
        // An infinite logit on the right side costs nothing, where ∞ · 0 would be NaN.
        return V.Select(V.Equal(wrong, 0), 0, size * wrong) + Exponentials.Log1p(Exponentials.Exp(-size));
    }

    V IBinaryFormula.DerivativeA<V>(V a, V b) => (1 - b) * Exponentials.Sigmoid(a) - b * Exponentials.Sigmoid(-a);
    V IBinaryFormula.DerivativeB<V>(V a, V b) => -a;
}

/// <summary>
/// y = b (ln b − a), where a is a log-probability and b a probability, and 0 where b is 0; da = −dy b.
/// </summary>
readonly struct KlDivergence : IBinaryFormula
{
    FormulaText IBinaryFormula.Text => new("b * (log(b) - a)", "-b", "log(b) + 1 - a");
    V IBinaryFormula.Of<V>(V a, V b) => V.Select(V.Equal(b, 0), Piecewise.OrNaN(a, 0), b * (V.Log(b) - a));
    V IBinaryFormula.DerivativeA<V>(V a, V b) => -b;
    V IBinaryFormula.DerivativeB<V>(V a, V b) => V.Log(b) + 1 - a;
}

public readonly partial struct Tensor
{
    /// <summary>Mean squared error: (x − target)², reduced.</summary>
    public Tensor MseLoss(Tensor target, Reduction reduction = Reduction.Mean) =>
        Loss("mse", new SquaredError(), target, reduction);

    /// <summary>Mean absolute error: |x − target|, reduced.</summary>
    public Tensor L1Loss(Tensor target, Reduction reduction = Reduction.Mean) =>
        Loss("l1", new AbsoluteError(), target, reduction);

    /// <summary>Huber's loss: squared up to an error of δ, linear beyond, reduced (Huber, 1964).</summary>
    public Tensor HuberLoss(Tensor target, double delta = 1, Reduction reduction = Reduction.Mean)
    {
        if (!(delta > 0)) Throw.Argument($"huber: delta {delta}: it must be above 0", nameof(delta));
        return Loss("huber", new HuberError(delta), target, reduction);
    }

    /// <summary>The margin loss max(0, 1 − x t), where t is 1 or −1, reduced.</summary>
    public Tensor HingeLoss(Tensor target, Reduction reduction = Reduction.Mean) =>
        Loss("hinge", new HingeError(), target, reduction);

    /// <summary>
    /// Binary cross-entropy of logits x against probabilities t: −p t ln σ(x) − (1 − t) ln(1 − σ(x)), reduced.
    /// Stable at any size of logit.
    /// </summary>
    /// <param name="target">t, from 0 to 1, in the shape of the logits.</param>
    /// <param name="reduction">Mean is over all numbers, whatever they weigh.</param>
    /// <param name="positiveWeight">p, which broadcasts: above 1 for positive examples that are
    /// rare. 1 if null.</param>
    /// <param name="weight">What each loss is multiplied by; it broadcasts. 1 if null.</param>
    /// <exception cref="ArgumentException">A target is below 0 or above 1, or shapes disagree.</exception>
    public Tensor BinaryCrossEntropy(Tensor target, Reduction reduction = Reduction.Mean, Tensor? positiveWeight = null,
        Tensor? weight = null)
    {
        const string Asked = "binary cross-entropy";
        if (target.Shape != Shape)
            Throw.Argument($"{Asked}: the prediction is {Shape} and the target {target.Shape}: both must have the same "
                + "shape", nameof(target));
        CheckProbabilities(Asked, target);
        if (positiveWeight is null && weight is null) return Loss(Asked, new BinaryCrossEntropy(), target, reduction);

        var losses = positiveWeight is { } p
            ? Weighed(Zip(new BinaryCrossEntropy(), this, Ones(Shape, DType)),
                target * Fitting(p, nameof(positiveWeight)))
                + Weighed(Zip(new BinaryCrossEntropy(), this, Zeros(Shape, DType)), 1 - target)
            : Zip(new BinaryCrossEntropy(), this, target, nameof(target));
        if (weight is { } w) losses *= Fitting(w, nameof(weight));
        return losses.Reduced(Asked, reduction, Count);

        // An infinite loss that weighs nothing is 0, and has no gradient.
        static Tensor Weighed(Tensor loss, Tensor by) => loss.MaskedFill(by.EqualTo(0), 0) * by;

        Tensor Fitting(Tensor x, string parameter)
        {
            if (Broadcast(Asked, target.Shape, x.Shape) != target.Shape)
                Throw.Argument($"{Asked}: a weight of {x.Shape} would stretch {target.Shape}: give one that broadcasts "
                    + "to it", parameter);
            return x;
        }
    }

    /// <summary>
    /// The Kullback-Leibler divergence t (ln t − x) of log-probabilities x from probabilities t, reduced. BatchMean is
    /// the one of the books.
    /// </summary>
    public Tensor KlDivergence(Tensor target, Reduction reduction = Reduction.BatchMean) =>
        Loss("kl divergence", new KlDivergence(), target, reduction);

    /// <summary>Refuses numbers that are no probabilities; NaN is left to be seen in the result.</summary>
    static void CheckProbabilities(string asked, Tensor x)
    {
        var check = new OutsideOfOne(x);
        DTypes.Run(x.DType, ref check);
        if (check.Found is { } wrong)
            Throw.Argument($"{asked}: a target of {wrong.ToString(CultureInfo.InvariantCulture)}: targets are "
                + "probabilities: give numbers from 0 to 1",
                "target");
    }

    struct OutsideOfOne(Tensor x) : INumeric
    {
        public double? Found { get; private set; }

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var numbers = x.Slot.Span<T>();
            if (numbers.IsEmpty) return;
            T least = TensorPrimitives.Min<T>(numbers), most = TensorPrimitives.Max<T>(numbers);
            if (least < T.Zero) Found = double.CreateTruncating(least);
            else if (most > T.One) Found = double.CreateTruncating(most);
        }
    }

    // Broadcasting a prediction [32, 1] against a target [32] gives 1,024 errors and no complaint; a loss wants the
    // same shape on both sides.
    Tensor Loss<F>(string asked, F f, Tensor target, Reduction reduction) where F : struct, IBinaryFormula
    {
        if (target.Shape != Shape)
            Throw.Argument($"{asked}: the prediction is {Shape} and the target {target.Shape}: both must have the same "
                + "shape", nameof(target));
        return Zip(f, this, target, nameof(target)).Reduced(asked, reduction, Count);
    }

    Tensor Reduced(string asked, Reduction reduction, int count)
    {
        if (!Enum.IsDefined(reduction))
            Throw.Argument($"{asked}: {(int)reduction} is no reduction: give Reduction.Mean, Sum, None or BatchMean",
                nameof(reduction));
        LossTally.Current?.Add(reduction,
            reduction switch { Reduction.Mean => count, Reduction.BatchMean when Rank > 0 => Shape[0], _ => 0 });
        // Of a batch in which nothing counts there is no mean; where means are joined, it adds nothing to the others.
        if (reduction is Reduction.Mean && count == 0 && LossTally.Current is not null) return Sum();
        if (reduction is Reduction.Mean && count == 0)
            Throw.Argument($"{asked}: there is no example to average over: every target is ignored, or the batch is "
                + "empty", nameof(reduction));
        if (reduction is Reduction.BatchMean && (Rank == 0 || Shape[0] == 0))
            Throw.Argument($"{asked}: {Shape} has no rows to average over: use Reduction.Mean or Reduction.Sum",
                nameof(reduction));
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
