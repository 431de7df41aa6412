using System.Globalization;

namespace ChainRule.Data;

/// <summary>What is to be predicted of a row.</summary>
public enum TableTask
{
    /// <summary>A number.</summary>
    Regression,

    /// <summary>One of several classes.</summary>
    Classification,
}

/// <summary>
/// What the columns of a table hold, which of them are of use, whether one gives the target away, and what kind of task
/// the target is. Prints as a table.
/// </summary>
public sealed class TableProfile
{
    const int MostNumberedClasses = 10, FewestOfAClass = 5;

    readonly Table _table;

    // The values of the target, some of which may be written in several ways.
    readonly Spellings? _values;

    TableProfile(Table table, ColumnProfile[] columns, ColumnProfile? target, Spellings? values,
        IReadOnlyDictionary<string, string> leaks)
    {
        (_table, Columns, Target, _values, Leaks) = (table, columns, target, values, leaks);
        if (target is not null) (TargetTask, TaskReason) = TaskOf(table, target, values!);
    }

    /// <summary>Looks at every column.</summary>
    /// <param name="table">The table.</param>
    /// <param name="target">The column that is to be predicted; null if there is none.</param>
    /// <param name="kinds">What some columns are, where it is known better.</param>
    /// <param name="apart">Columns that are neither inputs nor the target, such as one that groups rows: they cannot
    /// give the target away.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidDataException">A column holds numbers or dates with a few exceptions, or the target
    /// cannot be predicted: it says why.</exception>
    public static TableProfile Of(Table table, string? target = null,
        IReadOnlyDictionary<string, ColumnKind>? kinds = null, IReadOnlyCollection<string>? apart = null)
    {
        Throw.IfNull(table, "table profile");
        if (target is not null) CheckColumn(table, target, nameof(target));
        foreach (string column in kinds?.Keys ?? []) CheckColumn(table, column, nameof(kinds));
        foreach (string column in apart ?? []) CheckColumn(table, column, nameof(apart));
        ColumnKind? Known(string name) => kinds is not null && kinds.TryGetValue(name, out var kind) ? kind : null;
        ColumnProfile[] columns = [.. table.Columns.Select(name => ColumnProfile.Of(table, name, Known(name)))];
        if (target is null) return new(table, columns, null, null, new Dictionary<string, string>());
        var goal = columns.First(column => column.Name == target);
        var values = new Spellings(table, goal.Counts);
        CheckTarget(table, goal, values);
        var task = TaskOf(table, goal, values).Kind;
        var leaks = new Dictionary<string, string>();
        foreach (var column in columns)
            if (column != goal && column.IsUsed
                && apart?.Contains(column.Name) != true && LeakOf(table, column, goal, values, task) is { } leak)
                leaks[column.Name] = leak;
        return new(table, columns, goal, values, leaks);
    }

    /// <summary>The columns, in the table's order, the target among them.</summary>
    public IReadOnlyList<ColumnProfile> Columns { get; }

    /// <summary>The column that is to be predicted; null if none was named.</summary>
    public ColumnProfile? Target { get; }

    /// <summary>Whether a number or a class is to be predicted. Null without a target.</summary>
    public TableTask? TargetTask { get; }

    /// <summary>Why it is taken to be that.</summary>
    public string TaskReason { get; } = "";

    // More whole numbers than these are nobody's classes.
    const int MostPlausibleClasses = 30;

    /// <summary>Whether the target is of whole numbers, which may be classes as well as numbers. False without a
    /// target, of two values, and of more than thirty.</summary>
    public bool IsTaskOpen => Target is { Kind: ColumnKind.Number }
        && _values!.Counts.Count is > 2 and <= MostPlausibleClasses
        && AreWhole(_table, Target, _values);

    /// <summary>Columns that seem to give the target away, and how: suspected leaks. What will not be known when
    /// predictions are made must not be learned from.</summary>
    public IReadOnlyDictionary<string, string> Leaks { get; }

    /// <summary>What should be known before a model is trained: suspected leaks, numbers that are taken as texts, a
    /// number that may mean a missing value, columns without a name, rows without a target, classes of one row, and
    /// classes that are rare. A sentence each.</summary>
    public IReadOnlyList<string> Warnings => Warn(remedy => remedy.ToString());

