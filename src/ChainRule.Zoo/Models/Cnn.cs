using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a <see cref="Cnn"/>.</summary>
/// <param name="Width">Channels of the first block; each later block has twice as many as the one before.</param>
/// <param name="Blocks">How many blocks there are.</param>
/// <param name="Dropout">The probability with which a feature is set to 0 in training.</param>
/// <param name="Activation">The activation function.</param>
/// <param name="Pooling">How windows of 2 × 2 are made smaller.</param>
public sealed record CnnOptions(
    [Limits(1, 4096)] int Width = 16,
    [Limits(1, 6)] int Blocks = 3,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0,
    ImageActivation Activation = ImageActivation.Relu,
    ImagePooling Pooling = ImagePooling.Max) : ModelOptions;

/// <summary>
/// A small VGG: each block is twice a convolution 3 × 3, batch norm and activation, and then a pool, which halves the
/// image while the channels double; logits are a linear layer of the last block's numbers.
/// </summary>
/// <remarks>Simonyan and Zisserman, 2014; batch norm: Ioffe and Szegedy, 2015.</remarks>
public sealed class Cnn : ImageClassifier
{
    /// <param name="options">Its sizes.</param>
    /// <param name="input">The shape of an image: [channels, size, size].</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits, or images are too small.</exception>
    public Cnn(CnnOptions options, Shape input, int classes, RandomSource rng)
        : base(input, Layers(options, input, rng), new(Numbers(options, input), classes, rng))
    {
    }

    static int Numbers(CnnOptions options, Shape input)
    {
        int side = input[1] >> options.Blocks;
        return (options.Width << (options.Blocks - 1)) * side * side;
    }

    static Sequential Layers(CnnOptions options, Shape input, RandomSource rng)
    {
        options.Check("cnn");
        CheckSize("cnn", input, 1 << options.Blocks);
        List<Module> layers = [];
        for (int block = 0, inputs = input[0]; block < options.Blocks; block++)
        {
            int width = options.Width << block;
            for (int i = 0; i < 2; i++, inputs = width)
                layers.AddRange(new Conv2d(inputs, width, 3, rng, padding: 1, bias: false),
                    new BatchNorm(width, axis: 1), Activation(options.Activation));
            layers.Add(Pool(options.Pooling));
        }
        layers.Add(new Flatten());
        if (options.Dropout > 0) layers.Add(new Dropout(options.Dropout, rng));
        return new([.. layers]);
    }
}
