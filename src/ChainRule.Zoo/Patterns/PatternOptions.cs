using System.ComponentModel;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Patterns;

/// <summary>The patterns that are to be remembered.</summary>
public enum PatternDrawing
{
    /// <summary>The letters H, C, Z and Y, of 8 × 8 pixels.</summary>
    Letters,

    /// <summary>Pixels that are drawn at random, each black in half of the patterns.</summary>
    Random,
}

/// <summary>Which patterns are stored, and how much of them is damaged when they are asked for.</summary>
/// <param name="Drawn">What they are.</param>
/// <param name="Count">How many random patterns.</param>
/// <param name="Side">Pixels a side of random patterns.</param>
/// <param name="Flipped">The fraction of pixels that are flipped before a pattern is recalled.</param>
public sealed record PatternOptions(
    [Description("What is stored: letters or random [default: letters]")] PatternDrawing Drawn = PatternDrawing.Letters,
    [Description("How many random patterns are stored [default: 8]"), Limits(1, 1000)] int Count = 8,
    [Description("Pixels a side of random patterns [default: 10]"), Limits(2, 32)] int Side = 10,
    [Description("Fraction of pixels that are flipped before a pattern is recalled [default: 0.15]"), Limits(0, 0.5)]
    double Flipped = 0.15) : DataOptions
{
    /// <inheritdoc/>
    public override void Check(string asked)
    {
        base.Check(asked);
        var usual = new PatternOptions();
        if (Drawn == PatternDrawing.Letters && (Count, Side) != (usual.Count, usual.Side))
            throw new ArgumentException($"{asked}: {(Count != usual.Count ? $"count {Count}" : $"side {Side}")}: the "
                + "letters are four of 8 × 8 pixels: leave it out, or give --drawn random");
    }
}
