using System.Globalization;

namespace ChainRule.Zoo.Tables;

/// <summary>
/// The metric that models of a table are compared by: R², or accuracy; balanced accuracy where class weights are asked
/// for, or where a class is rare, since a model that never predicts such a class can have a high accuracy.
/// </summary>
sealed class TableMeasure
{
    // A class is rare that has fewer rows than this fraction of an equal part: of two classes, fewer than 20 %.
    const double Rare = 0.4;

    const string Balanced = "balanced accuracy";

    TableMeasure(string name, string? reason = null) => (Name, Reason) = (name, reason);

    /// <summary>The name of the metric; the larger, the better.</summary>
    public string Name { get; }

    /// <summary>Why it is not the accuracy; null for accuracy and R².</summary>
    public string? Reason { get; }

    /// <summary>What a model's errors are called in a sentence.</summary>
    public string Errors => Name == RSquared ? "squared errors" : Name;

    /// <summary>The metric of a regression.</summary>
    public const string RSquared = "R²";

    /// <summary>The metric that fits a table.</summary>
    public static TableMeasure Of(TableSource table)
    {
        if (table.Classes.Count == 0) return new(RSquared);
        if (table.Options.ClassWeights) return new(Balanced, "since class weights are asked for");
        int[] rows = new int[table.Classes.Count];
        foreach (int label in table.Labels) rows[label]++;
        int rarest = Array.IndexOf(rows, rows.Min());
        double fraction = (double)rows[rarest] / table.Labels.Length;
        return fraction * rows.Length >= Rare ? new("accuracy") : new(Balanced, string.Create(
            CultureInfo.InvariantCulture,
            $"since only {fraction:0.0 %} of the rows are of the class '{Printable.Of(table.Classes[rarest], 40)}'"));
    }

    /// <summary>How much larger the errors of some models are than those of others, on the same rows.</summary>
    /// <param name="ones">The scores of one model, of one part of the rows or of several.</param>
    /// <param name="others">The scores of the other, of the same parts.</param>
    public PairedDifference Compare(IReadOnlyList<TableScore> ones, IReadOnlyList<TableScore> others)
    {
        double[] one = [.. ones.SelectMany(score => score.Errors)],
            other = [.. others.SelectMany(score => score.Errors)];
        if (Name != Balanced) return PairedDifference.Of(one, other);
        // Each class counts as much as any other, so that the mean of the errors is 1 − balanced accuracy.
        double[] actual = [.. ones.SelectMany(score => score.Actual)];
        var rows = actual.CountBy(label => label).ToDictionary();
        double Weight(int i) => actual.Length / ((double)rows.Count * rows[actual[i]]);
        return PairedDifference.Of([.. one.Select((error, i) => error * Weight(i))],
            [.. other.Select((error, i) => error * Weight(i))]);
    }

    /// <inheritdoc cref="Compare(IReadOnlyList{TableScore}, IReadOnlyList{TableScore})"/>
    public PairedDifference Compare(TableScore one, TableScore other) => Compare([one], [other]);
}
