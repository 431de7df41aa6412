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
        var vocabulary = Vocabulary.Of(["b\n A", "zé"], boundary: null);
        Assert.Equal("\n Abzé", vocabulary.Characters);
        Assert.Equal([0, 1, 2, 3, 4, 5], vocabulary.Encode("\n Abzé"));
    }

    [Fact]
    public void What_is_encoded_decodes_to_itself_also_by_a_restored_vocabulary() =>
        Check.QuickThrowOnFailure(Prop.ForAll<string[]>(texts =>
        {
            string[] given = [.. texts.Where(text => text is not null).Select(text => text.Replace(".", "", StringComparison.Ordinal))];
            var vocabulary = Vocabulary.Of(given);
            var restored = new Vocabulary(vocabulary.Characters);
            Assert.Equal(vocabulary.Size, vocabulary.Characters.Distinct().Count());
            foreach (string text in given)
            {
                Assert.Equal(text, vocabulary.Decode(vocabulary.Encode(text)));
                Assert.Equal(vocabulary.Encode(text), restored.Encode(text));
            }
        }));

    [Fact]
    public void An_unknown_character_is_named_with_its_place()
    {
        var vocabulary = Vocabulary.Of(["abc"]);
        Assert.Equal("encode: 'é' (U+00E9) at place 2 is none of the 4 characters known, \".abc\": leave it out, or make a vocabulary with it",
            Assert.Throws<ArgumentException>(() => vocabulary.Encode("abé")).Message);
        Assert.StartsWith("encode: U+000A at place 0 is none", Assert.Throws<ArgumentException>(() => vocabulary.Encode("\n")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_is_none_is_refused()
    {
        var vocabulary = Vocabulary.Of(["abc"]);
        Assert.Equal("decode: id 4 at place 1: the vocabulary's ids run from 0 to 3",
            Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Decode([3, 4])).Message);
        Assert.Equal("decode: id -1 at place 0: the vocabulary's ids run from 0 to 3",
            Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Decode([-1])).Message);
    }

    [Fact]
    public void What_makes_no_vocabulary_is_refused()
    {
        Assert.Equal("vocabulary: text 1 holds the boundary '.' (U+002E) at place 2: choose a boundary that no text holds, or null for none",
            Assert.Throws<ArgumentException>(() => Vocabulary.Of(["ann", "jo."])).Message);
        Assert.Equal("vocabulary: there are no characters: give texts that hold some",
            Assert.Throws<ArgumentException>(() => Vocabulary.Of([], boundary: null)).Message);
        Assert.Equal("vocabulary: 'a' (U+0061) has ids 0 and 2: give every character once",
            Assert.Throws<ArgumentException>(() => new Vocabulary("aba")).Message);
    }

    [RealDataFact("names.txt")]
    public void The_lectures_names_have_a_to_z_as_1_to_26() =>
        Assert.Equal(".abcdefghijklmnopqrstuvwxyz", Vocabulary.Of(RealData.Names()).Characters);

    [RealDataFact("tinyshakespeare.txt")]
    public void Shakespeare_needs_65_characters()
    {
        string text = File.ReadAllText(RealData.PathOf("tinyshakespeare.txt"));
        var vocabulary = Vocabulary.Of([text], boundary: null);
        Assert.Equal("\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", vocabulary.Characters);
        Assert.Equal([46, 47, 47, 1, 58, 46, 43, 56, 43], vocabulary.Encode("hii there")); // as the lecture prints it
        Assert.Equal(text, vocabulary.Decode(vocabulary.Encode(text)));
    }
}
