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
        Assert.Equal($"test: there is no file '{_folder.PathOf("b.bin")}': check the path, as seen from "
            + $"'{Environment.CurrentDirectory}'",
            Assert.Throws<FileNotFoundException>(() => Files.OpenRead("test", _folder.PathOf("b.bin"))).Message);
        Assert.Equal($"test: '{_folder.Path}' is a folder: give the path of a file",
            Assert.Throws<IOException>(() => Files.OpenRead("test", _folder.Path)).Message);
        Assert.Equal("test: '' is no path: give that of a file",
            Assert.ThrowsAny<ArgumentException>(() => Files.OpenRead("test", "")).Message);
    }

    [Fact]
    public void A_pipe_whose_length_nobody_knows_is_not_read()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        string path = $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";
        Assert.Equal($"test: '{path}' is no plain file: copy its content to one",
            Assert.Throws<IOException>(() => Files.OpenRead("test",
            path)).Message);
    }

    [Fact]
    public void A_pipe_is_not_waited_for()
    {
        if (OperatingSystem.IsWindows()) return;
        string path = _folder.PathOf("pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [path])) made.WaitForExit();
        Assert.Equal("is a pipe", Files.WhyNotPlain(path));
        Assert.Equal($"test: '{path}' is no plain file: copy its content to one",
            Assert.Throws<IOException>(() => Files.OpenRead("test", path)).Message);
    }

    [Fact]
    public void What_is_no_plain_file_is_said()
    {
        Assert.Null(Files.WhyNotPlain(_folder.Write("a", "text")));
        Assert.Equal("is a folder", Files.WhyNotPlain(_folder.Path));
        Assert.Equal("is not there", Files.WhyNotPlain(_folder.PathOf("b")));
        if (OperatingSystem.IsWindows()) return;
        File.CreateSymbolicLink(_folder.PathOf("link"), _folder.PathOf("a"));
        Assert.Null(Files.WhyNotPlain(_folder.PathOf("link")));
        File.CreateSymbolicLink(_folder.PathOf("nowhere"), _folder.PathOf("b"));
        Assert.Equal("is a link that leads to no file", Files.WhyNotPlain(_folder.PathOf("nowhere")));
        File.CreateSymbolicLink(_folder.PathOf("circle"), _folder.PathOf("circle"));
        Assert.Equal("is a link that leads to no file", Files.WhyNotPlain(_folder.PathOf("circle")));
        File.CreateSymbolicLink(_folder.PathOf("zero"), "/dev/zero");
        Assert.Equal("is a device", Files.WhyNotPlain(_folder.PathOf("zero")));
    }

    [Fact]
    public void What_the_system_says_is_said_in_a_few_words()
    {
        Assert.Equal("permission is denied",
            Files.Why(new UnauthorizedAccessException("Access to the path '/x' is denied.")));
        Assert.Equal("there is no such folder",
            Files.Why(new DirectoryNotFoundException("Could not find a part of the path '/x'.")));
        Assert.Equal("there is no such file", Files.Why(new FileNotFoundException("Could not find file '/x'.")));
        Assert.Equal("the path is too long", Files.Why(new PathTooLongException()));
        Assert.Equal("the disk is full", Files.Why(new IOException("No space left on device : '/x'", 28)));
        Assert.Equal("its links lead in a circle",
            Files.Why(new IOException("Too many levels of symbolic links : '/x'", 40)));
        Assert.Equal("Something else", Files.Why(new IOException("Something else : '/x'", 9999)));
        if (!File.Exists("/dev/full")) return;
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.Write, bufferSize: 0);
        Assert.Equal("the disk is full", Files.Why(Assert.Throws<IOException>(() => full.Write([1]))));
    }
}
