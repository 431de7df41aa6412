using System.CommandLine;
using ChainRule.Cli.Commands;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Cli.Tests.Commands;

public sealed class DataCommandTest : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("chainrule-data-").FullName;
    readonly string _mirror = Directory.CreateTempSubdirectory("chainrule-mirror-").FullName;

    [Fact]
    public async Task List_writes_a_plain_line_a_set_where_nobody_watches()
    {
        foreach (string file in (string[])["t10k-labels-idx1-ubyte.gz", "iris.csv"])
            await File.WriteAllTextAsync(Path.Combine(_folder, file), "");
        (int code, string output) = await Run("list");
        string[][] lines = [.. output.TrimEnd().Split('\n').Select(line => line.TrimEnd('\r').Split('\t'))];

        Assert.Equal(0, code);
        Assert.Equal(["name", "on this machine", "size", "licence", "what it is", "origin"], lines[0]);
        lines = lines[1..];
        Assert.Equal(Catalog.All.Select(set => set.Name), lines.Select(line => line[0]));
        Assert.Equal(["no", "no", "1 of 4", "no", "no", "no", "yes"], lines.Select(line => line[1]));
        Assert.Equal(["228.1 kB", "1.1 MB", "< 48.7 MB", "828.4 kB", "1.4 MB", "119.9 kB", "2.7 kB"],
            lines.Select(line => line[2]));
        Assert.Equal("MIT", lines[0][3]);
        Assert.Equal("none stated", lines[2][3]);
    }

    [Fact]
    public async Task Get_passes_the_mirror_on_and_refuses_what_is_not_the_published_file()
    {
        await File.WriteAllBytesAsync(Path.Combine(_mirror, "iris.csv"), new byte[2734]);
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => Run("get", "iris", "--mirror", _mirror));
        Assert.StartsWith($"get {Path.Combine(_mirror, "iris.csv")}: its SHA-256 should be f13ffa8f", error.Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_cancelled_get_says_that_what_came_is_kept()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await File.WriteAllBytesAsync(Path.Combine(_mirror, "iris.csv"), new byte[2734]);
        using var errors = new StringWriter();
        int code = await Parse("get", "iris", "--mirror", _mirror).InvokeAsync(
            new() { Output = TextWriter.Null, Error = errors, EnableDefaultExceptionHandler = false }, cancelled.Token);
        Assert.Equal(1, code);
        Assert.Equal("chainrule: stopped: what had come is kept, and the same command goes on from there",
            errors.ToString().TrimEnd());
    }

    [Fact]
    public void An_unknown_name_is_a_usage_error_that_names_those_there_are()
    {
        Assert.Equal(
            "data get mnits: no data set has this name: there are names, tinyshakespeare, mnist, optdigits, housing, "
                + "breast-cancer, iris",
            Assert.Single(Parse("get", "iris", "mnits").Errors).Message);
        Assert.NotEmpty(Parse("get").Errors);
        Assert.NotEmpty(Parse().Errors);
        Assert.Empty(Parse("get", "iris", "names", "--mirror", "x").Errors);
    }

    [Fact]
    public void Help_needs_no_name() => Assert.Empty(Parse("get", "--help").Errors);

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_mirror, recursive: true);
    }

    ParseResult Parse(params string[] args) =>
        new RootCommand { DataCommand.Create(new DataFolders(_folder)) }.Parse(["data", .. args]);

    async Task<(int Code, string Output)> Run(params string[] args)
    {
        using var output = new StringWriter();
        int code = await Parse(args).InvokeAsync(new() { Output = output, EnableDefaultExceptionHandler = false });
        return (code, output.ToString());
    }
}
