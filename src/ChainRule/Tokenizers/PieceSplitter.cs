using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace ChainRule.Tokenizers;

/// <summary>
/// Cuts bytes of UTF-8 into pieces, as the regular expressions of the <see cref="TokenPattern"/>s do on Unicode
/// characters, read by hand: in one pass, without a string. A byte that is no part of a character is a sign by itself.
/// </summary>
readonly struct PieceSplitter(TokenPattern pattern)
{
    // What a character is: a letter, a number, white space, the end of a line; whether it may stand in a word's first,
    // large part, and in its second, small part (o200k: letters without case, and marks, may stand in both).
    const int Letter = 1, Number = 2, White = 4, LineEnd = 8, Large = 16, Small = 32;

    static readonly byte[] s_ascii = [.. Enumerable.Range(0, 128).Select(c => (byte)KindOf(new Rune(c)))];

    readonly int _digits = pattern == TokenPattern.Qwen2 ? 1 : 3;

    /// <summary>Where the piece ends that begins at a place.</summary>
    public int Next(ReadOnlySpan<byte> text, int at) => pattern switch
    {
        TokenPattern.Gpt2 => Gpt2(text, at),
        TokenPattern.O200k => O200k(text, at),
        _ => Cl100k(text, at),
    };

    // '(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
    static int Gpt2(ReadOnlySpan<byte> text, int at)
    {
        if (Ending(text, at, anyCase: false) is > 0 and var length) return at + length;
        int kind = Kind(text, at, out _), from = at;
        if (text[at] == ' ' && at + 1 < text.Length && Kind(text, at + 1, out _) is var second && (second & White) == 0)
            (kind, from) = (second, at + 1);
        return (kind & White) != 0 ? Spaces(text, at, lines: false, wholeAtEnd: true)
            : Run(text, from, Letter | Number | White, kind & (Letter | Number));
    }

    // '(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s+$|\s*[\r\n]|\s+(?!\S)|\s
    int Cl100k(ReadOnlySpan<byte> text, int at)
    {
        if (Ending(text, at, anyCase: true) is > 0 and var length) return at + length;
        int kind = Kind(text, at, out int size);
        if ((kind & Letter) != 0) return Run(text, at, Letter, Letter);
        if ((kind & Number) != 0) return Numbers(text, at);
        if ((kind & LineEnd) == 0 && at + size < text.Length && (Kind(text, at + size, out _) & Letter) != 0)
            return Run(text, at + size, Letter, Letter);
        return Signs(text, at, slash: false) ?? Spaces(text, at, lines: true, pattern == TokenPattern.Cl100k);
    }

    // [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
    // |[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
    // |\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
    int O200k(ReadOnlySpan<byte> text, int at)
    {
        int kind = Kind(text, at, out int size);
        if ((kind & Number) != 0) return Numbers(text, at);
        int behind = (kind & (Letter | Number | LineEnd)) == 0 && at + size < text.Length ? at + size : -1;
        int end = behind < 0 ? -1 : SmallWord(text, behind);
        if (end < 0) end = SmallWord(text, at);
        if (end < 0 && behind >= 0) end = LargeWord(text, behind);
        if (end < 0) end = LargeWord(text, at);
        return end >= 0 ? end + Ending(text, end, anyCase: true)
            : Signs(text, at, slash: true) ?? Spaces(text, at, lines: true, wholeAtEnd: false);
    }

    // Large letters, and then at least one small; of large ones alone, up to the last that may be small as well.
    static int SmallWord(ReadOnlySpan<byte> text, int at)
    {
        int both = -1;
        while (at < text.Length && Kind(text, at, out int size) is var kind)
        {
            if ((kind & Large) == 0) return (kind & Small) != 0 ? Run(text, at, Small, Small) : both;
            at += size;
            if ((kind & Small) != 0) both = at;
        }
        return both;
    }

    static int LargeWord(ReadOnlySpan<byte> text, int at) =>
        Run(text, at, Large, Large) is var end && end > at ? end : -1;

    int Numbers(ReadOnlySpan<byte> text, int at)
    {
        for (int i = 0; i < _digits && at < text.Length && (Kind(text, at, out int size) & Number) != 0; i++)
            at += size;
        return at;
    }

    // A space, signs, and line ends behind them; null where there is no sign.
    static int? Signs(ReadOnlySpan<byte> text, int at, bool slash)
    {
        const int None = Letter | Number | White;
        if (text[at] == ' ') at++;
        int end = Run(text, at, None, 0);
        if (end == at) return null;
        while (end < text.Length && (text[end] is (byte)'\r' or (byte)'\n' || slash && text[end] == '/')) end++;
        return end;
    }

    // White space: up to its last line end, if that is asked for; or but for its last character, which goes with what
    // follows.
    static int Spaces(ReadOnlySpan<byte> text, int at, bool lines, bool wholeAtEnd)
    {
        int end = at, last = at, line = -1;
        while (end < text.Length && Kind(text, end, out int size) is var kind && (kind & White) != 0)
        {
            last = end;
            end += size;
            if ((kind & LineEnd) != 0) line = end;
        }
        if (wholeAtEnd && end == text.Length) return end;
        if (lines && line >= 0) return line;
        return end == text.Length || last == at ? end : last;
    }

    // The end of the characters whose kind, of those asked about, is this.
    static int Run(ReadOnlySpan<byte> text, int at, int asked, int wanted)
    {
        while (at < text.Length && (Kind(text, at, out int size) & asked) == wanted) at += size;
        return at;
    }

    // How long 's, 'd, 'm, 't, 'll, 've or 're is; 0 where there is none. A long s is an s without regard to case.
    static int Ending(ReadOnlySpan<byte> text, int at, bool anyCase)
    {
        if (at + 1 >= text.Length || text[at] != '\'') return 0;
        int fold = anyCase ? 0x20 : 0;
        char Of(byte b) => (char)(char.IsAsciiLetterUpper((char)b) ? b | fold : b);
        char first = Of(text[at + 1]), second = at + 2 < text.Length ? Of(text[at + 2]) : '\0';
        if (first is 's' or 'd' or 'm' or 't') return 2;
        if (anyCase && text[(at + 1)..].StartsWith("\u017f"u8)) return 3;
        return (first, second) is ('l', 'l') or ('v', 'e') or ('r', 'e') ? 3 : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Kind(ReadOnlySpan<byte> text, int at, out int size)
    {
        byte first = text[at];
        size = 1;
        return first < 128 ? s_ascii[first] : KindBeyondAscii(text, at, out size);
    }

    static int KindBeyondAscii(ReadOnlySpan<byte> text, int at, out int size)
    {
        size = 1;
        bool whole = Rune.DecodeFromUtf8(text[at..], out var rune, out int used) == OperationStatus.Done;
        if (!whole) return 0;
        size = used;
        return KindOf(rune);
    }

    static int KindOf(Rune rune) => Rune.IsWhiteSpace(rune)
        ? rune.Value is '\r' or '\n' ? White | LineEnd : White
        : Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => Letter | Large,
            UnicodeCategory.LowercaseLetter => Letter | Small,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Letter | Large | Small,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark => Large | Small,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
                or UnicodeCategory.OtherNumber => Number,
            _ => 0,
        };
}
