using System.Globalization;

namespace ChainRule.Classical;

/// <summary>
/// Predicts the most frequent class of the training rows for every row, with the classes' frequencies as probabilities:
/// a classifier that has learned nothing from its inputs. Its log loss is the entropy of the frequencies.
/// </summary>
public sealed class MajorityBaseline
{
    readonly double[] _frequencies;

    MajorityBaseline(double[] frequencies) => _frequencies = frequencies;

    /// <summary>Fits it.</summary>
    /// <param name="y">The class of each row.</param>
    /// <param name="classes">How many classes there are; if null, as many as the largest says.</param>
    /// <exception cref="ArgumentException">There are no rows, or a class is not there.</exception>
    public static MajorityBaseline Fit(Ids y, int? classes = null)
    {
        Throw.IfNull(y, "majority baseline");
        if (y.Count == 0) Throw.Argument("majority baseline: there are no targets: give at least one", nameof(y));
        int[] targets = Columns.Targets("majority baseline", y, y.Count);
        int count = ClassCount.Of("majority baseline", targets, classes);
        double[] frequencies = new double[count];
        foreach (int target in targets) frequencies[target] += 1.0 / targets.Length;
        return new(frequencies);
    }

    /// <summary>The fraction of the training rows that each class has.</summary>
    public IReadOnlyList<double> Frequencies => _frequencies;

    /// <summary>The most frequent class; of equally frequent ones the first.</summary>
    public int Majority => Array.IndexOf(_frequencies, _frequencies.Max());

    /// <summary>The frequencies for each row of x: [rows, …] → [rows, classes].</summary>
    /// <exception cref="ArgumentException">x is a single number, which has no rows.</exception>
    public Tensor Probabilities(Tensor x)
    {
        if (x.Rank == 0)
            Throw.Argument("majority baseline: a single number has no rows: give [rows, columns]", nameof(x));
        double[] all = [.. Enumerable.Repeat(_frequencies, x.Shape[0]).SelectMany(one => one)];
        return Tensor.From(all, [x.Shape[0], _frequencies.Length]).To(x.DType);
    }

    public override string ToString() =>
        $"majority baseline of {_frequencies.Length} classes: class {Majority}, of "
            + $"{_frequencies.Max().ToString("0.0000", CultureInfo.InvariantCulture)} of the rows";
}
