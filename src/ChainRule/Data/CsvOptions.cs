namespace ChainRule.Data;

/// <summary>What to do about a field that holds nothing.</summary>
public enum Missing
{
    /// <summary>Refuse the file, naming the first such field.</summary>
    Error,

    /// <summary>
    /// Put the mean of the column's numbers there. It is the mean of the whole file: where validation rows must not speak to the training rows,
    /// choose <see cref="Drop"/>.
    /// </summary>
    Mean,

    /// <summary>Leave out every row that lacks something.</summary>
    Drop,
}

/// <summary>How a CSV file is written.</summary>
public sealed record CsvOptions
{
    /// <summary>Whether the first line names the columns; yes by default. Without it they are named 0, 1, 2 …</summary>
    public bool Header { get; init; } = true;

    /// <summary>What stands between two fields; a comma by default.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>How many lines to pass over before the header or the first row, such as a line of counts; none by default.</summary>
    public int SkipLines { get; init; }

    /// <summary>The fields that mean that a value is missing; by default the empty field, <c>NA</c>, <c>NaN</c> and <c>?</c>.</summary>
    public IReadOnlyList<string> MissingValues { get; init; } = ["", "NA", "NaN", "?"];

    /// <summary>What to do about missing values; an error by default.</summary>
    public Missing Missing { get; init; } = Missing.Error;
}
