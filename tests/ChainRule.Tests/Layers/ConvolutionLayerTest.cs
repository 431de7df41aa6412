namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

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

    [Fact]
    public void Settings_that_cannot_be_are_named()
    {
        Refused.With<ArgumentException>("Conv1d(3, 8, 3): a dilation of 0: give 1 or more", () => _ = new Conv1d(3, 8, 3, new(1), options: new() { Dilation = 0 }));
        Refused.With<ArgumentException>("ConvTranspose2d(3, 8, 3): a stride of 1 with a padding of -1: give a stride of 1 or more and a padding of 0 or more",
            () => _ = new ConvTranspose2d(3, 8, 3, new(1), padding: -1));
        Refused.With<ArgumentException>("Conv1d(3, 8, 3): a dilation of 2 × 1: a sequence has one axis: give one number",
            () => _ = new Conv1d(3, 8, 3, new(1), options: new() { Dilation = (2, 1) }));
        Refused.With<ArgumentException>("ConvTranspose1d(3, 8, 3): an output padding of 0 × 1: a sequence has one axis: give one number",
            () => _ = new ConvTranspose1d(3, 8, 3, new(1), 2, options: new() { OutputPadding = (0, 1) }));
        Refused.With<ArgumentOutOfRangeException>(
            "Conv2d(3, 8, 3): 9 is no padding mode: give one of PaddingMode", () => _ = new Conv2d(3, 8, 3, new(1), options: new() { PaddingMode = (PaddingMode)9 }));
    }
}