    /// <summary>The same, where the settings of <see cref="CsvOptions"/> go by other names, as options of a program
    /// do.</summary>
    /// <param name="say">Says what would do, by those names.</param>
    public IReadOnlyList<string> Warn(Func<CsvRemedy, string> say)
    {
        Throw.IfNull(say, "table profile");
        List<string> warnings = [.. Leaks.Select(leak =>
            $"column '{Printable.Of(leak.Key, 40)}' may give the target away: {leak.Value}"),
            .. Columns.SelectMany(column => ColumnWarnings.Of(_table, column, say))];
        if (Target is null) return warnings;
        string target = $"the target '{Printable.Of(Target.Name, 40)}'";
        if (Target.Missing > 0)
            warnings.Add($"{target} is missing in {Target.Missing:N0} of {Target.Rows:N0} rows: leave "
                + "them out, such as with DropMissing");
        if (TargetTask != TableTask.Classification) return warnings;
        var counts = _values!.Counts;
        string[] single = [.. counts.Where(one => one.Value == 1).Select(one => $"'{one.Key}'").Order()];
        if (single.Length > 0)
            warnings.Add($"{target}: {Printable.List(single, 5)} {(single.Length == 1 ? "has" : "have")} "
                + "one row, which can be learned from or tested with, and not both");
        var rarest = counts.MinBy(one => one.Value);
        if (rarest.Value > 1 && rarest.Value * 20 < Target.Rows - Target.Missing)
            warnings.Add($"{target}: '{Printable.Of(rarest.Key, 40)}' has {rarest.Value:N0} of {Target.Rows:N0} "
                + "rows: the accuracy says little, take the balanced accuracy, and weigh the classes");
        return warnings;
    }

    /// <summary>The names of the columns that have something to learn from, without the target: what a
    /// <see cref="TableEncoder"/> is fitted to.</summary>
    public IReadOnlyList<string> Inputs => [.. Columns.Where(column => column != Target && column.IsUsed)
        .Select(column => column.Name)];

    /// <summary>What each column is.</summary>
    public IReadOnlyDictionary<string, ColumnKind> Kinds => Columns.ToDictionary(column => column.Name,
        column => column.Kind);

    /// <summary>A line for each column: what it holds, why, and what is done with it.</summary>
    public override string ToString() => TextTable.Of(
    [
        ["column", "kind", "missing", "distinct", "range or examples", "remark"],
        .. Columns.Select(column => (string[])
        [
            Printable.Of(column.Name, 40), column.KindText, column.Missing.ToString(CultureInfo.InvariantCulture),
            column.Distinct.ToString(CultureInfo.InvariantCulture),
            column.Range.Length > 0 ? column.Range : Printable.Of(Printable.List([.. column.Examples], 3), 40),
            Printable.Of(Remark(column), 90),
        ]),
    ]);

    string Remark(ColumnProfile column) => column == Target
        ? $"target: {TargetTask!.Value.ToString().ToLowerInvariant()}, {TaskReason}"
        : Leaks.TryGetValue(column.Name, out string? leak) ? $"suspected leak: {leak}"
        : column.IsUsed ? column.Reason : $"left out: {column.Reason}";

    static void CheckColumn(Table table, string column, string parameter)
    {
        if (table.Has(column)) return;
        Throw.Argument($"table profile of {table.Asked}: it has no column '{Printable.Of(column, 40)}': it has "
            + Printable.List([.. table.Columns]), parameter);
    }

    static void CheckTarget(Table table, ColumnProfile target, Spellings values)
    {
        string asked = $"{table.Asked}: the target '{Printable.Of(target.Name, 40)}'";
        if (target.Kind == ColumnKind.Constant)
            Throw.Data($"{asked} is {target.Reason}, and there is nothing to predict: choose another column");
        if (target.Distinct == 1)
            Throw.Data($"{asked} has one value beside missing ones, '{Printable.Of(target.Examples[0])}', and there "
                + "is nothing to predict: choose another column");
        if (values.Counts.Count == 1)
            Throw.Data($"{asked} has one value, '{Printable.Of(values.Counts.Keys.First())}', in several spellings, "
                + "and there is nothing to predict: choose another column");
        if (target.Kind == ColumnKind.Date)
            Throw.Data($"{asked} is a date: choose a number or a category, such as the days between two dates");
        bool number = target.Counts.Keys.All(text => table.TryNumber(text, out _, target.Unit));
        if (target.Kind == ColumnKind.Identifier && !number)
            Throw.Data($"{asked} has {target.Reason}, and classes cannot be learned from one row each: choose "
                + "another column");
    }

