namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class ConvolutionLayerTest
{
    public static TheoryData<string> Drawn => Golden.Names("layers", "drawn");

    [Theory, MemberData(nameof(Drawn))]
    public void New_weights_equal_torchs_draw_for_draw_and_name_for_name(string name)
    {
        var golden = Golden.Case("layers", name);
        var rng = new ChainRule.Randomness.TorchRandom((ulong)golden.Int("seed"));
        Module layer = golden.Text("layer") switch
        {
            "conv1d" => new Conv1d(4, 6, 3, rng, options: new() { Groups = 2 }),
            "conv_transpose1d" => new ConvTranspose1d(4, 6, 3, rng, options: new() { Groups = 2 }),
            "conv_transpose2d" => new ConvTranspose2d(4, 6, 3, rng, options: new() { Groups = 2 }),
            _ => new EmbeddingBag(5, 3, rng, paddingIndex: 2),
        };
        Assert.Equal(golden.State.Select(one => one.Key), layer.StateDict().Keys);
        foreach (var (key, recorded) in golden.State)
        {
            Assert.Equal(recorded.Shape, layer.StateDict()[key].Shape.Span.ToArray());
            Assert.Equal(recorded.Data, layer.StateDict()[key].ToArray<float>().Select(w => (double)w));
        }
    }

    public static IEnumerable<object[]> InGroups =>
        new[] { "conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d" }.SelectMany(
            op => GoldenLayers.Cases($"{op}_groups").AsEnumerable<object[]>());

    [Theory, MemberData(nameof(InGroups))]
    public void In_groups_with_dilation_and_any_padding_they_equal_torchs(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden =>
    {
        var options = new ConvOptions
        {
            Groups = golden.Int("groups"), Dilation = golden.Int("dilation"),
            PaddingMode = golden.Has("padding_mode")
                ? Enum.Parse<PaddingMode>(golden.Text("padding_mode"), ignoreCase: true) : PaddingMode.Zeros,
        };
        var transposed = new ConvTransposeOptions
            { OutputPadding = 1, Dilation = options.Dilation, Groups = options.Groups };
        return name.Split('_', ',')[..3] switch
        {
            ["conv1d", ..] => new Conv1d(4, 8, 3, new TorchRandom(0), 2, 3, options: options),
            ["conv2d", ..] => new Conv2d(4, 8, (3, 2), new TorchRandom(0), (1, 2), (2, 1), options: options),
            [_, "transpose1d", ..] => new ConvTranspose1d(4, 8, 3, new TorchRandom(0), 2, 1, options: transposed),
            _ => new ConvTranspose2d(4, 8, (3, 2), new TorchRandom(0), 2, 1, options: transposed),
        };
    });

    [Theory]
    [InlineData(PaddingMode.Zeros, 2, 2)]
    [InlineData(PaddingMode.Reflect, 4, 1)]
    [InlineData(PaddingMode.Replicate, 2, 2)]
    [InlineData(PaddingMode.Circular, 4, 2)]
    public void In_groups_with_dilation_and_any_padding_gradients_are_right(PaddingMode mode, int groups, int dilation)
    {
        var options = new ConvOptions { Groups = groups, Dilation = dilation, PaddingMode = mode };
        GradientsOf.Layer(new Conv2d(4, 4, (3, 2), new TorchRandom(1), (1, 2), (2, 1), options: options), 1, 4, 4, 5);
        GradientsOf.Layer(new Conv1d(4, 4, 3, new TorchRandom(1), 2, 2, options: options), 1, 4, 5);
        GradientsOf.Layer(new ConvTranspose2d(4, 4, (3, 2), new TorchRandom(1), 2, 1,
            options: new() { Groups = groups, Dilation = dilation, OutputPadding = 1 }), 1, 4, 2, 3);
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Settings_of_any_size_end_in_a_sentence(int odd)
    {
        Tensor image = Tensor.Ones([1, 2, 4, 4]), sequence = Tensor.Ones([1, 2, 4]);
        ConvOptions[] odds = [new() { Dilation = odd }, new() { Groups = odd }];
        ConvTransposeOptions[] transposed = [new() { Dilation = odd }, new() { Groups = odd },
            new() { OutputPadding = odd }];
        foreach (var options in odds)
        {
            Assert.ThrowsAny<ArgumentException>(() => image.Conv2d(Tensor.Ones([2, 2, 3, 3]), options: options));
            Assert.ThrowsAny<ArgumentException>(() => sequence.Conv1d(Tensor.Ones([2, 2, 3]), options: options));
            Assert.ThrowsAny<ArgumentException>(
                () => new Conv2d(2, 2, 3, new TorchRandom(1), options: options).Forward(image));
            Assert.ThrowsAny<ArgumentException>(
                () => new Conv1d(2, 2, 3, new TorchRandom(1), options: options).Forward(sequence));
        }
        foreach (var options in transposed)
        {
            Assert.ThrowsAny<ArgumentException>(
                () => image.ConvTranspose2d(Tensor.Ones([2, 2, 3, 3]), options: options));
            Assert.ThrowsAny<ArgumentException>(
                () => sequence.ConvTranspose1d(Tensor.Ones([2, 2, 3]), options: options));
            Assert.ThrowsAny<ArgumentException>(
                () => new ConvTranspose2d(2, 2, 3, new TorchRandom(1), options: options).Forward(image));
            Assert.ThrowsAny<ArgumentException>(
                () => new ConvTranspose1d(2, 2, 3, new TorchRandom(1), options: options).Forward(sequence));
        }
    }

    [Fact]
    public void Settings_that_cannot_be_are_named()
    {
        Refused.With<ArgumentException>("Conv1d(3, 8, 3): a dilation of 0: give 1 or more",
            () => _ = new Conv1d(3, 8, 3, new TorchRandom(1), options: new() { Dilation = 0 }));
        Refused.With<ArgumentException>("ConvTranspose2d(3, 8, 3): a stride of 1 with a padding of -1: give a stride "
            + "of 1 or more and a padding of 0 or more",
            () => _ = new ConvTranspose2d(3, 8, 3, new TorchRandom(1), padding: -1));
        Refused.With<ArgumentException>(
            "Conv1d(3, 8, 3): a dilation of 2 × 1: a sequence has one axis: give one number",
            () => _ = new Conv1d(3, 8, 3, new TorchRandom(1), options: new() { Dilation = (2, 1) }));
        Refused.With<ArgumentException>(
            "ConvTranspose1d(3, 8, 3): an output padding of 0 × 1: a sequence has one axis: give one number",
            () => _ = new ConvTranspose1d(3, 8, 3, new TorchRandom(1), 2, options: new() { OutputPadding = (0, 1) }));
        Refused.With<ArgumentOutOfRangeException>(
            "Conv2d(3, 8, 3): 9 is no padding mode: give one of PaddingMode",
            () => _ = new Conv2d(3, 8, 3, new TorchRandom(1), options: new() { PaddingMode = (PaddingMode)9 }));
    }
}
