using ChainRule.Data;
using FsCheck;
using FsCheck.Fluent;

namespace ChainRule.Tests.Data;

public class VocabularyTest
{
    [Fact]
    public void The_boundary_is_0_and_the_letters_follow_in_order()
    {
        var vocabulary = Vocabulary.Of(["emma", "bob"]);
        Assert.Equal(".abemo", vocabulary.Characters);
        Assert.Equal([3, 4, 4, 1, 0], vocabulary.Encode("emma."));
        Assert.Equal("bob.", vocabulary.Decode([2, 5, 2, 0]));
        Assert.True(vocabulary.Contains('.'));
        Assert.False(vocabulary.Contains('z'));
        Assert.False(vocabulary.Contains('é'));
        Assert.Equal("vocabulary of 6 characters, \".abemo\"", vocabulary.ToString());
    }

    [Fact]
    public void A_text_without_a_boundary_starts_at_0_and_sorts_by_unicode_number()
    {
        var vocabulary = Vocabulary.Of(["b\n A", "zé"], startEndToken: null);
        Assert.Equal("\n Abzé", vocabulary.Characters);
        Assert.Equal([0, 1, 2, 3, 4, 5], vocabulary.Encode("\n Abzé"));
    }

    [Fact]
    public void What_is_encoded_decodes_to_itself_also_by_a_restored_vocabulary() =>
        Check.QuickThrowOnFailure(Prop.ForAll<string[]>(texts =>
        {
            string[] given = [.. texts.Where(text => text is not null)
                .Select(text => string.Concat(text.Where(c => c != '.' && !char.IsSurrogate(c))) + "🦊")];
            var vocabulary = Vocabulary.Of(given);
            var restored = new Vocabulary(vocabulary.Characters);
            Assert.Equal(vocabulary.Size, vocabulary.Characters.EnumerateRunes().Distinct().Count());
            foreach (string text in given)
            {
                Assert.Equal(text, vocabulary.Decode(vocabulary.Encode(text)));
                Assert.Equal(vocabulary.Encode(text), restored.Encode(text));
            }
        }));

    [Fact]
    public void A_character_beyond_ffff_is_one()
    {
        var vocabulary = Vocabulary.Of(["a🦊", "😀"], startEndToken: null);
        Assert.Equal((3, "a😀🦊"), (vocabulary.Size, vocabulary.Characters));
        Assert.Equal([2, 0, 1], vocabulary.Encode("🦊a😀"));
        Assert.Equal("🦊a", vocabulary.Decode([2, 0]));
        Assert.Equal("🦊", vocabulary[2].ToString());
        Assert.True(vocabulary.Contains(new System.Text.Rune(0x1F98A)));
        Assert.Equal("encode: '🐉' (U+1F409) at place 1 is none of the 3 characters known, \"a😀🦊\": leave it out, or "
            + "make a vocabulary with it",
            Assert.ThrowsAny<ArgumentException>(() => vocabulary.Encode("a🐉")).Message);
        Assert.Equal("vocabulary: id 3: the vocabulary's ids run from 0 to 2",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => vocabulary[3]).Message);
    }

    [Fact]
    public void Half_a_character_is_none()
    {
        Assert.Equal("vocabulary: text 1: half of a surrogate pair (U+D83D) stands at place 1, which is no character: "
            + "leave it out",
            Assert.ThrowsAny<ArgumentException>(() => Vocabulary.Of(["a", "b\ud83d"])).Message);
        Assert.Equal(
            "vocabulary: half of a surrogate pair (U+DE00) stands at place 0, which is no character: leave it out",
            Assert.ThrowsAny<ArgumentException>(() => new Vocabulary("\ude00a")).Message);
        Assert.StartsWith("encode: half of a surrogate pair (U+D83D) at place 1 is none",
            Assert.ThrowsAny<ArgumentException>(() => Vocabulary.Of(["a"]).Encode("a\ud83d")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_character_is_named_with_its_place()
    {
        var vocabulary = Vocabulary.Of(["abc"]);
        Assert.Equal("encode: 'é' (U+00E9) at place 2 is none of the 4 characters known, \".abc\": leave it out, or "
            + "make a vocabulary with it",
            Assert.ThrowsAny<ArgumentException>(() => vocabulary.Encode("abé")).Message);
        Assert.StartsWith("encode: U+000A at place 0 is none",
            Assert.ThrowsAny<ArgumentException>(() => vocabulary.Encode("\n")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_is_none_is_refused()
    {
        var vocabulary = Vocabulary.Of(["abc"]);
        Assert.Equal("decode: id 4 at place 1: the vocabulary's ids run from 0 to 3",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => vocabulary.Decode([3, 4])).Message);
        Assert.Equal("decode: id -1 at place 0: the vocabulary's ids run from 0 to 3",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => vocabulary.Decode([-1])).Message);
    }

    [Fact]
    public void What_makes_no_vocabulary_is_refused()
    {
        Assert.Equal("vocabulary: text 1 holds the start/end token '.' (U+002E) at place 2: choose a token that no "
            + "text holds, or null to have none",
            Assert.ThrowsAny<ArgumentException>(() => Vocabulary.Of(["ann", "jo."])).Message);
        Assert.Equal("vocabulary: there are no characters: give texts that hold some",
            Assert.ThrowsAny<ArgumentException>(() => Vocabulary.Of([], startEndToken: null)).Message);
        Assert.Equal("vocabulary: 'a' (U+0061) has ids 0 and 2: give every character once",
            Assert.ThrowsAny<ArgumentException>(() => new Vocabulary("aba")).Message);
    }

    [RealDataFact("names.txt")]
    public void The_lectures_names_have_a_to_z_as_1_to_26() =>
        Assert.Equal(".abcdefghijklmnopqrstuvwxyz", Vocabulary.Of(RealData.Names()).Characters);

    [RealDataFact("tinyshakespeare.txt")]
    public void Shakespeare_needs_65_characters()
    {
        string text = File.ReadAllText(RealData.PathOf("tinyshakespeare.txt"));
        var vocabulary = Vocabulary.Of([text], startEndToken: null);
        Assert.Equal("\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", vocabulary.Characters);
        Assert.Equal([46, 47, 47, 1, 58, 46, 43, 56, 43], vocabulary.Encode("hii there")); // as the lecture prints it
        Assert.Equal(text, vocabulary.Decode(vocabulary.Encode(text)));
    }
}
