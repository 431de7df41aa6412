using ChainRule.Diagnostics;
using ChainRule.Randomness;
using L = ChainRule.Layers;

namespace ChainRule.Tests.Diagnostics;

public sealed class SaliencyTest
{
    [Fact]
    public void It_is_the_derivative_of_the_score_by_every_pixel()
    {
        var (model, images) = Small();
        var gradient = Saliency.Gradient(model, images, output: 1);
        double[] pixels = images.ToArray<double>(), found = gradient.ToArray<double>();
        Assert.Equal(images.Shape, gradient.Shape);
        const double Step = 1e-5;
        for (int i = 0; i < pixels.Length; i++)
        {
            double[] up = [.. pixels], down = [.. pixels];
            (up[i], down[i]) = (up[i] + Step, down[i] - Step);
            double expected = (Score(up) - Score(down)) / (2 * Step);
            Assert.InRange(Math.Abs(found[i] - expected), 0, 1e-7 * Math.Max(1, Math.Abs(expected)));
        }
        double[] map = Saliency.Of(model, images, output: 1).ToArray<double>();
        for (int n = 0; n < 2; n++)
            for (int p = 0; p < 36; p++)
                Assert.Equal(Math.Max(Math.Abs(found[72 * n + p]), Math.Abs(found[72 * n + 36 + p])), map[36 * n + p]);

        double Score(double[] numbers)
        {
            using var mode = model.InEvaluation();
            return model.Forward(Tensor.From(numbers, images.Shape)).Select(1, 1).Sum().Item();
        }
    }

    [Fact]
    public void Without_noise_the_smooth_map_is_the_plain_one_and_with_noise_it_is_seeded()
    {
        var (model, images) = Small();
        double[] plain = Saliency.Of(model, images).ToArray<double>();
        Assert.All(plain.Zip(Saliency.Smooth(model, images, new TorchRandom(1), noise: 0).ToArray<double>()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        double[] one = Saliency.Smooth(model, images, new TorchRandom(1), samples: 3).ToArray<double>();
        Assert.Equal(one, Saliency.Smooth(model, images, new TorchRandom(1), samples: 3).ToArray<double>());
        Assert.NotEqual(plain, one);
    }

    [Fact]
    public void The_model_is_asked_in_evaluation_mode_and_left_as_it_was()
    {
        var (model, images) = Small();
        var before = model.StateDict().ToDictionary(one => one.Key, one => one.Value.ToArray<double>());
        Saliency.Of(model, images);
        Assert.True(model.Training);
        Assert.All(model.Parameters(), parameter => Assert.False(parameter.HasGrad));
        Assert.All(model.StateDict(), one => Assert.Equal(before[one.Key], one.Value.ToArray<double>()));
    }

    [Fact]
    public void What_does_not_fit_is_one_sentence()
    {
        var (model, images) = Small();
        Assert.Equal("saliency: the images are [2, 6]: give one or more, [N, C, H, W]",
            Assert.ThrowsAny<ArgumentException>(() => Saliency.Of(model, Tensor.Zeros([2, 6]))).Message);
        Assert.StartsWith("saliency: output 3: ", Assert.ThrowsAny<ArgumentException>(
            () => Saliency.Of(model, images, output: 3)).Message, StringComparison.Ordinal);
        Assert.Equal("saliency: 0 samples: give 1 or more", Assert.ThrowsAny<ArgumentException>(
            () => Saliency.Smooth(model, images, new TorchRandom(1), samples: 0)).Message);
        Assert.Equal("saliency: noise -1: give a standard deviation of 0 or more", Assert.ThrowsAny<ArgumentException>(
            () => Saliency.Smooth(model, images, new TorchRandom(1), noise: -1)).Message);
    }

    /// <summary>A smooth network with batch norm and dropout, in float64, and two images of two channels.</summary>
    internal static (L.Sequential Model, Tensor Images) Small()
    {
        var rng = new TorchRandom(5);
        var model = new L.Sequential(new L.Conv2d(2, 3, 3, rng, padding: 1), new L.BatchNorm(3, axis: 1), new L.Tanh(),
            new L.Flatten(), new L.Dropout(0.5, rng), new L.Linear(108, 3, rng));
        model.To(DType.Float64);
        double[] pixels = new double[2 * 2 * 36];
        rng.Normal(pixels);
        return (model, Tensor.From(pixels, [2, 2, 6, 6]));
    }
}
