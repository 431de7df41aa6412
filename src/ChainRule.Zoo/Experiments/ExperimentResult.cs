using System.Globalization;
using ChainRule.Metrics;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Experiments;

/// <summary>What came of one variant.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Values">The metric of each seed; NaN where the run diverged.</param>
/// <param name="Seconds">The mean time of training.</param>
/// <param name="Test">The paired test against the base; null of the base itself, and where fewer than two pairs have
/// ended without diverging.</param>
/// <param name="P">The p-value of the test after Holm's correction for all variants; NaN where there is no
/// test.</param>
public sealed record VariantResult(string Name, IReadOnlyList<double> Values, double Seconds, PairedTTest? Test,
    double P)
{
    /// <summary>The mean over the seeds that did not diverge; NaN if all did.</summary>
    public double Mean => Finite.Length == 0 ? double.NaN : Finite.Average();

    /// <summary>The standard deviation over them, s = √(Σ (x − mean)² / (n − 1)); NaN of fewer than two.</summary>
    public double StandardDeviation => Finite.Length < 2 ? double.NaN
        : Math.Sqrt(Finite.Sum(one => (one - Mean) * (one - Mean)) / (Finite.Length - 1));

    /// <summary>How many runs diverged.</summary>
    public int Diverged => Values.Count - Finite.Length;

    /// <summary>Whether it differs from the base by more than chance, at a level of 5 %.</summary>
    public bool Differs => P < 0.05;

    double[] Finite => [.. Values.Where(double.IsFinite)];
}

/// <summary>What an experiment found.</summary>
public sealed class ExperimentResult
{
    const int MostSentences = 6;

    internal ExperimentResult(Experiment experiment, string folder, IReadOnlyList<ExperimentOutcome> outcomes)
    {
        (Experiment, Folder, Outcomes) = (experiment, folder, outcomes);
        int variants = experiment.Variants.Count;
        double[][] values = [.. Enumerable.Range(0, variants).Select(i => (double[])[.. Of(i).Select(one =>
            one.Value)])];
        var tests = values.Select((own, i) => i == 0 ? null : Test(values[0], own)).ToArray();
        var p = PairedTTest.Holm([.. tests.Select(test => test?.P ?? double.NaN)]);
        Variants = [.. experiment.Variants.Select((variant, i) => new VariantResult(variant.Name, values[i],
            Of(i).Average(one => one.Seconds), tests[i], p[i]))];
    }

    /// <summary>What was asked.</summary>
    public Experiment Experiment { get; }

    /// <summary>Where the runs are kept.</summary>
    public string Folder { get; }

    /// <summary>What came of each variant; the base is the first.</summary>
    public IReadOnlyList<VariantResult> Variants { get; }

    /// <summary>How each run ended, in the order of the experiment's runs.</summary>
    public IReadOnlyList<ExperimentOutcome> Outcomes { get; }

    /// <summary>What changed what, in a few sentences; or that nothing differs beyond the seeds.</summary>
    public IReadOnlyList<string> Findings => [.. Find()];

    /// <summary>The run folders of a variant, seed by seed.</summary>
    public IReadOnlyList<string> FoldersOf(int variant) => [.. Experiment.Runs.Where(run => run.Variant == variant)
        .Select(run => Path.Combine(Folder, run.Folder))];

    /// <summary>The table and the findings.</summary>
    public override string ToString() => string.Join('\n', [.. Table(), "", .. Findings]);

