namespace ChainRule.Tests;

using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

/// <summary>
/// Wrong uses of the library that are easy to make: each is answered with one sentence, or is harmless.
/// </summary>
public sealed class MisuseTest
{
    static readonly TorchRandom s_rng = new(1);

    public static TheoryData<string, Action> Wrong => new()
    {
        { "slice of [5]: axis 0 from 3 to 1: the start lies beyond the end: give them the other way round",
            () => Tensor.Ones([5]).Slice(0, 3, 1) },
        { "slice of [5]: axis 0 from -1 to 2: the start lies beyond the end: give them the other way round",
            () => Tensor.Ones([5]).Slice(0, -1, 2) },
        { "number type 7: there is none of that number: give DType.Float32 or DType.Float64",
            () => Tensor.Zeros([2], (DType)7) },
        { "number type 200: there is none of that number: give DType.Float32 or DType.Float64",
            () => Tensor.Zeros([2]).To((DType)200) },
        { "linspace from NaN to 1: give two finite numbers", () => Tensor.Linspace(double.NaN, 1, 3) },
        { "linspace from 0 to Infinity: give two finite numbers",
            () => Tensor.Linspace(0, double.PositiveInfinity, 3) },
        { "permutation of -1 ids: give 0 or more", () => Ids.Permutation(-1, s_rng) },
        { "windows: 50,000 of 50,000 ids are 2,500,000,000: at most 2,147,483,591 can be held: take fewer at a time",
            () => Ids.From(new int[100_000], [100_000]).Windows(new int[50_000], 50_000) },
        { "windows: 50,000 of 50,000 ids are 2,500,000,000: at most 2,147,483,591 can be held: take fewer at a time",
            () => Batches.WindowsInOrder(Ids.From(new int[100_000], [100_000]), 50_000, 1) },
        { "BatchNorm(3): eps NaN: give a finite number, 0 or more", () => _ = new BatchNorm(3, eps: double.NaN) },
        { "BatchNorm(3): eps -1: give a finite number, 0 or more", () => _ = new BatchNorm(3, eps: -1) },
        { "LayerNorm(3): eps NaN: give a finite number, 0 or more", () => _ = new LayerNorm(3, double.NaN) },
        { "LayerNorm(3): eps Infinity: give a finite number, 0 or more",
            () => _ = new LayerNorm(3, double.PositiveInfinity) },
        { "layer norm: eps -1: give a finite number, 0 or more",
            () => Tensor.Ones([2, 3]).LayerNorm(Tensor.Ones([3]), Tensor.Ones([3]), -1) },
        { "batch norm: eps NaN: give a finite number, 0 or more",
            () => Tensor.Ones([2, 3]).BatchNorm(Tensor.Ones([3]), Tensor.Ones([3]), double.NaN, out _, out _) },
        { "mse: 9 is no reduction: give Reduction.Mean, Sum, None or BatchMean",
            () => Tensor.Ones([2]).MseLoss(Tensor.Ones([2]), (Reduction)9) },
        { "init: 5 is no fan mode: give FanMode.In or FanMode.Out",
            () => Init.KaimingNormal(Tensor.Ones([2, 2]), s_rng, mode: (FanMode)5) },
        { "saturation of x: bound NaN: give a finite number, 0 or more",
            () => Saturation.Of("x", Tensor.Ones([2, 2]), double.NaN) },
        { "initial loss: tolerance NaN: give 0 or more", () => InitialLoss.Check(1, 2, double.NaN) },
        { "overfit: floor NaN: give a finite number",
            () => Overfit.Run(() => Tensor.Ones([1]), new Sgd([Tensor.Ones([1]).RequireGrad()]), floor: double.NaN) },
        { "Linear(2, 3): rng is null: give one", () => _ = new Linear(2, 3, null!) },
        { "Embedding(2, 3): ids is null: give one", () => new Embedding(2, 3, s_rng).Forward((Ids)null!) },
        { "cross-entropy: targets is null: give one", () => Tensor.Ones([2, 3]).CrossEntropy(null!) },
        { "safetensors: the name of an entry is null: give each a name",
            () => Safetensors.Write("never-made.safetensors", [new(null!, Tensor.Ones([1]))]) },
        { "overfit floor: all 2 labels are -1, which does not count: give at least one that does",
            () => Overfit.Floor(Ids.From(1, 2), Ids.From(-1, -1)) },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void A_wrong_use_is_answered_by_a_sentence(string sentence, Action use) =>
        Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(use).Message);

