using System.Buffers;
using System.Globalization;
using System.Text;

namespace ChainRule.Data;

/// <summary>
/// Characters and their ids, both ways: for models that read and write text character by character. A character is a
/// Unicode number: one beyond U+FFFF, such as an emoji, is one character, though a .NET string holds it as two.
/// </summary>
public sealed class Vocabulary
{
    const int Unknown = -1;

    readonly Rune[] _runes;

    // The ids of characters below a table's length, and of the others.
    readonly int[] _ids;
    readonly Dictionary<Rune, int> _rare = [];

    /// <summary>
    /// The vocabulary of these characters, the first having id 0: what <see cref="Characters"/> of a saved one says.
    /// </summary>
    /// <exception cref="ArgumentException">There are none, one stands twice, or half a character is
    /// among them.</exception>
    public Vocabulary(string characters)
    {
        Throw.IfNull(characters, "vocabulary");
        if (characters.Length == 0)
            Throw.Argument("vocabulary: there are no characters: give texts that hold some", nameof(characters));
        Characters = characters;
        _runes = [.. Runes("vocabulary", characters)];
        _ids = new int[Math.Min(char.MaxValue, _runes.Max(rune => rune.Value)) + 1];
        Array.Fill(_ids, Unknown);
        for (int id = 0; id < _runes.Length; id++)
        {
            int before = Id(_runes[id]);
            if (before != Unknown)
                Throw.Argument($"vocabulary: {Name(_runes[id])} has ids {before} and {id}: give every character once",
                    nameof(characters));
            if (_runes[id].Value < _ids.Length) _ids[_runes[id].Value] = id;
            else _rare.Add(_runes[id], id);
        }
    }

    /// <summary>
    /// Every character in the order of ids: all that is needed to make the vocabulary again. Where all are below
    /// U+10000, place i holds id i.
    /// </summary>
    public string Characters { get; }

    /// <summary>How many characters there are.</summary>
    public int Size => _runes.Length;

    /// <summary>The character of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is negative, or not below <see cref="Size"/>.</exception>
    public Rune this[int id]
    {
        get
        {
            if ((uint)id >= (uint)Size)
                Throw.OutOfRange($"vocabulary: id {id}: the vocabulary's ids run from 0 to {Size - 1}", nameof(id));
            return _runes[id];
        }
    }

    /// <summary>
    /// The characters that occur in the texts, sorted by their Unicode numbers. The start/end token, which marks where
    /// a text begins and ends and occurs in none, comes before them with id 0: of the lectures' names, <c>.</c> is 0
    /// and <c>a … z</c> are 1 … 26.
    /// </summary>
    /// <exception cref="ArgumentException">A text holds the start/end token, or half a character, or there is no
    /// character at all.</exception>
    public static Vocabulary Of(IEnumerable<string> texts, char? startEndToken = '.')
    {
        Throw.IfNull(texts, "vocabulary");
        var seen = new HashSet<Rune>();
        int line = 0;
        foreach (string text in texts)
        {
            if (startEndToken is { } mark && text.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at)
            {
                Throw.Argument($"vocabulary: text {line} holds the start/end token {Name(new Rune(mark))} at place "
                    + $"{at}: choose a token that no text holds, or null to have none", nameof(startEndToken));
            }
            foreach (var rune in Runes($"vocabulary: text {line}", text)) seen.Add(rune);
            line++;
        }
        var characters = new StringBuilder();
        if (startEndToken is { } first) characters.Append(first);
        foreach (var rune in seen.Order()) characters.Append(rune);
        return new(characters.ToString());
    }

    public bool Contains(char c) => !char.IsSurrogate(c) && Contains(new Rune(c));

    public bool Contains(Rune rune) => Id(rune) != Unknown;

    /// <summary>The id of each character.</summary>
    /// <exception cref="ArgumentException">A character is not in the vocabulary.</exception>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        int[] ids = new int[text.Length];
        int count = 0;
        for (int i = 0; i < text.Length;)
        {
            bool whole = Rune.DecodeFromUtf16(text[i..], out var rune, out int used) == OperationStatus.Done;
            ids[count] = whole ? Id(rune) : Unknown;
            if (ids[count] == Unknown)
            {
                string what = whole ? Name(rune) : $"half of a surrogate pair (U+{(int)text[i]:X4})";
                Throw.Argument($"encode: {what} at place {i} is none of the {Size} characters known, {Shown()}: leave "
                    + "it out, or make a vocabulary with it",
                    nameof(text));
            }
            count++;
            i += used;
        }
        return count == ids.Length ? ids : ids[..count];
    }

    /// <summary>The character of each id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative, or not below <see cref="Size"/>.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder(ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)Size)
                Throw.OutOfRange($"decode: id {ids[i]} at place {i}: the vocabulary's ids run from 0 to {Size - 1}",
                    nameof(ids));
            text.Append(_runes[ids[i]]);
        }
        return text.ToString();
    }

    public override string ToString() => $"vocabulary of {Size} characters, {Shown()}";

    int Id(Rune rune) => rune.Value < _ids.Length ? _ids[rune.Value] : _rare.GetValueOrDefault(rune, Unknown);

    string Shown() => $"\"{Printable.Of(string.Concat(_runes.Where(rune => !Rune.IsControl(rune))), 100)}\"";

    static IEnumerable<Rune> Runes(string asked, string text)
    {
        for (int i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
            {
                Throw.Argument($"{asked}: half of a surrogate pair (U+{(int)text[i]:X4}) stands at place {i}, which is "
                    + "no character: leave it out",
                    nameof(text));
                yield break;
            }
            yield return rune;
            i += rune.Utf16SequenceLength;
        }
    }

    static string Name(Rune rune)
    {
        string number = "U+" + rune.Value.ToString("X4", CultureInfo.InvariantCulture),
            shown = Printable.Of(rune.ToString());
        return shown == rune.ToString() ? $"'{shown}' ({number})" : number;
    }
}
