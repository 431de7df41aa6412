using System.IO.Pipes;
using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class FilesTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void While_a_file_is_being_replaced_the_old_one_stands_whole()
    {
        string path = _folder.Write("a.bin", "old");
        Files.Replace("test", path, to =>
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
        var e = Assert.Throws<IOException>(() => Files.Replace("test", path, to =>
        {
            to.Write(new byte[100_000]);
            throw new IOException("No space left on device.");
        }));
        Assert.Equal($"test: '{path}' cannot be written and is as it was: No space left on device: see to that, or choose another path", e.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_failure_of_the_writer_itself_passes_through_and_leaves_the_old_file()
    {
        string path = _folder.Write("a.bin", "old");
        Assert.Throws<DivideByZeroException>(() => Files.Replace("test", path, _ => throw new DivideByZeroException()));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Permission_denied_is_one_sentence()
    {
        string path = _folder.Write("a.bin", "old");
        var e = Assert.Throws<IOException>(() => Files.Replace("test", path, _ => throw new UnauthorizedAccessException()));
        Assert.Equal($"test: '{path}' cannot be written and is as it was: permission is denied: change the file's or the folder's permissions, "
            + "or choose another path", e.Message);
    }

    [Fact]
    public void A_path_that_leads_nowhere_is_one_sentence()
    {
        string gone = _folder.PathOf("gone/a.bin");
        Assert.Equal($"test: '{gone}' cannot be written and is as it was: there is no folder '{_folder.PathOf("gone")}': make it first",
            Assert.Throws<DirectoryNotFoundException>(() => Files.Replace("test", gone, _ => { })).Message);
        Assert.Equal($"test: '{gone}' cannot be read: there is no folder '{_folder.PathOf("gone")}': make it first",
            Assert.Throws<DirectoryNotFoundException>(() => Files.OpenRead("test", gone)).Message);
        Assert.Equal($"test: there is no file '{_folder.PathOf("b.bin")}': check the path, as seen from '{Environment.CurrentDirectory}'",
            Assert.Throws<FileNotFoundException>(() => Files.OpenRead("test", _folder.PathOf("b.bin"))).Message);
        foreach (Action call in (Action[])[() => Files.OpenRead("test", _folder.Path), () => Files.Replace("test", _folder.Path, _ => { })])
            Assert.Equal($"test: '{_folder.Path}' is a folder: give the path of a file", Assert.Throws<IOException>(call).Message);
        Assert.Equal("test: '' is no path: give that of a file", Assert.Throws<ArgumentException>(() => Files.OpenRead("test", "")).Message);
    }

    [Fact]
    public void A_pipe_whose_length_nobody_knows_is_not_read()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        string path = $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";
        Assert.Equal($"test: '{path}' is no plain file: copy its content to one", Assert.Throws<IOException>(() => Files.OpenRead("test",
            path)).Message);
    }
}
