using System.ComponentModel;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Images;

/// <summary>How the images of an autoencoder are read.</summary>
/// <param name="Size">The side in pixels that every image is resized to; if null, the images' own where all are square
/// and of one size of at most 64, and otherwise 32.</param>
/// <param name="Channels">1, grey, or 3, colour; if null, grey where every image is.</param>
/// <param name="Validation">The fraction of each class that is kept for validation.</param>
/// <param name="SplitSeed">The seed of that split.</param>
public sealed record AutoencoderOptions(
    [Description("Side in pixels that every image is resized to [default: the images' own if all are square "
        + "and of one size up to 64, otherwise 32]"), Limits(4, 512)] int? Size = null,
    [Description("1, grey, or 3, colour [default: grey if every image is grey]"), Limits(1, 3)]
    int? Channels = null,
    [Description("Fraction of each class that is kept for validation [default: 0.1]"),
        Limits(0, 0.9, AboveLeast = true)] double Validation = 0.1,
    [Description("Seed of the split into training and validation [default: 42]")] ulong SplitSeed = 42) : DataOptions
{
    internal ImageOptions Images =>
        new(Size: Size, Channels: Channels, Validation: Validation, SplitSeed: SplitSeed)
        {
            FewestClasses = 1, MayStayOnDisk = false,
        };

    /// <inheritdoc/>
    public override void Check(string asked)
    {
        base.Check(asked);
        Images.Check(asked);
    }
}
