namespace ChainRule.Data;

/// <summary>
/// The ids of a long text in files, to be trained on without loading them: nanoGPT's train.bin, or several such files
/// (shards), one after another as one text. A read takes the tokens that are asked for from the disk, or from the
/// system's cache of it; the memory of the program does not grow with the files, which may hold more than 2³¹ tokens.
/// <code>
/// using var text = TokenFile.Open("train.bin", vocabularySize: 50257);
/// var batches = Batches.ShuffledWindows(text, context: 256, batchSize: 32, seed: 1);
/// </code>
/// It may be read by several threads at once.
/// </summary>
public sealed partial class TokenFile : IDisposable
{
    const string Asked = "tokens";

    readonly TokenShard[] _shards;

    // Where each shard begins, and behind the last where it ends.
    readonly long[] _starts;
    readonly long _from;
    readonly bool _isPart;

    TokenFile(TokenShard[] shards, long[] starts, long from, long count, int vocabularySize, bool isPart)
    {
        (_shards, _starts, _from, Count) = (shards, starts, from, count);
        (VocabularySize, _isPart) = (vocabularySize, isPart);
    }

    /// <summary>How many tokens there are.</summary>
    public long Count { get; }

    /// <summary>In how many files they stand.</summary>
    public int Shards => _shards.Length;

    /// <summary>Above the greatest id that a file may hold.</summary>
    public int VocabularySize { get; }

    /// <summary>Opens a file, or all files of a folder whose names end in .bin or .npy, in the order of their names.
    /// </summary>
    /// <param name="path">The file, or the folder.</param>
    /// <param name="format">How plain files are written; a .npy file says it itself.</param>
    /// <param name="vocabularySize">How many tokens the vocabulary has: an id that is not below is refused where it is
    /// read. If null, what the format holds.</param>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is empty, cut off, or holds no tokens.</exception>
    public static TokenFile Open(string path, TokenFormat format = TokenFormat.TwoBytes, int? vocabularySize = null)
    {
        Throw.IfNull(path, Asked);
        return Open(Directory.Exists(path) ? In(path) : [path], format, vocabularySize);
    }

    /// <summary>Opens several files as one text, in this order.</summary>
    /// <inheritdoc cref="Open(string, TokenFormat, int?)"/>
    /// <param name="paths">The files.</param>
    public static TokenFile Open(IReadOnlyList<string> paths, TokenFormat format = TokenFormat.TwoBytes,
        int? vocabularySize = null)
    {
        Throw.IfNull(paths, Asked);
        Check(format);
        if (paths.Count == 0) Throw.Argument($"{Asked}: no file is named: give one or more", nameof(paths));
        if (vocabularySize < 1)
            Throw.OutOfRange($"{Asked}: a vocabulary of {vocabularySize}: give 1 or more", nameof(vocabularySize));
        var shards = new TokenShard[paths.Count];
        long[] starts = new long[paths.Count + 1];
        try
        {
            for (int i = 0; i < shards.Length; i++)
            {
                Throw.IfNull(paths[i], Asked, "a path", nameof(paths));
                shards[i] = TokenShard.Open(paths[i], format);
                starts[i + 1] = starts[i] + shards[i].Count;
            }
        }
        catch
        {
            foreach (var shard in shards) shard?.Dispose();
            throw;
        }
        int size = vocabularySize ?? (Array.TrueForAll(shards, shard => shard.Format == TokenFormat.TwoBytes)
            ? ushort.MaxValue + 1 : int.MaxValue);
        return new(shards, starts, 0, starts[^1], size, isPart: false);
    }

    /// <summary>Some of the tokens as a text by itself, such as the last tenth to validate with. It reads the same
    /// files, and is closed with the whole.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all there.</exception>
    public TokenFile Part(long from, long count)
    {
        CheckRange("part", from, count, nameof(count));
        return new(_shards, _starts, _from + from, count, VocabularySize, isPart: true);
    }

    /// <summary>Reads tokens from a place on, as many as fit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all there.</exception>
    /// <exception cref="InvalidDataException">An id is none of the vocabulary, or a file was cut off since it was
    /// opened.</exception>
    /// <exception cref="InvalidOperationException">The files were closed.</exception>
    public void Read(long from, Span<int> to)
    {
        CheckRange("read", from, to.Length, nameof(from));
        from += _from;
        int shard = Array.BinarySearch(_starts, from);
        // Between two starts, the complement of the later one's place is found.
        if (shard < 0) shard = ~shard - 1;
        while (!to.IsEmpty)
        {
            int count = (int)Math.Min(to.Length, _starts[shard + 1] - from);
            _shards[shard].Read(from - _starts[shard], to[..count], VocabularySize);
            to = to[count..];
            from += count;
            shard++;
        }
    }

    /// <summary>The same as a vector of ids: what fits into memory.</summary>
    /// <inheritdoc cref="Read(long, Span{int})" path="/exception"/>
    public Ids Read(long from, int count)
    {
        CheckRange("read", from, count, nameof(count));
        var ids = Ids.Blank([count], out var to);
        Read(from, to);
        return ids;
    }

    /// <summary>Closes the files. Of a <see cref="Part"/> nothing is closed.</summary>
    public void Dispose()
    {
        if (_isPart) return;
        foreach (var shard in _shards) shard.Dispose();
    }

    /// <summary>How many tokens there are, and in how many files.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Count:N0} tokens in {Shards:N0} file{(Shards == 1 ? "" : "s")}");

    static string[] In(string folder)
    {
        string[] files = [];
        try
        {
            files = [.. Directory.GetFiles(folder).Where(file => Path.GetFileName(file)[0] != '.'
                && Path.GetExtension(file).ToUpperInvariant() is ".BIN" or ".NPY").Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Files.Refuse($"{Asked}: '{Printable.Path(folder)}' cannot be read", folder, e);
        }
        if (files.Length == 0)
            Throw.Data($"{Asked}: the folder '{Printable.Path(folder)}' holds no files that end in .bin or .npy: give "
                + "a folder of token files, or name them");
        return files;
    }

    static void Check(TokenFormat format)
    {
        if (!Enum.IsDefined(format))
            Throw.OutOfRange($"{Asked}: TokenFormat {(int)format}: give TwoBytes or FourBytes", nameof(format));
    }

    void CheckRange(string asked, long from, long count, string parameter)
    {
        if (from < 0 || count < 0 || from > Count - count)
            Throw.OutOfRange(FormattableString.Invariant(
                $"{Asked}: {asked} {count:N0} from place {from:N0}: there are ")
                + FormattableString.Invariant($"{Count:N0}: ask for some of these"), parameter);
    }
}
