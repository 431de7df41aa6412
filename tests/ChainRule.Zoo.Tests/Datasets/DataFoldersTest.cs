using System.Runtime.InteropServices;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Tests.Datasets;

public sealed class DataFoldersTest : IDisposable
{
    readonly string _first = Directory.CreateTempSubdirectory("chainrule-first-").FullName;
    readonly string _second = Directory.CreateTempSubdirectory("chainrule-second-").FullName;

    [Fact]
    public void Linux_keeps_data_in_the_XDG_cache()
    {
        Assert.Equal([Path.Combine("/home/ada", ".cache", "chainrule")], Named(OSPlatform.Linux));
        Assert.Equal([Path.Combine("/fast", "chainrule")], Named(OSPlatform.Linux, ("XDG_CACHE_HOME", "/fast")));
        Assert.Equal([Path.Combine("/home/ada", ".cache", "chainrule")],
            Named(OSPlatform.Linux, ("XDG_CACHE_HOME", "not/absolute")));
    }

    [Fact]
    public void Mac_and_Windows_keep_it_in_their_own_caches()
    {
        Assert.Equal([Path.Combine("/home/ada", "Library", "Caches", "chainrule")],
            Named(OSPlatform.OSX, ("XDG_CACHE_HOME", "/fast")));
        Assert.Equal([Path.Combine("/local", "chainrule")], Named(OSPlatform.Windows, ("XDG_CACHE_HOME", "/fast")));
    }

    [Fact]
    public void The_folder_of_CHAINRULE_DATA_comes_first()
    {
        Assert.Equal(["/data", Path.Combine("/home/ada", ".cache", "chainrule")],
            Named(OSPlatform.Linux, ("CHAINRULE_DATA", "/data")));
        Assert.Equal([Path.Combine("/home/ada", ".cache", "chainrule")],
            Named(OSPlatform.Linux, ("CHAINRULE_DATA", "")));
    }

    [Fact]
    public void A_file_is_found_in_the_first_folder_that_has_it()
    {
        var folders = new DataFolders(_first, _second);
        Assert.Null(folders.Find("iris.csv"));
        File.WriteAllText(Path.Combine(_second, "iris.csv"), "");
        Assert.Equal(Path.Combine(_second, "iris.csv"), folders.Find("iris.csv"));
        File.WriteAllText(Path.Combine(_first, "iris.csv"), "");
        Assert.Equal(Path.Combine(_first, "iris.csv"), folders.PathOf("iris.csv"));
    }

    [Fact]
    public void A_missing_file_is_answered_with_the_command_that_fetches_it()
    {
        var folders = new DataFolders(_first, _second);
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => folders.PathOf("optdigits.tes.csv"));
        Assert.Equal($"optdigits.tes.csv: it is not in {_first} nor in {_second}: `chainrule data get optdigits` "
            + "fetches it", error.Message);
        error = Assert.Throws<FileNotFoundException>(() => folders.PathOf("mine.csv"));
        Assert.Equal($"mine.csv: it is not in {_first} nor in {_second}: put it there, or name its folder with "
            + "CHAINRULE_DATA", error.Message);
    }

    [Fact]
    public async Task A_good_file_in_the_second_folder_is_not_fetched_again()
    {
        using var bench = new Bench();
        PublishedFile file = bench.Published(new Uri("http://127.0.0.1:9/noise.bin"));
        await File.WriteAllBytesAsync(Path.Combine(_second, Bench.Name), bench.Content);
        Fetched got = await new DataFolders(_first, _second).Get(file);
        Assert.Equal(new Fetched(Path.Combine(_second, Bench.Name), WasThere: true, ResumedFrom: 0), got);
        Assert.Empty(Directory.GetFiles(_first));
    }

    [Fact]
    public async Task A_file_in_neither_is_fetched_into_the_first()
    {
        using var bench = new Bench();
        await File.WriteAllBytesAsync(bench.Target, bench.Content);
        PublishedFile file = bench.Published(new Uri("http://127.0.0.1:9/noise.bin"));
        Fetched got = await new DataFolders(_first, _second).Get(file, new() { Mirror = bench.Folder });
        Assert.Equal(new Fetched(Path.Combine(_first, Bench.Name), WasThere: false, ResumedFrom: 0), got);
    }

    [Fact]
    public void No_folder_at_all_is_refused()
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => new DataFolders());
        Assert.Equal("data: no folder to keep data in: set CHAINRULE_DATA to one", error.Message);
    }

    public void Dispose()
    {
        Directory.Delete(_first, recursive: true);
        Directory.Delete(_second, recursive: true);
    }

    static string[] Named(OSPlatform platform, params (string Name, string Value)[] variables) =>
        [.. DataFolders.Named(
            name => variables.Where(variable => variable.Name == name).Select(variable => variable.Value)
                .FirstOrDefault(),
            folder => folder == Environment.SpecialFolder.UserProfile ? "/home/ada" : "/local",
            platform)];
}