    [Fact]
    public void Recording_goes_on_in_whatever_order_it_was_stopped()
    {
        var w = Tensor.Ones([1]).RequireGrad();
        var first = NoGrad.Begin();
        var second = NoGrad.Begin();
        first.Dispose();
        Assert.False((w * 2).RequiresGrad);
        first.Dispose();
        second.Dispose();
        Assert.True((w * 2).RequiresGrad);
        second.Dispose();
        Assert.True((w * 2).RequiresGrad);
        default(NoGrad).Dispose();
        using (NoGrad.Begin()) Assert.False((w * 2).RequiresGrad);
    }

    [Fact]
    public void Watching_ends_in_whatever_order_it_was_begun()
    {
        var first = NanWatch.Begin();
        var second = NanWatch.Begin();
        first.Dispose();
        Assert.Throws<InvalidOperationException>(() => Tensor.Zeros([1]).Log());
        second.Dispose();
        Tensor.Zeros([1]).Log();
    }

    [Fact]
    public void A_scope_that_ended_is_not_ended_again()
    {
        var first = Scope.Begin();
        first.Dispose();
        var second = Scope.Begin();
        var x = Tensor.Ones([2]);
        first.Dispose();
        Assert.Equal(2, x.Sum().Item());
        second.Dispose();
        Assert.Throws<InvalidOperationException>(() => x.Sum());
    }

    [Fact]
    public void One_cache_serves_one_layer()
    {
        SelfAttention a = new(4, 2, s_rng), b = new(4, 2, s_rng);
        var cache = new KeyValueCache();
        a.Forward(Tensor.Ones([1, 2, 4]), cache);
        a.Forward(Tensor.Ones([1, 1, 4]), cache);
        Assert.Equal("attention goes on from the steps of another layer: its keys and values are none of this "
            + "SelfAttention(4, 2): keep one cache for each layer",
            Assert.Throws<InvalidOperationException>(() => b.Forward(Tensor.Ones([1, 1, 4]), cache)).Message);
        cache.Clear();
        b.Forward(Tensor.Ones([1, 1, 4]), cache);
        Assert.Equal(1, cache.Steps);
    }

    [Fact]
    public void What_a_loss_writes_is_put_back_after_a_search_or_a_check()
    {
        var rng = new TorchRandom(1);
        var model = new Sequential(new Linear(2, 3, rng), new BatchNorm(3), new Linear(3, 1, rng));
        var x = Tensor.Randn([8, 2], rng);
        float[] before = [.. model.StateDict().Values.SelectMany(one => one.ToArray<float>())];
        LearningRateSweep.Run(() => model.Forward(x).Square().Mean(), new Sgd(model.Parameters()), steps: 5);
        Assert.Equal(before, model.StateDict().Values.SelectMany(one => one.ToArray<float>()));

        model.To(DType.Float64);
        double[] wide = [.. model.StateDict().Values.SelectMany(one => one.ToArray<double>())];
        var y = x.To(DType.Float64);
        GradCheck.Require("a network with batch norm", () => model.Forward(y).Square().Mean(), model.NamedParameters());
        Assert.Equal(wide, model.StateDict().Values.SelectMany(one => one.ToArray<double>()));
    }

    [Fact]
    public void A_rate_that_ends_in_NaN_is_never_the_best()
    {
        Assert.Equal("learning-rate sweep: the loss is NaN before any step, so no rate is the best: look for its cause "
            + "with NanWatch",
            Assert.Throws<InvalidOperationException>(
                () => new LearningRateSweepResult([0.1, 0.2], [double.NaN, 1]).Best).Message);
        var result = new LearningRateSweepResult([.. Enumerable.Range(1, 41).Select(i => 0.1 * i)],
            [.. Enumerable.Range(0, 40).Select(i => 40.0 - i), double.NaN]);
        Assert.Equal(4, result.Best, 1e-9);
        Assert.Contains("not finite before any step",
            new LearningRateSweepResult([0.1, 0.2], [double.NaN, 1]).ToString(), StringComparison.Ordinal);
        Assert.False(new UpdateRatioResult("w", [2], double.NaN) { Finite = false }.Passed);
        Assert.False(Saturation.Of("x", Tensor.Full([2, 2], double.NaN)).Passed);
    }
}
