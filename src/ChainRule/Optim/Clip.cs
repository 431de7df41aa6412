using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Optim;

/// <summary>
/// Keeps gradients from growing without bounds: changes them in place, between the backward pass and the step.
/// Parameters without a gradient are left out.
/// Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013 (arXiv:1211.5063).
/// </summary>
public static class Clip
{
    /// <summary>
    /// Scales all gradients by min(1, maxNorm / (n + 10⁻⁶)), where n = √Σg² is their norm taken as one vector: their
    /// direction stays. Where a gradient holds NaN or infinity, n is NaN or infinite and all gradients are left as they
    /// are: the optimiser then refuses the step, and names the parameter.
    /// </summary>
    /// <returns>n, as it was before.</returns>
    /// <param name="parameters">Whose gradients.</param>
    /// <param name="maxNorm">The greatest norm; infinity changes nothing, and only measures.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative or NaN.</exception>
    public static double Norm(IEnumerable<Tensor> parameters, double maxNorm)
    {
        Throw.IfNull(parameters, "clip norm");
        CheckLimit("norm", maxNorm, nameof(maxNorm));
        // Looked through more than once, and a sequence may be computed as it is read.
        var all = parameters as IReadOnlyList<Tensor> ?? [.. parameters];
        double sum = 0;
        foreach (var w in all)
        {
            if (w.Slot.Grad is not { } g) continue;
            var work = new Squares(g);
            DTypes.Run(g.DType, ref work);
            sum += work.Sum;
        }
        double norm = double.IsFinite(sum) ? Math.Sqrt(sum) : OfHuge(all);
        if (Factor(norm, maxNorm) is var factor and not 1) Scale(all, factor);
        return norm;
    }

    /// <summary>What gradients of a norm are multiplied by.</summary>
    internal static double Factor(double norm, double maxNorm) =>
        norm + 1e-6 <= maxNorm || !double.IsFinite(norm) ? 1 : maxNorm / (norm + 1e-6);

    /// <summary>Multiplies every number of every gradient.</summary>
    internal static void Scale(IEnumerable<Tensor> parameters, double factor)
    {
        foreach (var w in parameters)
        {
            if (w.Slot.Grad is not { } g) continue;
            var work = new Scaling(new Tensor(g).WritableSlot("clip"), factor);
            DTypes.Run(g.DType, ref work);
        }
    }

    /// <summary>Moves every number of every gradient into [−limit, limit].</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative or NaN.</exception>
    public static void Value(IEnumerable<Tensor> parameters, double limit)
    {
        Throw.IfNull(parameters, "clip value");
        CheckLimit("value", limit, nameof(limit));
        foreach (var w in parameters)
        {
            if (w.Slot.Grad is not { } g) continue;
            var work = new Clamping(new Tensor(g).WritableSlot("clip"), limit);
            DTypes.Run(g.DType, ref work);
        }
    }

    // Squares of numbers above 10¹⁵⁴ are too large for float64: in units of the largest they are not.
    static double OfHuge(IReadOnlyList<Tensor> parameters)
    {
        double largest = 0, sum = 0;
        foreach (var w in parameters)
            for (int i = 0; i < (w.Slot.Grad?.Count ?? 0); i++)
                largest = Math.Max(largest, Math.Abs(DTypes.Read(w.Slot.Grad!, i)));
        if (!double.IsFinite(largest)) return largest;
        foreach (var w in parameters)
            for (int i = 0; i < (w.Slot.Grad?.Count ?? 0); i++)
                sum += Math.Pow(DTypes.Read(w.Slot.Grad!, i) / largest, 2);
        return largest * Math.Sqrt(sum);
    }

    static void CheckLimit(string what, double limit, string parameter)
    {
        if (!(limit >= 0)) Throw.OutOfRange($"clip {what}: limit {limit}: give a number, 0 or more", parameter);
    }

    struct Squares(Slot g) : INumeric
    {
        public double Sum { get; private set; }

        void INumeric.Run<T>() => Sum = SquareSum.Of<T>(g.Span<T>());
    }

    readonly struct Scaling(Slot g, double scale) : INumeric
    {
        void INumeric.Run<T>() => TensorPrimitives.Multiply(g.Span<T>(), T.CreateTruncating(scale), g.Span<T>());
    }

    readonly struct Clamping(Slot g, double limit) : INumeric
    {
        void INumeric.Run<T>() =>
            TensorPrimitives.Clamp(g.Span<T>(), T.CreateTruncating(-limit), T.CreateTruncating(limit), g.Span<T>());
    }
}
