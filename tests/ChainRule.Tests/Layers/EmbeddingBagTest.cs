namespace ChainRule.Tests.Layers;

using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class EmbeddingBagTest
{
    public static TheoryData<string, DType> Recorded => GoldenLayers.Cases("embedding_bag");

    [Theory, MemberData(nameof(Recorded))]
    public void Outputs_and_gradients_equal_the_recording(string name, DType dtype)
    {
        var golden = Golden.Case("layers", name);
        var layer = new EmbeddingBag(5, 3, new TorchRandom(0),
            Enum.Parse<BagMode>(golden.Text("mode"), ignoreCase: true),
            golden.Has("padding_index") ? golden.Int("padding_index") : null);
        GoldenLayers.Load(golden, layer, dtype);
        var step = golden.Steps[0];
        var ids = Ids.From(step.Ids!.Data, step.Ids.Shape);
        var y = golden.Has("offsets") ? layer.Forward(ids, Ids.From(golden.Ints("offsets"))) : layer.Forward(ids);
        GoldenLayers.Backward(layer, step, [], y, $"{name}, {dtype}");
    }

    [Theory]
    [InlineData(BagMode.Sum)]
    [InlineData(BagMode.Mean)]
    [InlineData(BagMode.Max)]
    public void Gradients_are_right(BagMode mode)
    {
        var layer = new EmbeddingBag(6, 3, new TorchRandom(1), mode, paddingIndex: 0);
        layer.To(DType.Float64);
        var c = Tensor.Randn([3, 3], new TorchRandom(2), DType.Float64);
        GradCheck.Require("bags of one size",
            () => (layer.Forward(Ids.From([1, 1, 5, 0, 2, 3, 0, 0, 0], [3, 3])) * c).Sum(), layer.NamedParameters());
        var weights = Tensor.Randn([5], new TorchRandom(4), DType.Float64).RequireGrad();
        var summed = new EmbeddingBag(6, 3, new TorchRandom(1), BagMode.Sum);
        summed.To(DType.Float64);
        GradCheck.Require("weighted bags",
            () => (summed.Forward(Ids.From(4, 1, 1, 0, 5), weights, Ids.From(0, 3, 3)) * c).Sum(),
            summed.NamedParameters().Append(new("weights", weights)));
        GradCheck.Require("bags from offsets",
            () => (layer.Forward(Ids.From(4, 1, 1, 0, 5), Ids.From(0, 3, 3)) * c).Sum(), layer.NamedParameters());
    }

    [Fact]
    public void It_is_an_embedding_and_a_reduction()
    {
        var ids = Ids.Random([4, 7], 0, 6, new TorchRandom(3));
        var rows = new EmbeddingBag(6, 5, new TorchRandom(1)).Weight.Rows(ids);
        Close.Equal(Doubles(rows.Sum(1)),
            Doubles(new EmbeddingBag(6, 5, new TorchRandom(1), BagMode.Sum).Forward(ids)), 1e-6, "sum");
        Close.Equal(Doubles(rows.Mean(1)), Doubles(new EmbeddingBag(6, 5, new TorchRandom(1)).Forward(ids)),
            1e-6, "mean");
        Assert.Equal(Doubles(rows.Max(1)),
            Doubles(new EmbeddingBag(6, 5, new TorchRandom(1), BagMode.Max).Forward(ids)));

        static double[] Doubles(Tensor x) => x.To(DType.Float64).ToArray<double>();
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var layer = new EmbeddingBag(5, 3, new TorchRandom(1));
        Assert.Contains("EmbeddingBag(5, 3, Max, paddingIndex: 2)",
            new EmbeddingBag(5, 3, new TorchRandom(1), BagMode.Max, 2).ToString(), StringComparison.Ordinal);
        Refused.With<ArgumentException>("EmbeddingBag(5, 0): sizes must be 1 or more",
            () => _ = new EmbeddingBag(5, 0, new TorchRandom(1)));
        Refused.With<ArgumentOutOfRangeException>("EmbeddingBag(5, 3): padding index 5: ids run from 0 to 4",
            () => _ = new EmbeddingBag(5, 3, new TorchRandom(1), paddingIndex: 5));
        Refused.With<ArgumentException>("embedding bag: ids of [3]: give [bags, ids of each], or a vector of ids with "
            + "offsets", () => layer.Forward(Ids.From(1, 2, 3)));
        Refused.With<ArgumentException>(
            "embedding bag: offset 1 is 4: offsets begin with 0, do not fall, and are 3 or less, the number of ids",
            () => layer.Forward(Ids.From(1, 2, 3), Ids.From(0, 4)));
        Refused.With<ArgumentException>(
            "embedding bag: offset 0 is 1: offsets begin with 0, do not fall, and are 3 or less, the number of ids",
            () => layer.Forward(Ids.From(1, 2, 3), Ids.From(1, 2)));
        Refused.With<ArgumentException>("embedding bag: 3 ids and no offsets: the first bag begins at 0",
            () => layer.Forward(Ids.From(1, 2, 3), Ids.From([], [0])));
    }
}
