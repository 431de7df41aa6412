using System.IO.Pipes;
using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class FilesTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_path_that_leads_nowhere_is_one_sentence()
    {
        string gone = _folder.PathOf("gone/a.bin");
        Assert.Equal($"test: '{gone}' cannot be read: there is no folder '{_folder.PathOf("gone")}': make it first",
            Assert.Throws<DirectoryNotFoundException>(() => Files.OpenRead("test", gone)).Message);
        Assert.Equal($"test: there is no file '{_folder.PathOf("b.bin")}': check the path, as seen from '{Environment.CurrentDirectory}'",
            Assert.Throws<FileNotFoundException>(() => Files.OpenRead("test", _folder.PathOf("b.bin"))).Message);
        Assert.Equal($"test: '{_folder.Path}' is a folder: give the path of a file",
            Assert.Throws<IOException>(() => Files.OpenRead("test", _folder.Path)).Message);
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
