namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

/// <summary>
/// What all pooling layers do alike: they compute their op, over windows that stand side by side unless asked
/// otherwise, and print their settings.
/// </summary>
public sealed class PoolingLayerTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases(["max_pool2d", "average_pool2d"]);

    public static TheoryData<string> OfImages => ["MaxPool2d", "AveragePool2d"];

    public static TheoryData<string> OfSequences => ["MaxPool1d", "AveragePool1d"];

    public static TheoryData<string> Adaptive => ["AdaptiveMaxPool2d", "AdaptiveAveragePool2d"];

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden =>
        Make(golden.Op == "max_pool2d" ? "MaxPool2d" : "AveragePool2d", golden.Int("kernel"), golden.Int("stride"),
            golden.Int("padding")));

    [Theory, MemberData(nameof(OfImages))]
    public void Gradients_of_images_are_right(string kind)
    {
        GradientsOf.Layer(Make(kind, 2), 2, 2, 5, 4);
        GradientsOf.Layer(Make(kind, 3, 2, 1), 2, 2, 5, 4);
    }

    [Theory, MemberData(nameof(OfSequences))]
    public void Gradients_of_sequences_are_right(string kind)
    {
        GradientsOf.Layer(Make(kind, 2), 2, 2, 7);
        GradientsOf.Layer(Make(kind, 3, 2, 1), 2, 2, 7);
        GradientsOf.Layer(Make(kind, 3, 3, 0, true), 2, 2, 7);
    }

    [Theory, MemberData(nameof(Adaptive))]
    public void Gradients_of_any_number_of_windows_are_right(string kind)
    {
        foreach (PerAxis windows in (PerAxis[])[2, (3, 1), 1]) GradientsOf.Layer(Make(kind, windows), 2, 2, 4, 5);
    }

    [Fact]
    public void A_layer_computes_its_op_with_its_settings()
    {
        Tensor images = Tensor.Randn([2, 3, 7, 5], new TorchRandom(1)),
            sequences = Tensor.Randn([2, 3, 7], new TorchRandom(1));
        Same(images.MaxPool2d((3, 2), (1, 2), (1, 0), true), new MaxPool2d((3, 2), (1, 2), (1, 0), true), images);
        Same(images.AveragePool2d((3, 2), (1, 2), (1, 0), true),
            new AveragePool2d((3, 2), (1, 2), (1, 0), true), images);
        Same(sequences.MaxPool1d(3, 2, 1, true), new MaxPool1d(3, 2, 1, true), sequences);
        Same(sequences.AveragePool1d(3, 2, 1, true), new AveragePool1d(3, 2, 1, true), sequences);
        Same(images.AdaptiveMaxPool2d((2, 3)), new AdaptiveMaxPool2d((2, 3)), images);
        Same(images.AdaptiveAveragePool2d((2, 3)), new AdaptiveAveragePool2d((2, 3)), images);

        static void Same(Tensor expected, Module layer, Tensor x)
        {
            var y = layer.Forward(x);
            Assert.Equal(expected.Shape, y.Shape);
            Assert.Equal(expected.ToArray<float>(), y.ToArray<float>());
        }
    }

    [Theory, MemberData(nameof(OfImages)), MemberData(nameof(OfSequences))]
    public void Windows_stand_side_by_side_unless_asked_otherwise(string kind)
    {
        var x = Tensor.Randn(kind.EndsWith("1d", StringComparison.Ordinal) ? [1, 2, 6] : [1, 2, 6, 6],
            new TorchRandom(1));
        Assert.Equal(Make(kind, 3, 3).Forward(x).ToArray<float>(), Make(kind, 3).Forward(x).ToArray<float>());
        Assert.Contains($"{kind}(3)", Make(kind, 3).ToString(), StringComparison.Ordinal);
        Assert.Contains($"{kind}(3, stride: 1, padding: 1, roundUp: true)", Make(kind, 3, 1, 1, true).ToString(),
            StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(OfImages)), MemberData(nameof(OfSequences))]
    public void What_does_not_fit_is_named(string kind)
    {
        const string Remedy = "give a kernel and a stride of 1 or more, and a padding of 0 to half the kernel";
        Refused.With<ArgumentException>($"{kind}(0): {Remedy}", () => _ = Make(kind, 0));
        Refused.With<ArgumentException>($"{kind}(3, stride: 0): {Remedy}", () => _ = Make(kind, 3, 0));
        Refused.With<ArgumentException>($"{kind}(3, padding: 2): {Remedy}", () => _ = Make(kind, 3, padding: 2));
    }

    [Theory, MemberData(nameof(Adaptive))]
    public void An_image_of_any_size_becomes_a_given_number_of_windows(string kind)
    {
        var layer = Make(kind, (2, 3));
        Assert.Equal([1, 2, 2, 3], layer.Forward(Tensor.Zeros([1, 2, 7, 5])).Shape);
        Assert.Equal([0, 2, 2, 3], layer.Forward(Tensor.Zeros([0, 2, 7, 5])).Shape);
        Refused.With<ArgumentException>($"{kind}(0): give 1 window or more", () => _ = Make(kind, 0));
    }

    static Module Make(string kind, PerAxis size, int? stride = null, int padding = 0, bool roundUp = false) =>
        kind switch
    {
        "MaxPool1d" => new MaxPool1d(size.X, stride, padding, roundUp),
        "AveragePool1d" => new AveragePool1d(size.X, stride, padding, roundUp),
        "MaxPool2d" => new MaxPool2d(size, stride, padding, roundUp),
        "AveragePool2d" => new AveragePool2d(size, stride, padding, roundUp),
        "AdaptiveMaxPool2d" => new AdaptiveMaxPool2d(size),
        _ => new AdaptiveAveragePool2d(size),
    };
}
