namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class KeyValueCacheTest
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(3, 1, 1)]
    [InlineData(1, 3, 1)]
    [InlineData(2, 3)]
    [InlineData(5)]
    public void Steps_read_in_parts_are_as_steps_read_at_once(params int[] parts)
    {
        var layer = new SelfAttention(6, 2, new TorchRandom(1));
        var x = Tensor.Randn([3, 5, 6], new TorchRandom(2));
        var past = new KeyValueCache();
        List<Tensor> y = [];
        foreach (int part in parts)
        {
            y.Add(layer.Forward(x.Slice(1, past.Steps, past.Steps + part), past));
            Assert.False(y[^1].RequiresGrad);
        }
        Assert.Equal(5, past.Steps);
        Close.Equal(layer.Forward(x).To(DType.Float64).Read<double>(),
            Tensor.Concat(1, [.. y]).To(DType.Float64).Read<double>(), 1e-5, "output");
    }

    [Fact]
    public void Keys_and_values_are_handed_out_and_gone_on_from_elsewhere()
    {
        var layer = new SelfAttention(6, 2, new TorchRandom(1));
        var x = Tensor.Randn([2, 200, 6], new TorchRandom(2));
        var past = new KeyValueCache();
        for (int step = 0; step < 150; step++) layer.Forward(x.Slice(1, step, step + 1), past);
        var qkv = layer.Qkv.Forward(x.Slice(1, 0, 150)).Reshape(2, 150, 3, 2, 3).Permute(2, 0, 3, 1, 4);
        Assert.Equal(qkv.Select(0, 1).ToArray<float>(), past.Keys!.Value.ToArray<float>());
        Assert.Equal(qkv.Select(0, 2).ToArray<float>(), past.Values!.Value.ToArray<float>());
        Assert.Equal<Shape>([2, 2, 150, 3], past.Keys.Value.Shape);
        // By ops, which a trace sees, as by the memory.
        var given = new KeyValueCache(past.Keys.Value, past.Values.Value);
        Close.Equal(layer.Forward(x.Slice(1, 150), given).To(DType.Float64).Read<double>(),
            layer.Forward(x.Slice(1, 150), past).To(DType.Float64).Read<double>(), 1e-5, "output");
        Assert.Equal((200, 200), (given.Steps, past.Steps));
    }

    [Fact]
    public void Sequences_of_different_lengths_go_on_side_by_side()
    {
        var layer = new SelfAttention(6, 2, new TorchRandom(1));
        KeyValueCache[] past = [new(), new(), new()], alone = [new(), new(), new()];
        int[] lengths = [1, 70, 5];
        for (int i = 0; i < 3; i++)
        {
            var begun = Tensor.Randn([1, lengths[i], 6], new TorchRandom((ulong)i));
            layer.Forward(begun, past[i]);
            layer.Forward(begun, alone[i]);
        }
        var x = Tensor.Randn([3, 2, 6], new TorchRandom(9));
        float[] together = layer.Forward(x, past).ToArray<float>();
        for (int i = 0; i < 3; i++)
            Assert.Equal(layer.Forward(x.Slice(0, i, i + 1), alone[i]).ToArray<float>(),
                together[(12 * i)..(12 * i + 12)]);
        Assert.Equal("SelfAttention(6, 2): 2 caches for [3, 2, 6]: give one for each sequence, which began empty",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(x, past[..2])).Message);
    }

    [Fact]
    public void It_goes_by_the_scale_of_the_layer_and_outlives_a_scope()
    {
        var layer = new SelfAttention(6, 2, new TorchRandom(1), new() { Scale = 3 });
        var x = Tensor.Randn([1, 4, 6], new TorchRandom(2));
        var past = new KeyValueCache();
        using (Scope.Begin()) layer.Forward(x.Slice(1, 0, 3), past);
        Close.Equal(layer.Forward(x).Select(1, -1).To(DType.Float64).Read<double>(),
            layer.Forward(x.Slice(1, 3), past).Select(1, -1).To(DType.Float64).Read<double>(), 1e-5, "output");
    }

    [Fact]
    public void Cleared_it_begins_anew()
    {
        var layer = new SelfAttention(6, 2, new TorchRandom(1));
        var x = Tensor.Randn([1, 2, 6], new TorchRandom(2));
        var past = new KeyValueCache();
        float[] first = layer.Forward(x, past).ToArray<float>();
        past.Clear();
        Assert.Equal(0, past.Steps);
        Assert.Equal(first, layer.Forward(x, past).ToArray<float>());
    }

    [Fact]
    public void What_does_not_go_on_is_named()
    {
        var past = new KeyValueCache();
        var layer = new SelfAttention(6, 2, new TorchRandom(1));
        layer.Forward(Tensor.Ones([1, 2, 6]), past);
        Assert.Equal("attention goes on from [1, 2, 2, 3] (Float32) with [4, 2, 1, 3] (Float32): [batch, heads, steps, "
            + "width] may differ in steps alone: Clear() the cache, or take a new one",
                Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Tensor.Ones([4, 1, 6]), past)).Message);
        Assert.Equal("SelfAttention(6, 2): the input is [5, 6]: give [batch, steps, features]",
            Assert.ThrowsAny<ArgumentException>(() => layer.Forward(Tensor.Ones([5, 6]), past)).Message);
        Assert.Equal("SelfAttention(6, 2, causal: false): going on from steps before: each of them would have to see "
            + "the new ones: give all steps at once",
            Assert.Throws<InvalidOperationException>(
                () => new SelfAttention(6, 2, new TorchRandom(1), new() { Causal = false }).Forward(
                    Tensor.Ones([1, 1, 6]), past))
                    .Message);
    }
}
