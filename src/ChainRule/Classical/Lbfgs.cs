using System.Numerics.Tensors;

namespace ChainRule.Classical;

/// <summary>
/// The minimum of a smooth convex function by L-BFGS: each step goes against the gradient, as the last changes of place
/// and gradient say that the function is curved, and is halved until the value falls enough (Armijo).
/// </summary>
/// <remarks>Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 3.1.</remarks>
static class Lbfgs
{
    const int Remembered = 10, MostHalvings = 40;

    /// <summary>Writes the gradient at a place, and gives the value.</summary>
    public delegate double Objective(double[] place, double[] gradient);

    /// <summary>Moves a place to the minimum; whether every part of the gradient came below the tolerance, and after
    /// how many steps.</summary>
    public static (bool Converged, int Steps) Minimise(Objective f, double[] x, double tolerance, int mostSteps)
    {
        double[] gradient = new double[x.Length], next = new double[x.Length], nextGradient = new double[x.Length];
        var pairs = new Queue<(double[] Step, double[] Change, double Rho)>();
        double value = f(x, gradient);
        for (int step = 0; step < mostSteps; step++)
        {
            if (TensorPrimitives.MaxMagnitude<double>(gradient) is var largest && Math.Abs(largest) <= tolerance)
                return (true, step);
            double[] direction = Direction(gradient, pairs);
            double along = TensorPrimitives.Dot<double>(direction, gradient), size = pairs.Count == 0
                ? Math.Min(1, 1 / TensorPrimitives.Norm<double>(gradient)) : 1;
            double nextValue = double.PositiveInfinity;
            int halvings = 0;
            for (; halvings < MostHalvings; halvings++, size /= 2)
            {
                TensorPrimitives.MultiplyAdd(direction, size, x, next);
                nextValue = f(next, nextGradient);
                if (nextValue <= value + 1e-4 * size * along) break;
            }
            // Nothing is lower within rounding.
            if (halvings == MostHalvings) return (false, step);
            double[] moved = new double[x.Length], change = new double[x.Length];
            TensorPrimitives.Subtract(next, x, moved);
            TensorPrimitives.Subtract(nextGradient, gradient, change);
            double curvature = TensorPrimitives.Dot<double>(moved, change);
            if (curvature > 1e-12 * TensorPrimitives.Norm<double>(moved) * TensorPrimitives.Norm<double>(change))
            {
                if (pairs.Count == Remembered) pairs.Dequeue();
                pairs.Enqueue((moved, change, 1 / curvature));
            }
            value = nextValue;
            next.CopyTo(x, 0);
            nextGradient.CopyTo(gradient, 0);
        }
        return (false, mostSteps);
    }

    // −H g by two loops over the remembered steps.
    static double[] Direction(double[] gradient, Queue<(double[] Step, double[] Change, double Rho)> pairs)
    {
        double[] q = [.. gradient];
        var kept = pairs.ToArray();
        double[] weights = new double[kept.Length];
        for (int i = kept.Length - 1; i >= 0; i--)
        {
            weights[i] = kept[i].Rho * TensorPrimitives.Dot<double>(kept[i].Step, q);
            TensorPrimitives.MultiplyAdd(kept[i].Change, -weights[i], q, q);
        }
        if (kept.Length > 0)
            TensorPrimitives.Multiply(q, 1 / (kept[^1].Rho * TensorPrimitives.SumOfSquares<double>(kept[^1].Change)),
                q);
        for (int i = 0; i < kept.Length; i++)
            TensorPrimitives.MultiplyAdd(kept[i].Step,
                weights[i] - kept[i].Rho * TensorPrimitives.Dot<double>(kept[i].Change, q), q, q);
        TensorPrimitives.Negate(q, q);
        return q;
    }
}
