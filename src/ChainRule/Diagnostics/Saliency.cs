using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Diagnostics;

/// <summary>
/// Which pixels matter to a score? The derivative of one output of a classifier by every pixel of its input: a large
/// one says that a small change of the pixel changes the score much. The model is asked in evaluation mode, and its
/// parameters and their gradients stay as they are.
/// <code lang="math">
/// saliency of (y, x) = max over channels c of |∂ score / ∂ pixel (c, y, x)|
/// </code>
/// </summary>
/// <remarks>Simonyan, Vedaldi and Zisserman, "Deep inside convolutional networks", 2013; SmoothGrad: Smilkov and
/// others, 2017.</remarks>
public static class Saliency
{
    const string Asked = "saliency";

    /// <summary>The saliency map of each image.</summary>
    /// <param name="model">A model of [N, C, H, W] → [N, outputs], each image by itself.</param>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="output">Which of the outputs is the score.</param>
    /// <returns>[N, H, W], none below 0.</returns>
    /// <exception cref="ArgumentException">The images are not [N, C, H, W], or there is no such output.</exception>
    public static Tensor Of(Module model, Tensor images, int output = 0) =>
        Gradient(model, images, output).Abs().Max(1);

    /// <summary>
    /// SmoothGrad: the mean saliency map of copies of the images with Gaussian noise, in which single pixels stand out
    /// less.
    /// </summary>
    /// <param name="model">A model of [N, C, H, W] → [N, outputs], each image by itself.</param>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="rng">Where the noise is drawn from.</param>
    /// <param name="output">Which of the outputs is the score.</param>
    /// <param name="samples">How many copies of each image, 1 or more.</param>
    /// <param name="noise">The standard deviation of the noise, in the units of the images, 0 or more.</param>
    /// <returns>[N, H, W], none below 0.</returns>
    /// <exception cref="ArgumentException">The images are not [N, C, H, W], there is no such output, or a number is
    /// outside of its limits.</exception>
    public static Tensor Smooth(Module model, Tensor images, RandomSource rng, int output = 0, int samples = 16,
        double noise = 0.3)
    {
        Throw.IfNull(rng, Asked);
        if (samples < 1) Throw.OutOfRange($"{Asked}: {samples} samples: give 1 or more", nameof(samples));
        if (!(noise >= 0 && double.IsFinite(noise)))
            Throw.OutOfRange($"{Asked}: noise {noise}: give a standard deviation of 0 or more", nameof(noise));
        var sum = Of(model, Noisy(images, rng, noise), output);
        for (int i = 1; i < samples; i++) sum += Of(model, Noisy(images, rng, noise), output);
        return sum / samples;
    }

    /// <summary>
    /// ∂ score / ∂ pixel with its sign. Times the images (gradient × input), it says how much of a score that is linear
    /// in the pixels each pixel brings.
    /// </summary>
    /// <param name="model">A model of [N, C, H, W] → [N, outputs], each image by itself.</param>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="output">Which of the outputs is the score.</param>
    /// <returns>[N, C, H, W].</returns>
    /// <exception cref="ArgumentException">The images are not [N, C, H, W], or there is no such output.</exception>
    public static Tensor Gradient(Module model, Tensor images, int output = 0)
    {
        Throw.IfNull(model, Asked);
        Scores.CheckImages(Asked, images);
        using var evaluation = model.InEvaluation();
        var x = images.Detach().Clone().RequireGrad();
        var scores = Scores.Of(Asked, model.Forward(x), output);
        return scores.RequiresGrad ? scores.Sum().Gradients([x])[0].Detach() : Tensor.Zeros(images.Shape, images.DType);
    }

    static Tensor Noisy(Tensor images, RandomSource rng, double noise)
    {
        double[] numbers = images.Detach().To(DType.Float64).ToArray<double>();
        double[] drawn = new double[numbers.Length];
        rng.Normal(drawn, 0, noise);
        for (int i = 0; i < numbers.Length; i++) numbers[i] += drawn[i];
        return Tensor.From(numbers, images.Shape).To(images.DType);
    }
}
