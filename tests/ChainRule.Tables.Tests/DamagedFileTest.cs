using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Parquet;
using Parquet.Schema;
using Array = System.Array;
using Table = ChainRule.Data.Table;

namespace ChainRule.Tables.Tests;

/// <summary>
/// Files whose bytes were changed: each is read, or refused by one sentence, at once, and takes no more memory than a
/// small multiple of its size and of what it says to hold.
/// </summary>
public sealed class DamagedFileTest
{
    // What any file may take: the readers' tables and pools, and the text of the error.
    const long MostBytes = 32 << 20;

    const int Rows = 200, Changes = 200;

    static readonly TableReadOptions s_options = new() { MaxBytes = 1 << 20 };

    public static TheoryData<string> Kinds =>
    [
        "parquet none", "parquet snappy", "parquet gzip", "parquet zstd", "parquet lz4", "parquet dictionary",
        "parquet v2", "arrow file", "arrow stream", "arrow lz4", "arrow zstd",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_changed_file_is_read_or_refused_by_a_sentence(string kind)
    {
        byte[] file = Made(kind);
        var read = Reader(kind);
        Assert.Equal(kind == "parquet v2" ? OtherWritersTest.Rows : Rows, read(file).Rows);
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < Changes; i++) refused += Reads(read, Changed(file, random), $"{kind}, change {i}") ? 0 : 1;
        Assert.InRange(refused, Changes / 10, Changes);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_that_ends_early_is_refused(string kind)
    {
        byte[] file = Made(kind);
        for (int length = 0; length < file.Length - 8; length += 1 + file.Length / 50)
        {
            bool whole = Reads(Reader(kind), file[..length], $"{kind}, {length} bytes");
            Assert.False(whole && kind != "arrow stream", $"{kind}: {length} of {file.Length} bytes were read");
        }
    }

    // Whether it was read.
    static bool Reads(Func<byte[], Table> read, byte[] file, string which)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(file);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            Assert.Matches(@"^(parquet|arrow) 'stream': [^\n]{10,590}$", e.Message);
            return false;
        }
        catch (Exception e)
        {
            Assert.Fail($"{which}: {e}");
            return false;
        }
        finally
        {
            long taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken < MostBytes, $"{which}: it took {taken:N0} bytes");
        }
    }

    static byte[] Changed(byte[] file, Random random)
    {
        byte[] changed = (byte[])file.Clone();
        // The metadata stand at the ends: they are changed as often as all the rest.
        int At() => random.Next(3) switch
        {
            0 => random.Next(Math.Min(400, changed.Length)),
            1 => changed.Length - 1 - random.Next(Math.Min(1000, changed.Length)),
            _ => random.Next(changed.Length),
        };
        for (int n = 1 + random.Next(3); n > 0; n--)
        {
            int at = At();
            switch (random.Next(5))
            {
                case 0:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 2:
                    changed.AsSpan(at, Math.Min(4, changed.Length - at)).Fill(0xff);
                    break;
                case 3:
                    BitConverter.TryWriteBytes(changed.AsSpan(Math.Min(at, changed.Length - 4)),
                        random.Next(int.MinValue, int.MaxValue));
                    break;
                default:
                    int from = At(), length = Math.Min(random.Next(40), changed.Length - Math.Max(at, from));
                    changed.AsSpan(from, length).ToArray().CopyTo(changed, at);
                    break;
            }
        }
        return changed;
    }

    static Func<byte[], Table> Reader(string kind) => kind.StartsWith("parquet", StringComparison.Ordinal)
        ? file => ParquetTable.Read(new MemoryStream(file), s_options)
        : file => ArrowTable.Read(new MemoryStream(file), s_options);

    static byte[] Made(string kind) => kind switch
    {
        "parquet v2" => OtherWritersTest.Bytes("arrow-v2-zstd"),
        "arrow file" => Arrow(true, null),
        "arrow stream" => Arrow(false, null),
        "arrow lz4" => Arrow(true, CompressionCodecType.Lz4Frame),
        "arrow zstd" => Arrow(true, CompressionCodecType.Zstd),
        "parquet snappy" => Parquet(CompressionMethod.Snappy),
        "parquet gzip" => Parquet(CompressionMethod.Gzip),
        "parquet zstd" => Parquet(CompressionMethod.Zstd),
        "parquet lz4" => Parquet(CompressionMethod.Lz4Raw),
        "parquet dictionary" => Parquet(CompressionMethod.None, dictionary: true),
        _ => Parquet(CompressionMethod.None),
    };

    static byte[] Parquet(CompressionMethod method, bool dictionary = false) => Samples.Parquet(
        new() { CompressionMethod = method, DictionaryEncodingThreshold = dictionary ? 1 : 0.01 },
        (new DataField("n", typeof(int), false), Enumerable.Range(0, Rows).ToArray()),
        (new DataField("x", typeof(double), true),
            Enumerable.Range(0, Rows).Select(i => i % 5 == 0 ? (double?)null : i / 8.0).ToArray()),
        (new DataField("w", typeof(string), true),
            Enumerable.Range(0, Rows).Select(i => i % 7 == 0 ? null : $"word {i % 9}").ToArray()),
        (new DataField("b", typeof(bool), false), Enumerable.Range(0, Rows).Select(i => i % 3 == 0).ToArray()),
        (new DecimalDataField("d", 9, 2), Enumerable.Range(0, Rows).Select(i => i / 4m).ToArray()),
        (new DateTimeDataField("t", DateTimeFormat.DateAndTime),
            Enumerable.Range(0, Rows).Select(i => new DateTime(2024, 1, 1).AddHours(i)).ToArray()));

    static byte[] Arrow(bool asFile, CompressionCodecType? codec)
    {
        var x = new DoubleArray.Builder();
        var n = new Int32Array.Builder();
        var w = new StringArray.Builder();
        var t = new TimestampArray.Builder(Apache.Arrow.Types.TimeUnit.Microsecond);
        var d = new Decimal128Array.Builder(new(20, 2));
        for (int i = 0; i < Rows; i++)
        {
            _ = i % 5 == 0 ? x.AppendNull() : x.Append(i / 8.0);
            n.Append(i);
            w.Append(i % 7 == 0 ? null : $"word {i % 9}");
            t.Append(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(i));
            d.Append(i / 4m);
        }
        var (schema, batch) = Samples.Batch(("x", x.Build()), ("n", n.Build()), ("w", w.Build()), ("t", t.Build()),
            ("d", d.Build()),
            ("c", Samples.Words([.. Enumerable.Range(0, Rows).Select(i => i % 11 == 0 ? null : $"word {i % 5}")])));
        return Samples.Arrow(schema, [batch], asFile, codec is null ? null : new()
        {
            CompressionCodec = codec, CompressionCodecFactory = new CompressionCodecFactory(),
        });
    }
}
