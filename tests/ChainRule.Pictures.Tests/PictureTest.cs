using ChainRule.Tests;

namespace ChainRule.Pictures.Tests;

public sealed class PictureTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_text_is_saved_alone_into_a_folder_that_is_made()
    {
        string path = Path.Combine(_folder.Path, "new", "loss.vl.json");
        var chart = Chart.Line("Loss", "step", "loss", [new("train", [1, 2])]);
        chart.Save(path);
        Assert.Equal(chart.Text, File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void An_empty_path_and_an_empty_title_are_refused()
    {
        Assert.Equal("picture: the path is empty: name a file",
            Assert.ThrowsAny<ArgumentException>(() => new Formula("f", "x").Save("")).Message);
        Assert.Equal("formula: it has no title: give it one",
            Assert.ThrowsAny<ArgumentException>(() => new Formula(" ", "x")).Message);
    }
}
