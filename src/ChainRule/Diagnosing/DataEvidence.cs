namespace ChainRule.Diagnosing;

/// <summary>Some rows of the training data, and of the validation data.</summary>
sealed class DataEvidence
{
    /// <summary>Inputs, a row for each example; ids count as numbers.</summary>
    public required double[][] Inputs { get; init; }

    /// <summary>Whether the inputs are ids, which have no mean and no scale.</summary>
    public bool InputsAreIds { get; init; }

    /// <summary>Classes, where the targets are ids, one for each row; else null.</summary>
    public int[]? Labels { get; init; }

    /// <summary>Targets, where they are numbers; else null.</summary>
    public double[][]? Targets { get; init; }

    public double[][] ValidationInputs { get; init; } = [];

    public int[]? ValidationLabels { get; init; }

    public double[][]? ValidationTargets { get; init; }

    /// <summary>Classes, or the first target, in the order in which batches bring them.</summary>
    public double[] Stream { get; init; } = [];

    /// <summary>How many rows of one block stand beside one another in the data set.</summary>
    public int Block { get; init; } = int.MaxValue;

    public int Rows => Inputs.Length;

    public int Width => Inputs.Length == 0 ? 0 : Inputs[0].Length;

    /// <summary>How many rows have each class, from 0.</summary>
    public int[] Counts => Labels is { Length: > 0 } labels
        ? [.. Enumerable.Range(0, labels.Max() + 1).Select(c => labels.Count(label => label == c))] : [];

    /// <summary>Mean and standard deviation of each column.</summary>
    public (double Mean, double Std)[] Columns => [.. Enumerable.Range(0, Width).Select(Column)];

    /// <summary>Mean and standard deviation of all targets.</summary>
    public (double Mean, double Std) TargetMoments =>
        Targets is null ? (0, 1) : Of([.. Targets.SelectMany(row => row)]);

    /// <summary>Whether any input is NaN or infinite.</summary>
    public (int Row, int Column)? NotFinite
    {
        get
        {
            for (int i = 0; i < Rows; i++)
                if (Array.FindIndex(Inputs[i], x => !double.IsFinite(x)) is var j and >= 0) return (i, j);
            return null;
        }
    }

    public static (double Mean, double Std) Of(double[] x)
    {
        if (x.Length == 0) return (0, 0);
        double mean = x.Average();
        return (mean, Math.Sqrt(x.Average(v => (v - mean) * (v - mean))));
    }

    (double Mean, double Std) Column(int j) =>
        Of([.. Inputs.Select(row => row[j]).Where(double.IsFinite)]);
}
