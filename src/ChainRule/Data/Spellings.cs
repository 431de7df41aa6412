using System.Globalization;

namespace ChainRule.Data;

/// <summary>
/// Which texts of a column mean one value: Yes and yes where all are words of yes and no, 1 and 1.0 where all are
/// numbers. A value is called as it is written most often.
/// </summary>
sealed class Spellings
{
    readonly Func<string, string> _key;
    readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    readonly string[][] _merged;

    /// <param name="table">How numbers are written.</param>
    /// <param name="texts">How often each text occurs.</param>
    public Spellings(Table table, IReadOnlyDictionary<string, int> texts)
    {
        _key = Key(table, [.. texts.Keys]);
        string[][] values = [.. texts.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => one.Key).GroupBy(_key).Select(same => same.ToArray())];
        foreach (string[] same in values) _names[_key(same[0])] = same[0];
        Counts = values.ToDictionary(same => same[0], same => same.Sum(text => texts[text]), StringComparer.Ordinal);
        _merged = [.. values.Where(same => same.Length > 1)];
    }

    /// <summary>How often each value occurs.</summary>
    public Dictionary<string, int> Counts { get; }

    /// <summary>How the value of a text is called; a text of another value as it is.</summary>
    public string Of(string text) => _names.GetValueOrDefault(_key(text), text);

    /// <summary>Which texts are taken as one, to end a sentence with; empty if none are.</summary>
    public string Said => string.Concat(_merged.Take(3).Select(same =>
        $"; {Printable.List([.. same.Order(StringComparer.Ordinal).Select(text => $"'{text}'")], 4)} are one"));

    // Codes such as 007 are no numbers.
    static Func<string, string> Key(Table table, IReadOnlyCollection<string> texts)
    {
        if (ColumnProfile.AreBooleans(texts)) return text => text.ToLowerInvariant();
        bool numbers = texts.All(text => table.TryNumber(text, out _)
            && !(text.Length > 1 && text[0] == '0' && text.All(char.IsAsciiDigit)));
        // Of -0 and 0 the sum with 0 is one.
        return numbers ? text => table.TryNumber(text, out double number)
            ? (number + 0.0).ToString("R", CultureInfo.InvariantCulture) : text : text => text;
    }
}
