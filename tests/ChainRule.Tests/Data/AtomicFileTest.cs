using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class AtomicFileTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void While_a_file_is_being_replaced_the_old_one_stands_whole()
    {
        string path = _folder.Write("a.bin", "old");
        AtomicFile.Write("test", path, to =>
        {
            to.Write("half of the n"u8);
            to.Flush();
            Assert.Equal("old", File.ReadAllText(path));
        });
        Assert.Equal("half of the n", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_disk_that_fills_up_leaves_the_old_file_and_no_other()
    {
        string path = _folder.Write("a.bin", "old");
        var e = Assert.Throws<IOException>(() => AtomicFile.Write("test", path, to =>
        {
            to.Write(new byte[100_000]);
            throw new IOException("No space left on device.");
        }));
        Assert.Equal($"test: '{path}' cannot be written and is as it was: No space left on device: see to that, or "
            + "choose another path", e.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_failure_of_the_writer_itself_passes_through_and_leaves_the_old_file()
    {
        string path = _folder.Write("a.bin", "old");
        Assert.Throws<DivideByZeroException>(
            () => AtomicFile.Write("test", path, _ => throw new DivideByZeroException()));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_length_that_the_system_refuses_is_one_sentence()
    {
        string path = _folder.Write("a.bin", "old");
        var e = Assert.Throws<IOException>(
            () => AtomicFile.Write("test", path, _ => throw new ArgumentOutOfRangeException("value", "too large")));
        Assert.Equal($"test: '{path}' cannot be written and is as it was: No file may grow so long here: see to that, "
            + "or choose another path", e.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Permission_denied_is_one_sentence()
    {
        string path = _folder.Write("a.bin", "old");
        var e = Assert.Throws<IOException>(
            () => AtomicFile.Write("test", path, _ => throw new UnauthorizedAccessException()));
        Assert.Equal($"test: '{path}' cannot be written and is as it was: permission is denied: change the file's or "
            + "the folder's permissions, or choose another path", e.Message);
    }

    [Fact]
    public void A_path_that_leads_nowhere_is_one_sentence()
    {
        string gone = _folder.PathOf("gone/a.bin");
        Assert.Equal($"test: '{gone}' cannot be written: there is no folder "
            + $"'{_folder.PathOf("gone")}': make it first",
            Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write("test", gone, _ => { })).Message);
        Assert.Equal($"test: '{_folder.Path}' is a folder: give the path of a file",
            Assert.Throws<IOException>(() => AtomicFile.Write("test", _folder.Path, _ => { })).Message);
        Assert.Equal("test: '' is no path: give that of a file",
            Assert.ThrowsAny<ArgumentException>(() => AtomicFile.Write("test", "", _ => { })).Message);
    }
}
