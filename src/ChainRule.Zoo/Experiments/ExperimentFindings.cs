using static ChainRule.Zoo.Experiments.ExperimentResult;

namespace ChainRule.Zoo.Experiments;

/// <summary>What an experiment found, in sentences.</summary>
sealed class ExperimentFindings(ExperimentResult result)
{
    // Of fewer seeds, or of fewer examples to validate with, a result is shown with a warning.
    const int FewSeeds = 3, FewExamples = 30;

    const int MostSentences = 6;

    readonly Experiment _experiment = result.Experiment;
    readonly IReadOnlyList<VariantResult> _variants = result.Variants;

    string Metric => _experiment.Metric.Name;

    VariantResult Base => _variants[0];

    public IEnumerable<string> Find() => [.. Failures(), .. Compared(), .. Warnings()];

    IEnumerable<string> Failures()
    {
        foreach (var one in _variants.Where(one => one.Diverged > 0).Take(MostSentences))
            yield return $"{Shown(one)}: {Runs(one, one.Diverged)} diverged: the loss or a gradient became NaN or "
                + "infinite.";
        foreach (var one in _variants.Where(one => one.NotMeasured > 0).Take(MostSentences))
        {
            string needs = _experiment.Metric.Needs is { } why ? $": {why}" : ", or is not finite";
            yield return $"{Shown(one)}: the {Metric} of {Runs(one, one.NotMeasured)} was not measured{needs}.";
        }
        foreach (var one in _variants.Skip(1).Where(one => one.Diverged < Base.Diverged).Take(MostSentences))
            yield return $"{Shown(one)}: {(one.Diverged == 0 ? "no run" : "fewer runs")} diverged, where "
                + $"{Base.Diverged} of the base's {Base.Values.Count} did; its {Metric} is "
                + $"{Value(one)}.";
        foreach (var (i, one) in _variants.Index().Where(one => result.OtherProblem(one.Index).Length > 0)
            .Take(MostSentences))
            yield return $"{Shown(one)} learns another problem than the base ({string.Join(", ",
                result.OtherProblem(i))}): its {Metric} cannot be compared with the base's.";
    }

    IEnumerable<string> Compared()
    {
        if (_variants.Count == 1)
            return [$"There is one variant alone, whose {Metric} is {Value(Base)}: give changes to "
                + "compare it with."];
        if (_experiment.Seeds.Count < 2)
            return ["Each variant was trained with one seed: how much of a difference is chance cannot be said; give "
                + "\"seeds\": 5."];
        return [.. Differing(), .. Untested(), .. Same()];
    }

    IEnumerable<string> Differing()
    {
        var differing = _variants.Where(one => one.Differs).OrderByDescending(one => Math.Abs(one.Test!.Mean)).ToList();
        foreach (var one in differing.Take(MostSentences)) yield return Say(one);
        if (differing.Count > MostSentences)
            yield return $"{differing.Count - MostSentences} more variants differ from the base beyond chance.";
    }

    IEnumerable<string> Untested() => _variants.Where(one => one.Test is { CanBeTested: false }).Take(MostSentences)
        .Select(one => $"{Shown(one)}: the difference in {Metric} is {Signed(one.Test!.Mean)} with every "
            + "seed, and cannot be tested: differences that are all the same do not show how much is chance; give more "
            + "seeds, or a metric that is not counted, such as the validation loss.");

    IEnumerable<string> Same()
    {
        var same = _variants.Where(one => one.Test is { CanBeTested: true } && !one.Differs).ToList();
        if (same.Count == 0) yield break;
        bool isOne = same.Count == 1;
        var largest = same.MaxBy(one => Math.Abs(one.Test!.Mean))!;
        if (same.TrueForAll(one => one.Test!.Mean == 0 && one.Test.High == 0))
        {
            yield return $"{(isOne ? $"{Shown(largest)} has" : $"{same.Count} variants have")} the same {Metric} as "
                + "the base with every seed.";
            yield break;
        }
        string whose = same.Count == _variants.Count - 1 ? "Nothing differs from the base"
            : isOne ? $"{Shown(largest)} does not differ from the base"
            : $"The other {same.Count} variants do not differ from the base";
        string which = isOne ? $"({Chance(largest.P)})"
            : $"({Shown(largest)}, {Chance(largest.P)})";
        yield return $"{whose} beyond the seeds: the {(isOne ? "" : "largest ")}difference in {Metric} is "
            + $"{Signed(largest.Test!.Mean)} {which}, and seeds alone make a standard deviation of "
            + $"{Number(Base.StandardDeviation)}.";
    }

    IEnumerable<string> Warnings()
    {
        if (_variants.Count > 1 && _experiment.Seeds.Count is > 1 and < FewSeeds and var seeds)
            yield return $"Warning: {seeds} seeds are few: a test over {seeds} finds large differences alone; give "
                + "\"seeds\": 5.";
        if (result.Validated is < FewExamples and var few && _experiment.Metric.IsOfData)
            yield return $"Warning: {few} example{(few == 1 ? " is" : "s are")} few to validate with: what is measured "
                + "on them may be otherwise on others; give more data, or a larger \"validation\".";
    }

    string Say(VariantResult one)
    {
        var test = one.Test!;
        string worth = _experiment.Metric.LowerIsBetter is not { } lower ? ""
            : test.Mean < 0 == lower ? ", which is better" : ", which is worse";
        return $"{Shown(one)} {(test.Mean < 0 ? "lowers" : "raises")} the {Metric} from {Value(Base)} to "
            + $"{Value(one)}{worth}: the difference is {Signed(test.Mean)} (95 % interval "
            + $"{Signed(test.Low)} to {Signed(test.High)}, "
            + $"{Chance(one.P)} in a paired t-test over {test.DegreesOfFreedom + 1} seeds"
            + $"{(_variants.Count > 2 ? ", Holm-corrected" : "")}).";
    }

    static string Runs(VariantResult one, int count) => count < one.Values.Count
        ? $"{count} of {one.Values.Count} runs" : one.Values.Count == 1 ? "the run" : "every run";

    static string Shown(VariantResult one) => Printable.Of(one.Name, 60);
}
