namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class ModuleTest
{
    readonly TorchRandom _rng = new(1);

    Sequential Model() =>
        new(new Embedding(5, 3, _rng), new Flatten(),
            new Residual(new Sequential(new Linear(6, 6, _rng), new Dropout(0.5, _rng))), new BatchNorm(6));

    [Fact]
    public void An_observer_sees_every_output_of_every_module_by_name_innermost_first()
    {
        var model = Model();
        var ids = Ids.From([1, 2, 0, 4], [2, 2]);
        List<(string Name, Module Module, Tensor Output)> seen = [];
        Tensor y;
        using (model.Observe((module, name, output) => seen.Add((name, module, output)))) y = model.Forward(ids);
        model.Forward(ids);

        Assert.Equal(["0", "1", "2.inner.0", "2.inner.1", "2.inner", "2", "3", ""], seen.Select(one => one.Name));
        Assert.Same(model[2], seen[5].Module);
        Assert.Equal([2, 2, 3], seen[0].Output.Shape);
        Assert.Equal(y, seen[^1].Output);
        // Outputs are seen within their graph: after a backward pass each has its gradient.
        y.Square().Sum().Backward();
        Assert.All(seen, one => Assert.True(one.Output.HasGrad, one.Name));
    }

    [Fact]
    public void Observers_come_and_go_independently_and_names_begin_where_they_look()
    {
        var model = Model();
        var x = Tensor.Ones([2, 6]);
        List<string> outer = [], inner = [];
        var first = model.Observe((_, name, _) => outer.Add(name));
        using var second = model[2].Observe((_, name, _) => inner.Add(name));
        model[2].Forward(x);
        first.Dispose();
        first.Dispose();
        model[2].Forward(x);
        Assert.Equal(["2.inner.0", "2.inner.1", "2.inner", "2"], outer);
        Assert.Equal(["inner.0", "inner.1", "inner", "", "inner.0", "inner.1", "inner", ""], inner);
    }

    [Fact]
    public void Modes_reach_every_module()
    {
        var model = Model();
        Assert.All(model.NamedModules(), named => Assert.True(named.Value.Training));
        model.Eval();
        Assert.All(model.NamedModules(), named => Assert.False(named.Value.Training));
        model.Train();
        Assert.All(model.NamedModules(), named => Assert.True(named.Value.Training));
    }

    [Fact]
    public void Gradients_are_forgotten_by_all()
    {
        var model = Model();
        model.Forward(Ids.From([1, 2, 0, 4], [2, 2])).Square().Sum().Backward();
        Assert.Contains(model.Parameters(), w => w.Grad.Square().Sum().Item() > 0);
        model.ZeroGrad();
        Assert.All(model.Parameters(), w => Assert.False(w.HasGrad));
    }

    [Fact]
    public void What_is_frozen_wants_no_gradient_and_is_no_parameter_until_it_thaws()
    {
        var model = new Sequential(new Linear(2, 3, _rng), new BatchNorm(3), new Linear(3, 1, _rng));
        var x = Tensor.Randn([4, 2], _rng);
        model.Forward(x).Sum().Backward();
        model[0].Freeze();
        model[1].Freeze();
        model[1].Freeze();
        Assert.Equal(["2.weight", "2.bias"], model.NamedParameters().Select(named => named.Key));
        Assert.Equal(["1.running_mean", "1.running_var"], model.NamedBuffers().Select(named => named.Key));
        Assert.Equal(8, model.StateDict().Count);
        Assert.Equal(9 + 6 + 4, model.ParameterCount);

        var frozen = ((Linear)model[0]).Weight;
        Assert.False(frozen.HasGrad);
        model.Forward(x).Sum().Backward();
        Assert.False(frozen.HasGrad);

        model.Unfreeze();
        Assert.Equal(6, model.NamedParameters().Count);
        Assert.False(((BatchNorm)model[1]).RunningMean!.Value.RequiresGrad);
        model.Forward(x).Sum().Backward();
        Assert.True(frozen.HasGrad);
    }

    [Fact]
    public void Converting_keeps_handles_numbers_and_wishes()
    {
        var model = new Sequential(new Linear(2, 3, _rng), new BatchNorm(3));
        var weight = ((Linear)model[0]).Weight;
        float[] before = weight.ToArray<float>();
        model.Forward(Tensor.Randn([4, 2], _rng)).Square().Sum().Backward();
        float[] gradient = weight.Grad.ToArray<float>();

        model.To(DType.Float64);
        Assert.Equal(DType.Float64, weight.DType);
        Assert.Equal(before.Select(number => (double)number), weight.ToArray<double>());
        Assert.Equal(gradient.Select(number => (double)number), weight.Grad.ToArray<double>());
        Assert.All(model.StateDict().Values, one => Assert.Equal(DType.Float64, one.DType));
        Assert.Equal(4, model.Parameters().Count);
        Assert.Equal(DType.Float64, model.Forward(Tensor.Randn([4, 2], _rng, DType.Float64)).DType);

        model.To(DType.Float32);
        Assert.Equal(before, weight.ToArray<float>());
    }

    [Fact]
    public void A_graph_from_before_a_conversion_is_refused()
    {
        // A gain that nobody ever wrote to: only the conversion itself can tell the graph.
        var layer = new BatchNorm(3);
        var loss = layer.Forward(Tensor.Randn([4, 3], _rng)).Square().Sum();
        layer.To(DType.Float64);
        Assert.Equal("backward: input 1 of 'batch norm', [3], was written in place after the op read it, so its "
            + "gradient would be wrong: write after Backward(), or into a Detach().Clone()",
                Assert.Throws<InvalidOperationException>(() => loss.Backward()).Message);
    }

    [Fact]
    public void A_number_type_that_the_model_is_not_of_is_named() => Assert.Equal(
        "linear map: Float64 and Float32 do not mix: convert one with To(DType.Float64)",
        Assert.ThrowsAny<ArgumentException>(() => new Linear(2, 3, _rng).Forward(Tensor.Ones([4, 2], DType.Float64)))
            .Message);
}
