namespace ChainRule.Data;

/// <summary>What the fields of a column are.</summary>
public enum ColumnKind
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Two values such as yes and no, true and false, 0 and 1.</summary>
    Boolean,

    /// <summary>Names of categories, or codes such as 007.</summary>
    Category,

    /// <summary>Days, with or without the time of day; or times of day alone.</summary>
    Date,

    /// <summary>A name or number of its own for each row, such as an account number: nothing about new rows can be
    /// learned from it.</summary>
    Identifier,

    /// <summary>The same in every row, or missing in every row: it tells no row from another.</summary>
    Constant,
}
