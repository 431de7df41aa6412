using ChainRule.Data;

namespace ChainRule.Tables;

/// <summary>A file or a stream that is read whole, up to a limit, and whose damage is told in one sentence.</summary>
static class TableSource
{
    /// <summary>What errors about a file begin with: <c>parquet 'f.parquet'</c>.</summary>
    public static string Asked(string kind, string? path) =>
        $"{kind} '{(path is null ? "stream" : Printable.Of(Path.GetFileName(path), 80))}'";

    public static Table Read(string kind, string path, TableReadOptions? options,
        Func<string, byte[], TableReadOptions, Table> read)
    {
        string asked = Asked(kind, path);
        (options ??= new()).Check(asked);
        byte[] bytes;
        using (var stream = Files.OpenAny(kind, path))
        {
            try
            {
                bytes = Bytes(asked, stream, options.MaxBytes);
            }
            catch (IOException e)
            {
                Files.Refuse($"{kind}: '{Printable.Path(path)}' cannot be read", path, e);
                return null;
            }
        }
        return Undamaged(asked, () => read(asked, bytes, options));
    }

    public static Table Read(string kind, Stream stream, TableReadOptions? options,
        Func<string, byte[], TableReadOptions, Table> read)
    {
        string asked = Asked(kind, null);
        Files.CheckReadable(asked, stream);
        (options ??= new()).Check(asked);
        byte[] bytes = Bytes(asked, stream, options.MaxBytes);
        return Undamaged(asked, () => read(asked, bytes, options));
    }

    static byte[] Bytes(string asked, Stream stream, long most)
    {
        most = Math.Min(most, Array.MaxLength);
        using var all = new MemoryStream();
        byte[] part = new byte[1 << 16];
        for (int read; (read = stream.Read(part)) > 0;)
        {
            if (all.Length + read > most)
                Throw.Data($"{asked}: it has more than {most:N0} bytes: read a part of it, or give a larger MaxBytes, "
                    + $"{Array.MaxLength:N0} at most");
            all.Write(part, 0, read);
        }
        return all.ToArray();
    }

    // What is wrong in a file comes out of its reader as errors of every kind.
    static Table Undamaged(string asked, Func<Table> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (InvalidDataException or ArgumentException) || !IsOurs(e, asked))
        {
            Throw.Data($"{asked}: {Why(e)}");
            return null;
        }
    }

    static bool IsOurs(Exception e, string asked) => e.Message.StartsWith(asked, StringComparison.Ordinal);

    // A reader's own sentence, where it has one, tells more than the place in the reader.
    static string Why(Exception e) => e is NotSupportedException or NotImplementedException
        ? $"its reader says '{Printable.Of(e.Message, 120)}': the file is damaged, or written in a rare way: write it "
            + "again, with its writer's usual settings" : ColumnFields.Damaged;
}
