namespace ChainRule.Pictures;

/// <summary>What a chart can be told beyond its numbers. Everything has a default.</summary>
public sealed record ChartOptions
{
    /// <summary>
    /// Pixels; 560 when not given, a heat map as its cells need. On a narrow screen a chart is as wide
    /// as there is room.
    /// </summary>
    public int? Width { get; init; }

    /// <summary>Pixels; 300 when not given, a heat map as its cells need.</summary>
    public int? Height { get; init; }

    public bool LogX { get; init; }

    public bool LogY { get; init; }

    /// <summary>What the axis shows; a histogram counts only what is in it.</summary>
    public (double From, double To)? XRange { get; init; }

    public (double From, double To)? YRange { get; init; }

    /// <summary>What there is to see, for who cannot: made from the numbers when not given.</summary>
    public string? Alt { get; init; }

    /// <summary>A dashed line across the chart, where x is this.</summary>
    public double? RuleX { get; init; }

    /// <summary>A dashed line across the chart, where y is this.</summary>
    public double? RuleY { get; init; }

    /// <summary>Heat maps and contours: one of Vega's colour schemes, such as blues, greys, viridis, redblue.</summary>
    public string? Scheme { get; init; }

    /// <summary>Contours: the borders between bands, rising; seven at equal distances when not given.</summary>
    public IReadOnlyList<double>? Levels { get; init; }

    /// <summary>Lines: a dot and the value at the end of each.</summary>
    public bool EndValues { get; init; }

    /// <summary>Lines: the name at the end of each, in its colour, in the place of a legend.</summary>
    public bool EndNames { get; init; }

    /// <summary>Lines: a mark at every point, such as every step of a path.</summary>
    public bool Marks { get; init; }

    /// <summary>
    /// The title of the legend. With it even a single series has a legend, which may carry a setting.
    /// </summary>
    public string? Legend { get; init; }

    /// <summary>Whether the axis of y begins at 0, as heights that are compared need.</summary>
    internal bool FromZero { get; init; }
}
