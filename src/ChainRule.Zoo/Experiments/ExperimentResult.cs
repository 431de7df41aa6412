using System.Globalization;
using ChainRule.Metrics;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Experiments;

/// <summary>What an experiment found.</summary>
public sealed class ExperimentResult
{
    // What is learned, and of what: losses and metrics of one cannot be compared with those of another.
    static readonly string[] s_problem =
        ["data", "drawn", "problem", "delay", "target", "task", "positive", "classes", "heldOut", "lineFeeds"];

    internal ExperimentResult(Experiment experiment, string folder, IReadOnlyList<ExperimentOutcome> outcomes,
        int? validated)
    {
        (Experiment, Folder, Outcomes, Validated) = (experiment, folder, outcomes, validated);
        int variants = experiment.Variants.Count;
        double[][] values = [.. Enumerable.Range(0, variants).Select(i => (double[])[.. Of(i).Select(one =>
            one.Value)])];
        var tests = values.Select((own, i) => i == 0 || OtherProblem(i).Length > 0 ? null
            : Test(values[0], own)).ToArray();
        var p = PairedTTest.Holm([.. tests.Select(test => test?.P ?? double.NaN)]);
        Variants = [.. experiment.Variants.Select((variant, i) => new VariantResult(variant.Name, values[i],
            Of(i).Count(one => one.Why is not null), Of(i).Average(one => one.Seconds), tests[i], p[i]))];
    }

    /// <summary>What was asked.</summary>
    public Experiment Experiment { get; }

    /// <summary>Where the runs are kept.</summary>
    public string Folder { get; }

    /// <summary>What came of each variant; the base is the first.</summary>
    public IReadOnlyList<VariantResult> Variants { get; }

    /// <summary>How each run ended, in the order of the experiment's runs.</summary>
    public IReadOnlyList<ExperimentOutcome> Outcomes { get; }

    /// <summary>How many examples a variant is validated with at least; null if that is not known.</summary>
    internal int? Validated { get; }

    /// <summary>What changed what, in a few sentences; or that nothing differs beyond the seeds.</summary>
    public IReadOnlyList<string> Findings => [.. new ExperimentFindings(this).Find()];

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
        : [Signed(test.Mean), test.CanBeTested ? $"{Signed(test.Low)} to {Signed(test.High)}" : "–", P(variant.P)];

    /// <summary>The settings, with their values, that make the problem of a variant another than that of the
    /// base.</summary>
    internal string[] OtherProblem(int variant)
    {
        if (!Experiment.Metric.IsOfData) return [];
        var of = Experiment.Variants[0].Config.Flat().ToDictionary(one => one.Key.Name, one => one.Value);
        return [.. Experiment.Variants[variant].Config.Flat().Where(one => s_problem.Contains(one.Key.Name)
            && !Equals(of.GetValueOrDefault(one.Key.Name), one.Value)).Select(one =>
                $"{one.Key.Name}={Printable.Of(Setting.Text(one.Value), 40)}")];
    }

    static string P(double p) => double.IsNaN(p) ? "–" : p < 0.0001 ? "< 0.0001"
        : p.ToString("0.0000", CultureInfo.InvariantCulture);

    internal static string Chance(double p) => p < 0.0001 ? "p < 0.0001" : $"p = {P(p)}";

    internal static string Signed(double x) => x > 0 ? $"+{Number(x)}" : Number(x);

    /// <summary>The outcomes of a variant, seed by seed.</summary>
    IEnumerable<ExperimentOutcome> Of(int variant) =>
        Enumerable.Range(0, Experiment.Seeds.Count)
            .Select(seed => Outcomes[seed * Experiment.Variants.Count + variant]);

    static PairedTTest? Test(double[] a, double[] b)
    {
        int[] both = [.. Enumerable.Range(0, a.Length).Where(i => double.IsFinite(a[i]) && double.IsFinite(b[i]))];
        return both.Length < 2 ? null : PairedTTest.Of([.. both.Select(i => a[i])], [.. both.Select(i => b[i])]);
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
