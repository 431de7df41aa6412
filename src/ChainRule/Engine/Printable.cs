using System.Globalization;
using System.Text;

namespace ChainRule;

/// <summary>
/// Text that comes from elsewhere (a file, a name, a server), as it may stand in a message: a character that would
/// steer the terminal or could not be seen there is written as its number, <c>\u001b</c>, and what is long is cut.
/// Everything that quotes such text quotes it through here.
/// </summary>
static class Printable
{
    /// <summary>The most characters that a message has.</summary>
    public const int LongestMessage = 599;

    const char Cut = '…';

    /// <summary>The text on one line, cut after <paramref name="most"/> characters.</summary>
    public static string Of(string? text, int most = 60) => text is null ? "" : Escape(text, keepLines: false, most);

    /// <summary>A path: of a long one the end, which tells most, is kept.</summary>
    public static string Path(string? path)
    {
        const int Most = 200;
        string shown = path is null ? "" : Escape(path, keepLines: false, int.MaxValue);
        return shown.Length <= Most ? shown : Cut + Whole(shown[^(Most - 1)..]);
    }

    /// <summary>How many there are of something: <c>1 row</c>, <c>2,000 rows</c>.</summary>
    public static string Count(long count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {one}{(count == 1 ? "" : "s")}");

    /// <summary>Some texts, separated by commas: the first of them, and how many there are.</summary>
    public static string List(IReadOnlyCollection<string> texts, int most = 20)
    {
        Throw.IfNull(texts, "print a list");
        var shown = new StringBuilder();
        int count = 0;
        foreach (string text in texts)
        {
            string one = Of(text, 40);
            if (count == most || shown.Length + one.Length > 240) break;
            shown.Append(count++ > 0 ? ", " : "").Append(one);
        }
        return count == texts.Count ? shown.ToString() : $"{shown}, {Cut} ({texts.Count} in all)";
    }

    /// <summary>
    /// A message on one line, of at most <see cref="LongestMessage"/> characters: of a longer one, beginning and end.
    /// </summary>
    public static string Message(string message)
    {
        Throw.IfNull(message, "print a message");
        string line = Escape(message, keepLines: false, int.MaxValue);
        const int Head = 400;
        return line.Length <= LongestMessage ? line
            : $"{Whole(line[..Head])} {Cut} {Whole(line[^(LongestMessage - Head - 3)..])}";
    }

    /// <summary>A text of any length that keeps its line ends and tabs.</summary>
    public static string Block(string text)
    {
        Throw.IfNull(text, "print a block");
        return Escape(text, keepLines: true, int.MaxValue);
    }

    static string Escape(string text, bool keepLines, int most)
    {
        if (text.Length <= most && !NeedsEscape(text, keepLines)) return text;
        var shown = new StringBuilder();
        for (int i = 0; i < text.Length;)
        {
            bool whole = Rune.TryGetRuneAt(text, i, out var rune);
            string one = !whole ? Number(text[i], 4)
                : IsPlain(rune, keepLines) ? rune.ToString() : Number(rune.Value, rune.IsBmp ? 4 : 8);
            if (shown.Length + one.Length > most)
            {
                // The dots take the place of what was last: together they are not longer than asked for.
                return shown.Append(Cut).ToString();
            }
            shown.Append(one);
            i += whole ? rune.Utf16SequenceLength : 1;
        }
        return shown.ToString();
    }

    static bool NeedsEscape(string text, bool keepLines)
    {
        foreach (char c in text)
            if (c is < ' ' or > '~' && (c > '~' || !keepLines || c is not ('\n' or '\t'))) return true;
        return false;
    }

    // Joiners shape the letters of some scripts, and steer nothing.
    static bool IsPlain(Rune rune, bool keepLines) => rune.Value switch
    {
        '\n' or '\t' => keepLines,
        0x200C or 0x200D => true,
        _ => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator),
    };

    static string Number(int value, int digits) => value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => (digits == 4 ? "\\u" : "\\U") + value.ToString("x" + digits, CultureInfo.InvariantCulture),
    };

    // Without half a character at either end.
    static string Whole(string text)
    {
        int from = char.IsLowSurrogate(text[0]) ? 1 : 0,
            to = char.IsHighSurrogate(text[^1]) ? text.Length - 1 : text.Length;
        return text[from..to];
    }
}
