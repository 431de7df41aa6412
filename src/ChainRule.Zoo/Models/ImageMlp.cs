using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of an <see cref="ImageMlp"/>.</summary>
/// <param name="Hidden">Units of each hidden layer.</param>
/// <param name="Layers">How many hidden layers there are.</param>
/// <param name="Dropout">The probability with which a hidden unit is set to 0 in training.</param>
/// <param name="Activation">The activation function.</param>
public sealed record ImageMlpOptions(
    [Limits(1, ModelOptions.Largest)] int Hidden = 512,
    [Limits(1, 20)] int Layers = 2,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0.2,
    ImageActivation Activation = ImageActivation.Relu) : ModelOptions;

/// <summary>
/// A multi-layer perceptron over pixels: 784 inputs of an image of MNIST, hidden layers, logits. It knows nothing of
/// which pixels are neighbours.
/// </summary>
public sealed class ImageMlp : ImageClassifier
{
    /// <param name="options">Its sizes.</param>
    /// <param name="input">The shape of an image: [channels, size, size].</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits.</exception>
    public ImageMlp(ImageMlpOptions options, Shape input, int classes, RandomSource rng)
        : base(input, Layers(options, input, rng), new(options.Hidden, classes, rng))
    {
    }

    static Sequential Layers(ImageMlpOptions options, Shape input, RandomSource rng)
    {
        options.Check("mlp");
        List<Module> layers = [new Flatten()];
        for (int i = 0, inputs = input.Elements; i < options.Layers; i++, inputs = options.Hidden)
        {
            layers.AddRange(new Linear(inputs, options.Hidden, rng), Activation(options.Activation));
            if (options.Dropout > 0) layers.Add(new Dropout(options.Dropout, rng));
        }
        return new([.. layers]);
    }
}