    /// <summary>A line for each variant.</summary>
    public IReadOnlyList<string> Table()
    {
        bool several = Experiment.Seeds.Count > 1;
        string[][] rows = [["variant", Experiment.Metric.Name, .. several ? ["difference", "95 % interval", "p"]
            : Array.Empty<string>(), "diverged", "seconds"],
            .. Variants.Select(one => (string[])[Printable.Of(one.Name, 40), Value(one), .. several ? Difference(one)
                : [], one.Diverged == 0 ? "–" : $"{one.Diverged} of {one.Values.Count}",
                Invariant($"{one.Seconds:0.0}")])];
        int[] widths = [.. rows[0].Select((_, c) => rows.Max(row => row[c].Length))];
        return [.. rows.Select(row => string.Join("  ", row.Select((cell, c) =>
            c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd())];
    }

    /// <summary>A mean with its standard deviation.</summary>
    public static string Value(VariantResult variant) => double.IsNaN(variant.Mean) ? "–"
        : double.IsNaN(variant.StandardDeviation) ? Number(variant.Mean)
        : $"{Number(variant.Mean)} ± {Number(variant.StandardDeviation)}";

    /// <summary>A number with four significant digits or more.</summary>
    public static string Number(double x) => double.IsNaN(x) ? "–"
        : x.ToString(Math.Abs(x) >= 1000 ? "N0" : Math.Abs(x) is > 0 and < 0.001 ? "0.0e-0" : "0.0000",
            CultureInfo.InvariantCulture);

    /// <summary>A variant's mean difference from the base, its 95 % interval, and p.</summary>
    public static string[] Difference(VariantResult variant) => variant.Test is not { } test ? ["–", "–", "–"]
        : [Signed(test.Mean), $"{Signed(test.Low)} to {Signed(test.High)}", P(variant.P)];

    static string P(double p) => p < 0.0001 ? "< 0.0001" : p.ToString("0.0000", CultureInfo.InvariantCulture);

    static string Chance(double p) => p < 0.0001 ? "p < 0.0001" : $"p = {P(p)}";

    static string Signed(double x) => x > 0 ? $"+{Number(x)}" : Number(x);

    /// <summary>The outcomes of a variant, seed by seed.</summary>
    IEnumerable<ExperimentOutcome> Of(int variant) =>
        Enumerable.Range(0, Experiment.Seeds.Count)
            .Select(seed => Outcomes[seed * Experiment.Variants.Count + variant]);

    static PairedTTest? Test(double[] a, double[] b)
    {
        int[] both = [.. Enumerable.Range(0, a.Length).Where(i => double.IsFinite(a[i]) && double.IsFinite(b[i]))];
        return both.Length < 2 ? null : PairedTTest.Of([.. both.Select(i => a[i])], [.. both.Select(i => b[i])]);
    }

    IEnumerable<string> Find()
    {
        string metric = Experiment.Metric.Name;
        foreach (var one in Variants.Where(one => one.Diverged > 0).Take(MostSentences))
        {
            string runs = one.Diverged < one.Values.Count ? $"{one.Diverged} of {one.Values.Count} runs"
                : one.Values.Count == 1 ? "the run" : "every run";
            yield return $"{Printable.Of(one.Name, 60)}: {runs} diverged: the loss or a gradient became NaN or "
                + "infinite.";
        }
        foreach (var one in Variants.Skip(1).Where(one => one.Diverged < Variants[0].Diverged).Take(MostSentences))
            yield return $"{Printable.Of(one.Name, 60)}: {(one.Diverged == 0 ? "no run" : "fewer runs")} diverged, "
                + $"where {Variants[0].Diverged} of the base's {Variants[0].Values.Count} did; its {metric} is "
                + $"{Value(one)}.";
        if (Variants.Count == 1)
        {
            yield return $"There is one variant alone, whose {metric} is {Value(Variants[0])}: give changes to compare "
                + "it with.";
            yield break;
        }
        if (Experiment.Seeds.Count < 2)
        {
            yield return "Each variant was trained with one seed: how much of a difference is chance cannot be said; "
                + "give \"seeds\": 5.";
            yield break;
        }
        var differing = Variants.Where(one => one.Differs).OrderByDescending(one => Math.Abs(one.Test!.Mean)).ToList();
        foreach (var one in differing.Take(MostSentences)) yield return Say(one);
        if (differing.Count > MostSentences)
            yield return $"{differing.Count - MostSentences} more variants differ from the base beyond chance.";
        var same = Variants.Skip(1).Where(one => one.Test is not null && !one.Differs).ToList();
        if (same.Count == 0) yield break;
        var largest = same.MaxBy(one => Math.Abs(one.Test!.Mean))!;
        string whose = differing.Count > 0 ? $"{(same.Count == 1 ? Printable.Of(same[0].Name, 60)
            : $"The other {same.Count} variants")} {(same.Count == 1 ? "does" : "do")} not differ from the base"
            : "Nothing differs from the base";
        yield return $"{whose} beyond the seeds: the largest difference in {metric} is {Signed(largest.Test!.Mean)} "
            + $"({Printable.Of(largest.Name, 60)}, {Chance(largest.P)}), and seeds alone make a standard deviation of "
            + $"{Number(Variants[0].StandardDeviation)}.";
    }

    string Say(VariantResult one)
    {
        var test = one.Test!;
        string worth = Experiment.Metric.LowerIsBetter is not { } lower ? ""
            : test.Mean < 0 == lower ? ", which is better" : ", which is worse";
        return $"{Printable.Of(one.Name, 60)} {(test.Mean < 0 ? "lowers" : "raises")} the {Experiment.Metric.Name} "
            + $"from {Value(Variants[0])} to {Value(one)}{worth}: the difference is "
            + $"{Signed(test.Mean)} (95 % interval {Signed(test.Low)} to {Signed(test.High)}, {Chance(one.P)} in a "
            + $"paired t-test over {test.DegreesOfFreedom + 1} seeds{(Variants.Count > 2 ? ", Holm-corrected" : "")}).";
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
