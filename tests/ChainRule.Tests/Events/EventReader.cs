using System.Text;

namespace ChainRule.Tests.Events;

/// <summary>One value of one event, by the numbers of the fields of TensorFlow's descriptions.</summary>
public sealed record ReadEvent(double Time, long Step, string? Version, string? Tag, FieldTree? Value)
{
    /// <summary>The number, of a scalar.</summary>
    public float Number => BitConverter.ToSingle(Value!.Bytes(2));
}

/// <summary>The fields of a protocol buffer by number: each may come several times; what each is, the asker says.
/// </summary>
public sealed class FieldTree
{
    readonly Dictionary<int, List<byte[]>> _fields = [];

    public FieldTree(byte[] message)
    {
        using var from = new BinaryReader(new MemoryStream(message));
        while (from.BaseStream.Position < message.Length)
        {
            int tag = from.Read7BitEncodedInt();
            byte[] content = (tag % 8) switch
            {
                0 => BitConverter.GetBytes(from.Read7BitEncodedInt64()),
                1 => from.ReadBytes(8),
                2 => from.ReadBytes(from.Read7BitEncodedInt()),
                5 => from.ReadBytes(4),
                int kind => throw new InvalidDataException($"kind {kind}"),
            };
            if (!_fields.TryGetValue(tag / 8, out var all)) _fields[tag / 8] = all = [];
            all.Add(content);
        }
    }

    public byte[] Bytes(int field) => Assert.Single(_fields[field]);

    public bool Has(int field) => _fields.ContainsKey(field);

    public IReadOnlyList<byte[]> All(int field) => _fields.TryGetValue(field, out var all) ? all : [];

    public FieldTree In(int field) => new(Bytes(field));

    public long Whole(int field) => BitConverter.ToInt64(Bytes(field));

    public double Real(int field) => BitConverter.ToDouble(Bytes(field));

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public double[] Reals(int field) =>
        [.. Bytes(field).Chunk(8).Select(eight => BitConverter.ToDouble(eight))];
}

/// <summary>
/// Reads files of events by the format alone: nothing in it is of the writer. It stops at a record that is not whole.
/// </summary>
public static class EventReader
{
    public static IReadOnlyList<ReadEvent> Folder(string folder) =>
        [.. Directory.GetFiles(folder, "events.out.tfevents.*").Order(StringComparer.Ordinal).SelectMany(File)];

    public static IEnumerable<ReadEvent> File(string path)
    {
        foreach (byte[] record in Records(System.IO.File.ReadAllBytes(path)))
        {
            var fields = new FieldTree(record);
            long step = fields.Has(2) ? fields.Whole(2) : 0;
            string? version = fields.Has(3) ? fields.Text(3) : null;
            var value = fields.Has(5) ? fields.In(5).In(1) : null;
            yield return new(fields.Real(1), step, version, value?.Text(1), value);
        }
    }

    public static IEnumerable<byte[]> Records(byte[] file)
    {
        int at = 0;
        while (at + 12 <= file.Length)
        {
            int length = checked((int)BitConverter.ToUInt64(file, at));
            Assert.Equal(Masked(file[at..(at + 8)]), BitConverter.ToUInt32(file, at + 8));
            if (at + 16 + length > file.Length) yield break;
            byte[] record = file[(at + 12)..(at + 12 + length)];
            Assert.Equal(Masked(record), BitConverter.ToUInt32(file, at + 12 + length));
            yield return record;
            at += 16 + length;
        }
    }

    static uint Masked(byte[] bytes)
    {
        ulong crc = Crc32C(bytes);
        return (uint)((crc >> 15 | crc << 17) + 0xa282ead8UL);
    }

    // Bit by bit, by the reversed polynomial of Castagnoli.
    public static uint Crc32C(IEnumerable<byte> bytes) => bytes.Aggregate(uint.MaxValue, (crc, one) =>
        Enumerable.Range(0, 8).Aggregate(crc ^ one, (c, _) => c % 2 == 1 ? c / 2 ^ 0x82f63b78 : c / 2)) ^ uint.MaxValue;
}
