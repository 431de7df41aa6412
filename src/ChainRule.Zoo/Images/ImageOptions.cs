using System.ComponentModel;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Images;

/// <summary>What is drawn where no data is given.</summary>
public enum ImageDrawing
{
    /// <summary>Ten digits, written by a pen.</summary>
    Digits,

    /// <summary>Cloth, metal, wood and paper, half of them with a defect.</summary>
    Surfaces,
}

/// <summary>How images are read, split and augmented. Amounts of augmentation that are null are those of
/// <paramref name="Augment"/>: 0 without it.</summary>
/// <param name="Size">The side, in pixels, that every image is resized to; if null, that of the images where all are
/// square and of one size of at most 64, and otherwise 32.</param>
/// <param name="Channels">1, grey, or 3, colour; if null, grey where every image is.</param>
/// <param name="Validation">The fraction of each class that is kept for validation.</param>
/// <param name="SplitSeed">The seed of that split.</param>
/// <param name="Augment">Whether images are varied at random each time that they are trained on.</param>
/// <param name="Shift">The farthest shift, as a fraction of the side; 0.08 if augmented.</param>
/// <param name="Rotate">The largest rotation, in degrees; 10 if augmented.</param>
/// <param name="Scale">The largest change of scale, a fraction; 0.1 if augmented.</param>
/// <param name="Noise">The standard deviation of noise, as a fraction of white; 0 if null.</param>
/// <param name="Cutout">The side of a square that is blanked out, as a fraction of the side; 0 if null.</param>
/// <param name="Flip">Whether half of the images are mirrored, left for right.</param>
/// <param name="Positive">A class to be told from all others by one output; null to tell all classes apart. Drawn
/// surfaces have defect.</param>
/// <param name="ClassWeights">Whether the loss of each class is weighted so that all classes count alike; if null, they
/// are where there is one output.</param>
/// <param name="Drawn">What is drawn where no data is given.</param>
/// <param name="HeldOut">The kind of defect of drawn surfaces that is not trained on, and tested by itself.</param>
/// <param name="Classes">The classes that are used, separated by commas; if null, all are.</param>
/// <param name="PerClass">How many images of each class are trained on at most, drawn by the seed of the run; if null,
/// all are. Validation and test parts stay whole.</param>
/// <param name="InMemory">How many MiB of decoded images are held in memory, each of their numbers a byte: images of a
/// folder that take more are decoded whenever they are read; 1,024 if null. It changes no bit of what is
/// trained.</param>
public sealed record ImageOptions(
    [Description("Side in pixels that every image is resized to [default: the images' own if all are square "
        + "and of one size up to 64, otherwise 32]"), Limits(4, 512)] int? Size = null,
    [Description("1, grey, or 3, colour [default: grey if every image is grey]"), Limits(1, 3)]
    int? Channels = null,
    [Description("Fraction of each class that is kept for validation [default: 0.1]"),
        Limits(0, 0.9, AboveLeast = true)] double Validation = 0.1,
    [Description("Seed of the split into training and validation [default: 42]")] ulong SplitSeed = 42,
    [Description("Vary images at random each time that they are trained on: shift, rotate, scale")]
    bool Augment = false,
    [Description("Farthest shift, as a fraction of the side [with --augment: 0.08]"), Limits(0, 0.5)]
    double? Shift = null,
    [Description("Largest rotation, in degrees [with --augment: 10]"), Limits(0, 180)]
    double? Rotate = null,
    [Description("Largest change of scale, as a fraction [with --augment: 0.1]"), Limits(0, 0.9)]
    double? Scale = null,
    [Description("Standard deviation of noise, as a fraction of white"), Limits(0, 1)]
    double? Noise = null,
    [Description("Side of a square that is blanked out, as a fraction of the side"), Limits(0, 1)]
    double? Cutout = null,
    [Description("Mirror half of the images, left for right")] bool Flip = false,
    [Description("A class to tell from all others, by one sigmoid output [default: all classes are told apart]")]
    string? Positive = null,
    [Description("Weight the loss so that every class counts alike, however rare [with --positive: true]")]
    bool? ClassWeights = null,
    [Description("What is drawn where no data is given: digits, or surfaces with and without a defect")]
    ImageDrawing Drawn = ImageDrawing.Digits,
    [Description("The kind of defect that is not trained on, and tested by itself: scratch, blob, hole, stain, thread")]
    DefectKind HeldOut = DefectKind.Stain,
    [Description("The classes that are used, the others are left out [default: all]"), Names("CLASS")]
    string? Classes = null,
    [Description("Images of each class to train with, at most, drawn by the seed [default: all]"), Limits(1)]
    int? PerClass = null,
    [Description("MiB of decoded images that are held in memory: a folder of more is decoded as it is read "
        + "[default: 1024]"), Limits(0, 2000)] int? InMemory = null) : DataOptions
{
    /// <summary>Whether images of a folder may be decoded as they are read; if not, they must fit into
    /// memory.</summary>
    internal bool MayStayOnDisk { get; init; } = true;

    /// <summary>How many bytes of decoded images are held.</summary>
    internal long MostHeld => InMemory is { } some ? (long)some << 20 : ImageSet.MostBytes;

    /// <summary>How many classes there must be: one where nothing tells them apart.</summary>
    internal int FewestClasses { get; init; } = 2;

    /// <inheritdoc/>
    public override void Check(string asked)
    {
        base.Check(asked);
        if (Drawn == ImageDrawing.Surfaces && Positive is not (null or "defect" or "good"))
            throw new ArgumentException($"{asked}: positive {Printable.Of(Positive)}: drawn surfaces are good or "
                + "defect");
        if (Drawn == ImageDrawing.Surfaces && Classes is not null)
            throw new ArgumentException($"{asked}: classes {Printable.Of(Classes, 60)}: drawn surfaces are good or "
                + "defect, and both are needed: leave it out");
        if (Drawn != ImageDrawing.Surfaces && HeldOut != new ImageOptions().HeldOut)
            throw new ArgumentException($"{asked}: held-out {Setting.Text(HeldOut)}: surfaces that are drawn have "
                + "defects, and no other images: leave it out, or give --drawn surfaces");
        if (Channels == 2) throw new ArgumentException($"{asked}: channels 2: give 1, grey, or 3, colour");
    }

    /// <summary>What is done to an image each time that it is trained on.</summary>
    internal Augmentation Augmentation => new(Shift ?? (Augment ? 0.08 : 0), Rotate ?? (Augment ? 10 : 0),
        Scale ?? (Augment ? 0.1 : 0), Noise ?? 0, Cutout ?? 0, Flip);
}
