using System.Buffers;
using System.Text.Json;

namespace ChainRule.Lab.Runs;

/// <summary>Up to where a file of lines was read.</summary>
/// <param name="Offset">The first byte that was not read: it follows a line end.</param>
/// <param name="Tail">A hash of the bytes before it: where it agrees, the file is the same, or begins alike.</param>
readonly record struct LinePosition(long Offset, ulong Tail)
{
    /// <summary>The beginning of any file.</summary>
    public static LinePosition Start => default;
}

/// <summary>Takes the lines of a metrics.jsonl.</summary>
interface IMetricSink
{
    /// <summary>What was taken before is of another file.</summary>
    void Restart();

    /// <summary>A line; its arrays are used again for the next.</summary>
    void Add(MetricLine line);

    /// <summary>A line that is none.</summary>
    void Damaged();
}

/// <summary>
/// Reads the lines of a metrics.jsonl from the position that was reached before. The trainer replaces the file by one
/// that begins alike; a run that was resumed from an earlier step begins otherwise, and is read anew. A line without
/// its end is still being written, and is left for later.
/// </summary>
static class MetricLines
{
    // As long as the zoo reads them, and a line as long as a thousand metrics are.
    const long Longest = 1 << 28;
    const int LongestLine = 1 << 20, TailBytes = 64, Chunk = 1 << 18;

    /// <summary>Reads on.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is longer than a run writes.</exception>
    public static LinePosition Read(string path, LinePosition from, IMetricSink sink)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(file), at = from.Offset;
        if (length > Longest)
            throw new InvalidDataException(
                $"metrics.jsonl: it is longer than the {Longest:N0} bytes that a run writes");
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            if (at > 0 && (length < at || TailAt(file, at, buffer) != from.Tail))
            {
                sink.Restart();
                at = 0;
            }
            var line = new MetricLine();
            Span<byte> end = stackalloc byte[TailBytes];
            int kept = 0;
            long reached = at;
            ulong tail = reached == from.Offset ? from.Tail : 0;
            while (at < length)
            {
                if (kept == buffer.Length) Grow(ref buffer, kept);
                int read = RandomAccess.Read(file, buffer.AsSpan(kept), at);
                if (read == 0) break;
                at += read;
                int held = kept + read, used = Lines(buffer.AsSpan(0, held), line, sink);
                if (used > 0)
                {
                    reached += used;
                    tail = used >= TailBytes ? Hash(buffer.AsSpan(used - TailBytes, TailBytes))
                        : TailAt(file, reached, end);
                }
                kept = held - used;
                buffer.AsSpan(used, kept).CopyTo(buffer);
            }
            return new(reached, tail);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The whole lines at the beginning of some bytes; how long they are together.</summary>
    static int Lines(ReadOnlySpan<byte> bytes, MetricLine line, IMetricSink sink)
    {
        int used = 0;
        while (bytes[used..].IndexOf((byte)'\n') is >= 0 and var end)
        {
            var json = bytes.Slice(used, end).TrimEnd((byte)'\r');
            used += end + 1;
            if (json.IsEmpty) continue;
            if (line.Parse(json)) sink.Add(line);
            else sink.Damaged();
        }
        return used;
    }

    static void Grow(ref byte[] buffer, int kept)
    {
        if (kept >= LongestLine)
            throw new InvalidDataException(
                $"metrics.jsonl: a line is longer than the {LongestLine:N0} bytes that a run writes");
        byte[] longer = ArrayPool<byte>.Shared.Rent(2 * kept);
        buffer.AsSpan(0, kept).CopyTo(longer);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = longer;
    }

    static ulong TailAt(Microsoft.Win32.SafeHandles.SafeFileHandle file, long at, Span<byte> buffer)
    {
        var tail = buffer[..(int)Math.Min(TailBytes, at)];
        int read = RandomAccess.Read(file, tail, at - tail.Length);
        return Hash(tail[..read]);
    }

    /// <summary>FNV-1a.</summary>
    static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14695981039346656037;
        foreach (byte one in bytes) hash = (hash ^ one) * 1099511628211;
        return hash;
    }
}

/// <summary>One line: names and values, in arrays that the next line uses again.</summary>
sealed class MetricLine
{
    const int Most = 4096;

    byte[][] _keys = [];

    public string[] Names { get; private set; } = [];

    public double[] Values { get; private set; } = [];

    /// <summary>Whether the line says null: nothing was measured.</summary>
    public bool[] IsNull { get; private set; } = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many steps had been made.</summary>
    public double Step { get; private set; }

    /// <summary>Reads a line; whether it is one.</summary>
    public bool Parse(ReadOnlySpan<byte> json)
    {
        Count = 0;
        Step = double.NaN;
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("step"u8))
                {
                    if (!reader.Read() || reader.TokenType != JsonTokenType.Number) return false;
                    Step = reader.GetDouble();
                    continue;
                }
                if (Count == Most) return false;
                Key(ref reader);
                if (!reader.Read()) return false;
                Value(ref reader);
            }
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read() && !double.IsNaN(Step);
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // A name that is no text.
            return false;
        }
    }

    void Key(ref Utf8JsonReader reader)
    {
        if (Count == Names.Length) Grow();
        // Lines name the same metrics in the same order: a comparison, and no new text.
        if (_keys[Count] is { } key && reader.ValueTextEquals(key)) return;
        string name = reader.GetString()!;
        _keys[Count] = System.Text.Encoding.UTF8.GetBytes(name);
        // Its name in runs of earlier versions.
        Names[Count] = SharedNames.Of(name == "rate" ? "learningRate" : Printable.Of(name, 80));
    }

    void Value(ref Utf8JsonReader reader)
    {
        double x = double.NaN;
        bool isNull = false;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                if (!reader.TryGetDouble(out x)) x = double.NaN;
                break;
            case JsonTokenType.String when reader.ValueTextEquals("Infinity"u8):
                x = double.PositiveInfinity;
                break;
            case JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8):
                x = double.NegativeInfinity;
                break;
            case JsonTokenType.String when reader.ValueTextEquals("NaN"u8):
                break;
            default:
                reader.Skip();
                isNull = true;
                break;
        }
        Values[Count] = x;
        IsNull[Count++] = isNull;
    }

    void Grow()
    {
        int size = Math.Max(8, 2 * Count);
        Names = [.. Names, .. new string[size - Count]];
        Values = [.. Values, .. new double[size - Count]];
        IsNull = [.. IsNull, .. new bool[size - Count]];
        Array.Resize(ref _keys, size);
    }
}
