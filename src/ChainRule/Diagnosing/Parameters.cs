using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Optim;

namespace ChainRule.Diagnosing;

/// <summary>What is known of each parameter.</summary>
static class Parameters
{
    public static IReadOnlyList<ParameterEvidence> Of(Module model, Optimizer optimizer,
        IReadOnlyDictionary<Tensor, GradientFlowResult> gradients, IReadOnlyList<List<double>> updates)
    {
        List<ParameterEvidence> all = [];
        var modules = model.NamedModules();
        foreach (var (name, w) in model.State().Where(one => one.Value.Slot.Role == Role.Parameter))
        {
            int place = -1;
            for (int i = 0; i < optimizer.Parameters.Count; i++) if (optimizer.Parameters[i].IsSame(w)) place = i;
            double[] x = w.To(DType.Float64).ToArray<double>();
            all.Add(new(name, w, place)
            {
                Frozen = !w.RequiresGrad, Std = DataEvidence.Of(x).Std,
                Layer = modules.Where(m => m.Key.Length > 0 && name.StartsWith(m.Key + ".", StringComparison.Ordinal))
                    .OrderByDescending(m => m.Key.Length).FirstOrDefault().Value?.GetType().Name ?? "",
                Largest = x.Length == 0 ? 0 : x.Max(Math.Abs), EqualRows = HasEqualRows(x, w.Shape),
                WeightDecay = place < 0 ? 0 : optimizer.Groups[place].WeightDecay,
                LearningRateFactor = place < 0 ? 1 : optimizer.Groups[place].LearningRateFactor,
                Gradient = gradients.GetValueOrDefault(w),
                FirstUpdate = place < 0 ? double.NaN : updates[place].FirstOrDefault(double.NaN),
                Moved = place >= 0 && updates[place].Any(u => u > double.NegativeInfinity || double.IsNaN(u)),
                Update = place < 0 || updates[place].Count == 0 ? double.NaN : Median(updates[place]),
            });
        }
        return all;
    }

    public static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Where(x => !double.IsNaN(x)).Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    static bool HasEqualRows(double[] x, Shape shape)
    {
        if (shape.Rank < 2 || shape[0] < 2) return false;
        int width = x.Length / shape[0];
        for (int i = width; i < x.Length; i++) if (x[i] != x[i % width]) return false;
        return width > 0;
    }
}
