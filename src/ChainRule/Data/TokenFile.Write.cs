using System.Buffers.Binary;

namespace ChainRule.Data;

public sealed partial class TokenFile
{
    /// <summary>Writes tokens into one file, whole or not at all; they are taken as they come, and not kept.
    /// <code>
    /// using var text = new StreamReader("long.txt");
    /// TokenFile.Write("train.bin", TextPieces.Of(text).Select(tokenizer.Encode));
    /// </code></summary>
    /// <param name="path">The file.</param>
    /// <param name="tokens">The ids, in pieces of any length.</param>
    /// <param name="format">How they are written.</param>
    /// <returns>How many tokens there are.</returns>
    /// <exception cref="ArgumentException">There is no token, or an id that the format does not hold.</exception>
    /// <exception cref="IOException">It cannot be written; if there was one, it is as it was.</exception>
    public static long Write(string path, IEnumerable<int[]> tokens, TokenFormat format = TokenFormat.TwoBytes)
    {
        CheckTokens(tokens, format);
        using var pieces = tokens.GetEnumerator();
        var left = new Pieces(pieces);
        long count = 0;
        AtomicFile.Write(Asked, path, stream => count = left.Write(stream, long.MaxValue, format, nameof(tokens)));
        return count;
    }

    /// <summary>Writes tokens into several files of a folder, which appears when all are written.</summary>
    /// <param name="folder">A folder that is not there yet: <c>tokens-00000.bin</c> and so on stand in it.</param>
    /// <param name="tokens">The ids, in pieces of any length.</param>
    /// <param name="format">How they are written.</param>
    /// <param name="shardTokens">How many each file has, but for the last.</param>
    /// <inheritdoc cref="Write" path="/returns"/>
    /// <exception cref="ArgumentException">There is no token, or an id that the format does not hold.</exception>
    /// <exception cref="IOException">The folder is there already, or cannot be written.</exception>
    public static long WriteShards(string folder, IEnumerable<int[]> tokens, TokenFormat format = TokenFormat.TwoBytes,
        long shardTokens = 100_000_000)
    {
        Throw.IfNull(folder, Asked);
        CheckTokens(tokens, format);
        if (shardTokens < 1)
            Throw.OutOfRange($"{Asked}: {shardTokens} tokens a file: give 1 or more", nameof(shardTokens));
        string shown = Printable.Path(folder), target = Path.TrimEndingDirectorySeparator(folder);
        if (target.Length == 0 || target.Contains('\0', StringComparison.Ordinal))
            Throw.Argument($"{Asked}: '{shown}' is no path: give that of a folder", nameof(folder));
        if (Path.Exists(target))
            throw new IOException($"{Asked}: '{shown}' is there already: give another folder, or take it away first");
        string made = $"{target}.{Path.GetRandomFileName()}.tmp";
        try
        {
            Directory.CreateDirectory(made);
            long count = WriteShards(made, tokens, format, shardTokens, nameof(tokens));
            Directory.Move(made, target);
            return count;
        }
        catch (Exception e) when (e is UnauthorizedAccessException
            || e is IOException && !e.Message.StartsWith(Asked, StringComparison.Ordinal))
        {
            Files.Refuse($"{Asked}: '{shown}' cannot be written", target, e);
            return 0;
        }
        finally
        {
            if (Directory.Exists(made)) Directory.Delete(made, recursive: true);
        }
    }

    static long WriteShards(string folder, IEnumerable<int[]> tokens, TokenFormat format, long shardTokens,
        string parameter)
    {
        using var pieces = tokens.GetEnumerator();
        var left = new Pieces(pieces);
        long count = 0;
        for (int shard = 0; shard == 0 || left.Any(); shard++)
        {
            string name = FormattableString.Invariant($"tokens-{shard:00000}.bin");
            AtomicFile.Write(Asked, Path.Combine(folder, name),
                stream => count += left.Write(stream, shardTokens, format, parameter));
        }
        return count;
    }

    static void CheckTokens(IEnumerable<int[]> tokens, TokenFormat format)
    {
        Throw.IfNull(tokens, Asked);
        Check(format);
    }

    /// <summary>What is left of the tokens to write.</summary>
    sealed class Pieces(IEnumerator<int[]> pieces)
    {
        readonly byte[] _buffer = new byte[1 << 16];
        int[] _piece = [];
        int _at;
        long _before;

        /// <summary>Whether there is one.</summary>
        public bool Any()
        {
            while (_at == _piece.Length)
            {
                if (!pieces.MoveNext()) return false;
                (_piece, _at) = (pieces.Current ?? [], 0);
            }
            return true;
        }

        /// <summary>Writes as many as there are, or the most; gives how many these are.</summary>
        public long Write(Stream stream, long most, TokenFormat format, string parameter)
        {
            int width = TokenShard.WidthOf(format);
            long count = 0;
            while (count < most && Any())
            {
                int some = (int)Math.Min(Math.Min(_piece.Length - _at, _buffer.Length / width), most - count);
                for (int i = 0; i < some; i++) Write(_piece[_at + i], _buffer.AsSpan(i * width), width, i, parameter);
                stream.Write(_buffer, 0, some * width);
                _at += some;
                _before += some;
                count += some;
            }
            if (count == 0) Throw.Argument($"{Asked}: there are no tokens to write: give one or more", parameter);
            return count;
        }

        void Write(int id, Span<byte> to, int width, int place, string parameter)
        {
            if (id < 0 || width == 2 && id > ushort.MaxValue)
                Throw.Argument(FormattableString.Invariant($"{Asked}: id {id} at place {_before + place:N0}: ")
                    + (id < 0 ? "give ids of 0 and more" : "two bytes hold ids of at most 65,535: give "
                    + "TokenFormat.FourBytes"), parameter);
            if (width == 2) BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)id);
            else BinaryPrimitives.WriteInt32LittleEndian(to, id);
        }
    }
}
