using ChainRule.Data;
using Microsoft.Data.Analysis;

namespace ChainRule.Tables;

/// <summary>
/// Data frames of Microsoft.Data.Analysis as tables to train on, and tables as data frames.
/// <code>
/// Table houses = DataFrameTable.From(DataFrame.LoadCsv("houses.csv"));
/// DataFrame back = houses.ToDataFrame();
/// </code>
/// </summary>
public static class DataFrameTable
{
    const string Asked = "data frame 'columns'";

    /// <summary>A data frame's rows, as they stand now. Null and NaN are missing.</summary>
    /// <exception cref="ArgumentException">A column that is asked for is not there.</exception>
    /// <exception cref="InvalidDataException">There are no rows, or a column holds what is no field, such as
    /// vectors.</exception>
    public static Table From(DataFrame frame, TableReadOptions? options = null)
    {
        Throw.IfNull(frame, Asked);
        (options ??= new()).Check(Asked);
        var fields = new ColumnFields(Asked, [.. frame.Columns.Select(column => column.Name)], options);
        fields.Expect(frame.Rows.Count);
        for (int c = 0; c < fields.Chosen.Count; c++)
        {
            var column = frame.Columns[fields.Chosen[c]];
            foreach (object? value in column)
            {
                string? text = ColumnFields.Text(value);
                if (text is null && value is not (null or double.NaN or float.NaN))
                    fields.RefuseColumn(fields.Chosen[c], $"values of the type {value.GetType().Name}");
                fields.Add(c, text);
            }
        }
        return fields.Table();
    }

    /// <summary>
    /// A table as a data frame: a column of whole numbers as int64, of other numbers as float64, all else as texts,
    /// among them codes such as 007; what is missing is null.
    /// </summary>
    public static DataFrame ToDataFrame(this Table table)
    {
        Throw.IfNull(table, "table");
        return new(TypedColumn.Of(table).Select(column => (DataFrameColumn)(
            column.Whole is { } whole ? new Int64DataFrameColumn(column.Name, whole)
            : column.Numbers is { } numbers ? new DoubleDataFrameColumn(column.Name, numbers)
            : new StringDataFrameColumn(column.Name, column.Texts!))));
    }
}
