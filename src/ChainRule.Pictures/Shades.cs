namespace ChainRule.Pictures;

/// <summary>Which of Vega's colour schemes are dark where: what is written on a cell must be read.</summary>
static class Shades
{
    // From dark to light; all others begin light.
    static readonly string[] s_rising = ["viridis", "magma", "inferno", "plasma", "cividis", "turbo"];

    // Dark at both ends.
    static readonly string[] s_diverging =
    [
        "blueorange", "brownbluegreen", "purplegreen", "pinkyellowgreen", "purpleorange", "redblue", "redgrey",
        "redyellowblue", "redyellowgreen", "spectral",
    ];

    /// <summary>Black or white, whichever can be read on the colour that stands for a fraction of the range.</summary>
    public static string Ink(string scheme, double fraction) =>
        (s_rising.Contains(scheme) ? fraction < 0.6
            : s_diverging.Contains(scheme) ? Math.Abs(fraction - 0.5) > 0.36 : fraction > 0.55) ? "white" : "black";
}
