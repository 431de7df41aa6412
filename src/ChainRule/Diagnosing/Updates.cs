using ChainRule.Optim;

namespace ChainRule.Diagnosing;

/// <summary>Measures how far a step moves each parameter, and whether it goes downhill.</summary>
static class Updates
{
    /// <summary>Takes the optimiser's step, and where <paramref name="reversed"/>, its opposite.</summary>
    public static void Measure(Optimizer optimizer, Branch branch, bool reversed = false)
    {
        var around = new Around(optimizer);
        optimizer.Step();
        around.Done(branch, reversed);
    }

    /// <summary>The parameters before a step, until it is done; their gradients are those at its end.</summary>
    public sealed class Around(Optimizer optimizer)
    {
        readonly double[][] _before = [.. optimizer.Parameters.Select(Numbers)];

        public void Done(Branch branch, bool reversed)
        {
            double along = 0, squares = 0, gradientSquares = 0;
            for (int i = 0; i < _before.Length; i++)
            {
                var w = optimizer.Parameters[i];
                double[] now = Numbers(w), then = _before[i];
                double[]? g = w.HasGrad ? Numbers(w.Grad) : null;
                double moved = 0, size = 0;
                for (int k = 0; k < now.Length; k++)
                {
                    double d = now[k] - then[k];
                    moved += d * d;
                    size += then[k] * then[k];
                    if (g is null) continue;
                    along += g[k] * d;
                    gradientSquares += g[k] * g[k];
                }
                squares += moved;
                branch.Updates[i].Add(moved == 0 ? double.NegativeInfinity
                    : size == 0 ? double.NaN : Math.Log10(Math.Sqrt(moved / size)));
                if (!reversed) continue;
                w.CopyInPlace(Tensor.From([.. now.Select((x, k) => 2 * then[k] - x)], w.Shape).To(w.DType));
            }
            branch.Directions.Add(squares > 0 && gradientSquares > 0
                ? along / Math.Sqrt(squares * gradientSquares) : double.NaN);
        }
    }

    static double[] Numbers(Tensor x) => x.To(DType.Float64).ToArray<double>();
}
