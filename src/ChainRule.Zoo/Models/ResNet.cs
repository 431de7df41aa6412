using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a <see cref="ResNet"/>.</summary>
/// <param name="Width">Channels of the first stage; each later stage has twice as many as the one before.</param>
/// <param name="Stages">How many stages there are; each but the first halves the image.</param>
/// <param name="Blocks">Residual blocks of each stage.</param>
/// <param name="Dropout">The probability with which a feature is set to 0 in training.</param>
/// <param name="Activation">The activation function.</param>
public sealed record ResNetOptions(
    [Limits(1, 4096)] int Width = 16,
    [Limits(1, 5)] int Stages = 3,
    [Limits(1, 50)] int Blocks = 1,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0,
    ImageActivation Activation = ImageActivation.Relu) : ModelOptions;

/// <summary>
/// A small residual network: a convolution 3 × 3, stages of residual blocks, the mean of each channel, logits. A block
/// is convolution, batch norm, activation, convolution, batch norm, added to what went in, and an activation; where
/// the shape changes, what went in passes a convolution 1 × 1 and a batch norm.
/// </summary>
/// <remarks>He, Zhang, Ren and Sun, 2015.</remarks>
public sealed class ResNet : ImageClassifier
{
    /// <param name="options">Its sizes.</param>
    /// <param name="input">The shape of an image: [channels, size, size].</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits, or images are too small.</exception>
    public ResNet(ResNetOptions options, Shape input, int classes, RandomSource rng)
        : base(input, Layers(options, input, rng), new(options.Width << (options.Stages - 1), classes, rng))
    {
    }

    static Sequential Layers(ResNetOptions options, Shape input, RandomSource rng)
    {
        options.Check("resnet");
        CheckSize("resnet", input, 1 << (options.Stages - 1));
        int inputs = options.Width;
        List<Module> layers = [new Conv2d(input[0], inputs, 3, rng, padding: 1, bias: false),
            new BatchNorm(inputs, axis: 1), Activation(options.Activation)];
        for (int stage = 0; stage < options.Stages; stage++)
        {
            int width = options.Width << stage;
            for (int block = 0; block < options.Blocks; block++, inputs = width)
                layers.AddRange(Block(inputs, width, stage > 0 && block == 0 ? 2 : 1, options.Activation, rng),
                    Activation(options.Activation));
        }
        layers.Add(new GlobalAveragePool());
        if (options.Dropout > 0) layers.Add(new Dropout(options.Dropout, rng));
        return new([.. layers]);
    }

    static Residual Block(int inputs, int width, int stride, ImageActivation activation, RandomSource rng)
    {
        var inner = new Sequential(new Conv2d(inputs, width, 3, rng, stride, 1, bias: false),
            new BatchNorm(width, axis: 1), Activation(activation),
            new Conv2d(width, width, 3, rng, padding: 1, bias: false), new BatchNorm(width, axis: 1));
        return new(inner, stride == 1 && inputs == width ? null : new Sequential(
            new Conv2d(inputs, width, 1, rng, stride, bias: false), new BatchNorm(width, axis: 1)));
    }
}
