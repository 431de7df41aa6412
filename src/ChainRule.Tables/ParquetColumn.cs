using System.Globalization;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace ChainRule.Tables;

/// <summary>The values of one column in one group of rows.</summary>
static class ParquetColumn
{
    static readonly Dictionary<Type, Action<ParquetRowGroupReader, DataField, int, int, ColumnFields>> s_readers = new()
    {
        [typeof(bool)] = Read<bool>,
        [typeof(sbyte)] = Read<sbyte>,
        [typeof(byte)] = Read<byte>,
        [typeof(short)] = Read<short>,
        [typeof(ushort)] = Read<ushort>,
        [typeof(int)] = Read<int>,
        [typeof(uint)] = Read<uint>,
        [typeof(long)] = Read<long>,
        [typeof(ulong)] = Read<ulong>,
        [typeof(float)] = Read<float>,
        [typeof(double)] = Read<double>,
        [typeof(decimal)] = Read<decimal>,
        [typeof(DateTime)] = Read<DateTime>,
        [typeof(DateOnly)] = Read<DateOnly>,
        [typeof(TimeSpan)] = Read<TimeSpan>,
        [typeof(TimeOnly)] = Read<TimeOnly>,
        [typeof(Guid)] = Read<Guid>,
        [typeof(string)] = Texts,
        [typeof(ReadOnlyMemory<char>)] = Texts,
    };

    /// <summary>What a column holds that is no field; null if it is one.</summary>
    public static string? WhyRefused(DataField field) => s_readers.ContainsKey(field.ClrType) ? null
        : field.ClrType == typeof(byte[]) || field.ClrType == typeof(ReadOnlyMemory<byte>) ? "bytes"
        : $"values of the type {field.ClrType.Name}";

    /// <summary>Appends the values of a column.</summary>
    public static void Read(ParquetRowGroupReader group, DataField field, int rows, int column, ColumnFields fields) =>
        s_readers[field.ClrType](group, field, rows, column, fields);

    static void Read<T>(ParquetRowGroupReader group, DataField field, int rows, int column, ColumnFields fields)
        where T : struct
    {
        if (!field.IsNullable)
        {
            var values = new T[rows];
            Wait(group.ReadAsync<T>(field, values.AsMemory()));
            foreach (var value in values) fields.Add(column, Text(value));
            return;
        }
        var some = new T?[rows];
        Wait(group.ReadAsync<T>(field, some.AsMemory()));
        foreach (var value in some) fields.Add(column, value is { } one ? Text(one) : null);
    }

    static void Texts(ParquetRowGroupReader group, DataField field, int rows, int column, ColumnFields fields)
    {
        string?[] texts = new string?[rows];
        Wait(group.ReadAsync(field, texts.AsMemory()!));
        foreach (string? text in texts) fields.Add(column, text);
    }

    // A time of day is a TimeSpan in Parquet.Net.
    static string? Text<T>(T value) where T : struct => value is TimeSpan time
        ? ColumnFields.Text(TimeOnly.FromTimeSpan(time)) : ColumnFields.Text(value);

    static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
