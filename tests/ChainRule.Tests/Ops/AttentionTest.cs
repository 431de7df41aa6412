using ChainRule.Diagnostics;
using ChainRule.Kernels;
using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class AttentionTest
{
    /// <summary>
    /// B, T, heads, the width of a head, causal: single steps, and steps below, at and above a block of queries.
    /// </summary>
    public static TheoryData<int, int, int, int, bool> Sizes
    {
        get
        {
            var data = new TheoryData<int, int, int, int, bool>();
            foreach (bool causal in new[] { true, false })
                foreach (var (batch, steps, heads, size) in new[]
                    { (1, 1, 1, 1), (2, 3, 1, 4), (2, 5, 3, 2), (1, 16, 2, 3), (1, 19, 2, 8), (1, 35, 1, 1) })
                    data.Add(batch, steps, heads, size, causal);
            return data;
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Gradients_are_those_that_nudges_show(int batch, int steps, int heads, int size, bool causal)
    {
        var x = Random([batch, steps, 3 * heads * size], 1).RequireGrad();
        var c = Random([batch, steps, heads * size], 2);
        GradCheck.Require("attention", () => (x.Attention(heads, causal) * c).Sum(), [new("x", x)]);
        var mask = Mask(batch, steps, heads);
        GradCheck.Require("attention under a mask",
            () => (x.Attention(heads, causal, new() { Scale = 0.7, Mask = mask }) * c).Sum(), [new("x", x)]);
    }

    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Attention);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_with_padding_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Padding_changes_nothing_for_the_steps_that_are_none(bool causal)
    {
        var x = Random([2, 5, 12], 1).RequireGrad();
        var padding = Tensor.From(new double[,] { { 0, 0, 0, 1, 1 }, { 0, 0, 0, 1, 1 } });
        var y = x.Attention(2, causal, new() { Padding = padding });
        Close.Equal(x.Slice(1, 0, 3).Attention(2, causal).ToArray<double>(), y.Slice(1, 0, 3).ToArray<double>(), 1e-14,
            "the first steps");
        GradCheck.Require("attention with padding",
            () => (x.Attention(2, causal, new() { Padding = padding }) * Random([2, 5, 4], 2)).Sum(), [new("x", x)]);
        Assert.Equal(new double[20], x.Attention(2, causal, new() { Padding = Tensor.Ones([2, 5], DType.Float64) })
            .Slice(0, 0, 1).ToArray<double>());
        Assert.Equal("attention of [2, 5, 12]: the padding is [2, 4]: give one number for each step, [2, 5]",
            Assert.ThrowsAny<ArgumentException>(
                () => x.Attention(2, options: new() { Padding = Tensor.Zeros([2, 4], DType.Float64) })).Message);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void It_is_its_definition_written_with_other_ops(int batch, int steps, int heads, int size, bool causal)
    {
        foreach (var mask in new Tensor?[] { null, Mask(batch, steps, heads) })
        {
            foreach (double? scale in new double?[] { null, -1.3 })
            {
                var results = new List<double[]>();
                foreach (bool fused in new[] { true, false })
                {
                    var x = Random([batch, steps, 3 * heads * size], 1).RequireGrad();
                    var y = fused ? x.Attention(heads, causal, new() { Scale = scale, Mask = mask })
                        : Composed(x, heads, causal, scale ?? 1 / Math.Sqrt(size), mask);
                    y.Backward(Random(y.Shape, 2));
                    results.Add([.. y.Read<double>(), .. x.Grad.Read<double>()]);
                }
                Close.Equal(results[1], results[0], 1e-12, "value and gradient");
            }
        }
    }

    [Fact]
    public void What_comes_later_changes_nothing_before_where_it_is_causal()
    {
        var x = Random([2, 40, 24], 1);
        var other = Tensor.Concat(1, x.Slice(1, 0, 21), Random([2, 19, 24], 5) * 100);
        Assert.Equal(Before(x, causal: true), Before(other, causal: true));
        Assert.NotEqual(Before(x, causal: false), Before(other, causal: false));

        static double[] Before(Tensor x, bool causal) => x.Attention(4, causal).Slice(1, 0, 21).ToArray<double>();
    }

    [Fact]
    public void What_comes_later_gets_no_gradient_from_before_where_it_is_causal()
    {
        var x = Random([1, 40, 12], 1).RequireGrad();
        x.Attention(2, causal: true).Slice(1, 0, 21).Sum().Backward();
        Assert.All(x.Grad.Slice(1, 21).ToArray<double>(), slope => Assert.Equal(0, slope));
        Assert.Contains(x.Grad.Select(1, 20).ToArray<double>(), slope => slope != 0);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Logits_of_any_size_give_finite_numbers(DType dtype)
    {
        // Products of up to 1e4 either way, and no other logit near enough to share the weight.
        var x = (Random([2, 20, 12], 1).Detach() * 100).To(dtype).RequireGrad();
        foreach (bool causal in new[] { true, false })
        {
            x.ZeroGrad();
            var y = x.Attention(1, causal, new() { Scale = 1 });
            y.Sum().Backward();
            Assert.All(GoldenOps.Doubles(y).Concat(GoldenOps.Doubles(x.Grad)),
                number => Assert.True(double.IsFinite(number)));
        }
    }

    /// <summary>
    /// B, T, S, heads, the width of a head, causal: more queries than keys and fewer, below and above a block.
    /// </summary>
    public static TheoryData<int, int, int, int, int, bool> Crossing
    {
        get
        {
            var data = new TheoryData<int, int, int, int, int, bool>();
            foreach (bool causal in new[] { true, false })
                foreach (var (batch, queries, keys, heads, size) in new[]
                    { (1, 1, 3, 1, 1), (2, 5, 2, 2, 4), (1, 20, 33, 2, 8), (2, 33, 5, 1, 3), (1, 3, 40, 1, 2) })
                    data.Add(batch, queries, keys, heads, size, causal);
            return data;
        }
    }

    [Theory, MemberData(nameof(Crossing))]
    public void Queries_of_other_steps_get_what_the_definition_says(int batch, int queries, int keys, int heads,
        int size, bool causal)
    {
        int width = heads * size;
        Tensor[] Inputs() =>
            [Random([batch, queries, width], 1).RequireGrad(), Random([batch, keys, width], 2).RequireGrad(),
                Random([batch, keys, width], 3).RequireGrad()];
        var c = Random([batch, queries, width], 4);
        foreach (var mask in new Tensor?[] { null, new Draw(9).Mask(batch, heads, queries, keys) * 1.25 })
        {
            var x = Inputs();
            GradCheck.Require("attention",
                () => (x[0].Attention(x[1], x[2], heads, causal, new() { Mask = mask }) * c).Sum(),
                [.. x.Select((one, i) => KeyValuePair.Create($"{i}", one))]);
            var results = new List<double[]>();
            foreach (bool fused in new[] { true, false })
            {
                x = Inputs();
                var options = new AttentionOptions { Scale = 0.7, Mask = mask };
                var y = fused ? x[0].Attention(x[1], x[2], heads, causal, options)
                    : x[0].Attention(x[1], x[2], heads, causal, options, out _);
                y.Backward(c);
                results.Add([.. y.Read<double>(), .. x.SelectMany(one => one.Grad.ToArray<double>())]);
            }
            Close.Equal(results[1], results[0], 1e-12, "value and gradients");
        }
    }

    [Fact]
    public void One_tensor_may_be_queries_keys_and_values_and_any_of_them_constant()
    {
        var x = Random([2, 20, 8], 1).RequireGrad();
        GradCheck.Require("attention with itself", () => x.Attention(x, x, 2, causal: true).Square().Sum(),
            [new("x", x)]);
        for (int i = 0; i < 3; i++)
        {
            Tensor[] held = [.. Enumerable.Range(0, 3).Select(k => Random([2, 5, 4], (ulong)k).RequireGrad(k == i))];
            held[0].Attention(held[1], held[2], 2).Square().Sum().Backward();
            Assert.Equal(held.Select((_, k) => k == i), held.Select(one => one.HasGrad));
        }
    }

    [Fact]
    public void Queries_and_keys_that_do_not_fit_are_named()
    {
        Tensor q = Tensor.Ones([2, 3, 4]), k = Tensor.Ones([2, 5, 4]);
        Assert.Equal("[2, 0, 4]", Tensor.Ones([2, 0, 4]).Attention(k, k, 2).Shape.ToString());
        Refused.With<ArgumentException>(
            "attention of queries [2, 3, 4], keys [2, 5, 4] and values [2, 3, 4]: give [batch, queries, width], "
                + "[batch, keys, width] and [batch, keys, width]",
            () => q.Attention(k, q, 2));
        Refused.With<ArgumentException>("attention of queries [2, 3, 4]: 3 heads must share the width evenly: give a "
            + "last axis that 3 divides", () => q.Attention(k, k, 3));
        Refused.With<ArgumentException>(
            "attention of queries [2, 3, 4] and keys [2, 0, 4]: there is nothing to attend to: give one key or more",
            () => q.Attention(Tensor.Ones([2, 0, 4]), Tensor.Ones([2, 0, 4]), 2));
        Refused.With<ArgumentException>("attention: Float32 and Float64 do not mix: convert one with To(DType.Float32)",
            () => q.Attention(k, k.To(DType.Float64), 2));
    }

    [Fact]
    public void Values_that_weigh_the_same_are_averaged()
    {
        // Queries of zero: every logit is 0.
        var x = Tensor.Concat(2, Tensor.Zeros([1, 3, 1], DType.Float64), Tensor.From([5.0, 7, -9], [1, 3, 1]),
            Tensor.From([1.0, 2, 6], [1, 3, 1]));
        Assert.Equal([3.0, 3, 3], x.Attention(1).ToArray<double>());
        Assert.Equal([1, 1.5, 3], x.Attention(1, causal: true).ToArray<double>());
    }

    [Theory]
    [InlineData(3, 72, 4, 32, true)]
    [InlineData(3, 72, 4, 32, false)]
    [InlineData(1, 280, 2, 256, true)] // Products so large that they too would be shared among threads.
    public void Threads_change_no_bit(int batch, int steps, int heads, int size, bool causal)
    {
        int before = ForRows.Threads;
        var results = new List<float[]>();
        try
        {
            foreach (int threads in new[] { 1, 2, 3 })
            {
                ForRows.Threads = threads;
                var x = Tensor.Randn([batch, steps, 3 * heads * size], new TorchRandom(1)).RequireGrad();
                var y = x.Attention(heads, causal);
                y.Backward(Tensor.Randn(y.Shape, new TorchRandom(2)));
                results.Add([.. y.Read<float>(), .. x.Grad.Read<float>()]);
            }
        }
        finally
        {
            ForRows.Threads = before;
        }
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public void A_graph_that_is_kept_can_be_gone_through_twice()
    {
        var x = Random([2, 20, 12], 1).RequireGrad();
        var loss = x.Attention(2, causal: true, new() { Mask = Mask(2, 20, 2) }).Square().Sum();
        loss.Backward(keepGraph: true);
        double[] once = x.Grad.ToArray<double>();
        loss.Backward();
        Close.Equal([.. once.Select(slope => 2 * slope)], x.Grad.ToArray<double>(), 1e-13, "twice the gradient");
    }

    [Fact]
    public void Nothing_to_attend_to_gives_nothing()
    {
        Assert.Equal("[2, 0, 4]", Tensor.Ones([2, 0, 12]).Attention(2).Shape.ToString());
        Assert.Equal("[0, 3, 4]", Tensor.Ones([0, 3, 12]).Attention(2).Shape.ToString());
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var x = Tensor.Ones([2, 5, 12]);
        Refused.With<ArgumentException>("attention of [2, 5, 12]: 0 heads: there must be 1 or more",
            () => x.Attention(0));
        Refused.With<ArgumentException>(
            "attention of [2, 5, 12]: queries, keys and values of 3 heads lie side by side in [batch, steps, 3 · "
                + "width]: give a last axis that 9 divides",
            () => x.Attention(3));
        Refused.With<ArgumentException>(
            "attention of [5, 12]: queries, keys and values of 1 head lie side by side in [batch, steps, 3 · width]: "
                + "give a last axis that 3 divides",
            () => Tensor.Ones([5, 12]).Attention(1));
        Refused.With<ArgumentException>("attention of [2, 5, 12]: the scale is NaN: give a finite number",
            () => x.Attention(2, options: new() { Scale = double.NaN }));
        Refused.With<ArgumentException>(
            "attention of [2, 5, 12]: the mask is [5, 5]: there must be one number for each weight, [2, 2, 5, 5]",
            () => x.Attention(2, options: new() { Mask = Tensor.Ones([5, 5]) }));
        Refused.With<ArgumentException>("attention: Float32 and Float64 do not mix: convert one with To(DType.Float32)",
            () => x.Attention(2, options: new() { Mask = Tensor.Ones([2, 2, 5, 5], DType.Float64) }));
        Refused.With<ArgumentException>(
            "attention of [2, 5, 12]: the mask requires a gradient, and none flows to it: give a Detach() of it",
            () => x.Attention(2, options: new() { Mask = Tensor.Ones([2, 2, 5, 5]).RequireGrad() }));
    }

    static Tensor Composed(Tensor x, int heads, bool causal, double scale, Tensor? mask)
    {
        int batch = x.Shape[0], steps = x.Shape[1], width = x.Shape[2] / 3;
        Tensor Part(int part) =>
            x.Slice(2, part * width, (part + 1) * width).Reshape(batch, steps, heads, width / heads).Transpose(1, 2);
        var logits = Part(0).MatMul(Part(1), transposeB: true) * scale;
        if (causal)
            logits = logits.MaskedFill(1 - Tensor.LowerTriangle(steps, steps, x.DType), double.NegativeInfinity);
        var p = logits.Softmax();
        if (mask is { } m) p *= m;
        return p.MatMul(Part(2)).Transpose(1, 2).Reshape(batch, steps, width);
    }

    static Tensor Mask(int batch, int steps, int heads) => new Draw(9).Mask(batch, heads, steps, steps) * 1.25;

    static Tensor Random(Shape shape, ulong seed) => Tensor.Randn(shape, new TorchRandom(seed), DType.Float64);
}
