using System.Globalization;
using System.Text.RegularExpressions;

namespace ChainRule.Data;

/// <summary>What a column holds: found from its fields, and said with the reason.</summary>
public sealed partial class ColumnProfile
{
    const int MostExamples = 5, FewRows = 10;

    // Of these, spelt in any case, one means no and one yes.
    static readonly string[][] s_booleans = [["false", "true"], ["no", "yes"], ["n", "y"], ["f", "t"], ["off", "on"],
        ["0", "1"]];

    ColumnProfile(string name, int rows, string?[] texts, Dictionary<string, int> counts)
    {
        (Name, Rows, Missing, Distinct) = (name, rows, rows - counts.Values.Sum(), counts.Count);
        Examples = [.. texts.OfType<string>().Distinct(StringComparer.Ordinal).Take(MostExamples)];
        (Counts, Unit) = (counts, NumberUnit.Of(counts));
    }

    /// <summary>Finds out what a column of a table holds.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="kind">What it is, where it is known; null to find out.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidDataException">
    /// Almost all of its fields are numbers or dates, and a few are not; or nothing tells the days of its dates from
    /// their months; or it is not what it is said to be.
    /// </exception>
    public static ColumnProfile Of(Table table, string column, ColumnKind? kind = null)
    {
        Throw.IfNull(table, "column profile");
        Throw.IfNull(column, "column profile");
        if (kind is { } known && !Enum.IsDefined(known))
            Throw.OutOfRange($"column profile: kind {(int)known}: give a ColumnKind", nameof(kind));
        string?[] texts = table.Texts(column);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string? text in texts) if (text is not null) counts[text] = counts.GetValueOrDefault(text) + 1;
        var profile = new ColumnProfile(column, table.Rows, texts, counts);
        if (kind is { } given && profile.Distinct > 0)
        {
            (profile.Kind, profile.Reason) = (given, "given");
            if (given == ColumnKind.Boolean && !profile.IsBoolean)
                Throw.Data($"{table.Asked}: column '{Printable.Of(column, 40)}' is said to be boolean, and holds "
                    + $"{Printable.List([.. profile.Examples])}: take it as a category");
        }
        else (profile.Kind, profile.Reason) = profile.Found(table, texts);
        if (profile.Kind == ColumnKind.Date) profile.Dates = profile.DateReaderOf(table, texts);
        if (profile.Kind == ColumnKind.Number) profile.Measure(table, texts);
        return profile;
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>What it holds.</summary>
    public ColumnKind Kind { get; private set; }

    /// <summary>Why it is taken to be that.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>In how many of them the field is missing.</summary>
    public int Missing { get; }

    /// <summary>How many different values there are, without what is missing.</summary>
    public int Distinct { get; }

    /// <summary>The first different values, as they are written.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>The least number; NaN if the column is not of numbers.</summary>
    public double Min { get; private set; } = double.NaN;

    /// <summary>The mean of the numbers; NaN if the column is not of numbers.</summary>
    public double Mean { get; private set; } = double.NaN;

    /// <summary>The largest number; NaN if the column is not of numbers.</summary>
    public double Max { get; private set; } = double.NaN;

    /// <summary>What stands beside the digits of its numbers, such as $, % or kg; empty if nothing does. Almost all of
    /// its values have it, and 12 % counts as 12.</summary>
    public string Unit { get; }

    /// <summary>Whether it has something to learn from.</summary>
    public bool IsUsed => Kind is not (ColumnKind.Identifier or ColumnKind.Constant);

    /// <summary>How often each value occurs.</summary>
    internal Dictionary<string, int> Counts { get; }

    internal DateReader? Dates { get; private set; }

    /// <summary>What a usual word means, in any case; null of another word.</summary>
    internal static bool? YesOrNo(string text)
    {
        foreach (string[] pair in s_booleans)
        {
            if (text.Equals(pair[0], StringComparison.OrdinalIgnoreCase)) return false;
            if (text.Equals(pair[1], StringComparison.OrdinalIgnoreCase)) return true;
        }
        return null;
    }

    /// <summary>The words that mean no and yes; of a word that the rows do not have, the usual spelling.</summary>
    internal (string No, string Yes) Booleans
    {
        get
        {
            string[] pair = s_booleans.First(pair =>
                Counts.Keys.All(text => pair.Contains(text, StringComparer.OrdinalIgnoreCase)));
            string Written(string word) =>
                Counts.Keys.FirstOrDefault(text => text.Equals(word, StringComparison.OrdinalIgnoreCase)) ?? word;
            return (Written(pair[0]), Written(pair[1]));
        }
    }

