using System.Globalization;
using ChainRule.Training;
using ChainRule.Zoo.Runs;

namespace ChainRule.Lab.Runs;

/// <summary>The weights of a run's states, and how they are distributed.</summary>
static class RunWeights
{
    // In files of what training goes on from, the model stands beside the optimiser.
    const string OfModel = "model.";

    /// <summary>All parameters of the best model, or of a state that was kept.</summary>
    /// <exception cref="ArgumentException">The run kept no state of that step.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or no model is saved yet.</exception>
    public static IReadOnlyDictionary<string, double[]> Of(RunFolder run, int? step)
    {
        string name = Printable.Path(run.FullPath);
        if (step is null)
        {
            if (!run.HasModel)
                throw new InvalidDataException($"{name}: no model is saved yet: wait for the first evaluation");
            return Read(run.ModelPath, "");
        }
        string path = run.KeptPath(step.Value) ?? throw new ArgumentException(string.Create(
            CultureInfo.InvariantCulture, $"weights {name}: step {step:N0}: no state of it is kept: choose one of ")
            + string.Join(", ", run.KeptSteps.Select(one => one.ToString("N0", CultureInfo.InvariantCulture))));
        return Read(path, OfModel);
    }

    /// <summary>The least and the greatest of all finite numbers, a little apart where there is only one.</summary>
    public static (double From, double To) Range(IEnumerable<double[]> all)
    {
        double from = double.PositiveInfinity, to = double.NegativeInfinity;
        foreach (double[] numbers in all)
            foreach (double x in numbers)
                if (double.IsFinite(x)) (from, to) = (Math.Min(from, x), Math.Max(to, x));
        if (!(from <= to)) return (0, 1);
        double apart = Math.Max(Math.Abs(from), Math.Abs(to)) * 1e-6;
        return from == to ? (from - Math.Max(apart, 1e-6), to + Math.Max(apart, 1e-6)) : (from, to);
    }

    /// <summary>How many numbers are in each bin, their mean and standard deviation, and how many are not finite.
    /// </summary>
    public static (int[] Counts, double Mean, double Deviation, long NotFinite) Count(double[] numbers, double from,
        double to, int bins)
    {
        int[] counts = new int[bins];
        double sum = 0, squares = 0;
        long finite = 0;
        foreach (double x in numbers)
        {
            if (!double.IsFinite(x)) continue;
            counts[Math.Clamp((int)((x - from) / (to - from) * bins), 0, bins - 1)]++;
            sum += x;
            finite++;
        }
        double mean = finite == 0 ? double.NaN : sum / finite;
        foreach (double x in numbers) if (double.IsFinite(x)) squares += (x - mean) * (x - mean);
        return (counts, mean, finite == 0 ? double.NaN : Math.Sqrt(squares / finite), numbers.Length - finite);
    }

    static Dictionary<string, double[]> Read(string path, string prefix)
    {
        var file = Safetensors.Read(path);
        return file.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)
            && file.DTypeOf(name) is ("F32" or "F64"))
            .ToDictionary(name => name[prefix.Length..],
                name => file.Tensor(name).To(DType.Float64).ToArray<double>());
    }
}
