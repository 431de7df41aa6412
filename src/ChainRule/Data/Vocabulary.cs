using System.Buffers;
using System.Globalization;

namespace ChainRule.Data;

/// <summary>Characters and their ids, both ways: for models that read and write text letter by letter.</summary>
public sealed class Vocabulary
{
    const int Unknown = -1;

    readonly int[] _ids;

    /// <summary>The vocabulary of these characters, the first having id 0: what <see cref="Characters"/> of a saved one says.</summary>
    /// <exception cref="ArgumentException">There are none, or one stands twice.</exception>
    public Vocabulary(string characters)
    {
        Throw.IfNull(characters, "vocabulary");
        if (characters.Length == 0) Throw.Argument("vocabulary: there are no characters: give texts that hold some");
        Characters = characters;
        _ids = new int[characters.Max() + 1];
        Array.Fill(_ids, Unknown);
        for (int id = 0; id < characters.Length; id++)
        {
            ref int place = ref _ids[characters[id]];
            if (place != Unknown) Throw.Argument($"vocabulary: {Name(characters[id])} has ids {place} and {id}: give every character once");
            place = id;
        }
    }

    /// <summary>Every character in the order of ids: all that is needed to make the vocabulary again.</summary>
    public string Characters { get; }

    /// <summary>How many characters there are.</summary>
    public int Size => Characters.Length;

    /// <summary>
    /// The characters that occur in the texts, sorted by their Unicode numbers. The boundary, which marks where a text begins and ends and occurs in
    /// none, comes before them with id 0: of the lectures' names, <c>.</c> is 0 and <c>a … z</c> are 1 … 26.
    /// </summary>
    /// <exception cref="ArgumentException">A text holds the boundary, or there is no character at all.</exception>
    public static Vocabulary Of(IEnumerable<string> texts, char? boundary = '.')
    {
        Throw.IfNull(texts, "vocabulary");
        var seen = new bool[char.MaxValue + 1];
        int line = 0;
        foreach (string text in texts)
        {
            if (boundary is { } mark && text.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at)
            {
                Throw.Argument($"vocabulary: text {line} holds the boundary {Name(mark)} at place {at}: choose a boundary that no text holds, or "
                    + "null for none");
            }
            foreach (char c in text) seen[c] = true;
            line++;
        }
        var characters = new ArrayBufferWriter<char>();
        if (boundary is { } first) characters.Write([first]);
        for (int c = 0; c < seen.Length; c++)
        {
            if (seen[c]) characters.Write([(char)c]);
        }
        return new(characters.WrittenSpan.ToString());
    }

    public bool Contains(char c) => Id(c) != Unknown;

    /// <summary>The id of each character.</summary>
    /// <exception cref="ArgumentException">A character is not in the vocabulary.</exception>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var ids = new int[text.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = Id(text[i]);
            if (ids[i] == Unknown)
            {
                Throw.Argument($"encode: {Name(text[i])} at place {i} is none of the {Size} characters known, {Shown()}: leave it out, or make a "
                    + "vocabulary with it");
            }
        }
        return ids;
    }

    /// <summary>The character of each id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative, or not below <see cref="Size"/>.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new char[ids.Length];
        for (int i = 0; i < text.Length; i++)
        {
            if ((uint)ids[i] >= (uint)Size) Throw.OutOfRange($"decode: id {ids[i]} at place {i}: the vocabulary's ids run from 0 to {Size - 1}");
            text[i] = Characters[ids[i]];
        }
        return new(text);
    }

    public override string ToString() => $"vocabulary of {Size} characters, {Shown()}";

    int Id(char c) => c < _ids.Length ? _ids[c] : Unknown;

    string Shown()
    {
        string readable = string.Concat(Characters.Where(c => !char.IsControl(c)));
        return readable.Length <= 100 ? $"\"{readable}\"" : $"\"{readable[..100]}…\"";
    }

    static string Name(char c)
    {
        string number = "U+" + ((int)c).ToString("X4", CultureInfo.InvariantCulture);
        return char.IsControl(c) || char.IsSurrogate(c) ? number : $"'{c}' ({number})";
    }
}
