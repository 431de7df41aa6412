using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Images;

/// <summary>Why a model takes an image for what it does.</summary>
/// <param name="Seen">The image as the model sees it: resized, and inverted if need be.</param>
/// <param name="Class">The class that is explained.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Saliency">[height, width]: how strongly each pixel moves the score of the class, by
/// <see cref="Diagnostics.Saliency.Smooth"/>.</param>
/// <param name="Occlusion">[height, width]: how much the score of the class falls where the image is covered, by
/// <see cref="Diagnostics.Occlusion.Of"/>.</param>
public sealed record ImageExplanation(Pixels Seen, string Class, double Probability, Tensor Saliency, Tensor Occlusion)
{
    /// <summary>Explains the class that the model predicts, or another.</summary>
    /// <param name="model">A classifier of images, in evaluation mode.</param>
    /// <param name="encoding">What turns pictures into its numbers.</param>
    /// <param name="picture">A picture of any size.</param>
    /// <param name="label">The class to explain; if null, that which is predicted.</param>
    public static ImageExplanation Of(Module model, ImageEncoding encoding, Pixels picture, int? label = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(encoding);
        var x = encoding.Encode(picture);
        float[] probabilities = Quiet(() => encoding.Probabilities(model.Forward(x))).ToArray<float>();
        int of = label ?? Array.IndexOf(probabilities, probabilities.Max());
        return new(encoding.Fitted(picture), encoding.Classes[of], probabilities[of],
            SaliencyOf(model, encoding, picture, of), OcclusionOf(model, encoding, picture, of));
    }

    /// <summary>SmoothGrad of the score of a class, [height, width].</summary>
    /// <inheritdoc cref="Of"/>
    public static Tensor SaliencyOf(Module model, ImageEncoding encoding, Pixels picture, int label)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        int output = encoding.ScoreOf(label).Output;
        return Diagnostics.Saliency.Smooth(model, encoding.Encode(picture), new TorchRandom(1), output)
            .Reshape(encoding.Size, encoding.Size);
    }

    /// <summary>How much the score of a class falls where a square covers the image, [height, width].</summary>
    /// <inheritdoc cref="Of"/>
    public static Tensor OcclusionOf(Module model, ImageEncoding encoding, Pixels picture, int label)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        var (output, sign) = encoding.ScoreOf(label);
        var (side, stride) = Square(encoding.Size);
        return (Diagnostics.Occlusion.Of(model, encoding.Encode(picture), output, side, stride) * sign)
            .Reshape(encoding.Size, encoding.Size);
    }

    /// <summary>The square that covers a part of an image, and how far it moves, in pixels.</summary>
    /// <param name="size">The side of the image.</param>
    public static (int Side, int Stride) Square(int size)
    {
        int side = Math.Max(3, size / 7);
        return (side, Math.Max(1, side / 2));
    }

    /// <summary>The outputs of the layers that are images, for one picture, by the path and type of the layer:
    /// [channels, height, width] each.</summary>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Maps(Module model, ImageEncoding encoding, Pixels picture)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(encoding);
        var layers = model.NamedModules().ToDictionary(one => one.Key, one => one.Value.GetType().Name);
        return [.. FeatureMaps.All(model, encoding.Encode(picture)).Select(one =>
            KeyValuePair.Create($"{one.Key}, {layers[one.Key]}", one.Value.Select(0, 0)))];
    }

    static Tensor Quiet(Func<Tensor> compute)
    {
        using var quiet = NoGrad.Begin();
        return compute();
    }
}
