using System.Text;
using ChainRule.Randomness;
using Microsoft.Win32.SafeHandles;

namespace ChainRule.Data;

/// <summary>
/// A table in a CSV file that stays there: a file larger than memory. It is read once when it is opened, as
/// <see cref="Csv.Read(string, CsvOptions)"/> reads it, and of every eighth row its place is kept: 2 bytes a row. Rows
/// are read again when they are asked for, and have the same fields.
/// <code>
/// using var file = CsvFile.Open("rides.csv");
/// var encoder = TableEncoder.Fit(file.Sample(100_000, seed: 1), ["distance", "hour"]);
/// var rows = file.Select(some =&gt; new Batch&lt;Tensor, Tensor&gt;(encoder.Encode(some), some.Tensor("fare")));
/// var batches = Batches.Shuffled(rows, 64, seed: 1);
/// </code>
/// It may be read by several threads at once.
/// </summary>
public sealed class CsvFile : IDisposable
{
    const int BlockRows = 8;

    readonly SafeFileHandle _file;
    readonly string _asked;
    readonly Encoding _encoding;
    readonly Column[] _columns;

    // Which rows of the file count, where some lack something and are dropped; null where all do.
    readonly int[]? _kept;

    // What was unpacked, and is deleted in the end; null where nothing was.
    readonly string? _unpacked;

    // Of every block of rows the byte and the line where it begins; and the byte behind the last.
    readonly List<(long Byte, long Line)> _blocks;

    CsvFile(SafeFileHandle file, string asked, Encoding encoding, Column[] columns, Found found, CsvOptions format,
        string? unpacked)
    {
        (_file, _asked, _encoding, _columns, _blocks) = (file, asked, encoding, columns, found.Blocks);
        (_kept, Rows, Format, _unpacked) = (found.Kept, found.Kept?.Length ?? found.Rows, format, unpacked);
        Columns = Array.ConvertAll(columns, column => column.Name);
    }

    /// <summary>The names of the columns, in the file's order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>How the file is written: what was given, and what was found.</summary>
    public CsvOptions Format { get; }