    static (TableTask Kind, string Reason) TaskOf(Table table, ColumnProfile target, Spellings values)
    {
        int distinct = values.Counts.Count;
        if (target.Kind is ColumnKind.Boolean || distinct == 2)
            return (TableTask.Classification, $"two values{values.Said}");
        if (target.Kind == ColumnKind.Category)
            return (TableTask.Classification, $"{distinct} categories{values.Said}");
        if (!AreWhole(table, target, values) || distinct > MostNumberedClasses)
            return (TableTask.Regression, FormattableString.Invariant($"{distinct:N0} different numbers"));
        // Counts and scores have many values, or rare ones; labels have many rows each.
        int fewest = values.Counts.Values.Min(), all = target.Rows - target.Missing;
        return distinct <= all / 10 && fewest >= FewestOfAClass && fewest >= all / 200
            ? (TableTask.Classification, $"{distinct} whole numbers, each of many rows")
            : (TableTask.Regression, FormattableString.Invariant($"{distinct:N0} different numbers"));
    }

    static bool AreWhole(Table table, ColumnProfile target, Spellings values) => values.Counts.Keys.All(text =>
        table.TryNumber(text, out double number, target.Unit) && double.IsInteger(number));

    static string? LeakOf(Table table, ColumnProfile column, ColumnProfile target, Spellings values,
        TableTask task)
    {
        const int Fewest = 20;
        const double Almost = 0.999;
        string?[] texts = table.Texts(column.Name),
            goals = [.. table.Texts(target.Name).Select(goal => goal is null ? null : values.Of(goal))];
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(i => texts[i] is not null && goals[i] is not null)];
        if (rows.Length < Fewest || column.Kind == ColumnKind.Date) return null;
        bool groups = column.Kind is ColumnKind.Category or ColumnKind.Boolean;
        // Values of a row each would say nothing about new rows.
        if (groups && column.Distinct > rows.Length / 4) return null;
        double Number(string? text, ColumnProfile of) =>
            table.TryNumber(text!, out double number, of.Unit) ? number : 0;
        if (task == TableTask.Classification)
        {
            if (groups)
                return rows.GroupBy(i => texts[i]).All(same => same.Select(i => goals[i]).Distinct().Count() == 1)
                    ? "each of its values has one class" : null;
            string?[] sorted = [.. rows.OrderBy(i => Number(texts[i], column))
                .ThenBy(i => goals[i], StringComparer.Ordinal)
                .Select(i => goals[i])];
            int changes = Enumerable.Range(1, sorted.Length - 1).Count(i => sorted[i] != sorted[i - 1]);
            return changes == sorted.Distinct().Count() - 1 ? "its numbers alone separate the classes" : null;
        }
        double[] y = [.. rows.Select(i => Number(goals[i], target))];
        if (groups)
        {
            double mean = y.Average(), all = y.Sum(one => (one - mean) * (one - mean));
            double within = rows.Select((row, i) => (texts[row], y[i])).GroupBy(one => one.Item1).Sum(same =>
            {
                double own = same.Average(one => one.Item2);
                return same.Sum(one => (one.Item2 - own) * (one.Item2 - own));
            });
            return within <= (1 - Almost) * all ? "its values alone decide the target" : null;
        }
        double correlation = Correlation(Ranks([.. rows.Select(i => Number(texts[i], column))]), Ranks(y));
        return Math.Abs(correlation) >= Almost
            ? string.Create(CultureInfo.InvariantCulture, $"rank correlation {correlation:0.0000} with the target")
            : null;
    }

    // The place of each number, from the least; equal ones share the mean of theirs.
    static double[] Ranks(double[] x)
    {
        int[] order = [.. Enumerable.Range(0, x.Length).OrderBy(i => x[i])];
        double[] ranks = new double[x.Length];
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && x[order[to]] == x[order[from]];) to++;
            for (int i = from; i < to; i++) ranks[order[i]] = (from + to - 1) / 2.0;
        }
        return ranks;
    }

    static double Correlation(double[] x, double[] y)
    {
        double mx = x.Average(), my = y.Average(), xy = 0, xx = 0, yy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            xy += (x[i] - mx) * (y[i] - my);
            xx += (x[i] - mx) * (x[i] - mx);
            yy += (y[i] - my) * (y[i] - my);
        }
        return xx * yy == 0 ? 0 : xy / Math.Sqrt(xx * yy);
    }
}
