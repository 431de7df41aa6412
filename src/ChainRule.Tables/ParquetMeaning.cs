using Parquet.Meta;

namespace ChainRule.Tables;

/// <summary>
/// What whole numbers or bytes of a column stand for where the library does not say it for every encoding: integers
/// without a sign or of few bits, decimals of 32 and 64 bits, dates, times, and float16. The schema is told that they
/// are plain, and they become texts here.
/// </summary>
static class ParquetMeaning
{
    const int MostDigits = 28;

    /// <summary>Takes such meanings from a file's schema, before it is looked at.</summary>
    /// <returns>By column, what makes a text of a number (<see cref="int"/>, <see cref="long"/>) or of bytes.</returns>
    public static Dictionary<string, Func<object, string?>> Take(FileMetaData file)
    {
        Dictionary<string, Func<object, string?>> meanings = [];
        for (int at = 1; at < file.Schema.Count; at = Behind(file.Schema, at))
        {
            var column = file.Schema[at];
            if (column.NumChildren is > 0 || column.RepetitionType == FieldRepetitionType.REPEATED
                || Of(column) is not { } meaning) continue;
            meanings[column.Name] = meaning;
            (column.LogicalType, column.ConvertedType) = (null, null);
        }
        return meanings;
    }

    // The column behind one and behind all that it holds.
    static int Behind(List<SchemaElement> schema, int at)
    {
        for (long left = 1; left > 0 && at < schema.Count; left--) left += schema[at++].NumChildren ?? 0;
        return at;
    }

    static Func<object, string?>? Of(SchemaElement column)
    {
        var logical = column.LogicalType;
        if (logical?.FLOAT16 is not null && column is { Type: Parquet.Meta.Type.FIXED_LEN_BYTE_ARRAY, TypeLength: 2 })
            return bytes => ColumnFields.Text(BitConverter.ToHalf((byte[])bytes));
        if (column.Type is not (Parquet.Meta.Type.INT32 or Parquet.Meta.Type.INT64)) return null;
        var converted = column.ConvertedType;
        if (logical?.DECIMAL is not null || converted == ConvertedType.DECIMAL)
        {
            int scale = logical?.DECIMAL?.Scale ?? column.Scale ?? 0;
            return scale is < 0 or > MostDigits ? null : number => ColumnFields.Text(Scaled(Whole(number), scale));
        }
        if (logical?.DATE is not null || converted == ConvertedType.DATE)
            return number => ColumnFields.Text(DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(Whole(number))));
        if (logical?.TIME is not null || converted is ConvertedType.TIME_MILLIS or ConvertedType.TIME_MICROS)
        {
            long perSecond = PerSecond(logical?.TIME?.Unit, converted == ConvertedType.TIME_MICROS);
            return number => ColumnFields.Text(new TimeOnly(Ticks(Whole(number), perSecond)));
        }
        if (logical?.TIMESTAMP is not null
            || converted is ConvertedType.TIMESTAMP_MILLIS or ConvertedType.TIMESTAMP_MICROS)
        {
            long perSecond = PerSecond(logical?.TIMESTAMP?.Unit, converted == ConvertedType.TIMESTAMP_MICROS);
            return number => ColumnFields.Text(DateTime.UnixEpoch.AddTicks(Ticks(Whole(number), perSecond)));
        }
        // Those of fewer bits are as they are.
        if (logical?.INTEGER is { IsSigned: false } || converted is ConvertedType.UINT_8 or ConvertedType.UINT_16
            or ConvertedType.UINT_32 or ConvertedType.UINT_64)
            return number => number is int small ? ColumnFields.Text((uint)small)
                : ColumnFields.Text((ulong)(long)number);
        return logical?.INTEGER is not null
            || converted is ConvertedType.INT_8 or ConvertedType.INT_16 or ConvertedType.INT_32 or ConvertedType.INT_64
            ? ColumnFields.Text : null;
    }

    static long PerSecond(TimeUnit? unit, bool isMicros) => unit?.NANOS is not null ? 1_000_000_000
        : unit is null ? isMicros ? 1_000_000 : 1_000 : unit.MICROS is not null ? 1_000_000 : 1_000;

    // Of 100 ns; less is left out.
    static long Ticks(long number, long perSecond) => perSecond > TimeSpan.TicksPerSecond
        ? (long)Math.Floor((decimal)number / (perSecond / TimeSpan.TicksPerSecond))
        : checked(number * (TimeSpan.TicksPerSecond / perSecond));

    static long Whole(object number) => number is int small ? small : (long)number;

    static decimal Scaled(long number, int scale)
    {
        ulong size = (ulong)Math.Abs((decimal)number);
        return new((int)size, (int)(size >> 32), 0, number < 0, (byte)scale);
    }
}
