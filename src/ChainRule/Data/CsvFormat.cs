using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ChainRule.Data;

/// <summary>Finds out from the beginning of a CSV text how it is written.</summary>
sealed partial class CsvFormat
{
    const int RowsLookedAt = 200;

    static readonly char[] s_separators = ['\t', ';', ',', '|', ' '];

    /// <summary>The options with separator and decimal mark filled in, and the rows that they were found in.</summary>
    public static (CsvOptions Options, List<string[]> Rows) Find(string text, bool whole, CsvOptions options)
    {
        char separator = options.Separator ?? Separator(text, whole, options.MissingValues);
        var rows = Rows(text, whole, separator);
        char? mark = options.DecimalMark
            ?? DecimalMark(rows.SelectMany(row => row), separator == ',' && rows.Exists(row => row.Length > 1));
        return (options with { Separator = separator, DecimalMark = mark }, rows);
    }

    /// <summary>
    /// Why a first line looks like a row and not like names: the end of "line 1 holds …"; null where it does not. A
    /// name is no number, no date and no mark of a missing value, and it does not stand below itself.
    /// </summary>
    public static string? WhyRow(List<string[]> rows, IReadOnlyList<string> missing)
    {
        if (rows.Count < 2) return null;
        string[] first = rows[0];
        for (int c = 0; c < first.Length; c++)
        {
            string name = first[c];
            if (IsNumberLike(name) || (name.Length > 0 && missing.Contains(name)))
                return $"holds '{Printable.Of(name, 40)}', as a row does";
        }
        bool named = Enumerable.Range(0, first.Length).Any(c => IsNumeric(rows, c, missing));
        for (int c = 0; c < first.Length && !named; c++)
        {
            // A whole line that comes again may be the header again: that is another fault.
            if (first[c].Length > 0 && rows.Skip(1)
                .Any(row => c < row.Length && row[c] == first[c] && (first.Length == 1 || !row.SequenceEqual(first))))
                return $"holds '{Printable.Of(first[c], 40)}', which stands in rows of that column too";
        }
        return null;
    }

    /// <summary>Whether a first line that begins with a whole number is unlike the rows below, as one that counts them
    /// and names their classes is: it has another number of fields than all of them, or a word above a column of
    /// numbers.</summary>
    public static bool CountsRows(List<string[]> rows)
    {
        string[] first = rows[0];
        if (rows.Count < 3 || !first[0].All(char.IsAsciiDigit) || first[0].Length == 0) return false;
        int width = rows[1].Length;
        if (rows.Skip(2).Any(row => row.Length != width)) return false;
        return first.Length != width
            || first.Index().Any(one => one.Item.Length > 0 && !IsNumberLike(one.Item)
                && IsNumeric(rows, one.Index, []));
    }

