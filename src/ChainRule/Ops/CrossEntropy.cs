using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// y = ln Σ exp x − (1 − s) x[t] − s mean x of each row, where t is the right class and s the label smoothing;
/// dx = dy (softmax x − (1 − s) onehot t − s / classes). An ignored row has loss 0 and no gradient.
/// Saved: max x and ln Σ exp(x − max x), each of all rows.
/// </summary>
readonly struct CrossEntropy(Ids targets, int classes, int ignoreIndex, double labelSmoothing) : IOp
{
    OpText IOp.Text => labelSmoothing == 0
        ? new("y = ln Σ_c exp(x[c]) − x[t], t the target", "dx[c] = dy (softmax(x)[c] − [c = t])")
        : new(FormulaText.With(
            $"y = ln Σ_c exp(x[c]) − {1 - labelSmoothing} x[t] − {labelSmoothing} mean x, t the target"),
            FormulaText.With(
                $"dx[c] = dy (softmax(x)[c] − {1 - labelSmoothing} [c = t] − {labelSmoothing} / {classes})"));

    bool IOp.Reaches<T>(Frame<T> f, int i, int at, List<LocalDerivative> found)
    {
        int r = at / classes, t = targets.Span[r], rows = f.Y.Length;
        if (t == ignoreIndex) return true;
        double x = double.CreateTruncating(f.X()[at] - f.Saved()[r]),
            log = double.CreateTruncating(f.Saved()[rows + r]);
        found.Add(new(0, r,
            Math.Exp(x - log) - (at % classes == t ? 1 - labelSmoothing : 0) - labelSmoothing / classes));
        return true;
    }

    void IOp.Forward<T>(Frame<T> f)
    {
        T s = T.CreateTruncating(labelSmoothing);
        ReadOnlySpan<T> x = f.X();
        ReadOnlySpan<int> right = targets.Span;
        Span<T> y = f.Y, saved = f.Save([y.Length, 2]), max = saved[..y.Length], log = saved[y.Length..];
        if (classes > 0) LogSums.Of(x, classes, max, log);
        for (int r = 0; r < y.Length; r++)
        {
            if (right[r] == ignoreIndex)
            {
                y[r] = T.Zero;
                continue;
            }
            y[r] = log[r] - (T.One - s) * (x[r * classes + right[r]] - max[r]);
            if (labelSmoothing != 0)
                y[r] -= s * T.CreateTruncating(
                    RowLoop.Sum<Less<T>, T>(new(x.Slice(r * classes, classes), max[r]), classes) / classes);
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        T s = T.CreateTruncating(labelSmoothing), even = s / T.CreateTruncating(classes);
        ReadOnlySpan<T> x = f.X(), dy = f.DY, max = f.Saved()[..dy.Length], log = f.Saved()[dy.Length..];
        ReadOnlySpan<int> right = targets.Span;
        var gradient = f.Gradient();
        var dx = gradient.Numbers;
        for (int from = 0; from < dy.Length;)
        {
            int count = right[from..].IndexOf(ignoreIndex);
            if (count < 0) count = dy.Length - from;
            var run = new Range(from * classes, (from + count) * classes);
            LogSums.AddGradient(x[run], classes, max.Slice(from, count), log.Slice(from, count), even,
                dy.Slice(from, count), dx[run], first: !gradient.Adds);
            for (int r = from; r < from + count; r++) dx[r * classes + right[r]] -= (T.One - s) * dy[r];
            from += count + 1;
            if (!gradient.Adds && from <= dy.Length) dx.Slice((from - 1) * classes, classes).Clear();
        }
    }

    readonly ref struct Less<T>(ReadOnlySpan<T> x, T max) : IRow<T> where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<T> _x = x;
        readonly Vector<T> _max = new(max);

        public Vector<T> At<P>(P i) where P : struct, IPlace =>
            _x.At(i) - _max;
    }

    Tensor? IOp.GradientOf(int i, ReadOnlySpan<Tensor> x, Tensor y, Tensor dy)
    {
        // softmax − (1 − s) onehot − s / classes, of which only the first depends on x; 0 for a row that is ignored.
        var rows = x[0].Reshape(-1, classes);
        Tensor target = Tensor.Full(rows.Shape, labelSmoothing / classes, x[0].DType),
            counted = Tensor.Ones([rows.Shape[0], 1], x[0].DType);
        for (int r = 0; r < targets.Count; r++)
        {
            if (targets.Span[r] == ignoreIndex) DTypes.Write(counted.Slot, r, 0);
            else
                DTypes.Write(target.Slot, r * classes + targets.Span[r], 1 - labelSmoothing + labelSmoothing / classes);
        }
        return ((rows.Softmax() - target) * counted * dy.Reshape(-1, 1)).Reshape(x[0].Shape.Span);
    }
}

