using ChainRule.Data;
using Microsoft.Win32.SafeHandles;

namespace ChainRule.Training;

/// <summary>A safetensors file of which the header was read, and whose numbers are still on the disk.</summary>
sealed class SafetensorsOnDisk
{
    readonly string _path, _file;
    readonly long _length, _begin;
    readonly DateTime _written;

    SafetensorsOnDisk(string path, string file, FileStream stream)
    {
        // A relative path means another file once the folder of the process has changed.
        (_path, _file, _length, _begin) = (Path.GetFullPath(path), file, stream.Length, stream.Position);
        _written = File.GetLastWriteTimeUtc(stream.SafeFileHandle);
    }

    /// <summary>The entries of a file, each with what reads its bytes, and the file's texts.</summary>
    public static ((SafetensorsEntry Entry, Func<byte[]> Data)[] Entries, IReadOnlyDictionary<string, string> Metadata)
        Open(string path)
    {
        using var stream = Files.OpenRead("safetensors", path);
        string file = Printable.Of(Path.GetFileName(path), 80);
        try
        {
            var header = SafetensorsFile.Refusing(file, () => SafetensorsFile.ReadHeader(stream, file));
            var source = new SafetensorsOnDisk(path, file, stream);
            return ([.. header.Entries.Select(entry => (entry, (Func<byte[]>)(() => source.Read(entry))))],
                header.Metadata);
        }
        catch (IOException e)
        {
            Files.Refuse($"safetensors: '{Printable.Path(path)}' cannot be read", path, e);
            return default;
        }
    }

    byte[] Read(SafetensorsEntry entry)
    {
        using var stream = Files.OpenRead("safetensors", _path);
        SafeFileHandle handle = stream.SafeFileHandle;
        if (RandomAccess.GetLength(handle) != _length || File.GetLastWriteTimeUtc(handle) != _written)
            Throw.Data($"safetensors '{_file}': it was written anew since it was opened: open it again");
        try
        {
            byte[] data = GC.AllocateUninitializedArray<byte>((int)(entry.End - entry.Begin));
            for (int at = 0, read; at < data.Length; at += read)
            {
                read = RandomAccess.Read(handle, data.AsSpan(at), _begin + entry.Begin + at);
                if (read == 0) throw new EndOfStreamException();
            }
            return data;
        }
        catch (EndOfStreamException)
        {
            Throw.Data($"safetensors '{_file}': it became shorter while it was read: let its writer finish, and open "
                + "it again");
            return [];
        }
        catch (IOException e)
        {
            Files.Refuse($"safetensors: '{Printable.Path(_path)}' cannot be read", _path, e);
            return [];
        }
    }
}
