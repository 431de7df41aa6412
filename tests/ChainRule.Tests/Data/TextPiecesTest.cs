using ChainRule.Data;
using ChainRule.Tokenizers;

namespace ChainRule.Tests.Data;

public class TextPiecesTest
{
    const string Hard = "It's  a\n\nday!\r\n\r\n  indented\t x  \n y.\n\n\n1234567 89 'll we'Ve//\n\nÉté 北京。\n "
        + "天 \u00a0 z\u3000w "
        + "🦊🦊 !? \n...  end   ";

    [Theory]
    [InlineData(TokenPattern.Gpt2)]
    [InlineData(TokenPattern.Cl100k)]
    [InlineData(TokenPattern.Llama3)]
    [InlineData(TokenPattern.Qwen2)]
    [InlineData(TokenPattern.O200k)]
    public void Tokens_of_the_pieces_are_those_of_the_whole_text(TokenPattern pattern)
    {
        string text = string.Concat(Enumerable.Repeat(Hard, 5));
        var tokenizer = BpeTokenizer.Train([text], 400, pattern);
        int[] whole = tokenizer.Encode(text);
        for (int characters = 1; characters < 100; characters++)
        {
            string[] pieces = [.. TextPieces.Of(new StringReader(text), characters)];
            Assert.Equal(text, string.Concat(pieces));
            Assert.Equal(whole, pieces.SelectMany(tokenizer.Encode));
        }
    }

    [Fact]
    public void Pieces_are_about_as_long_as_is_asked_for()
    {
        string text = string.Concat(Enumerable.Repeat("a few words ", 1000));
        string[] pieces = [.. TextPieces.Of(new StringReader(text), 100)];
        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 120));
    }

    [Fact]
    public void A_text_without_a_place_to_end_is_one_piece_and_none_has_none()
    {
        Assert.Equal([new string('x', 1000)], TextPieces.Of(new StringReader(new string('x', 1000)), 10));
        Assert.Empty(TextPieces.Of(new StringReader("")));
        Assert.Equal("text pieces of 0 characters: give 1 or more",
            Assert.ThrowsAny<ArgumentException>(() => TextPieces.Of(new StringReader("a"), 0)).Message);
    }
}
