using System.Text;

namespace ChainRule.Tests.Tokenizers;

/// <summary>Text of everything that tokenizers treat in a way of its own, made by a seed.</summary>
static class MadeText
{
    // Beyond U+FFFF there are signs alone: .NET's regular expressions see halves of a pair, which are no letters.
    static readonly string[] s_words =
    [
        "the", "Hello", "WORLD", "iPhone", "McDonald", "naïve", "Größe", "ÉCOLE", "ελληνικά", "Привет", "МИР", "ǅungla",
        "你好世界", "日本語のテキスト", "한국어", "สวัสดี", "हिन्दी", "العَرَبِيَّة", "עִבְרִית",
        "ʻokina", "e\u0301te\u0301", "中A文B", "ªº", "ĳssel",
        "'s", "'T", "'re", "'VE", "'m", "'ll", "'D", "don't", "IT'S", "we'Re", "x'", "'", "’s", "0", "12", "1234567",
        "３４５", "½²③", "Ⅷ", "٣٤٥", "3.14159", "1,000,000", "😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽",
        "❤️", "𝄞", "€", "±", "…", "—", "«»",
        "://", "/path/to", "a/b", "+=", "(){}[];", "<|endoftext|>", "<html>", "...",
        "\u200b", "\u00ad", "\ud800", "\udc00",
        "\0", "\u001b[0m", "http", "antidisestablishmentarianism", "zzzzzzzzzzzzzzzzzz", "_name_", "#hash", "@user",
    ];

    static readonly string[] s_gaps =
    [
        " ", " ", " ", " ", " ", "", "", "  ", "   ", "\n", "\r\n", "\n\n", " \n ", "\n\n\n  ", "\t", "\t\t",
        " \t ", "\u00a0",
        "\u3000", "\u2028", "\u0085", "\v", "\r", "                    ", "\n  \n  ", ", ", ". ", "\n/",
        "!\n", "?\r\n/\n",
    ];

    public static string Of(int seed, int length)
    {
        var rng = new Random(seed);
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append(s_words[rng.Next(s_words.Length)]).Append(s_gaps[rng.Next(s_gaps.Length)]);
            if (rng.Next(10) > 0) continue;
            // Any character of the first plane.
            for (int i = rng.Next(8); i >= 0; i--) text.Append((char)rng.Next(char.MaxValue + 1));
        }
        // A pair that chance made may be a letter, for which .NET's regular expressions are of no use.
        for (int i = 0; i + 1 < text.Length; i++)
            if (char.IsSurrogatePair(text[i], text[i + 1]) && IsWord(new Rune(text[i], text[i + 1]))) text[i] = '-';
        return text.ToString();
    }

    /// <summary>The same, with U+FFFD for halves of pairs, which other libraries take for bytes of their own.</summary>
    public static string Sound(int seed, int length) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Of(seed, length)));

    static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark
        or System.Globalization.UnicodeCategory.LetterNumber or System.Globalization.UnicodeCategory.OtherNumber;
}
