namespace ChainRule.Data;

/// <summary>A way to have a file read that its reader can take.</summary>
public enum CsvRemedyKind
{
    /// <summary>To say whether the first line names the columns, which <see cref="CsvRemedy.Value"/> says.</summary>
    Header,

    /// <summary>To pass over lines above the table: those that <see cref="CsvRemedy.Value"/> names or counts.</summary>
    SkipLines,

    /// <summary>To say what separates fields: <see cref="CsvRemedy.Value"/>.</summary>
    Separator,

    /// <summary>To say what stands before decimals: <see cref="CsvRemedy.Value"/>.</summary>
    DecimalMark,

    /// <summary>To say what stands between groups of three digits: <see cref="CsvRemedy.Value"/>.</summary>
    ThousandsMark,

    /// <summary>To say whether the day stands before the month.</summary>
    DayFirst,

    /// <summary>To say how the numbers and dates of a culture that is not known here are written.</summary>
    Culture,

    /// <summary>To say the encoding.</summary>
    Encoding,

    /// <summary>To name a word that means a missing value.</summary>
    MissingValues,

    /// <summary>To say that the column named by <see cref="CsvRemedy.Value"/> holds categories.</summary>
    Category,

    /// <summary>To take the column named by <see cref="CsvRemedy.Value"/> as text.</summary>
    Text,

    /// <summary>To allow a longer file.</summary>
    MaxBytes,
}

/// <summary>
/// A part of a <see cref="CsvException"/>'s sentence that names a setting of <see cref="CsvOptions"/>. Where the
/// settings go by other names, as options of a program do, that part is said otherwise, and nothing else of the
/// sentence.
/// </summary>
public readonly record struct CsvRemedy
{
    internal CsvRemedy(CsvRemedyKind kind, string value = "") => (Kind, Value) = (kind, value);

    /// <summary>What would do.</summary>
    public CsvRemedyKind Kind { get; }

    /// <summary>The value of the setting, or the column that it is for; empty if neither is known.</summary>
    public string Value => field ?? "";

    internal static CsvRemedy NoHeader => new(CsvRemedyKind.Header, "false");

    /// <summary>To pass over a number of lines.</summary>
    internal static CsvRemedy Skip(long lines) =>
        new(CsvRemedyKind.SkipLines, lines.ToString(System.Globalization.CultureInfo.InvariantCulture));

    internal static CsvRemedy NamedHeader => new(CsvRemedyKind.Header, "true");

    /// <summary>As a program of .NET says it: <c>Header = false</c>.</summary>
    public override string ToString() => Kind switch
    {
        CsvRemedyKind.Header => $"Header = {Value}",
        CsvRemedyKind.SkipLines => long.TryParse(Value, out _) ? $"SkipLines = {Value}"
            : $"pass over {Value} with SkipLines",
        CsvRemedyKind.Separator => $"Separator = '{Value}'",
        CsvRemedyKind.DecimalMark => $"DecimalMark = '{Value}'",
        CsvRemedyKind.ThousandsMark =>
            $"ThousandsMark = \"{Value}\" or with its culture, such as en or de",
        CsvRemedyKind.DayFirst => "DayFirst = true or false",
        CsvRemedyKind.Culture => "say DecimalMark, ThousandsMark and DayFirst",
        CsvRemedyKind.Encoding => ", or give its encoding, such as Encoding = Encoding.Latin1",
        CsvRemedyKind.MissingValues => "name it among MissingValues",
        CsvRemedyKind.Category => "say that the column is a category",
        CsvRemedyKind.Text => ", or take the column by Labels or OneHot",
        CsvRemedyKind.MaxBytes => "give a greater MaxBytes",
        _ => Value,
    };

    /// <summary>What to do to the file itself, where its reader has no such setting.</summary>
    public string OfFile => Kind switch
    {
        CsvRemedyKind.Header => Value == "true" ? "names that no row could hold" : "a line of names above it",
        CsvRemedyKind.SkipLines => long.TryParse(Value, out _) ? "this line taken out" : $"take out {Value}",
        CsvRemedyKind.Separator => $"'{Value}' between its fields",
        CsvRemedyKind.DecimalMark => $"'{Value}' before decimals",
        CsvRemedyKind.ThousandsMark => "these marks taken out",
        CsvRemedyKind.DayFirst => "dates such as 2024-03-31",
        CsvRemedyKind.Culture => "choose one of these",
        CsvRemedyKind.MissingValues => "leave the field empty",
        CsvRemedyKind.Category => "leave the column out",
        CsvRemedyKind.MaxBytes => "give a shorter file",
        _ => "",
    };
}
