namespace ChainRule.Diagnostics;

/// <summary>One line of a <see cref="Report{T}"/>.</summary>
public interface IReportLine
{
    /// <summary>Whether what was measured is healthy.</summary>
    bool Passed { get; }

    internal string[] Cells { get; }
}

/// <summary>What a diagnostic found, a line for each layer or parameter; prints as a table.</summary>
public sealed class Report<T> where T : IReportLine
{
    readonly string[] _heads;

    internal Report(string[] heads, T[] lines) => (_heads, Lines) = (heads, lines);

    /// <summary>The lines, in the order given.</summary>
    public IReadOnlyList<T> Lines { get; }

    /// <summary>Whether every line is healthy.</summary>
    public bool Passed => Lines.All(line => line.Passed);

    public override string ToString() => TextTable.Of([_heads, .. Lines.Select(line => line.Cells)]);
}
