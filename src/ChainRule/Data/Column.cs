using System.Globalization;

namespace ChainRule.Data;

/// <summary>One column of a table: its fields as they are written.</summary>
sealed class Column(string name, bool unnamed = false)
{
    readonly List<string> _texts = [];

    /// <summary>A column of fields that are there already; null is missing.</summary>
    public Column(string name, IEnumerable<string?> fields) : this(name) =>
        _texts.AddRange(fields.Select(field => field ?? ""));

    public string Name => name;

    /// <summary>Whether the header has no name for it.</summary>
    public bool IsUnnamed => unnamed;

    /// <summary>Appends a field.</summary>
    public void Add(string field) => _texts.Add(field);

    public string this[int row] => _texts[row];

    /// <summary>The rows asked for, in that order.</summary>
    public Column Take(ReadOnlySpan<int> rows)
    {
        var taken = new Column(name, unnamed);
        foreach (int row in rows) taken.Add(_texts[row]);
        return taken;
    }

    /// <summary>A finite number, its decimals after the mark given.</summary>
    public bool TryNumber(int row, NumberFormatInfo format, out double number) =>
        TryNumber(_texts[row], format, out number);

    /// <summary>How numbers are written in a file: the mark of thousands is empty if they have none.</summary>
    public static NumberFormatInfo Numbers(CsvOptions format) => new()
    {
        NumberDecimalSeparator = format.DecimalMark == ',' ? "," : ".",
        NumberGroupSeparator = format.ThousandsMark is { } mark ? mark.ToString() : "",
    };

    /// <summary>The same of a text. The minus sign of typesetters, U+2212, is read as one.</summary>
    public static bool TryNumber(string text, NumberFormatInfo format, out double number)
    {
        number = 0;
        if (text.Contains('\u2212', StringComparison.Ordinal)) text = text.Replace('\u2212', '-');
        if (format.NumberGroupSeparator.Length > 0 && !TryUngroup(ref text, format)) return false;
        return double.TryParse(text, NumberStyles.Float, format, out number) && double.IsFinite(number);
    }

    // Takes the marks out of 1.234.567,89; false where they do not stand before three digits each.
    static bool TryUngroup(ref string text, NumberFormatInfo format)
    {
        // Spaces of every width, and both apostrophes.
        string marks = format.NumberGroupSeparator[0] switch
        {
            ' ' => " \u00a0\u2009\u202f",
            '\'' => "'\u2019",
            var mark => mark.ToString(),
        };
        int end = text.IndexOf(format.NumberDecimalSeparator[0], StringComparison.Ordinal);
        string whole = end < 0 ? text : text[..end], rest = text[whole.Length..];
        if (rest.AsSpan().IndexOfAny(marks) >= 0) return false;
        string[] groups = whole.Split(marks.ToCharArray());
        if (groups.Length == 1) return true;
        if (groups[0].TrimStart('+', '-').Length is 0 or > 3) return false;
        if (groups.Skip(1).Any(group => group.Length != 3 || !group.All(char.IsAsciiDigit))) return false;
        text = string.Concat(groups) + rest;
        return true;
    }
}
