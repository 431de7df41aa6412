using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a <see cref="LeNet"/>.</summary>
/// <param name="Width">Channels of the first convolution.</param>
/// <param name="Width2">Channels of the second.</param>
/// <param name="Hidden">Units of the first linear layer.</param>
/// <param name="Hidden2">Units of the second.</param>
/// <param name="Activation">The activation function.</param>
/// <param name="Pooling">How windows of 2 × 2 are made smaller.</param>
public sealed record LeNetOptions(
    [Limits(1, 4096)] int Width = 6,
    [Limits(1, 4096)] int Width2 = 16,
    [Limits(1, ModelOptions.Largest)] int Hidden = 120,
    [Limits(1, ModelOptions.Largest)] int Hidden2 = 84,
    ImageActivation Activation = ImageActivation.Tanh,
    ImagePooling Pooling = ImagePooling.Average) : ModelOptions;

/// <summary>
/// LeNet-5: convolution 5 × 5 with padding, pool, convolution 5 × 5, pool, two linear layers, logits. Unlike the
/// original, the second convolution sees all channels of the first, pools have no weights, and the logits are linear.
/// </summary>
/// <remarks>LeCun, Bottou, Bengio and Haffner, 1998.</remarks>
public sealed class LeNet : ImageClassifier
{
    const int Least = 12;

    /// <param name="options">Its sizes.</param>
    /// <param name="input">The shape of an image: [channels, size, size].</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits, or images are too small.</exception>
    public LeNet(LeNetOptions options, Shape input, int classes, RandomSource rng)
        : base(input, Layers(options, input, rng), new(options.Hidden2, classes, rng))
    {
    }

    static Sequential Layers(LeNetOptions options, Shape input, RandomSource rng)
    {
        options.Check("lenet");
        CheckSize("lenet", input, Least);
        var (width, width2, hidden, hidden2, activation, pooling) = options;
        int side = (input[1] / 2 - 4) / 2;
        return new(new Conv2d(input[0], width, 5, rng, padding: 2), Activation(activation), Pool(pooling),
            new Conv2d(width, width2, 5, rng), Activation(activation), Pool(pooling), new Flatten(),
            new Linear(width2 * side * side, hidden, rng), Activation(activation),
            new Linear(hidden, hidden2, rng), Activation(activation));
    }
}
