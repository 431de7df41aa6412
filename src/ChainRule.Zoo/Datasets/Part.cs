using System.Security.Cryptography;
using ChainRule.Data;

namespace ChainRule.Zoo.Datasets;

/// <summary>
/// What has come of a download: NAME.part beside the target, held open so that no second download writes into it, and
/// NAME.part.from, which remembers whose bytes they are. A part outlives a broken connection, a cancellation and a full
/// disk; an empty one leaves nothing behind.
/// </summary>
sealed class Part : IDisposable
{
    // Another holder of a file: EAGAIN on Linux, EWOULDBLOCK on macOS, ERROR_SHARING_VIOLATION on Windows; .NET has
    // no type of its own for it.
    static readonly int[] s_heldByAnother = [11, 35, unchecked((int)0x80070020)];

    readonly string _target;
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly FileStream _stream;
    bool _open = true;

    Part(string target, FileStream stream)
    {
        _target = target;
        _stream = stream;
    }

    public string Path => _stream.Name;

    public long Length => _stream.Length;

    string Origin => Path + ".from";

    /// <summary>Opens the part of a target, with what an earlier attempt left in it.</summary>
    public static Part Open(string target)
    {
        string path = target + ".part";
        return Writing(path, () =>
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            return new Part(target, new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None,
                bufferSize: 0));
        });
    }

    /// <summary>
    /// The version that the bytes here are of, where they came from this very source and it had said; else null.
    /// </summary>
    public string? VersionFrom(string source)
    {
        if (Length == 0 || !File.Exists(Origin)) return null;
        string[] lines = File.ReadAllLines(Origin);
        return lines.Length == 2 && lines[0] == source ? lines[1] : null;
    }

    /// <summary>
    /// Keeps the first <paramref name="kept"/> bytes, takes them into the hash, and records whose bytes follow.
    /// </summary>
    public async Task StartAt(long kept, string source, string version, CancellationToken cancel)
    {
        Writing(Path, () =>
        {
            if (Length != kept) _stream.SetLength(kept);
            _stream.Position = 0;
            File.WriteAllLines(Origin, [source, version]);
            return true;
        });
        await Fingerprint.Append(_hash, _stream, kept, cancel);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (IOException e)
        {
            throw Unwritable(Path, e);
        }
        _hash.AppendData(bytes);
    }

    /// <summary>SHA-256 of the whole part, gathered as its bytes came.</summary>
    public string Hash() => Fingerprint.Hex(_hash);

    /// <summary>Everything on the disk, and the file free to be read by others.</summary>
    public void Close() => Writing(Path, () =>
    {
        if (_open) _stream.Flush(flushToDisk: true);
        _open = false;
        _stream.Dispose();
        return true;
    });

    /// <summary>Gives the verified part its name; a file that took the name meanwhile stays.</summary>
    public void Become() => Writing(_target, () =>
    {
        File.Move(Path, _target, overwrite: false);
        File.Delete(Origin);
        return true;
    });

    /// <summary>Forgets bytes that cannot become the file.</summary>
    public void Discard()
    {
        _open = false;
        _stream.Dispose();
        File.Delete(Path);
        File.Delete(Origin);
    }

    public void Dispose()
    {
        _hash.Dispose();
        if (_open && Length == 0) Discard();
        _stream.Dispose();
    }

    static T Writing<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    static IOException Unwritable(string path, Exception why) => new(
        s_heldByAnother.Contains(why.HResult)
            ? $"write {path}: another download of it is under way: wait for its end"
            : $"write {path}: {Files.Why(why)}: make room there, or name a folder that can be written with "
                + "CHAINRULE_DATA",
        why);
}
