using ChainRule.Explaining;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Tests.Explaining;

public sealed class BackpropTest
{
    /// <summary>The neuron of the lecture: o = tanh(x₁w₁ + x₂w₂ + b).</summary>
    static (Tensor Loss, ExplainOptions Options) Neuron()
    {
        Tensor x1 = One(2), x2 = One(0), w1 = One(-3), w2 = One(1), b = One(6.8813735870195432);
        Tensor first = x1 * w1, second = x2 * w2, sum = first + second, n = sum + b, o = n.Tanh();
        return (o, new() { Names = new Dictionary<string, Tensor> { ["x1"] = x1, ["x2"] = x2, ["w1"] = w1, ["w2"] = w2,
            ["b"] = b, ["x1w1"] = first, ["x2w2"] = second, ["sum"] = sum, ["n"] = n, ["o"] = o } });
    }

    static Tensor One(double x) => Tensor.Scalar(x, DType.Float64).RequireGrad();

    [Fact]
    public void The_neuron_of_the_lecture_is_walked_op_by_op()
    {
        var (loss, options) = Neuron();
        var walk = Backprop.Steps(loss, options);
        Assert.Equal(["tanh", "add", "add", "multiply", "multiply"], walk.Select(step => step.Op));
        Assert.Equal(["o", "n", "sum", "x2w2", "x1w1"], walk.Select(step => step.Came.Single().Name));
        Assert.Null(walk.Current);
        Assert.False(walk.Back());
        Assert.Equal(["o"], walk.Gradients.Select(one => one.Key));
        Assert.True(walk.Forward());
        Assert.Equal("""
            step 1: o = tanh(n):  y = tanh(x)
              forward: o = 0.707107  from n = 0.881374
              came in: dL/do = 1
              added: dL/dn += 0.5  by dx = dy · (1 − y²)
            """.ReplaceLineEndings("\n"), walk.Current!.ToString());
        while (walk.Forward()) { }
        Assert.Equal(5, walk.Position);
        var found = walk.Gradients.ToDictionary(one => one.Key, one => one.Value.Item());
        foreach (var (name, gradient) in new[] { ("x1", -1.5), ("w1", 1.0), ("x2", 0.5), ("w2", 0.0), ("b", 0.5) })
            Assert.Equal(gradient, found[name], 1e-12);
        Assert.True(walk.Back());
        Assert.DoesNotContain("x1", walk.Gradients.Select(one => one.Key));
        Assert.Equal(4, walk.Position);
    }

