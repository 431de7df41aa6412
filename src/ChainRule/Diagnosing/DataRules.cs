namespace ChainRule.Diagnosing;

sealed class NotFiniteInputs() : Rule("NaN in the inputs")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Data?.NotFinite is not { } at) return null;
        int rows = e.Data.Inputs.Count(row => !Array.TrueForAll(row, double.IsFinite));
        return Found("inputs hold NaN or infinity, as missing values do",
            $"{rows} of {e.Data.Rows} rows; the first is row {at.Row}, column {at.Column}",
            "fill missing values, or leave out their rows",
            new Variation("0 in the place of NaN and infinity")
                { Inputs = static x => x.MaskedFill((x - x).IsNaN(), 0) });
    }
}

sealed class InputsNotNormalised() : Rule("inputs not normalised")
{
    // Around 0 and of size 1 is what initialisations expect; a factor of ten either way does no harm.
    const double Large = 10, Small = 0.01, Apart = 100;
    const int ColumnsAlike = 64;

    public override Finding? Look(Evidence e)
    {
        if (e.Data is not { InputsAreIds: false, Rows: > 0 } data || data.NotFinite is not null) return null;
        (double Mean, double Std)[] columns = [.. data.Columns.Where(c => c.Std > 0)];
        if (columns.Length == 0) return null;
        double[] sizes = [.. columns.Select(c => Math.Sqrt(c.Mean * c.Mean + c.Std * c.Std))];
        double largest = sizes.Max(), least = sizes.Min(), shift = columns.Max(c => Math.Abs(c.Mean) / c.Std);
        bool apart = data.Width <= ColumnsAlike && largest > Apart * least;
        bool shifted = data.Width <= ColumnsAlike && shift > Large;
        if (largest <= Large && largest >= Small && !apart && !shifted) return null;
        var (means, stds) = (data.Columns.Select(c => c.Mean).ToArray(),
            data.Columns.Select(c => c.Std > 0 ? c.Std : 1).ToArray());
        return Found("inputs are far from a mean of 0 and a standard deviation of 1",
            $"columns have sizes from {least:G3} to {largest:G3} (root mean square); the mean of one is {shift:0.#} "
                + $"standard deviations from 0",
            "standardise each column by the training data, as Scaler does",
            new Variation("standardised inputs") { Inputs = x => Standardised(x, means, stds) })
            with { MustGain = TriedCure.LeastGain };
    }

    static Tensor Standardised(Tensor x, double[] means, double[] stds)
    {
        int[] one = [.. Enumerable.Range(1, x.Rank - 1).Select(axis => x.Shape[axis])];
        return (x - Tensor.From(means, one).To(x.DType)) / Tensor.From(stds, one).To(x.DType);
    }
}

sealed class TargetsNotNormalised() : Rule("targets not normalised")
{
    const double Large = 10, Small = 0.05;

    public override Finding? Look(Evidence e)
    {
        if (e.Data?.Targets is null || e.Loss is not { KnowsOutput: true, Op: not "binary cross entropy" }) return null;
        var (mean, std) = e.Data.TargetMoments;
        double size = Math.Sqrt(mean * mean + std * std);
        if (size <= Large && size >= Small || std == 0) return null;
        return Found("targets are far from a mean of 0 and a standard deviation of 1, where outputs begin",
            $"targets have mean {mean:G3} and standard deviation {std:G3}",
            "train on standardised targets, and transform predictions back",
            new Variation("standardised targets") { Targets = (mean, std) }) with { MustGain = TriedCure.LeastGain };
    }
}

sealed class LabelsShuffled() : Rule("labels shuffled")
{
    // Standard deviations above chance that are taken for a signal.
    public const double Signal = 3;

    // Fewer rows have no near neighbours.
    const int Enough = 150;

    public override Finding? Look(Evidence e)
    {
        if (e.Data is not { Rows: >= Enough } data || data.Labels is null && data.Targets is null
            || data.NotFinite is not null || Learns(e)) return null;
        // Where nearly all rows have one class, neighbours agree by chance.
        int[] counts = data.Counts;
        if (counts.Length > 0 && counts.Max() >= ClassImbalance.Majority * counts.Sum()) return null;
        int[] near = Neighbours.Nearest(data);
        var found = Neighbours.Of(data, near);
        if (!(found.Score < Signal) || LabelsOffByOne.Shift(data, near, found) is not null) return null;
        return Found("targets do not follow from inputs: they were shuffled apart, or the inputs say nothing about "
            + "them",
            $"the nearest other row agrees in {found.Agreement:0.000} (chance: {found.Chance:0.000}, "
                + $"{found.Score:0.0} standard deviations above)",
            "pair inputs and targets anew, by a key rather than by position")
            with { WhyUntried = "no: the right pairs are not in the data" };
    }

    /// <summary>Whether the branch learnt something that holds on the rows that are measured.</summary>
    static bool Learns(Evidence e)
    {
        if (e.Base is not { BrokeAt: null } branch) return false;
        if (e.Data!.Labels is null || double.IsNaN(branch.Accuracy))
            return branch.After < 0.8 * branch.Before && !(e.Data.TargetMoments.Std > 0
                && e.Loss?.Op == "squared error" && branch.After > 0.85 * Math.Pow(e.Data.TargetMoments.Std, 2));
        int[] measured = e.Data.ValidationLabels ?? e.Data.Labels;
        double chance = measured.GroupBy(y => y).Max(own => own.Count()) / (double)measured.Length;
        return branch.Accuracy > chance + 4 * Math.Sqrt(chance * (1 - chance) / measured.Length);
    }
}

