using System.Text;

namespace ChainRule.Data;

/// <summary>What to do about a field that holds nothing, in the columns that are asked for.</summary>
public enum Missing
{
    /// <summary>Refuse, naming the first such field.</summary>
    Error,

    /// <summary>
    /// Put the mean of the column's numbers there: of this table. To put the training rows' mean into other rows, give
    /// <see cref="Table.Tensor(IReadOnlyList{string}, ReadOnlySpan{double})"/> their <see cref="Table.Means"/>.
    /// </summary>
    Mean,

    /// <summary>
    /// Leave out every row that lacks something in any column of the file. For some columns alone:
    /// <c>table.Select("Survived", "Sex", "Age").DropMissing()</c>.
    /// </summary>
    Drop,
}

/// <summary>
/// How a CSV file is written. What is null is found in the file itself, and <see cref="Table.Format"/>
/// says what was found.
/// </summary>
public sealed record CsvOptions
{
    /// <summary>
    /// Whether the first line names the columns. Null, the default, means that it does, but that a first line which
    /// looks like a row is refused rather than taken for names; where it has no name, the column is called by its
    /// place, such as <c>column 1</c>. Without a header columns are named 0, 1, 2 …
    /// </summary>
    public bool? Header { get; init; }

    /// <summary>
    /// What stands between two fields; a space stands for one or more spaces and tabs. Found by default, among , ;
    /// tab | and spaces.
    /// </summary>
    public char? Separator { get; init; }

    /// <summary>
    /// What stands before the decimals of a number: <c>.</c> or <c>,</c>; found by default. No number may have marks of
    /// thousands: where all that a file holds is like 1.000, and no comma separates its fields, nobody can tell 1 from
    /// 1000, and such a number is refused until the mark is given.
    /// </summary>
    public char? DecimalMark { get; init; }

    /// <summary>
    /// What stands between groups of three digits: <c>.</c> of 1.234,56, <c>,</c>, <c>'</c> or a space, of whatever
    /// width. Null, the default, allows none, since 1.234 may be a number with decimals. A point here says that a comma
    /// stands before decimals, and a comma that a point does.
    /// </summary>
    public char? ThousandsMark { get; init; }

    /// <summary>
    /// Of dates such as 3/4/2024, whether the day stands first. Null, the default, finds out from the other rows of the
    /// column, and refuses it if none tells.
    /// </summary>
    public bool? DayFirst { get; init; }

    /// <summary>
    /// The encoding; found by default, as UTF-8, UTF-16 or UTF-32. An eight-bit one, such as Windows-1252, must be
    /// given: bytes do not tell which it is.
    /// </summary>
    public Encoding? Encoding { get; init; }

    /// <summary>
    /// How many lines to pass over before the header or the first row, such as a line of counts; none by default.
    /// </summary>
    public int SkipLines { get; init; }

    /// <summary>
    /// The fields that mean that a value is missing; by default the empty field, <c>NA</c>, <c>NaN</c> and <c>?</c>.
    /// </summary>
    public IReadOnlyList<string> MissingValues { get; init; } = ["", "NA", "NaN", "?"];

    /// <summary>What to do about missing values in columns that are asked for; an error by default.</summary>
    public Missing Missing { get; init; } = Missing.Error;

    /// <summary>
    /// The most bytes that are read, un-gzipped; 1 GiB by default, which takes some 10 GiB of memory as a table of
    /// short fields. What never ends, such as a pipe, ends there.
    /// </summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>
    /// How numbers and dates are written in a language or country: <c>de</c>, <c>en-US</c>, <c>fr-CH</c>.
    /// </summary>
    /// <exception cref="ArgumentException">It is not known here: then say decimal mark, mark of thousands and order of
    /// dates.</exception>
    public static CsvOptions ForCulture(string culture) => Culture.Of(culture);

