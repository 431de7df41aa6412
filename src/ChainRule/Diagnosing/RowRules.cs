namespace ChainRule.Diagnosing;

sealed class TooFewRows() : Rule("too few training rows")
{
    public override Finding? Look(Evidence e) => e.Data is not { Rows: 1 } ? null
        : Found("one row is all that is trained on: a model can only repeat its target, and units that give 0 say "
            + "nothing",
            $"1 training row", "more rows; one alone is for a test that the model can memorise it")
            with { IsAlone = true, WhyUntried = "no: there are no other rows" };
}

sealed class ConstantInputs() : Rule("constant inputs")
{
    public override Finding? Look(Evidence e)
    {
        if (e.Data is not { Rows: > 1, Width: > 0 } data || data.NotFinite is not null
            || data.Columns.Any(c => c.Std > 0)) return null;
        double[] row = data.Inputs[0];
        string values = row.Distinct().Count() == 1 ? $"every input is {Figures.Text(row[0] + 0.0)}"
            : "every row is the same";
        return Found("inputs are the same in all rows: the model can learn nothing but the mean target",
            $"{values}, in all {data.Rows} rows that were looked at", "look at how the inputs are read and scaled")
            with { IsAlone = true, WhyUntried = "no: the inputs are not in the data" };
    }
}

sealed class TargetLeak() : Rule("target leak")
{
    const double Decides = 0.99, Others = 0.9;

    public override Finding? Look(Evidence e)
    {
        if (e.Data is not { InputsAreIds: false, Rows: >= 50, Width: > 1 } data || data.NotFinite is not null
            || data.Labels is null && data.Targets is null) return null;
        var columns = Enumerable.Range(0, data.Width).Select(j => (Column: j, Agreement: Agreement(data, j)))
            .OrderByDescending(c => c.Agreement).ToArray();
        if (columns[0].Agreement < Decides || columns[1].Agreement > Others) return null;
        // Where the other columns say nothing of the target, the column is the task and no copy of its answer.
        if (!(Neighbours.Without(data, columns[0].Column).Score >= LabelsShuffled.Signal)) return null;
        int column = columns[0].Column, width = data.Width;
        double mean = data.Columns[column].Mean;
        return Found(
            "one input decides the target by itself, and others say something of it too: it was made from the target, "
                + "or is known only after it",
            $"column {column} agrees with the target in {columns[0].Agreement:0.000}, the next best column in "
                + $"{columns[1].Agreement:0.000}",
            "leave the column out, unless it is known when the model is used",
            new Variation($"column {column} replaced by its mean")
                { Inputs = x => Without(x, column, width, mean), ShowsWorth = true })
            with { MustLose = TriedCure.LeastGain };
    }

    // Rows in the order of the column: the fraction of neighbours of one class, or the correlation of numbers.
    static double Agreement(DataEvidence data, int column)
    {
        if (data.Labels is not { } labels)
        {
            var x = DataEvidence.Of([.. data.Inputs.Select(row => row[column])]);
            var y = DataEvidence.Of([.. data.Targets!.Select(row => row[0])]);
            double both = data.Inputs.Zip(data.Targets!, (a, b) => (a[column] - x.Mean) * (b[0] - y.Mean)).Average();
            return Math.Abs(both) / Math.Max(1e-300, x.Std * y.Std);
        }
        int[] order = [.. Enumerable.Range(0, data.Rows).OrderBy(i => data.Inputs[i][column])];
        int classes = labels.Distinct().Count();
        double agree = order.Zip(order.Skip(1), (a, b) => labels[a] == labels[b] ? 1 : 0).Sum();
        // Between classes there is one pair that cannot agree.
        return classes < 2 ? 0 : agree / Math.Max(1, data.Rows - classes);
    }

    static Tensor Without(Tensor x, int column, int width, double mean)
    {
        double[] keeps = [.. Enumerable.Repeat(1.0, width)], fills = new double[width];
        (keeps[column], fills[column]) = (0, mean);
        int[] one = [.. Enumerable.Range(1, x.Rank - 1).Select(axis => x.Shape[axis])];
        return x * Tensor.From(keeps, one).To(x.DType) + Tensor.From(fills, one).To(x.DType);
    }
}
