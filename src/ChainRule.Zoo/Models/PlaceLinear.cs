using ChainRule.Layers;
using ChainRule.Zoo.Places;

namespace ChainRule.Zoo.Models;

/// <summary>A <see cref="PlaceLinear"/> has no sizes.</summary>
public sealed record PlaceLinearOptions : ModelOptions;

/// <summary>
/// The conditional logit alone: one weight for each thing that is known of a query and a place (distance, shared tags,
/// popularity, visits before), the same for all users. Eight numbers, which start at 0.
/// </summary>
public sealed class PlaceLinear : PlaceRanker
{
    /// <summary>The weights, [1, <see cref="PlaceFeatures.Count"/>].</summary>
    public Tensor Weight { get; } = Parameter([1, PlaceFeatures.Count]);

    /// <inheritdoc/>
    public override (Tensor Weights, Tensor? Taste) Parts(PlaceBatch batch) => (Weight, null);
}
