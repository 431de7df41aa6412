using System.ComponentModel;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Places;

/// <summary>How visits are split, and what each is compared with in training.</summary>
/// <param name="HoldOut">The fraction of each user's visits, the last ones, that the model is tested with; as many
/// before them validate it.</param>
/// <param name="Candidates">How many places the place of a visit is compared with in training: drawn at random for
/// each batch; all, where there are no more (a full softmax).</param>
public sealed record PlaceOptions(
    [Description("Fraction of each user's visits, the last, that the model is tested with, and as many before them "
        + "validate it [default: 0.1]"), Limits(0, 0.4, AboveLeast = true)] double HoldOut = 0.1,
    [Description("Places that each visit's place is compared with in training [default: 1000, or all if fewer]"),
        Limits(2, 100_000)] int Candidates = 1000) : DataOptions;
