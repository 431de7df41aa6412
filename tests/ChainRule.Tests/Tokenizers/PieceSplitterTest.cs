using System.Text;
using System.Text.RegularExpressions;
using ChainRule.Tokenizers;

namespace ChainRule.Tests.Tokenizers;

/// <summary>
/// Pieces are compared with those of the regular expressions themselves. .NET's see half a pair where a character is
/// beyond U+FFFF: they are given one of the first plane, of the same category, in its place.
/// </summary>
public sealed class PieceSplitterTest
{
    static readonly (string Own, char Twin)[] s_characters =
    [
        ("𝐀", 'A'), ("𝐚", 'a'), ("𝟏", '1'), ("𠀀", '中'), ("𝅥", '\u0903'),
        ("😀", '€'), ("B", 'B'), ("s", 's'), ("T", 'T'),
        ("l", 'l'), ("l", 'l'), ("v", 'v'), ("E", 'E'), ("'", '\''), ("'", '\''), (" ", ' '), (" ", ' '), ("\n", '\n'),
        ("\r", '\r'), ("\t", '\t'), ("\u3000", '\u3000'), ("/", '/'), ("7", '7'), ("7", '7'), ("ǅ", 'ǅ'),
        ("ʰ", 'ʰ'), ("\u0301", '\u0301'),
    ];

    [Theory]
    [InlineData(TokenPattern.Gpt2)]
    [InlineData(TokenPattern.Cl100k)]
    [InlineData(TokenPattern.Llama3)]
    [InlineData(TokenPattern.Qwen2)]
    [InlineData(TokenPattern.O200k)]
    public void Pieces_are_those_of_the_regular_expression(TokenPattern pattern)
    {
        // ++ and the like only forbid to go back, which .NET writes as a group of its own.
        string regex = TokenizerJson.Regex(pattern)
            .Replace(@"[^\r\n\p{L}\p{N}]?+\p{L}++", @"(?>[^\r\n\p{L}\p{N}]?)(?>\p{L}+)", StringComparison.Ordinal)
            .Replace("{1,3}+", "{1,3}", StringComparison.Ordinal)
            .Replace(@"[^\s\p{L}\p{N}]++[\r\n]*+", @"(?>[^\s\p{L}\p{N}]+)(?>[\r\n]*)", StringComparison.Ordinal)
            .Replace(@"\s++$", @"(?>\s+)\z", StringComparison.Ordinal);
        var rng = new Random(7);
        for (int round = 0; round < 3000; round++)
        {
            var chosen = Enumerable.Range(0, rng.Next(1, 12)).Select(_ => s_characters[rng.Next(s_characters.Length)])
                .ToArray();
            string twin = string.Concat(chosen.Select(one => one.Twin));
            byte[] own = Encoding.UTF8.GetBytes(string.Concat(chosen.Select(one => one.Own)));
            var expected = Regex.Matches(twin, regex).Select(match => match.Length);
            List<int> actual = [];
            for (int at = 0; at < own.Length;)
            {
                int end = new PieceSplitter(pattern).Next(own, at);
                actual.Add(Encoding.UTF8.GetString(own, at, end - at).EnumerateRunes().Count());
                at = end;
            }
            Assert.True(expected.SequenceEqual(actual), $"{pattern}: '{twin}': {string.Join(",", expected)} and "
                + string.Join(",", actual));
        }
    }

    [Fact]
    public void A_byte_that_is_no_part_of_a_character_is_a_sign()
    {
        byte[] bytes = [.. "ab "u8, 0xff, 0xfe, .. "ab"u8, 0xe4];
        List<int> ends = [];
        for (int at = 0; at < bytes.Length; ends.Add(at)) at = new PieceSplitter(TokenPattern.Gpt2).Next(bytes, at);
        Assert.Equal([2, 5, 7, 8], ends);
    }
}
