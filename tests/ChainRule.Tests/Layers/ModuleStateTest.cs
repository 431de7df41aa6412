namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class ModuleStateTest
{
    readonly TorchRandom _rng = new(1);

    sealed class Tied(TorchRandom rng) : Module
    {
        public Linear Encoder { get; } = new(3, 3, rng);

        public Linear? Decoder { get; set; }

        public Tensor? Weight { get; set; }
    }

    sealed class Ring : Module
    {
        public Module? Next { get; set; }
    }

    Sequential Model() =>
        new(new Linear(2, 3, _rng), new BatchNorm(3), new Tanh(), new Linear(3, 1, _rng, bias: false));

    static Dictionary<string, Tensor> Copy(Module model) =>
        model.StateDict().ToDictionary(named => named.Key, named => named.Value.Clone());

    [Fact]
    public void Parameters_and_buffers_are_listed_by_name_in_the_order_of_declaration()
    {
        var model = Model();
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias", "3.weight"],
            model.NamedParameters().Select(named => named.Key));
        Assert.Equal(["1.running_mean", "1.running_var"], model.NamedBuffers().Select(named => named.Key));
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "3.weight"],
            model.StateDict().Keys);
        Assert.Equal(["", "0", "1", "2", "3"], model.NamedModules().Select(named => named.Key));
        Assert.Equal(model.NamedParameters().Select(named => named.Value), model.Parameters());
        Assert.Equal(9 + 6 + 3, model.ParameterCount);
        Assert.Equal(((BatchNorm)model[1]).RunningVar, model.StateDict()["1.running_var"]);
    }

    [Fact]
    public void What_is_shared_is_one_parameter_with_two_names()
    {
        var model = new Tied(_rng);
        (model.Decoder, model.Weight) = (model.Encoder, model.Encoder.Weight);
        Assert.Equal(["weight", "encoder.bias"], model.NamedParameters().Select(named => named.Key));
        Assert.Equal(["weight", "encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias"],
            model.StateDict().Keys);
        Assert.Equal(["", "encoder"], model.NamedModules().Select(named => named.Key));
        Assert.Equal(12, model.ParameterCount);
        model.Freeze();
        Assert.Empty(model.NamedParameters());
        Assert.Empty(model.NamedBuffers());
        Assert.Equal(12, model.ParameterCount);
    }

    [Fact]
    public void A_module_that_holds_itself_is_refused()
    {
        var ring = new Ring();
        ring.Next = new Ring { Next = ring };
        Assert.Equal(
            "modules of Ring: more than 200 inside one another: one stands in itself: remove the field leading back",
            Assert.Throws<InvalidOperationException>(() => ring.Parameters()).Message);
    }

    [Fact]
    public void Loading_copies_the_numbers_in_place()
    {
        Sequential from = Model(), to = Model();
        from.Forward(Tensor.Randn([4, 2], _rng));
        var weight = to.StateDict()["0.weight"];
        to.LoadStateDict(from.StateDict());
        foreach (var (name, x) in from.StateDict())
            Assert.Equal(x.ToArray<float>(), to.StateDict()[name].ToArray<float>());
        Assert.Equal(weight, to.StateDict()["0.weight"]);
        Assert.NotEqual(from.StateDict()["0.weight"], weight);
        Assert.True(weight.RequiresGrad);
    }

    [Fact]
    public void All_that_does_not_fit_is_said_in_one_sentence_and_nothing_is_changed()
    {
        var model = Model();
        var state = Copy(model);
        state["0.weight"] = Tensor.Zeros([3, 2]);
        state["0.bias"] = Tensor.Zeros([4]);
        state["1.bias"] = Tensor.Zeros([3], DType.Float64);
        state.Remove("1.running_mean");
        state.Remove("3.weight");
        state.Add("3.bias", Tensor.Zeros([1]));
        var before = Copy(model);
        Assert.Equal("load into Sequential: missing '1.running_mean', '3.weight'; unexpected '3.bias'; "
            + "different '0.bias' [4] (Float32) for [3] (Float32), '1.bias' [3] (Float64) for [3] (Float32): "
            + "give the state of a model of the same layers, sizes and type",
            Assert.ThrowsAny<ArgumentException>(() => model.LoadStateDict(state)).Message);
        foreach (var (name, x) in before) Assert.Equal(x.ToArray<float>(), model.StateDict()[name].ToArray<float>());
    }

    [Fact]
    public void Of_many_names_the_first_are_said() => Assert.Equal(
        "load into Sequential: missing '0.weight', '0.bias', '1.weight', '1.bias', '1.running_mean' and 2 more: "
        + "give the state of a model of the same layers, sizes and type",
        Assert.ThrowsAny<ArgumentException>(() => Model().LoadStateDict([])).Message);

    [Fact]
    public void A_name_given_twice_is_refused()
    {
        var model = new Linear(2, 3, _rng);
        Assert.Equal("load into Linear(2, 3): 'weight' is given twice: give each name once",
            Assert.ThrowsAny<ArgumentException>(() => model.LoadStateDict([.. model.StateDict(), .. model.StateDict()]))
                .Message);
    }
}