/// <summary>y = −x[t] of each row, where x holds log-probabilities;  dx[t] = −dy.</summary>
readonly struct NegativeLogLikelihood(Ids targets, int classes, int ignoreIndex) : IOp
{
    Linearity IOp.Linearity => Linearity.Jointly;

    OpText IOp.Text => new("y = −x[t], t the target", "dx[c] = −dy [c = t]");

    void IOp.Forward<T>(Frame<T> f)
    {
        for (int r = 0; r < targets.Count; r++)
            f.Y[r] = targets.Span[r] == ignoreIndex ? T.Zero : -f.X()[r * classes + targets.Span[r]];
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        for (int r = 0; r < targets.Count; r++) if (targets.Span[r] != ignoreIndex)
            f.DX()[r * classes + targets.Span[r]] -= f.DY[r];
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// Cross-entropy of logits against classes: −ln softmax(x)[t], reduced. Logits [.., classes] go with targets [..]:
    /// [N, C] with [N], [B, T, C] with [B, T]. Stable at any size of logit; softmax and logarithm are one op, whose
    /// gradient is softmax − onehot.
    /// </summary>
    /// <param name="targets">The right class of each row.</param>
    /// <param name="reduction">Mean is over the rows that are not ignored.</param>
    /// <param name="ignoreIndex">A target that does not count.</param>
    /// <param name="labelSmoothing">The part of the target probability that is given to all classes alike, 0 to 1
    /// (Szegedy and others, 2016).</param>
    /// <param name="weights">[classes]: what the loss of each class is multiplied by; the mean is then over the weights
    /// of the targets. All 1 if null.</param>
    public Tensor CrossEntropy(Ids targets, Reduction reduction = Reduction.Mean, int ignoreIndex = -1,
        double labelSmoothing = 0, Tensor? weights = null)
    {
        CheckSmoothing(labelSmoothing);
        if (weights is { } given) return WeightedCrossEntropy(targets, reduction, ignoreIndex, labelSmoothing, given);
        int counted = CheckTargets("cross-entropy", targets, ignoreIndex);
        return ChainRule.Op.Run(new CrossEntropy(targets, Shape[^1], ignoreIndex, labelSmoothing), targets.Shape, this)
            .Reduced("cross-entropy", reduction, counted);
    }

    /// <summary>
    /// Negative log-likelihood of log-probabilities against classes: −x[t], reduced. What
    /// <see cref="LogSoftmax"/> gives goes in.
    /// </summary>
    /// <inheritdoc cref="CrossEntropy(Ids, Reduction, int, double, Tensor?)"/>
    public Tensor NllLoss(Ids targets, Reduction reduction = Reduction.Mean, int ignoreIndex = -1,
        Tensor? weights = null)
    {
        if (weights is { } given)
            return WeightedNll("nll", targets, ignoreIndex, given, out var own).Weighed("nll", reduction, own);
        int counted = CheckTargets("nll", targets, ignoreIndex);
        return ChainRule.Op.Run(new NegativeLogLikelihood(targets, Shape[^1], ignoreIndex), targets.Shape, this)
            .Reduced("nll", reduction, counted);
    }

    /// <summary>Refuses targets that do not fit the rows; says how many count.</summary>
    int CheckTargets(string asked, Ids targets, int ignoreIndex)
    {
        Throw.IfNull(targets, asked);
        var shape = Shape;
        if (shape.Rank == 0 || shape.Span[..^1].SequenceEqual(targets.Shape.Span) is false)
            Throw.Argument($"{asked}: logits {shape} and targets {targets.Shape}: give one target for each row, in the "
                + "shape of the logits less the last axis",
                nameof(targets));
        int counted = 0, classes = shape[^1];
        for (int i = 0; i < targets.Count; i++)
        {
            int t = targets.Span[i];
            if (t == ignoreIndex) continue;
            if ((uint)t >= (uint)classes)
                Throw.OutOfRange($"{asked}: target {t} at place {i} of {targets.Shape}: "
                    + $"{Throw.Run("classes", classes)}", nameof(targets));
            counted++;
        }
        return counted;
    }
}
