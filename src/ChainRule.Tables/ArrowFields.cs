using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace ChainRule.Tables;

/// <summary>
/// The values of Arrow's arrays as fields of a table, read from their buffers: each place is checked, which the
/// library's own arrays do not do of texts.
/// </summary>
static class ArrowFields
{
    const long TicksOfSecond = TimeSpan.TicksPerSecond;

    /// <summary>What a column of a type holds that is no field; null if it is one.</summary>
    public static string? WhyRefused(IArrowType type) => type switch
    {
        NullType or BooleanType or NumberType or StringType or LargeStringType or StringViewType or TimestampType
            or Date32Type or Date64Type or Time32Type or Time64Type => null,
        Decimal32Type or Decimal64Type or Decimal128Type or Decimal256Type => null,
        DictionaryType { ValueType: DictionaryType } => "dictionaries of dictionaries",
        DictionaryType words => WhyRefused(words.ValueType),
        StructType => "structures",
        MapType => "maps",
        ListType or LargeListType or FixedSizeListType or ListViewType or LargeListViewType => "lists",
        UnionType => "unions",
        BinaryType or LargeBinaryType or BinaryViewType or FixedSizeBinaryType => "bytes",
        DurationType or IntervalType => "durations",
        _ => $"values of the type {Printable.Of(type.Name, 40)}",
    };

    /// <summary>Appends the values of an array.</summary>
    public static void Add(IArrowArray array, int column, ColumnFields fields)
    {
        var data = array.Data;
        if (data.DataType is not DictionaryType words)
        {
            for (int i = 0; i < data.Length; i++)
                fields.Add(column, IsNull(data, i) ? null : Text(data, data.DataType, i));
            return;
        }
        var dictionary = data.Dictionary ?? throw Wrong();
        // Each word once: rows that say the same share its text.
        fields.Expect(dictionary.Length);
        string?[] known = new string?[dictionary.Length];
        for (int i = 0; i < known.Length; i++)
            known[i] = IsNull(dictionary, i) ? null : Text(dictionary, words.ValueType, i);
        for (int i = 0; i < data.Length; i++)
            fields.Add(column, IsNull(data, i) ? null : known[Whole(data, words.IndexType, i)]);
    }

    // A column without nulls may lack the bits that say so.
    static bool IsNull(ArrayData data, int row) => data.DataType is NullType
        || data.Buffers is [{ Length: > 0 } bits, ..] && !Bit(bits.Span, data.Offset + row);

    static string? Text(ArrayData data, IArrowType type, int row) => type switch
    {
        BooleanType => ColumnFields.Text(Bit(Buffer(data, 1), data.Offset + row)),
        HalfFloatType => ColumnFields.Text(Value<Half>(data, row)),
        FloatType => ColumnFields.Text(Value<float>(data, row)),
        DoubleType => ColumnFields.Text(Value<double>(data, row)),
        UInt64Type => ColumnFields.Text(Value<ulong>(data, row)),
        IntegerType => ColumnFields.Text(Whole(data, type, row)),
        Decimal32Type { Scale: var scale } => Decimal(data, 4, scale, row),
        Decimal64Type { Scale: var scale } => Decimal(data, 8, scale, row),
        Decimal128Type { Scale: var scale } => Decimal(data, 16, scale, row),
        Decimal256Type { Scale: var scale } => Decimal(data, 32, scale, row),
        StringType => Encoding.UTF8.GetString(Part(Buffer(data, 2), Value<int>(data, row), Value<int>(data, row + 1))),
        LargeStringType =>
            Encoding.UTF8.GetString(Part(Buffer(data, 2), Value<long>(data, row), Value<long>(data, row + 1))),
        StringViewType => View(data, row),
        Date32Type => ColumnFields.Text(DateOnly.FromDateTime(Day(checked(Value<int>(data, row)
            * TimeSpan.TicksPerDay)))),
        Date64Type => ColumnFields.Text(DateOnly.FromDateTime(Day(Ticks(Value<long>(data, row),
            TimeUnit.Millisecond)))),
        Time32Type { Unit: var unit } => ColumnFields.Text(new TimeOnly(Ticks(Value<int>(data, row), unit))),
        Time64Type { Unit: var unit } => ColumnFields.Text(new TimeOnly(Ticks(Value<long>(data, row), unit))),
        TimestampType { Unit: var unit } => ColumnFields.Text(Day(Ticks(Value<long>(data, row), unit))),
        _ => throw Wrong(),
    };

    static long Whole(ArrayData data, IArrowType type, int row) => type switch
    {
        Int8Type => Value<sbyte>(data, row),
        Int16Type => Value<short>(data, row),
        Int32Type => Value<int>(data, row),
        Int64Type => Value<long>(data, row),
        UInt8Type => Value<byte>(data, row),
        UInt16Type => Value<ushort>(data, row),
        UInt32Type => Value<uint>(data, row),
        UInt64Type => checked((long)Value<ulong>(data, row)),
        _ => throw Wrong(),
    };

    static T Value<T>(ArrayData data, int row) where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(Buffer(data, 1))[checked(data.Offset + row)];

    static bool Bit(ReadOnlySpan<byte> bits, int at) => (bits[at >> 3] >> (at & 7) & 1) != 0;

    static ReadOnlySpan<byte> Buffer(ArrayData data, int which) => data.Buffers[which].Span;

    static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> bytes, long from, long to) =>
        from >= 0 && from <= to && to <= bytes.Length ? bytes[(int)from..(int)to] : throw Wrong();

    // Up to 12 bytes stand in the view itself; of more it says in which buffer, and where.
    static string View(ArrayData data, int row)
    {
        var view = Buffer(data, 1).Slice(checked(16 * (data.Offset + row)), 16);
        int length = BinaryPrimitives.ReadInt32LittleEndian(view);
        if (length <= 12) return Encoding.UTF8.GetString(Part(view, 4, 4 + length));
        int buffer = BinaryPrimitives.ReadInt32LittleEndian(view[8..]);
        long from = BinaryPrimitives.ReadInt32LittleEndian(view[12..]);
        return buffer < 0 ? throw Wrong() : Encoding.UTF8.GetString(Part(Buffer(data, checked(2 + buffer)), from,
            from + length));
    }

    static string? Decimal(ArrayData data, int width, int scale, int row)
    {
        // The most digits that 32 bytes hold.
        if (scale is < 0 or > 76) throw Wrong();
        var number = new BigInteger(Buffer(data, 1).Slice(checked(width * (data.Offset + row)), width));
        string digits = BigInteger.Abs(number).ToString("D" + (scale + 1),
            System.Globalization.CultureInfo.InvariantCulture);
        return ColumnFields.Decimal($"{(number.Sign < 0 ? "-" : "")}{digits[..^scale]}."
            + digits[^scale..]);
    }

    static DateTime Day(long ticks) => DateTime.UnixEpoch.AddTicks(ticks);

    static long Ticks(long time, TimeUnit unit) => unit switch
    {
        TimeUnit.Second => checked(time * TicksOfSecond),
        TimeUnit.Millisecond => checked(time * TimeSpan.TicksPerMillisecond),
        TimeUnit.Microsecond => checked(time * TimeSpan.TicksPerMicrosecond),
        // A tick is 100 nanoseconds; those before 1970 are cut off downwards too.
        TimeUnit.Nanosecond => (time - (time % 100 + 100) % 100) / 100,
        _ => throw Wrong(),
    };

    static InvalidDataException Wrong() => new("an array that contradicts its column");
}
