using System.Text;

namespace ChainRule.Data;

/// <summary>
/// A long text in pieces that fit into memory, to be encoded one after another: their tokens are those of the whole
/// text. A piece ends before white space behind a letter or a number, or before a space behind any other sign: no byte
/// pair
/// tokenizer here has a token that reaches over such a place.
/// </summary>
public static class TextPieces
{
    /// <summary>The pieces of a text.</summary>
    /// <param name="text">What is read to its end, and not closed.</param>
    /// <param name="characters">About how many characters each has; a text without such a place is one piece.</param>
    /// <exception cref="ArgumentOutOfRangeException">Pieces of no characters are asked for.</exception>
    public static IEnumerable<string> Of(TextReader text, int characters = 1 << 20)
    {
        Throw.IfNull(text, "text pieces");
        if (characters < 1)
            Throw.OutOfRange($"text pieces of {characters} characters: give 1 or more", nameof(characters));
        return Read();

        IEnumerable<string> Read()
        {
            var left = new StringBuilder();
            char[] buffer = new char[characters];
            while (text.ReadBlock(buffer) is var count and > 0)
            {
                int end = End(buffer.AsSpan(0, count));
                if (end < 0)
                {
                    left.Append(buffer, 0, count);
                    continue;
                }
                yield return left.Append(buffer, 0, end).ToString();
                left.Clear().Append(buffer, end, count - end);
            }
            if (left.Length > 0) yield return left.ToString();
        }
    }

    // Where the last piece may end; -1 where nowhere.
    static int End(ReadOnlySpan<char> text)
    {
        for (int at = text.Length - 1; at > 0; at--)
        {
            char before = text[at - 1];
            if (text[at] == ' ' ? !char.IsWhiteSpace(before)
                : char.IsWhiteSpace(text[at]) && char.IsLetterOrDigit(before)) return at;
        }
        return -1;
    }
}
