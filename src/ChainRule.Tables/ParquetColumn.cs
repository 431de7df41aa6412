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
        [typeof(int)] = Read<int>,
        [typeof(long)] = Read<long>,
        [typeof(float)] = Read<float>,
        [typeof(double)] = Read<double>,
        [typeof(decimal)] = Read<decimal>,
        [typeof(DateTime)] = Read<DateTime>,
        [typeof(Guid)] = Read<Guid>,
        [typeof(string)] = Texts,
        [typeof(ReadOnlyMemory<char>)] = Texts,
    };

    /// <summary>What a column holds that is no field; null if it is one.</summary>
    public static string? WhyRefused(DataField field) => s_readers.ContainsKey(field.ClrType) ? null
        : field.ClrType == typeof(byte[]) || field.ClrType == typeof(ReadOnlyMemory<byte>) ? "bytes"
        : $"values of the type {field.ClrType.Name}";

    /// <summary>Appends the values of a column.</summary>
    /// <param name="group">The group of rows.</param>
    /// <param name="field">The column.</param>
    /// <param name="rows">How many rows the group has.</param>
    /// <param name="column">The column's place in <paramref name="fields"/>.</param>
    /// <param name="fields">Where the values go.</param>
    /// <param name="meaning">What makes a text of a value, if it stands for something else.</param>
    public static void Read(ParquetRowGroupReader group, DataField field, int rows, int column, ColumnFields fields,
        Func<object, string?>? meaning)
    {
        if (meaning is null) s_readers[field.ClrType](group, field, rows, column, fields);
        else if (field.ClrType == typeof(int)) Whole<int>(group, field, rows, column, fields, meaning);
        else if (field.ClrType == typeof(long)) Whole<long>(group, field, rows, column, fields, meaning);
        else
        {
            byte[]?[] values = new byte[rows][];
            Wait(group.ReadAsync(field, values.AsMemory()!));
            foreach (byte[]? value in values) fields.Add(column, value is null ? null : meaning(value));
        }
    }

    static void Whole<T>(ParquetRowGroupReader group, DataField field, int rows, int column, ColumnFields fields,
        Func<object, string?> meaning) where T : struct
    {
        foreach (var value in Values<T>(group, field, rows))
            fields.Add(column, value is { } one ? meaning(one) : null);
    }

    static void Read<T>(ParquetRowGroupReader group, DataField field, int rows, int column, ColumnFields fields)
        where T : struct
    {
        foreach (var value in Values<T>(group, field, rows)) fields.Add(column, ColumnFields.Text(value));
    }

    // Missing ones as null.
    static T?[] Values<T>(ParquetRowGroupReader group, DataField field, int rows) where T : struct
    {
        if (field.IsNullable)
        {
            var some = new T?[rows];
            Wait(group.ReadAsync<T>(field, some.AsMemory()));
            return some;
        }
        var values = new T[rows];
        Wait(group.ReadAsync<T>(field, values.AsMemory()));
        return Array.ConvertAll(values, value => (T?)value);
    }

    static void Texts(ParquetRowGroupReader group, DataField field, int rows, int column, ColumnFields fields)
    {
        string?[] texts = new string?[rows];
        Wait(group.ReadAsync(field, texts.AsMemory()!));
        foreach (string? text in texts) fields.Add(column, text);
    }

    static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
