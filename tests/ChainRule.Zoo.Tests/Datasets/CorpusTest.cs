using ChainRule.Tests;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Tests.Datasets;

public sealed class CorpusTest
{
    [Fact]
    public void A_file_is_opened_as_the_kind_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("lines.txt",
            string.Join('\n', Enumerable.Range(0, 20).Select(i => $"name{(char)('a' + i)}")));
        Assert.IsType<Names>(Corpus.Open(CorpusKind.Names, path));
        Assert.IsType<PlainText>(Corpus.Open(CorpusKind.Text, path));
        Assert.Equal("embedded", Corpus.Open(CorpusKind.Names, null).Source);
        Assert.Equal(Corpus.Open(CorpusKind.Names, path).Sha256, Corpus.Open(CorpusKind.Text, path).Sha256);
    }

    [Fact]
    public void Kinds_are_called_as_on_the_command_line()
    {
        Assert.Equal("names", Corpus.Word(CorpusKind.Names));
        Assert.Equal("text", Corpus.Word(CorpusKind.Text));
        Assert.Equal("\"text\"", System.Text.Json.JsonSerializer.Serialize(CorpusKind.Text));
    }
}