    public override string ToString() => $"column '{Printable.Of(Name, 40)}': {KindText}, {Reason}; {Missing} "
        + $"missing, {Distinct} distinct: "
        + Printable.List([.. Examples], MostExamples);

    internal string KindText => Kind.ToString().ToLowerInvariant();

    bool IsBoolean => AreBooleans(Counts.Keys);

    /// <summary>Whether all texts are the words of one pair of no and yes, in any case.</summary>
    internal static bool AreBooleans(IReadOnlyCollection<string> texts) => s_booleans.Any(pair =>
        texts.All(text => pair.Contains(text, StringComparer.OrdinalIgnoreCase)));

    (ColumnKind Kind, string Reason) Found(Table table, string?[] texts)
    {
        if (Distinct == 0) return (ColumnKind.Constant, "missing in every row");
        if (Distinct == 1 && Missing == 0) return (ColumnKind.Constant, "the same in every row");
        if (IsBoolean) return (ColumnKind.Boolean, "two values, no and yes");
        int numbers = Counts.Keys.Count(text => IsNumber(table, text));
        if (numbers == Distinct) return Numeric(table);
        if (Counts.Keys.All(DateReader.IsDate)) return (ColumnKind.Date, "every value is a date");
        if (Counts.Keys.All(DateReader.IsTime)) return (ColumnKind.Date, "every value is a time of day");
        CheckThousands(table, texts);
        CheckUnits(table, texts);
        CheckAlmost(table, texts, text => IsNumber(table, text), "number", "numbers");
        CheckAlmost(table, texts, DateReader.IsDate, "date", "dates");
        if (Rows - Missing >= FewRows && Distinct == Rows - Missing)
            return (ColumnKind.Identifier, "a text of its own in each row");
        if (Rows - Missing >= 2 * FewRows && Distinct >= 0.9 * (Rows - Missing))
            return (ColumnKind.Identifier, "a text of its own in almost every row");
        if (Rows - Missing >= 2 * FewRows && Distinct >= 0.5 * (Rows - Missing) && NamesAnId(Name))
            return (ColumnKind.Identifier, "few rows have the same text, and its name");
        return (ColumnKind.Category, numbers == 0 ? "text" : "text beside numbers");
    }

    // With the unit of the column, if that has one: 5 % and 0.05 are not to be mixed.
    bool IsNumber(Table table, string text) => Unit.Length == 0 ? table.TryNumber(text, out _)
        : NumberUnit.TrySplit(text, out string unit, out string number) && unit == Unit
            && table.TryNumber(number, out _);

    (ColumnKind Kind, string Reason) Numeric(Table table)
    {
        if (Unit.Length > 0) return (ColumnKind.Number, $"every value is a number, with '{Unit}'");
        if (Counts.Keys.Any(text => text.Length > 1 && text[0] == '0' && text.All(char.IsAsciiDigit)))
            return (ColumnKind.Category, "codes that begin with 0");
        double[] numbers = [.. Counts.Keys.Select(text => table.TryNumber(text, out double number) ? number : 0)];
        bool each = Missing == 0 && Distinct == Rows && Rows >= 3 && numbers.All(double.IsInteger);
        if (each && NamesAnId(Name)) return (ColumnKind.Identifier, "a number of its own in each row, and its name");
        // Numbered from 0 or 1, in the rows' order or another.
        if (each && Rows >= FewRows && numbers.Min() is 0 or 1 && numbers.Max() - numbers.Min() == Rows - 1)
            return (ColumnKind.Identifier, "it numbers the rows");
        return (ColumnKind.Number, "every value is a number");
    }

    // Where nine in ten are one thing, the rest are errors, and as categories the numbers would lose what they say.
    void CheckAlmost(Table table, string?[] texts, Predicate<string> fits, string one, string many)
    {
        int fitting = Counts.Where(value => fits(value.Key)).Sum(value => value.Value), all = Rows - Missing;
        int distinct = Counts.Keys.Count(text => fits(text));
        bool strays = Counts.Keys.All(text => fits(text) || IsNotANumber(text));
        if (distinct == 0 || !(strays && distinct > 1) && (fitting < 0.9 * all || distinct <= FewRows)) return;
        int row = Array.FindIndex(texts, text => text is not null && !fits(text));
        string finite = IsNotANumber(texts[row]!) ? "finite " : "";
        CsvException.Refuse($"{table.Where(Name, row)}: '{Printable.Of(texts[row])}' is no {finite}{one}, and "
            + $"{fitting:N0} of {all:N0} rows hold {many}: correct it, {MissingWord(texts[row])}, or {AsCategory}");
    }

