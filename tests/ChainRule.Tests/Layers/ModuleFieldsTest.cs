namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

public sealed class ModuleFieldsTest
{
    abstract class Base : Module
    {
        public Tensor InBase { get; } = Tensor.Ones([1]).RequireGrad();
    }

    sealed class Everything(Module captured) : Base
    {
        readonly Tensor _plainField = Tensor.Ones([1]).RequireGrad();

        public Tensor RunningMean { get; } = Buffer([1]);

        public Tensor? GivenOrNot { get; } = Tensor.Ones([1]).RequireGrad();

        public Tensor? Absent { get; }

        public Tensor NeverGiven { get; set; }

        public Tensor[] Weights { get; } = [Tensor.Ones([1]).RequireGrad(), Tensor.Ones([1]).RequireGrad()];

        public Tensor WeightIhL0 { get; } = Tensor.Ones([1]).RequireGrad();

        public Tensor QKVBias { get; } = Tensor.Ones([1]).RequireGrad();

        public BatchNorm Norm1 { get; } = new(1);

        public Module? None { get; }

        public Tanh[] Activations { get; } = [new(), new()];

        public List<Module?> Blocks { get; } = [null, new BatchNorm(1)];

        public string Unrelated { get; } = "neither";

        protected override Tensor Compute(Tensor x) => captured.Forward(x) + _plainField;
    }

    sealed class Twice : Module
    {
        readonly Tensor _weight = Tensor.Ones([1]);

        public Tensor Weight { get; } = Tensor.Ones([1]);

        public Tensor Both => _weight + Weight;
    }

    [Fact]
    public void Tensors_are_named_as_torch_would_in_the_order_of_declaration_base_class_first() => Assert.Equal(
        ["in_base", "plain_field", "running_mean", "given_or_not", "weights.0", "weights.1",
            "weight_ih_l0", "qkv_bias"],
        ModuleFields.Of(new Everything(new Tanh())).Tensors(new Everything(new Tanh())).Select(named => named.Key));

    [Fact]
    public void Modules_are_found_one_by_one_in_lists_and_captured()
    {
        var module = new Everything(new Tanh());
        var children = ModuleFields.Of(module).Children(module).ToArray();
        Assert.Equal(["captured", "norm1", "activations.0", "activations.1", "blocks.1"],
            children.Select(named => named.Key));
        Assert.Same(module.Norm1, children[1].Value);
    }

    [Fact]
    public void A_type_is_looked_at_once() => Assert.Same(ModuleFields.Of(new Tanh()), ModuleFields.Of(new Tanh()));

    [Fact]
    public void Two_fields_of_one_name_are_refused() => Assert.Equal(
        "parts of Twice: 2 fields go by the name 'weight': rename all but one",
        Assert.Throws<InvalidOperationException>(() => ModuleFields.Of(new Twice())).Message);

    [Fact]
    public void A_list_that_holds_itself_is_refused()
    {
        List<object> round = [];
        round.Add(round);
        Assert.Equal("parts of Holder: 'held' holds collections more than 32 deep: one holds itself: take it out",
            Assert.Throws<InvalidOperationException>(() => new Holder(round).Parameters()).Message);
    }

    sealed class Holder(List<object> held) : Module
    {
        protected override Tensor Compute(Tensor x) => x * held.Count;
    }
}