    /// <summary>Reads a file once, to its end.</summary>
    /// <param name="path">A plain file, not a pipe.</param>
    /// <param name="options">How it is written; <see cref="CsvOptions.MaxBytes"/> does not count here. With
    /// <see cref="Missing.Drop"/>, rows that lack something are left out, and the places of the others take 4 bytes
    /// each.</param>
    /// <param name="unpackIn">The folder that a gzipped file is unpacked into, since nothing can be found in it again;
    /// what is unpacked is deleted when the table is closed. If null, a gzipped file is refused.</param>
    /// <exception cref="ArgumentException">The options are none.</exception>
    /// <inheritdoc cref="Csv.Read(string, CsvOptions)" path="/exception"/>
    public static CsvFile Open(string path, CsvOptions? options = null, string? unpackIn = null)
    {
        Files.CheckPath("csv", path);
        var source = new CsvSource(path);
        var wanted = (options ?? new()) with { MaxBytes = long.MaxValue };
        wanted.Check(source.Asked);
        Files.OpenRead("csv", path).Dispose();
        var unpacked = unpackIn is null ? null : source.Unpacked(unpackIn);
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(unpacked?.Path ?? path, FileMode.Open, FileAccess.Read, FileShare.Read,
                FileOptions.RandomAccess);
            return Index(file, unpacked ?? source, wanted, unpacked?.Path);
        }
        catch
        {
            file?.Dispose();
            if (unpacked is not null) File.Delete(unpacked.Path!);
            throw;
        }
    }

    /// <summary>The rows asked for, in that order, as the table in memory would give them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is not there.</exception>
    /// <exception cref="InvalidDataException">The file was changed since it was opened.</exception>
    /// <exception cref="InvalidOperationException">The file was closed.</exception>
    public Table Take(ReadOnlySpan<int> rows)
    {
        Column[] columns = Array.ConvertAll(_columns, column => new Column(column.Name, column.IsUnnamed));
        var lines = new List<int>(rows.Length);
        CsvRows? text = null;
        // The block that is being read, and how many of its rows were.
        int block = -1, read = 0;
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)Rows)
                Throw.OutOfRange($"take of {_asked}: row {row}: {Throw.Run("rows", Rows)}", nameof(rows));
            int place = _kept is null ? row : _kept[row];
            if (text is null || place / BlockRows != block || place % BlockRows < read)
                (text, block, read) = (TextOf(place / BlockRows), place / BlockRows, 0);
            for (; read <= place % BlockRows; read++) Next(text, row);
            lines.Add((int)(_blocks[block].Line + text.Line - 1));
            for (int c = 0; c < columns.Length; c++) columns[c].Add(text.Fields[c]);
        }
        return new(_asked, columns, lines, Format);
    }

    /// <summary>Rows drawn at random, each once, in the order of the file: what to fit a <see cref="TableEncoder"/> to.
    /// </summary>
    /// <param name="rows">How many, if the file has as many.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="ArgumentOutOfRangeException">No row is asked for.</exception>
    public Table Sample(int rows, ulong seed)
    {
        if (rows < 1) Throw.OutOfRange($"sample of {_asked}: {rows} rows: give 1 or more", nameof(rows));
        var order = new RandomPermutation(Rows, seed);
        int[] drawn = [.. Enumerable.Range(0, Math.Min(rows, Rows)).Select(place => (int)order[place]).Order()];
        return Take(drawn);
    }

    /// <summary>All rows in order, some at a time, such as to predict each.</summary>
    /// <param name="rows">How many rows a table has, but for the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">Tables of no rows are asked for.</exception>
    public IEnumerable<Table> Pieces(int rows = 10_000)
    {
        if (rows < 1) Throw.OutOfRange($"pieces of {_asked}: {rows} rows: give 1 or more", nameof(rows));
        return Walk();

        IEnumerable<Table> Walk()
        {
            for (int from = 0; from < Rows; from += Math.Min(rows, Rows - from))
                yield return Take([.. Enumerable.Range(from, Math.Min(rows, Rows - from))]);
        }
    }

    /// <summary>The rows as inputs and targets, to make batches of: each batch is read and encoded when it is asked
    /// for.</summary>
    /// <param name="encode">What a table of some rows is as numbers.</param>
    /// <param name="rows">Which rows, such as those to train with; if null, all.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row is not there.</exception>
    public IRowSource<TX, TY> Select<TX, TY>(Func<Table, Batch<TX, TY>> encode, IReadOnlyList<int>? rows = null)
        where TX : IRows<TX> where TY : IRows<TY>
    {
        Throw.IfNull(encode, $"select of {_asked}");
        int[]? chosen = rows is null ? null : [.. rows];
        foreach (int row in chosen ?? [])
            if ((uint)row >= (uint)Rows)
                Throw.OutOfRange($"select of {_asked}: row {row}: {Throw.Run("rows", Rows)}", nameof(rows));
        return new Selected<TX, TY>(this, encode, chosen);
    }

    /// <summary>Closes the file, and deletes what was unpacked.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (_unpacked is not null) File.Delete(_unpacked);
    }

    /// <summary>How many rows there are, and the columns.</summary>
    public override string ToString() => FormattableString.Invariant($"{_asked} of {Rows:N0} rows on the disk: ")
        + Printable.List([.. Columns]);

    static CsvFile Index(SafeFileHandle file, CsvSource source, CsvOptions wanted, string? unpacked)
    {
        CsvRecords? records = null;
        using var opened = source.Peek(wanted);
        if (opened.IsZipped)
            Throw.Data($"{source.Asked}: it is gzipped, and rows cannot be found in it again: unpack it, such as with "
                + "gunzip, or say by unpackIn in which folder it is unpacked as long as it is open");
        return Csv.Open<CsvFile>(source, opened, wanted, (bytes, _, sample, given) =>
        {
            var encoding = given.Encoding ?? TextFile.Detect(bytes.Head);
            using var text = new CsvOffsets(bytes, encoding, bytes.Head);
            records = Csv.Records(source.Asked, bytes, text, sample, given);
            var found = Places(records, text, text.Taken, source.Asked);
            if (found.Blocks[^1].Byte != RandomAccess.GetLength(file))
                Throw.Data($"{source.Asked}: its bytes cannot be counted in the encoding {encoding.WebName}: "
                    + $"save it as "
                    + "UTF-8");
            return new(file, source.Asked, encoding, records.Columns, found, records.Options with
            {
                Header = records.Options.Header ?? true, DecimalMark = found.DecimalMark,
                MaxBytes = new CsvOptions().MaxBytes,
            }, unpacked);
        }, () => records?.Line ?? 0);
    }

    sealed record Found(List<(long Byte, long Line)> Blocks, int Rows, int[]? Kept, char? DecimalMark);

    static Found Places(CsvRecords records, CsvOffsets text, long before, string asked)
    {
        // A number that may have decimals or a mark of thousands: beside it only a telling field tells.
        const string Ambiguous = "1.000";
        List<(long Byte, long Line)> blocks = [];
        int rows = 0;
        char? mark = records.Options.DecimalMark;
        bool comma = false, open = mark is null;
        var whole = records.Options.Missing == Missing.Drop ? new WholeRows(records.Options.MissingValues) : null;
        for (; records.Read(); rows++)
        {
            if (rows == int.MaxValue)
                Throw.Data($"{asked}: it has more than {int.MaxValue:N0} rows: divide it into several files");
            whole?.Add(rows, records.Fields);
            if (rows % BlockRows == 0) blocks.Add((text.ByteAt(before + records.Start), records.Line));
            for (int c = 0; open && c < records.Fields.Count; c++)
            {
                char? told = CsvFormat.DecimalMark([records.Fields[c], Ambiguous], commasSeparate: false);
                (open, comma) = (told != '.', comma || told == ',');
                mark = told == '.' ? '.' : comma ? ',' : null;
            }
        }
        records.CheckEnd();
        blocks.Add((text.ByteAt(text.Taken), 0));
        blocks.TrimExcess();
        return new(blocks, rows, whole?.Kept(asked, records.Columns), mark);
    }

    CsvRows TextOf(int block)
    {
        if (_file.IsClosed)
            Throw.Invalid($"{_asked}: the file was closed: open it again, and close it after training");
        long from = _blocks[block].Byte;
        byte[] bytes = new byte[(int)Math.Min(_blocks[block + 1].Byte - from, Array.MaxLength)];
        try
        {
            for (int at = 0, count; at < bytes.Length; at += count)
                if ((count = RandomAccess.Read(_file, bytes.AsSpan(at), from + at)) == 0) RefuseChanged();
            string text = _encoding.GetString(bytes);
            return new(new StringReader(text), Format.Separator!.Value, Math.Min(text.Length, 1 << 12));
        }
        catch (DecoderFallbackException)
        {
            RefuseChanged();
        }
        catch (IOException e)
        {
            throw new IOException($"{_asked}: it cannot be read: {Files.Why(e)}: see to that, and start again", e);
        }
        return null!;
    }

    void Next(CsvRows text, int row)
    {
        bool read = false;
        try
        {
            read = text.Read();
        }
        catch (FormatException)
        {
            RefuseChanged(row);
        }
        if (!read || text.Fields.Count != _columns.Length) RefuseChanged(row);
    }

    void RefuseChanged(int? row = null) =>
        Throw.Data($"{_asked}: {(row is { } at ? $"row {at}" : "it")} is not what it "
        + "was when the file was opened: leave the file alone while it is read, and open it again");

    sealed class Selected<TX, TY>(CsvFile file, Func<Table, Batch<TX, TY>> encode, int[]? chosen) : IRowSource<TX, TY>
        where TX : IRows<TX> where TY : IRows<TY>
    {
        public int Count => chosen?.Length ?? file.Rows;

        public Batch<TX, TY> Read(ReadOnlySpan<int> rows)
        {
            if (chosen is null) return encode(file.Take(rows));
            int[] of = new int[rows.Length];
            for (int i = 0; i < of.Length; i++) of[i] = chosen[rows[i]];
            return encode(file.Take(of));
        }
    }
}