sealed class LabelsOffByOne() : Rule("labels off by one")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Data is not { Rows: >= 50 } data || data.NotFinite is not null) return null;
        int[] counts = data.Counts;
        if (counts.Length >= 3 && counts[0] == 0 && counts.Skip(1).All(n => n > 0) && e.Loss?.Classes == counts.Length)
            return Found("classes are counted from 1 and the model's from 0",
                $"no row has class 0, and classes 1 to {counts.Length - 1} all occur",
                "subtract 1 from the labels, and make the model with one output fewer")
                with { WhyUntried = "no: it needs another model" };
        if (data.Labels is null && data.Targets is null || data.InputsAreIds) return null;
        int[] near = Neighbours.Nearest(data);
        var straight = Neighbours.Of(data, near);
        if (straight.Score >= LabelsShuffled.Signal || Shift(data, near, straight) is not { } shift) return null;
        var moved = Neighbours.Of(data, near, shift);
        return Found($"each row has the target of the row {(shift > 0 ? "before" : "after")} it",
            $"with targets {Math.Abs(shift)} row {(shift > 0 ? "later" : "earlier")} the nearest other row agrees "
                + $"in {moved.Agreement:0.000}, as they are in {straight.Agreement:0.000} (chance: "
                + $"{straight.Chance:0.000})",
            "move the targets by one row against the inputs")
            with { WhyUntried = "no: the data set must be made anew" };
    }

    /// <summary>By how many rows targets must move to follow from inputs; null if that does not help.</summary>
    public static int? Shift(DataEvidence data, int[] near, Neighbours straight)
    {
        // A context of characters holds the target of the row before it.
        if (data.InputsAreIds) return null;
        foreach (int shift in (int[])[1, -1])
            if (Neighbours.Of(data, near, shift).Score > Math.Max(5, straight.Score + 4)) return shift;
        return null;
    }
}

sealed class ClassImbalance() : Rule("class imbalance")
{
    public const double Majority = 0.8;
    const int Apart = 10, FewClasses = 20;

    public override Finding? Look(Evidence e)
    {
        int[] counts = [.. (e.Data?.Counts ?? []).Where(n => n > 0)];
        if (counts.Length == 0) return null;
        if (counts.Length == 1)
            return Found("all rows have one class: there is nothing to tell apart, and a model that always says it is "
                + "right",
                $"class {e.Data!.Labels![0]} in all {counts[0]} rows that were looked at", "rows of the other classes")
                with { WhyUntried = "no: the data have no other class" };
        double most = counts.Max() / (double)counts.Sum();
        if (most < Majority && !(counts.Length <= FewClasses && counts.Max() >= Apart * counts.Min())) return null;
        return Found("some classes have far more rows than others",
            $"the most frequent class has {most:0.0%} of the rows, the rarest "
                + $"{counts.Min() / (double)counts.Sum():0.0%}",
            "draw the classes equally often or weight them in the loss, and measure more than accuracy",
            new Variation("classes drawn equally often") { Drawing = Drawing.Balanced });
    }
}

sealed class DuplicateRows() : Rule("duplicate rows across the split")
{
    const double Share = 0.05;

    public override Finding? Look(Evidence e)
    {
        // Contexts of characters come again by nature.
        if (e.Data is not { InputsAreIds: false, Width: > 1, ValidationInputs.Length: > 0 } data) return null;
        HashSet<string> known = [.. data.Inputs.Select(Key)];
        int twice = data.ValidationInputs.Count(row => known.Contains(Key(row)));
        double fraction = twice / (double)data.ValidationInputs.Length;
        if (fraction < Share) return null;
        return Found("rows of the validation data are among the training data: the validation loss is too good",
            $"{twice} of {data.ValidationInputs.Length} validation rows that were looked at ({fraction:0.0%})",
            "drop duplicates before the split, or split by group")
            with { WhyUntried = "no: training is as it was, and the measure is what must change" };
    }

    static string Key(double[] row) => string.Join(' ', row);
}

sealed class ShufflingForgotten() : Rule("shuffling forgotten")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Data is not { Stream.Length: >= 50 } data) return null;
        double[] y = data.Stream;
        double n = y.Length - 1, agreement, chance, score;
        if (data.Labels is not null)
        {
            agreement = y.Zip(y.Skip(1), (a, b) => a == b ? 1 : 0).Sum() / n;
            chance = y.GroupBy(v => v).Sum(own => Math.Pow(own.Count() / (double)y.Length, 2));
            score = (agreement - chance) / Math.Sqrt(Math.Max(1e-9, chance * (1 - chance) / n));
        }
        else
        {
            var (mean, std) = DataEvidence.Of(y);
            agreement = std > 0 ? y.Zip(y.Skip(1), (a, b) => (a - mean) * (b - mean)).Sum() / n / (std * std) : 0;
            (chance, score) = (0, agreement * Math.Sqrt(n));
        }
        if (score < 6 || agreement < chance + 0.2) return null;
        return Found("batches bring rows in the order of their targets: each step unlearns the one before",
            $"targets of neighbouring rows agree in {agreement:0.00} (chance: {chance:0.00})",
            "draw every epoch in a new order: Batches.Shuffled",
            new Variation("rows in random order") { Drawing = Drawing.Shuffled });
    }
}
