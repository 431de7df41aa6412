using ChainRule.Data;

namespace ChainRule.Tables;

/// <summary>What is read of a table whose columns have types, and how.</summary>
public sealed record TableReadOptions
{
    /// <summary>The columns to read, in that order; null, the default, reads all. The others are not looked at,
    /// whatever they hold.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>
    /// The texts that mean that a value is missing, beside null and NaN, which always do; by default the empty text
    /// alone. <c>NA</c> is a text like any other, unless it is named here.
    /// </summary>
    public IReadOnlyList<string> MissingValues { get; init; } = [""];

    /// <summary>What to do about missing values in columns that are asked for; an error by default.</summary>
    public Missing Missing { get; init; } = Missing.Error;

    /// <summary>
    /// The most bytes that the file may have, and that it may have when it is unpacked, and that its fields may have
    /// when they are written out as CSV; 1 GiB by default, which takes some 10 GiB of memory as a table of short
    /// fields.
    /// </summary>
    public long MaxBytes { get; init; } = 1L << 30;

    internal void Check(string asked)
    {
        if (MaxBytes < 1) Throw.OutOfRange($"{asked}: MaxBytes = {MaxBytes}: give 1 or more", "options");
        if (!Enum.IsDefined(Missing))
            Throw.OutOfRange($"{asked}: Missing = {(int)Missing}: give Missing.Error, Mean or Drop", "options");
        if (MissingValues is null)
            Throw.Argument($"{asked}: MissingValues is null: give a list, empty if no text means that a value is "
                + "missing", "options");
        if (Columns is { Count: 0 })
            Throw.Argument($"{asked}: Columns is empty: name one or more, or give null to read all", "options");
    }
}
