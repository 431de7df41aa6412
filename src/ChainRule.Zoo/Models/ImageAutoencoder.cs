using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of an <see cref="ImageAutoencoder"/>.</summary>
/// <param name="Bottleneck">How many numbers are left of an image: its code.</param>
/// <param name="Hidden">Hidden units of the layer beside the image; the one beside the code has half of them.</param>
/// <param name="Noise">The standard deviation of what is added to each pixel in training, in standard deviations of the
/// pixels: above 0, the autoencoder learns to take noise away.</param>
public sealed record ImageAutoencoderOptions(
    [Limits(1, 4096)] int Bottleneck = 2,
    [Limits(2, ModelOptions.Largest)] int Hidden = 256,
    [Limits(0)] double Noise = 0) : ModelOptions;

/// <summary>
/// An autoencoder: an encoder makes a few numbers of an image, the code, and a decoder makes the image of them again.
/// [N, channels, size, size] → [N, channels · size · size]. GELU between the layers.
/// </summary>
/// <remarks>Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural networks", 2006; denoising:
/// Vincent, Larochelle, Bengio and Manzagol, 2008.</remarks>
public sealed class ImageAutoencoder : Module
{
    readonly double _noise;
    readonly RandomSource _rng;

    /// <param name="options">Its sizes.</param>
    /// <param name="input">The shape of an image: [channels, size, size].</param>
    /// <param name="rng">Where the first weights and the noise are drawn from.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits.</exception>
    public ImageAutoencoder(ImageAutoencoderOptions options, Shape input, RandomSource rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check("autoencoder");
        (_noise, _rng) = (options.Noise, rng);
        int hidden = options.Hidden, half = hidden / 2;
        Encoder = new(new Flatten(), new Linear(input.Elements, hidden, rng), new Gelu(), new Linear(hidden, half, rng),
            new Gelu(), new Linear(half, options.Bottleneck, rng));
        Decoder = new(new Linear(options.Bottleneck, half, rng), new Gelu(), new Linear(half, hidden, rng), new Gelu(),
            new Linear(hidden, input.Elements, rng));
    }

    /// <summary>Images to codes: [N, channels, size, size] → [N, bottleneck].</summary>
    public Sequential Encoder { get; }

    /// <summary>Codes to images: [N, bottleneck] → [N, channels · size · size].</summary>
    public Sequential Decoder { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Decoder.Forward(Encoder.Forward(
        Training && _noise > 0 ? x + Tensor.Randn(x.Shape, _rng, x.DType) * _noise : x));
}
