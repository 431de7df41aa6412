using ChainRule.Tests;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Datasets;

public sealed class CorpusTest
{
    [Fact]
    public void A_file_is_opened_as_the_kind_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("lines.txt",
            string.Join('\n', Enumerable.Range(0, 20).Select(i => $"name{(char)('a' + i)}")));
        Assert.IsType<Names>(TrainingTask.Of(TaskKind.Names).Open(path));
        Assert.IsType<PlainText>(TrainingTask.Of(TaskKind.Text).Open(path));
        Assert.Equal("embedded", TrainingTask.Of(TaskKind.Names).Open(null).Source);
        Assert.Equal(TrainingTask.Of(TaskKind.Names).Open(path).Sha256,
            TrainingTask.Of(TaskKind.Text).Open(path).Sha256);
    }

    [Fact]
    public void Kinds_are_called_as_on_the_command_line()
    {
        Assert.Equal("names", TrainingTask.Of(TaskKind.Names).Name);
        Assert.Equal("text", TrainingTask.Of(TaskKind.Text).Name);
        Assert.Equal("\"text\"", System.Text.Json.JsonSerializer.Serialize(TaskKind.Text));
    }
}
