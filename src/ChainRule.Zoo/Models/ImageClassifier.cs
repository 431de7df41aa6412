using ChainRule.Errors;
using ChainRule.Layers;

namespace ChainRule.Zoo.Models;

/// <summary>The activation function between the layers of a classifier of images.</summary>
public enum ImageActivation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x Φ(x): smooth.</summary>
    Gelu,

    /// <summary>tanh x, as in LeNet.</summary>
    Tanh,
}

/// <summary>How windows are made smaller.</summary>
public enum ImagePooling
{
    /// <summary>The largest number of each window.</summary>
    Max,

    /// <summary>The mean of each window, as in LeNet.</summary>
    Average,
}

/// <summary>
/// A network that tells the classes of images apart: features of [N, channels, size, size], and logits [N, classes],
/// which are a linear layer of them. Weights of that layer begin ten times smaller than torch's, so that the first loss
/// is the expected initial loss, ln(classes).
/// </summary>
/// <param name="input">The shape of an image: [channels, size, size].</param>
/// <param name="features">What computes the features, [N, width].</param>
/// <param name="head">What computes the logits.</param>
public abstract class ImageClassifier(Shape input, Sequential features, Linear head) : Module
{
    /// <summary>What computes the features.</summary>
    public Sequential Features { get; } = features;

    /// <summary>What computes the logits.</summary>
    public Linear Head { get; } = Small(head);

    protected override Tensor Compute(Tensor x)
    {
        var shape = x.Shape;
        bool fits = shape.Rank == 4 && shape[1] == input[0] && shape[2] == input[1] && shape[3] == input[2];
        return fits ? Head.Forward(Features.Forward(x)) : throw new RefusedArgumentException(
            $"{GetType().Name}: the input is {shape}: give [N, {input[0]}, {input[1]}, {input[2]}]", nameof(x));
    }

    private protected static Module Activation(ImageActivation kind) => kind switch
    {
        ImageActivation.Relu => new Relu(),
        ImageActivation.Gelu => new Gelu(),
        _ => new Tanh(),
    };

    private protected static Module Pool(ImagePooling kind) =>
        kind == ImagePooling.Max ? new MaxPool2d(2) : new AveragePool2d(2);

    /// <summary>Refuses images that would be made smaller than one pixel.</summary>
    private protected static void CheckSize(string model, Shape input, int least)
    {
        if (input[1] < least)
            throw new ArgumentException($"model {model}: images of {input[1]} × {input[1]} pixels: give {least} × "
                + $"{least} or more, by --size {least}");
    }

    static Linear Small(Linear head)
    {
        using var quiet = NoGrad.Begin();
        head.Weight.CopyInPlace(head.Weight * 0.1);
        head.Bias?.FillInPlace(0);
        return head;
    }
}
