using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Data;

/// <summary>Opens files; what goes wrong is an <see cref="IOException"/> of one sentence that names the path.</summary>
static class Files
{
    /// <summary>Opens a plain file to read.</summary>
    public static FileStream OpenRead(string asked, string path)
    {
        var stream = OpenAny(asked, path);
        if (stream.CanSeek) return stream;
        stream.Dispose();
        throw new IOException($"{asked}: '{Printable.Path(path)}' is no plain file: copy its content to one");
    }

    /// <summary>Opens a plain file or a pipe to read.</summary>
    public static FileStream OpenAny(string asked, string path)
    {
        CheckPath(asked, path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (FileNotFoundException)
        {
            throw new FileNotFoundException($"{asked}: there is no file '{Printable.Path(path)}': check the path, as seen from "
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
    public static void Refuse(string says, string path, Exception e) => throw (e switch
    {
        DirectoryNotFoundException => new DirectoryNotFoundException($"{says}: there is no folder '{Printable.Path(Path.GetDirectoryName(path))}': make it first", e),
        UnauthorizedAccessException => new IOException($"{says}: permission is denied: change the file's or the folder's permissions, or choose "
            + "another path", e),
        _ => new IOException($"{says}: {Printable.Of(e.Message.TrimEnd('.'), 200)}: see to that, or choose another path", e),
    });

    /// <summary>Refuses what cannot be the path of a file.</summary>
    public static void CheckPath(string asked, string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            Throw.Argument($"{asked}: '{Printable.Path(path)}' is no path: give that of a file");
        if (Directory.Exists(path)) throw new IOException($"{asked}: '{Printable.Path(path)}' is a folder: give the path of a file");
    }
}
