using System.Globalization;

namespace ChainRule.Data;

/// <summary>One column of a table: its fields as they are written.</summary>
sealed class Column(string name)
{
    readonly List<string> _texts = [];

    public string Name => name;

    /// <summary>Appends a field.</summary>
    public void Add(string field) => _texts.Add(field);

    public string this[int row] => _texts[row];

    /// <summary>The rows asked for, in that order.</summary>
    public Column Take(ReadOnlySpan<int> rows)
    {
        var taken = new Column(name);
        foreach (int row in rows) taken.Add(_texts[row]);
        return taken;
    }

    /// <summary>A finite number, its decimals after the mark given.</summary>
    public bool TryNumber(int row, NumberFormatInfo format, out double number) =>
        TryNumber(_texts[row], format, out number);

    /// <summary>The same of a text. The minus sign of typesetters, U+2212, is read as one.</summary>
    public static bool TryNumber(string text, NumberFormatInfo format, out double number) =>
        double.TryParse(text.Contains('\u2212', StringComparison.Ordinal) ? text.Replace('\u2212', '-') : text,
            NumberStyles.Float, format, out number) && double.IsFinite(number);
}
