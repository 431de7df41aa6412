using System.ComponentModel;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tables;

/// <summary>How a table is read that a map is made of.</summary>
/// <param name="Target">A column that is drawn on the map, which does not see it.</param>
/// <param name="Ignore">Columns that the map does not see either.</param>
/// <param name="Categories">Columns of numbers that are categories.</param>
/// <param name="Numbers">Columns that are numbers and are taken.</param>
/// <param name="Culture">How numbers and dates are written.</param>
/// <param name="Header">Whether the first line names the columns.</param>
/// <param name="SkipLines">How many lines stand above the header.</param>
/// <param name="Separator">What separates fields.</param>
/// <param name="Missing">Words that mean a missing value.</param>
/// <param name="Encoding">The encoding's name.</param>
public sealed record MapOptions(
    [Description("Column to draw on the map, which does not see it [default: none]")] string? Target = null,
    [Description("Columns that the map does not see either"), Names] string? Ignore = null,
    [Description("Columns of numbers that are categories, such as codes"), Names] string? Categories = null,
    [Description("Columns to read as numbers and to take, such as numbers that seem to count the rows"), Names]
    string? Numbers = null,
    [Description("How numbers and dates are written, such as de or en-US [default: found out]")]
    string? Culture = null,
    [Description("Whether the first line names the columns [default: true, unless it looks like a row]")]
    bool? Header = null,
    [Description("Lines to pass over above the header"), Limits(0)] int SkipLines = 0,
    [Description("What separates fields: a character, tab or space [default: found out]")] string? Separator = null,
    [Description("Words that mean a missing value [default: none beside the empty field, NA, NaN and ?]"),
        Names("WORD")]
    string? Missing = null,
    [Description("Encoding of the file, such as windows-1252 [default: found out: UTF-8, UTF-16 or UTF-32]")]
    string? Encoding = null) : DataOptions
{
    /// <inheritdoc/>
    public override void Check(string asked)
    {
        base.Check(asked);
        Table.Check(asked);
    }

    /// <summary>The same of a table that is predicted from.</summary>
    internal TableOptions Table => new(Target, Ignore: Ignore, Categories: Categories, Numbers: Numbers,
        Culture: Culture, Header: Header, SkipLines: SkipLines, Separator: Separator, Missing: Missing,
        Encoding: Encoding);
}
