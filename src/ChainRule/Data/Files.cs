using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ChainRule.Data;

/// <summary>
/// Opens files, and says what is wrong with one; errors are an <see cref="IOException"/> of one sentence
/// that names the path.
/// </summary>
static class Files
{
    /// <summary>
    /// Why there is no plain file under a path: the rest of a sentence, such as <c>is a folder</c>; null where there is
    /// one, which may still lack permissions. Nothing waits: a pipe is known as one though nobody writes into it.
    /// </summary>
    public static string? WhyNotPlain(string path)
    {
        if (Directory.Exists(path)) return "is a folder";
        // Of a link that leads nowhere .NET says that it exists.
        if (!File.Exists(path)) return "is not there";
        string target = Target(path);
        if (!File.Exists(target)) return "is a link that leads to no file";
        if (IsPipe(path)) return "is a pipe";
        bool Under(string folder) => target.StartsWith(folder, StringComparison.Ordinal);
        return (Under("/dev/") && !Under("/dev/shm/")) || Under("/proc/") ? "is a device" : null;
    }

    /// <summary>
    /// What the system said of a file that could not be opened, read or written, in a few words: <c>the
    /// disk is full</c>.
    /// </summary>
    public static string Why(Exception e)
    {
        Throw.IfNull(e, "files");
        switch (e)
        {
            case UnauthorizedAccessException: return "permission is denied";
            case DirectoryNotFoundException: return "there is no such folder";
            case FileNotFoundException: return "there is no such file";
            case PathTooLongException: return "the path is too long";
        }
        // Of Linux and macOS the number of the error, of Windows its low half after 0x8007; the few whose numbers
        // differ from system to system stand with each.
        string? known = e.HResult switch
        {
            28 or unchecked((int)0x80070070) or unchecked((int)0x80070027) => "the disk is full",
            13 or 1 => "permission is denied",
            122 or 69 => "the disk quota is used up",
            30 or unchecked((int)0x80070013) => "the disk can only be read",
            11 or 35 or unchecked((int)0x80070020) => "another program holds it",
            40 or 62 => "its links lead in a circle",
            24 or 23 => "too many files are open",
            20 => "a part of the path is a file",
            27 => "no file may grow so long here",
            6 => "it is a device or socket that nobody answers",
            5 => "the disk reports an error",
            _ => null,
        };
        // After the system's words .NET repeats the path.
        string said = e.Message.Split(" : '")[0].TrimEnd('.');
        return known ?? Printable.Of(said, 200);
    }

    /// <summary>Opens a plain file to read.</summary>
    internal static FileStream OpenRead(string asked, string path)
    {
        CheckPath(asked, path);
        if (!IsPipe(path))
        {
            var stream = OpenAny(asked, path);
            if (stream.CanSeek) return stream;
            stream.Dispose();
        }
        throw new IOException($"{asked}: '{Printable.Path(path)}' is no plain file: copy its content to one");
    }

    /// <summary>Opens a plain file or a pipe to read.</summary>
    internal static FileStream OpenAny(string asked, string path)
    {
        CheckPath(asked, path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (FileNotFoundException)
        {
            throw new FileNotFoundException(
                $"{asked}: there is no file '{Printable.Path(path)}': check the path, as seen from "
                + $"'{Printable.Path(Environment.CurrentDirectory)}'", path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Refuse($"{asked}: '{Printable.Path(path)}' cannot be read", path, e);
            return null;
        }
    }

    /// <summary>Says what the system said, as part of one sentence.</summary>
    [DoesNotReturn]
    internal static void Refuse(string says, string path, Exception e) => throw (e switch
    {
        DirectoryNotFoundException =>
            new DirectoryNotFoundException(
                $"{says}: there is no folder '{Printable.Path(Path.GetDirectoryName(path))}': make it first", e),
        UnauthorizedAccessException =>
            new IOException($"{says}: permission is denied: change the file's or the folder's permissions, or choose "
            + "another path", e),
        _ => new IOException($"{says}: {Why(e)}: see to that, or choose another path", e),
    });

    /// <summary>Refuses what cannot be the path of a file.</summary>
    internal static void CheckPath(string asked, string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            Throw.Argument($"{asked}: '{Printable.Path(path)}' is no path: give that of a file", nameof(path));
        if (Directory.Exists(path))
            throw new IOException($"{asked}: '{Printable.Path(path)}' is a folder: give the path of a file");
    }

    /// <summary>Refuses a stream that nothing can be read from.</summary>
    internal static void CheckReadable(string asked, Stream stream)
    {
        Throw.IfNull(stream, asked);
        if (!stream.CanRead)
            Throw.Argument($"{asked}: the stream is closed or only for writing: give one that can be read",
                nameof(stream));
    }

    /// <summary>Refuses a stream that nothing can be written to.</summary>
    internal static void CheckWritable(string asked, Stream stream)
    {
        Throw.IfNull(stream, asked);
        if (!stream.CanWrite)
            Throw.Argument($"{asked}: the stream is closed or only for reading: give one that can be written to",
                nameof(stream));
    }

    /// <summary>
    /// All that a stream holds from its position on, to be read from the front; the stream need not seek.
    /// </summary>
    internal static MemoryStream Whole(string asked, Stream stream)
    {
        CheckReadable(asked, stream);
        var whole = new MemoryStream();
        stream.CopyTo(whole);
        whole.Position = 0;
        return whole;
    }

    static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A link that cannot be followed leads nowhere.
            return "";
        }
    }

    /// <summary>
    /// Whether a path leads to a pipe, or to what else cannot be read again; opened without waiting for a writer.
    /// </summary>
    static bool IsPipe(string path)
    {
        if (OperatingSystem.IsWindows()) return false;
        using var file = new SafeFileHandle(
            SystemOpen(path, OperatingSystem.IsLinux() ? NoWaitOnLinux : NoWaitElsewhere), ownsHandle: true);
        if (file.IsInvalid) return false;
        using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
        return !stream.CanSeek;
    }

    const int NoWaitOnLinux = 0x800, NoWaitElsewhere = 4;

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SystemOpen([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
