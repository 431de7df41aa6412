using ChainRule.Data;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Tests.Datasets;

public sealed class PlainTextTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RealDataFact("tinyshakespeare.txt")]
    public void Shakespeare_is_that_of_the_lecture()
    {
        var text = PlainText.FromFile(RealData.PathOf("tinyshakespeare.txt"));
        Assert.Equal("\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", text.Vocabulary.Characters);
        Assert.Equal([46, 47, 47, 1, 58, 46, 43, 56, 43], text.Vocabulary.Encode("hii there"));
        Assert.Equal([18, 47, 56, 57, 58, 1, 15, 47, 58], text.Train.Span[..9].ToArray());
        Assert.Equal((1_003_854, 111_540), (text.Train.Count, text.Validation.Count));
        Assert.Equal("1,115,394 characters (tinyshakespeare.txt), 65 of them distinct: 1,003,854 to train, 111,540 to "
            + "validate", text.Describe(64, true));

        int[] first = text.Batches(8, everyPosition: true, 4, seed: 1337).Next().Inputs.Span.ToArray();
        Assert.Equal([24, 43, 58, 5, 57, 1, 46, 43, 44, 53, 56, 1, 58, 46, 39, 58, 52, 58, 1, 58, 46, 39, 58, 1, 25, 17,
            27, 10, 0, 21, 1, 54], first);
        Assert.Equal(15_360, text.ValidationSample(64, true).Targets.Count);
        Assert.Equal(111_488, text.EvaluationSets(64, true).Validation!.Targets.Count);
    }

    [Fact]
    public void Nine_tenths_are_trained_on_and_the_last_is_for_validation()
    {
        var text = Text(string.Concat(Enumerable.Range(0, 100).Select(i => (char)('0' + i % 10))));
        Assert.Equal((90, 10), (text.Train.Count, text.Validation.Count));
        Assert.Equal(Enumerable.Range(0, 90).Select(i => i % 10), text.Train.Span.ToArray());
        var (train, validation, test) = text.EvaluationSets(3, everyPosition: true);
        Assert.Null(test);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8], validation!.Inputs.Span.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], validation.Targets.Span.ToArray());
        Assert.Equal(3, train!.Count);
        Assert.Equal([9, 0, 1], [.. train.Inputs.Rows([1]).Span.ToArray().Select(id => (id + 0) % 10)]);
        Assert.Equal(7, text.EvaluationSets(3, everyPosition: false).Validation!.Count);
        Assert.Equal(89, text.Pairs().Count);
    }

    [Fact]
    public void What_is_watched_lies_evenly_over_the_validation_part()
    {
        var text = Text(new string('a', 2_000_000));
        var validation = text.ValidationSample(64, everyPosition: true);
        Assert.Equal(240, validation.Count);
        Assert.InRange(text.ValidationSample(8, everyPosition: false).Count, 14_000, 15_360);
    }

    [Fact]
    public void A_text_is_read_without_its_mark_of_byte_order()
    {
        string path = _folder.PathOf("bom.txt");
        File.WriteAllText(path, new string('a', 50),
            new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal("a", PlainText.FromFile(path).Vocabulary.Characters);
    }

    [Fact]
    public void What_is_no_text_is_one_sentence()
    {
        Assert.Equal($"text: there is no file {_folder.PathOf("gone")}: give a UTF-8 text file",
            Assert.Throws<FileNotFoundException>(() => PlainText.FromFile(_folder.PathOf("gone"))).Message);
        Assert.Equal($"text: {_folder.Path} is a folder: give a UTF-8 text file",
            Assert.Throws<InvalidDataException>(() => PlainText.FromFile(_folder.Path)).Message);
        Assert.Equal("text: some.txt is empty: give a UTF-8 text file", Refused(""));
        Assert.Equal($"text '{_folder.PathOf("some.txt")}': byte 1 of the file is 0, which no text holds: it is binary "
            + "data: give a text file", Refused("a\0b"));
        Assert.Equal("text: some.txt holds U+FFFD at character 1, where a conversion lost one: give a UTF-8 text file",
            Refused("a\ufffdb"));
        string Refused(string text) => Assert.Throws<InvalidDataException>(() => Text(text)).Message;
    }

    [Fact]
    public void Line_ends_are_one_character_unless_an_earlier_run_kept_them()
    {
        const string Lines = "to be\r\nor not\rto be\n";
        string path = _folder.Write("crlf.txt", string.Concat(Enumerable.Repeat(Lines, 20)));
        var text = PlainText.FromFile(path);
        Assert.Equal("\n benort", text.Vocabulary.Characters);
        Assert.Equal(20 * (Lines.Length - 1), text.Train.Count + text.Validation.Count);
        var kept = PlainText.FromFile(path, lineFeeds: false);
        Assert.Equal("\n\r benort", kept.Vocabulary.Characters);
        Assert.Equal(text.Sha256, kept.Sha256);
    }

    [Fact]
    public void A_character_beyond_ffff_is_one()
    {
        var text = Text(string.Concat(Enumerable.Repeat("a😀", 50)));
        Assert.Equal((2, 90, 10), (text.Vocabulary.Size, text.Train.Count, text.Validation.Count));
    }

    [Fact]
    public void A_text_too_short_for_a_window_is_one_sentence()
    {
        var text = Text(new string('a', 99));
        const string Says = "text: some.txt has 99 characters, and its last tenth must hold a window of 64 and a "
            + "character more: give a text of 650 or more";
        Assert.Equal(Says, Assert.Throws<InvalidDataException>(() => text.Batches(64, true, 4, 1)).Message);
        Assert.Equal(Says, Assert.Throws<InvalidDataException>(() => text.ValidationSample(64, true)).Message);
    }

    PlainText Text(string text) => PlainText.FromFile(_folder.Write("some.txt", text));
}
