namespace ChainRule;

/// <summary>
/// A number for each axis of an image, down and to the right; a single number stands for both: <c>stride: 2</c>,
/// <c>stride: (2, 1)</c>.
/// </summary>
/// <param name="Y">Down, along the height.</param>
/// <param name="X">To the right, along the width.</param>
public readonly record struct PerAxis(int Y, int X)
{
    /// <summary>The same number along both axes.</summary>
    public static implicit operator PerAxis(int one) => new(one, one);

    /// <summary>A number for the height and one for the width.</summary>
    public static implicit operator PerAxis((int Y, int X) two) => new(two.Y, two.X);

    /// <summary>As a pair.</summary>
    public static implicit operator (int Y, int X)(PerAxis both) => (both.Y, both.X);

    /// <summary>As it is said: <c>2</c>, or <c>2 × 1</c>.</summary>
    public override string ToString() => Y == X ? $"{Y}" : $"{Y} × {X}";
}