    /// <summary>The decimal mark that the mark of thousands leaves.</summary>
    internal CsvOptions WithDecimalMark() => DecimalMark is not null ? this : ThousandsMark switch
    {
        '.' => this with { DecimalMark = ',' },
        ',' => this with { DecimalMark = '.' },
        _ => this,
    };

    // The parameter that the options come by.
    const string Refused = "options";

    /// <summary>Refuses what no file can be written as.</summary>
    internal void Check(string asked)
    {
        if (SkipLines < 0) Throw.OutOfRange($"{asked}: SkipLines = {SkipLines}: give 0 or more", Refused);
        if (MaxBytes < 1) Throw.OutOfRange($"{asked}: MaxBytes = {MaxBytes}: give 1 or more", Refused);
        CheckMissing(asked, Missing, Refused);
        if (MissingValues is null)
            Throw.Argument($"{asked}: MissingValues is null: give a list, empty if no field means that a value is "
                + "missing", Refused);
        if (DecimalMark is not (null or '.' or ','))
            Throw.Argument($"{asked}: DecimalMark = {Shown(DecimalMark.Value)}: give '.' or ',', or null to have it "
                + "found", Refused);
        if (ThousandsMark is not (null or '.' or ',' or '\'' or ' '))
            Throw.Argument($"{asked}: ThousandsMark = {Shown(ThousandsMark.Value)}: give '.', ',', an apostrophe or a "
                + "space, or null if numbers have none", Refused);
        if (ThousandsMark is not null && ThousandsMark == DecimalMark)
            Throw.Argument($"{asked}: ThousandsMark and DecimalMark are both '{DecimalMark}': give another for one of "
                + "them", Refused);
        if (Separator is '"' or '\r' or '\n' or '\0'
            || Separator is { } s && (char.IsAsciiLetterOrDigit(s) || char.IsSurrogate(s)))
            Throw.Argument($"{asked}: Separator = {Shown(Separator.Value)}: give a character that stands in no field, "
                + "such as ',', ';' or '\\t', or null to have it found",
                Refused);
    }

    internal static void CheckMissing(string asked, Missing missing, string parameter = "missing")
    {
        if (!Enum.IsDefined(missing))
            Throw.OutOfRange($"{asked}: Missing = {(int)missing}: give Missing.Error, Mean or Drop", parameter);
    }

    internal string Says()
    {
        string separator = Separator is { } s and not ',' ? $", separated by {Shown(s)}" : "";
        string mark = DecimalMark switch { ',' => ", decimal mark ','", null => ", decimal mark unknown", _ => "" };
        if (ThousandsMark is { } thousands) mark += $", mark of thousands '{thousands}'";
        string header = Header == false ? ", without a header" : "";
        string encoding = Encoding is { } e and not UTF8Encoding ? $", in {e.WebName}" : "";
        return separator + mark + header + encoding;
    }

    /// <summary>Every setting, as it is written in C#.</summary>
    public override string ToString()
    {
        static string Mark(char? mark) => mark is { } one ? $"'{Printable.Of(one.ToString())}'" : "null";
        static string Choice(bool? choice) => choice switch { true => "true", false => "false", null => "null" };
        string missing = MissingValues is null ? "null" : string.Join(", ", MissingValues.Select(word =>
            $"\"{Printable.Of(word, 40)}\""));
        return $"CsvOptions {{ Header = {Choice(Header)}, Separator = {Mark(Separator)}, DecimalMark = "
            + $"{Mark(DecimalMark)}, ThousandsMark = {Mark(ThousandsMark)}, DayFirst = {Choice(DayFirst)}, Encoding = "
            + $"{Encoding?.WebName ?? "null"}, SkipLines = {SkipLines}, MissingValues = [{missing}], Missing = "
            + $"{Missing}, MaxBytes = {MaxBytes} }}";
    }

    internal static string Shown(char separator) =>
        separator switch { '\t' => "tabs", ' ' => "spaces", _ => $"'{Printable.Of(separator.ToString())}'" };
}
