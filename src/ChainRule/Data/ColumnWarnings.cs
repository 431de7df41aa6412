using System.Globalization;

namespace ChainRule.Data;

/// <summary>What a column seems to hold beside what it is taken for, a sentence each.</summary>
static class ColumnWarnings
{
    // From this fraction of numbers on, a column of texts is likely to be one of numbers.
    const double MostlyNumbers = 2.0 / 3;

    // A number that stands for a missing value makes up at least this fraction of a column.
    const double FewestMissing = 0.02;

    /// <summary>Numbers that are taken as texts, and a number that may mean a missing value.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">What its column holds.</param>
    /// <param name="say">Says what would do.</param>
    public static IEnumerable<string> Of(Table table, ColumnProfile column, Func<CsvRemedy, string> say)
    {
        if (table.IsUnnamed(column.Name))
            yield return $"the header has no name for {Name(column)}, which is called so by its place";
        if (column.Kind is ColumnKind.Category or ColumnKind.Identifier && column.Reason != "given"
            && AsText(table, column, say) is { } text) yield return text;
        if (column.Kind == ColumnKind.Number)
            foreach (string outlier in Outliers(table, column, say)) yield return outlier;
    }

    static string? AsText(Table table, ColumnProfile column, Func<CsvRemedy, string> say)
    {
        bool IsRead(string text) => table.TryNumber(NumberUnit.Bare(text), out _);
        int all = column.Rows - column.Missing, read = Count(column, IsRead);
        if (read == all) return null;
        string kind = column.Kind == ColumnKind.Category ? "is taken as a category" : "is left out as an identifier";
        if (read >= MostlyNumbers * all)
        {
            string[] strays = [.. column.Counts.Where(one => !IsRead(one.Key)).OrderByDescending(one => one.Value)
                .ThenBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Key)];
            string others = strays.Length == 1 ? "" : $", nor {(strays.Length == 2 ? "is" : "are")} "
                + $"{strays.Length - 1:N0} other{(strays.Length == 2 ? "" : "s")}";
            return $"{Name(column)} {kind}, and {read:N0} of its {all:N0} values are numbers: "
                + $"'{Printable.Of(strays[0], 40)}' is none{others}: {Cure(table, strays[0], say)}"
                + (strays.Length == 1 ? "" : strays.Length == 2 ? ", and do so with the other"
                    : ", and do so with the others");
        }
        foreach (string mark in (string[])[".", ","])
        {
            var format = new NumberFormatInfo { NumberDecimalSeparator = mark, NumberGroupSeparator = "" };
            bool IsNumber(string text) => Column.TryNumber(NumberUnit.Bare(text), format, out _);
            int other = Count(column, IsNumber);
            if (other < MostlyNumbers * all) continue;
            string example = column.Counts.Keys.First(text => IsNumber(text) && !IsRead(text));
            return $"{Name(column)} {kind}, and {other:N0} of its {all:N0} values are numbers if a "
                + $"{(mark == "." ? "point" : "comma")} stands before decimals, such as '{Printable.Of(example, 40)}': "
                + $"read the file with {say(new(CsvRemedyKind.DecimalMark, mark))} then";
        }
        return null;
    }

    // (0.80) is how accountants write -0.80, and <0.5 how laboratories write what they cannot measure.
    static string Cure(Table table, string text, Func<CsvRemedy, string> say)
    {
        bool IsNumber(string part) => table.TryNumber(NumberUnit.Bare(part), out _);
        if (text is ['(', .. var inner, ')'] && IsNumber(inner)) return $"write it as -{Printable.Of(inner, 40)}";
        string missing = say(new(CsvRemedyKind.MissingValues, text));
        bool isLimit = "<>≤≥~".Contains(text[0], StringComparison.Ordinal) && IsNumber(text[1..].Trim('=', ' '));
        return isLimit ? $"write the number alone, or {missing} if it says too little"
            : $"{missing} if it means that the value is missing";
    }

    // Such as -999 among ages: it would move the mean and the scale of all others.
    static IEnumerable<string> Outliers(Table table, ColumnProfile column, Func<CsvRemedy, string> say)
    {
        const int FewestOthers = 3;
        var numbers = column.Counts.GroupBy(one => table.TryNumber(one.Key, out double number, column.Unit)
                ? number : double.NaN)
            .Select(same => (Number: same.Key, Rows: same.Sum(one => one.Value),
                Text: same.MaxBy(one => one.Value).Key))
            .OrderBy(one => one.Number).ToList();
        int all = column.Rows - column.Missing;
        bool IsFar(double number, double nearest, double farthest) => Math.Abs(number - nearest)
            > Math.Abs(farthest - nearest);
        while (numbers.Count > FewestOthers)
        {
            bool last = IsFar(numbers[^1].Number, numbers[^2].Number, numbers[0].Number);
            if (!last && !IsFar(numbers[0].Number, numbers[1].Number, numbers[^1].Number)) yield break;
            var found = last ? numbers[^1] : numbers[0];
            if (found.Rows < FewestMissing * all || !double.IsInteger(found.Number)) yield break;
            numbers.Remove(found);
            yield return $"{Name(column)} is {Printable.Of(found.Text, 40)} in {found.Rows:N0} of {all:N0} rows, far "
                + string.Create(CultureInfo.InvariantCulture, $"outside of the others, {numbers[0].Number:G6} to ")
                + string.Create(CultureInfo.InvariantCulture, $"{numbers[^1].Number:G6}: ")
                + $"{say(new(CsvRemedyKind.MissingValues, found.Text))} if it means that the value is missing";
        }
    }

    static int Count(ColumnProfile column, Predicate<string> fits) =>
        column.Counts.Where(one => fits(one.Key)).Sum(one => one.Value);

    static string Name(ColumnProfile column) => $"column '{Printable.Of(column.Name, 40)}'";
}