    [Fact]
    public void Where_a_tensor_is_used_twice_the_second_part_is_added_to_the_first()
    {
        var a = One(3);
        var walk = Backprop.Steps(a * 2 + a.Square(), new() { Names = new Dictionary<string, Tensor> { ["a"] = a } });
        BackpropAddition[] parts = [.. walk.SelectMany(step => step.Added).Where(x => x.Name == "a")];
        Assert.Equal([6, 2], parts.Select(x => x.Amount.Item()));
        Assert.Null(parts[0].Before);
        Assert.Equal((6, 8), (parts[1].Before!.Value.Item(), parts[1].After.Item()));
        Assert.Contains("added: dL/da += 2", walk.ToString(), StringComparison.Ordinal);
        Assert.Contains("; 6 + it = 8", walk.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_op_that_takes_a_tensor_twice_has_a_part_for_each_use()
    {
        var rng = new TorchRandom(5);
        var v = Tensor.Randn([3, 3], rng, DType.Float64).RequireGrad();
        Func<Tensor>[] programs =
        [
            () => v.MatMul(v), () => v.MatMul(v.Transpose(0, 1)), () => Tensor.Concat(0, v, v), () => v * v,
            () => v / v, () => v.Linear(v, Tensor.Zeros([3], DType.Float64)),
        ];
        foreach (var program in programs)
        {
            var loss = program().Sum();
            var walk = Backprop.Steps(loss, new() { Names = new Dictionary<string, Tensor> { ["v"] = v } });
            BackpropAddition[] parts = [.. walk.SelectMany(step => step.Added).Where(x => x.Name == "v")];
            Assert.Equal(2, parts.Length);
            v.ZeroGrad();
            loss.Backward();
            Assert.Equal(v.Grad!.ToArray<double>(), parts[1].After.ToArray<double>());
            Assert.Equal(parts[0].Amount.ToArray<double>().Zip(parts[1].Amount.ToArray<double>(), (a, b) => a + b)
                .Select(x => Math.Round(x, 12)), v.Grad!.ToArray<double>().Select(x => Math.Round(x, 12)));
        }
    }

    /// <summary>After the last step the gradients are the engine's, to the bit; its own stay as they were.</summary>
    [Fact]
    public void The_gradients_are_those_of_the_engine()
    {
        var rng = new TorchRandom(3);
        var model = new Sequential(new Linear(4, 6, rng: rng), new ChainRule.Layers.LayerNorm(6),
            new Linear(6, 6, rng: rng), new Linear(6, 3, rng: rng));
        var x = Tensor.Randn([5, 4], rng);
        var loss = model.Forward(x).CrossEntropy(Ids.From([0, 1, 2, 1, 0]));
        var walk = Backprop.Steps(loss, new() { Model = model });
        Assert.All(model.Parameters(), w => Assert.False(w.HasGrad));
        while (walk.Forward()) { }
        var found = walk.Gradients.ToDictionary();
        loss.Backward();
        foreach (var (name, w) in model.NamedParameters())
            Assert.Equal(w.Grad!.ToArray<float>(), found[name].ToArray<float>());
        var kept = model.Parameters()[0].Grad!.Clone();
        var again = model.Forward(x).CrossEntropy(Ids.From([0, 1, 2, 1, 0]));
        Backprop.Steps(again);
        Assert.True(kept.EqualTo(model.Parameters()[0].Grad!).ToArray<float>().All(same => same == 1));
    }

    [Fact]
    public void What_has_no_backward_pass_is_one_sentence()
    {
        var w = Tensor.From([1.0, 2.0]).RequireGrad();
        Assert.Equal("steps: the loss is [2]: a backward pass begins at a single number: take a Sum() or Mean()",
            Assert.ThrowsAny<ArgumentException>(() => Backprop.Steps(w * 2)).Message);
        Assert.StartsWith("steps: the loss has no graph",
            Assert.ThrowsAny<ArgumentException>(() => Backprop.Steps(Tensor.From([1.0]))).Message,
            StringComparison.Ordinal);
        var walk = Backprop.Steps((w * 2).Sum());
        Assert.Equal("steps: step 2 of 2: give 0 to 1",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => walk[2]).Message);
    }

    /// <summary>The lecture's neuron in the scalar engine: value by value in the engine's own order.</summary>
    [Fact]
    public void A_backward_pass_of_the_scalar_engine_is_walked_as_the_engine_makes_it()
    {
        Value x1 = new(2, "x1"), x2 = new(0, "x2"), w1 = new(-3, "w1"), w2 = new(1, "w2"), b = new(6.8813735870195432,
            "b");
        var sum = ((x1 * w1).Named("x1w1") + (x2 * w2).Named("x2w2")).Named("sum");
        var o = (sum + b).Named("n").Tanh().Named("o");
        x1.Grad = 7;
        var walk = Backprop.Steps(o);
        Assert.Equal(7, x1.Grad);
        Assert.Equal(["tanh", "add", "add"], walk.Take(3).Select(step => step.Op));
        Assert.Equal(["o", "n", "sum"], walk.Take(3).Select(step => step.Came.Single().Name));
        Assert.True(walk.Forward());
        Assert.Equal("""
            step 1: o = tanh(n):  y = tanh(x)
              forward: o = 0.707107  from n = 0.881374
              came in: dL/do = 1
              added: dL/dn += 0.5  by dx = dy · (1 − y²)
            """.ReplaceLineEndings("\n"), walk.Current!.ToString());
        while (walk.Forward()) { }
        var found = walk.Gradients.ToDictionary(one => one.Key, one => one.Value.Item());
        x1.Grad = 0;
        o.Backward();
        foreach (var value in o.TopologicalOrder()) Assert.Equal(value.Grad, found[value.Label]);
    }

    [Fact]
    public void A_value_that_is_used_twice_gets_both_parts()
    {
        Value a = new(3, "a"), y = (a * a).Named("y") + a * 2 + a.Pow(3) + (-a).Exp().Log().Relu();
        var walk = Backprop.Steps(y);
        BackpropAddition[] parts = [.. walk.SelectMany(step => step.Added).Where(x => x.Name == "a")];
        Assert.Null(parts[0].Before);
        Assert.All(parts[1..], part => Assert.NotNull(part.Before));
        y.Backward();
        Assert.Equal(a.Grad, parts[^1].After.Item());
        Assert.Equal(a.Grad, parts.Aggregate(0.0, (all, part) => all + part.Amount.Item()));
        while (walk.Forward()) { }
        Assert.Equal(walk.Gradients.Count, walk.Gradients.DistinctBy(one => one.Key).Count());
        Assert.Contains("power", walk.Select(step => step.Op));
        Assert.All(walk, step => Assert.NotEqual("", step.Formula));
        Assert.All(walk.SelectMany(step => step.Added), part => Assert.NotEqual("", part.Formula));
    }

    [Fact]
    public void A_long_chain_of_values_is_walked_without_recursion_and_a_leaf_is_refused()
    {
        var x = new Value(1, "x");
        var y = x;
        for (int i = 0; i < 100_000; i++) y += 1;
        Assert.Equal(100_000, Backprop.Steps(y).Count);
        Assert.StartsWith("steps: the root was given, and computed from nothing",
            Assert.ThrowsAny<ArgumentException>(() => Backprop.Steps(x)).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentNullException>(() => Backprop.Steps((Value)null!));
    }
}
