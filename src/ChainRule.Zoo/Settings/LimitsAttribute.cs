namespace ChainRule.Zoo.Settings;

/// <summary>The limits of a setting, said once: where it is declared.</summary>
/// <param name="least">The least value.</param>
/// <param name="most">The greatest value.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class LimitsAttribute(double least, double most = double.PositiveInfinity) : Attribute
{
    /// <summary>The least value.</summary>
    public double Least => least;

    /// <summary>The greatest value.</summary>
    public double Most => most;

    /// <summary>Whether the least value itself is refused.</summary>
    public bool AboveLeast { get; init; }

    /// <summary>Whether the greatest value itself is refused.</summary>
    public bool BelowMost { get; init; }
}