    /// <summary>Refuses a text that is known to be no table.</summary>
    public static void RefuseOther(string asked, string text)
    {
        if (Json().IsMatch(text))
            Throw.Data($"{asked}: the file is JSON: write its records as CSV first, such as with pandas: read_json, "
                + "then to_csv");
        if (text.StartsWith("@relation", StringComparison.OrdinalIgnoreCase))
            CsvException.Refuse($"{asked}: the file is an ARFF file: {new CsvRemedy(CsvRemedyKind.SkipLines,
                "all lines down to @data")}, and read what stands below with {CsvRemedy.NoHeader}");
    }

    /// <summary>
    /// The separator that a first line names to a spreadsheet, such as <c>sep=;</c>; null where it names none.
    /// </summary>
    public static char? SaidSeparator(string text) =>
        Separation().Match(text) is { Success: true } line ? line.Groups[1].Value[0] : null;

    // Digits, and what stands between and around digits: 5, −1.5e3, 12 %, 2020-01-31, 10:30.
    static bool IsNumberLike(string text) => NumberLike().IsMatch(text);

    static bool IsNumeric(List<string[]> rows, int c, IReadOnlyList<string> missing)
    {
        bool some = false;
        foreach (string[] row in rows.Skip(1))
        {
            if (c >= row.Length || missing.Contains(row[c])) continue;
            if (!IsNumberLike(row[c])) return false;
            some = true;
        }
        return some;
    }

    /// <summary>
    /// The separator that gives every row as many fields; of several, that which leaves most columns numbers.
    /// </summary>
    static char Separator(string text, bool whole, IReadOnlyList<string> missing)
    {
        (char Separator, double Even, double Numeric) best = (',', 0, 0);
        foreach (char candidate in s_separators)
        {
            var rows = Rows(text, whole, candidate);
            if (rows.Count == 0) continue;
            int width = rows.GroupBy(row => row.Length).MaxBy(group => group.Count())!.Key;
            if (width < 2) continue;
            double even = rows.Count(row => row.Length == width) / (double)rows.Count;
            double numeric = Enumerable.Range(0, width)
                .Count(c => IsNumeric([[], .. rows.Skip(rows.Count > 1 ? 1 : 0)], c, missing)) / (double)width;
            // Words have spaces between them: only where all rows have as many, and numbers among
            // them, do spaces separate.
            if (candidate == ' ' && (even < 1 || numeric == 0)) continue;
            if (even < 0.5 || (even, numeric).CompareTo((best.Even, best.Numeric)) <= 0) continue;
            best = (candidate, even, numeric);
        }
        return best.Separator;
    }

    /// <summary>
    /// A comma where fields such as 6,9 are, and none such as 6.9; three digits after either may be thousands, and say
    /// nothing: null where there are such after a point and nothing else. Where commas separate the fields, no comma is
    /// expected before decimals, and a point stands there.
    /// </summary>
    public static char? DecimalMark(IEnumerable<string> fields, bool commasSeparate)
    {
        bool comma = false, unknown = false;
        foreach (string written in fields)
        {
            string field = NumberUnit.Bare(written);
            bool thousands = PointThousands().IsMatch(field);
            if (PointNumber().IsMatch(field) && !thousands) return '.';
            unknown |= thousands;
            comma |= CommaNumber().IsMatch(field) && !Thousands().IsMatch(field);
        }
        return comma ? ',' : unknown && !commasSeparate ? null : '.';
    }

    /// <summary>Whether a number may be one with decimals or one with marks of thousands: 1.000.</summary>
    public static bool IsAmbiguous(string text) => PointThousands().IsMatch(text);

    static List<string[]> Rows(string text, bool whole, char separator)
    {
        List<string[]> found = [];
        var rows = new CsvRows(new StringReader(text), separator);
        try
        {
            while (found.Count < RowsLookedAt && rows.Read()) found.Add([.. rows.Fields]);
        }
        catch (FormatException)
        {
            // Not quoted for this separator, or not at all: what was read until here tells.
            return found;
        }
        if (!whole && found.Count is > 1 and < RowsLookedAt) found.RemoveAt(found.Count - 1);
        return found;
    }

    /// <summary>Refuses a text that should be a number: says why it is none, and what would make it one.</summary>
    /// <param name="where">Where it stands, and what it is: the beginning of the sentence.</param>
    /// <param name="text">The text.</param>
    /// <param name="mark">What stands before decimals.</param>
    /// <param name="column">The column's name.</param>
    [DoesNotReturn]
    public static void RefuseNumber(string where, string text, char mark, string column)
    {
        CsvRemedy take = new(CsvRemedyKind.Text, column), missing = new(CsvRemedyKind.MissingValues, text);
        CsvRemedy other = new(CsvRemedyKind.DecimalMark, mark == '.' ? "," : ".");
        if ((mark == '.' ? Thousands() : PointThousands()).IsMatch(text))
            CsvException.Refuse($"{where} is no number: take out the mark of thousands, or read the file with {other} "
                + $"if it stands before decimals{take}");
        if ((mark == '.' ? CommaNumber() : PointNumber()).IsMatch(text))
            CsvException.Refuse($"{where} is no number with a decimal {(mark == '.' ? "point" : "comma")}: read the "
                + $"file with {other}{take}");
        if (text.Length > 1 && text[0] is '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014'
            or '\ufe63' or '\uff0d')
            CsvException.Refuse($"{where} is no number: it begins with the dash U+{(int)text[0]:X4} in place of a "
                + $"minus sign: replace it by '-'{take}");
        if (Decorated().IsMatch(text))
            CsvException.Refuse($"{where} is no number: take out marks of thousands, units and signs of money{take}");
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            CsvException.Refuse($"{where} is no finite number: correct it, or {missing}{take}");
        CsvException.Refuse($"{where} is no number: correct it or {missing}{take}");
    }

    [GeneratedRegex(@"^[-+−$€£]?\s?\d[\d.,:/\-+− Te]*\s?[%€]?$|^[-+−]?\.\d+(e[-+−]?\d+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex NumberLike();

    [GeneratedRegex(@"^[-+−]?\d*\.\d+(e[-+−]?\d+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex PointNumber();

    [GeneratedRegex(@"^[-+−]?\d*,\d+(e[-+−]?\d+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex CommaNumber();

    [GeneratedRegex(@"^[-+−]?\s?[$€£¥]?\s?\d[\d.,'’\s]*\s?[%‰$€£¥]?$")]
    private static partial Regex Decorated();

    [GeneratedRegex(@"^\s*(\{\s*""|\[\s*[\{\[""])")]
    private static partial Regex Json();

    [GeneratedRegex(@"^sep=(.)\r?\n", RegexOptions.IgnoreCase)]
    private static partial Regex Separation();

    [GeneratedRegex(@"^[-+−]?[1-9]\d{0,2}(\.\d{3})+$")]
    private static partial Regex PointThousands();

    [GeneratedRegex(@"^[-+−]?[1-9]\d{0,2}(,\d{3})+$")]
    private static partial Regex Thousands();
}