    // As texts, such numbers would say nothing of their size.
    void CheckThousands(Table table, string?[] texts)
    {
        if (table.Format.ThousandsMark is not null) return;
        foreach (string mark in (ReadOnlySpan<string>)[",", ".", "'", " "])
        {
            bool IsMarked(string text) => Thousands().Match(NumberUnit.Bare(text)).Groups["mark"].Value == mark;
            string[] marked = [.. Counts.Keys.Where(IsMarked)];
            if (marked.Length < 2
                || !Counts.Keys.All(text => IsMarked(text) || table.TryNumber(NumberUnit.Bare(text), out _))) continue;
            CsvException.Refuse($"{table.Where(Name, Array.IndexOf(texts, marked[0]))}: '{Printable.Of(marked[0])}' "
                + $"seems to be a number with a mark of thousands: read the file with "
                + $"{new CsvRemedy(CsvRemedyKind.ThousandsMark, mark)}, or {AsCategory}");
        }
    }

    [GeneratedRegex(@"^[+-]?\d{1,3}(?<mark>[,.' ])\d{3}(\k<mark>\d{3})*([.,]\d+)?$")]
    private static partial Regex Thousands();

    CsvRemedy AsCategory => new(CsvRemedyKind.Category, Name);

    static CsvRemedy MissingWord(string? text) => new(CsvRemedyKind.MissingValues, text ?? "");

    // As texts they would say nothing of their size either, and nobody can tell how much each is of the others. A few,
    // such as 500 g and 1 kg, may be the names of packets.
    void CheckUnits(Table table, string?[] texts)
    {
        string? one = Array.Find(texts, text => text is not null && NumberUnit.TrySplit(text, out _, out _));
        if (one is null || !NumberUnit.TrySplit(one, out string first, out _)
            || !Counts.Keys.All(text => table.TryNumber(NumberUnit.Bare(text), out _))) return;
        bool IsSigned(string text) => NumberUnit.TrySplit(text, out string unit, out _) && NumberUnit.IsSign(unit);
        if (Distinct <= FewRows && !Counts.Keys.Any(IsSigned)) return;
        int row = Array.FindIndex(texts, text => text is not null
            && !(NumberUnit.TrySplit(text, out string unit, out _) && unit == first));
        CsvException.Refuse($"{table.Where(Name, row)}: '{Printable.Of(texts[row])}' stands among numbers with "
            + $"'{first}', such as '{Printable.Of(one)}': write all in one unit, or {AsCategory}");
    }

    // What programs write for numbers that are none.
    static bool IsNotANumber(string text) => text.TrimStart('+', '-').ToLowerInvariant()
        is "nan" or "inf" or "infinity" or "∞" or "null" or "none" or "nil" or "n/a" or "na" or "#n/a" or "#div/0!"
        or "" or ".";

    static bool NamesAnId(string name)
    {
        string lower = name.ToLowerInvariant();
        return lower is "id" or "uuid" or "key" or "index" or "row" or "no" or "nr"
            || name.EndsWith("ID", StringComparison.Ordinal) || name.EndsWith("Id", StringComparison.Ordinal)
            || lower.EndsWith("_id", StringComparison.Ordinal) || lower.EndsWith(" id", StringComparison.Ordinal)
                || lower.EndsWith("number", StringComparison.Ordinal);
    }

    DateReader DateReaderOf(Table table, string?[] texts)
    {
        if (Counts.Keys.All(DateReader.IsTime)) return new(null, clock: true);
        int row = Array.FindIndex(texts, text => text is not null && !DateReader.IsDate(text));
        if (row >= 0)
            CsvException.Refuse($"{table.Where(Name, row)}: '{Printable.Of(texts[row])}' is no date: correct it, "
                + $"{MissingWord(texts[row])}, or {AsCategory}");
        return DateReader.Of($"{table.Asked}: column '{Printable.Of(Name, 40)}'", Counts.Keys,
            table.Format.DayFirst);
    }

    void Measure(Table table, string?[] texts)
    {
        double?[] fields = table.Numbers(Name, Unit);
        int far = Array.FindIndex(fields, field => field is { } number && !float.IsFinite((float)number));
        if (far >= 0)
            CsvException.Refuse($"{table.Where(Name, far)}: {fields[far]:G4} passes what float32 holds: correct it, "
                + $"{MissingWord(texts[far])}, or give the column a larger unit");
        double[] numbers = [.. fields.OfType<double>()];
        if (numbers.Length > 0)
            (Min, Mean, Max) = (numbers.Min(), numbers.Sum(one => one / numbers.Length), numbers.Max());
    }

    internal string Range => double.IsNaN(Mean) ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{Min:G4} to {Max:G4}, mean {Mean:G4}");
}
