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

    /// <summary>What a text is that is no table: the rest of a sentence; null where nothing tells.</summary>
    public static string? WhatElse(string text) =>
        Json().IsMatch(text) ? "is JSON: write its records as CSV first, such as with pandas: read_json, then to_csv"
        : text.StartsWith("@relation", StringComparison.OrdinalIgnoreCase)
            ? "is an ARFF file: read what stands below its line @data, with SkipLines and Header = false"
        : null;

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
        foreach (string field in fields)
        {
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

    /// <summary>Why a text is no number, and what would make it one: the rest of a sentence.</summary>
    public static string WhyNoNumber(string text, char mark)
    {
        const string Take = ", or take the column by Labels or OneHot";
        if (mark == '.' && Thousands().IsMatch(text))
            return "is no number: take out the mark of thousands, or read the file with DecimalMark = ',' if it "
                + $"stands before decimals{Take}";
        if (mark == '.' && CommaNumber().IsMatch(text))
            return $"is no number with a decimal point: read the file with DecimalMark = ','{Take}";
        if (mark == ',' && PointThousands().IsMatch(text))
            return "is no number: take out the mark of thousands, or read the file with DecimalMark = '.' if it "
                + $"stands before decimals{Take}";
        if (mark == ',' && PointNumber().IsMatch(text))
            return $"is no number with a decimal comma: read the file with DecimalMark = '.'{Take}";
        if (text.Length > 1 && text[0] is '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014'
            or '\ufe63' or '\uff0d')
            return $"is no number: it begins with the dash U+{(int)text[0]:X4} in place of a minus sign: replace it by "
                + $"'-'{Take}";
        if (Decorated().IsMatch(text))
            return $"is no number: take out marks of thousands, units and signs of money{Take}";
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            return $"is no finite number: correct it, or name it among MissingValues{Take}";
        return $"is no number: correct it, name it among MissingValues{Take}";
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
