namespace ChainRule.Tests.Layers;

using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

public sealed class LostPartsTest
{
    static readonly TorchRandom s_rng = new(1);
    static readonly Linear s_static = new(2, 2, s_rng);
    static readonly Tensor s_x = Tensor.Ones([4, 2]);

    static Linear New() => new(2, 2, s_rng);

    sealed record Pair(Linear First, Linear Second);

    sealed class Holder
    {
        public Linear Inner { get; } = New();
    }

    abstract class One : Module
    {
        protected abstract Tensor Of(Tensor x);

        protected override Tensor Compute(Tensor x) => Of(x);
    }

    sealed class InRecord : One
    {
        readonly Pair _pair = new(New(), New());

        protected override Tensor Of(Tensor x) => _pair.First.Forward(x);
    }

    sealed class InList : One
    {
        readonly List<Holder> _holders = [new()];

        protected override Tensor Of(Tensor x) => _holders[0].Inner.Forward(x);
    }

    sealed class InFunction(Func<Tensor, Tensor> f) : One
    {
        protected override Tensor Of(Tensor x) => f(x);
    }

    sealed class InLazy : One
    {
        readonly Lazy<Linear> _layer = new(New);

        protected override Tensor Of(Tensor x) => _layer.Value.Forward(x);
    }

    sealed class InStatic : One
    {
        protected override Tensor Of(Tensor x) => s_static.Forward(x);
    }

    sealed class MadeAnew : One
    {
        static Linear Layer => New();

        protected override Tensor Of(Tensor x) => Layer.Forward(x);
    }

    sealed class Query : One
    {
        readonly IEnumerable<Module> _layers = Enumerable.Range(0, 2).Select(_ => New());

        protected override Tensor Of(Tensor x) => _layers.First().Forward(x);
    }

    sealed class InSet : One
    {
        readonly HashSet<Linear> _layers = [New()];

        protected override Tensor Of(Tensor x) => _layers.First().Forward(x);
    }

    sealed class AsKey : One
    {
        readonly Dictionary<Module, int> _layers = new() { [New()] = 1 };

        protected override Tensor Of(Tensor x) => _layers.Keys.First().Forward(x);
    }

    sealed class Forgotten(Tensor weight) : One
    {
        readonly Tensor _weight = weight;

        protected override Tensor Of(Tensor x) => x.MatMul(_weight);
    }

    sealed class ForgottenAndSettable : One
    {
        public Tensor Weight = Tensor.Ones([2, 2]);

        protected override Tensor Of(Tensor x) => x.MatMul(Weight);
    }

    sealed class Marked : One
    {
        Tensor Mask { get; } = Constant(Tensor.Ones([4, 2]));

        Tensor Shift { get; } = Buffer(Tensor.Ones([4, 2]) * 2);

        Tensor Gain { get; } = Parameter(Tensor.Ones([2]) * 3);

        protected override Tensor Of(Tensor x) => x * Mask * Gain + Shift;
    }

    public static TheoryData<Module, string> Lost
    {
        get
        {
            var captured = New();
            Tensor made = Tensor.Ones([2, 2]).RequireGrad() * 0.1, gone = Gone();
            return new()
            {
                { new InRecord(), "forward of InRecord: 'pair.first' is held in a Pair, which is not looked into" },
                { new Sequential(new InRecord()), "forward of Sequential: '0.pair.first' is held in a Pair" },
                { new InList(), "forward of InList: 'holders.0.inner' is held in a Holder" },
                { new InFunction(x => captured.Forward(x)),
                    "forward of InFunction: 'f.captured' is held in a Func<Tensor, Tensor>" },
                { new InFunction(captured.Forward), "forward of InFunction: 'f' is held in a Func<Tensor, Tensor>" },
                { new InLazy(), "forward of InLazy: a tensor [2, 2] that requires a gradient goes into 'linear map' "
                    + "and is no parameter of InLazy" },
                { new InStatic(), "forward of InStatic: a tensor [2, 2] that requires a gradient goes into 'linear "
                    + "map' and is no parameter of InStatic" },
                { new MadeAnew(), "forward of MadeAnew: a tensor [2, 2] that requires a gradient goes into 'linear "
                    + "map' and is no parameter of MadeAnew" },
                { new Query(), "parts of Query: 'layers' is a RangeSelectIterator<" },
                { new InSet(), "parts of InSet: 'layers' is a HashSet<Linear>, whose elements have no fixed order" },
                { new AsKey(), "parts of AsKey: the keys of the dictionary 'layers' are modules or tensors" },
                { new Forgotten(Tensor.Ones([2, 2])), "forward of Forgotten: 'weight' [2, 2] is neither parameter nor "
                    + "buffer, so it would not be trained or saved" },
                { new Forgotten(made), "forward of Forgotten: 'weight' [2, 2] is the result of 'multiply number' and "
                    + "no parameter itself" },
                { new Forgotten(gone), "forward of Forgotten: 'weight' was made in a scope which has ended" },
                { new ForgottenAndSettable(),
                    "forward of ForgottenAndSettable: 'weight' [2, 2] is neither parameter nor buffer" },
            };
        }
    }

    static Tensor Gone()
    {
        using var scope = Scope.Begin();
        return Tensor.Ones([2, 2]).RequireGrad();
    }

    public static TheoryData<string, Action<Module, string>> Ways => new()
    {
        { "state", (module, _) => module.StateDict() },
        { "state", (module, _) => module.LoadStateDict(new Encoder(New()).StateDict()) },
        { "parameters", (module, _) => module.Parameters() },
        { "parameters", (module, _) => module.NamedParameters() },
        { "parameters", (module, _) => Assert.True(module.ParameterCount > 0) },
        { "buffers", (module, _) => module.NamedBuffers() },
        { "state", (module, folder) => new Checkpoint(folder).SaveModel(module) },
        { "state", (module, folder) => Safetensors.Write(Path.Combine(folder, "m.safetensors"), module.StateDict()) },
        { "training", (module, _) => Trained(module, x => ((IEncoder)module).Encode(x)).Fit(1) },
        { "forward", (module, _) => module.Summary(s_x) },
    };

    [Theory, MemberData(nameof(Ways))]
    public void What_would_be_lost_is_refused_whatever_is_asked_first(string asked, Action<Module, string> use)
    {
        using var folder = new TemporaryFolder();
        foreach (var (module, lost) in new (Module, string)[]
        {
            (new Encoder(new Pair(New(), New())), "Encoder: 'extra.first' is held in a Pair, which is not looked into"),
            (new Encoder(Tensor.Ones([2, 2])),
                "Encoder: 'extra' [2, 2] is neither parameter nor buffer, so it would not be trained or saved"),
        })
        {
            for (int time = 0; time < 2; time++)
                Assert.StartsWith($"{asked} of {lost}",
                    Assert.Throws<InvalidOperationException>(() => use(module, folder.Path)).Message,
                    StringComparison.Ordinal);
        }
        Assert.Empty(Directory.GetFiles(folder.Path));
        use(new Encoder(New()), folder.Path);
    }

    [Fact]
    public void What_is_set_after_a_forward_pass_is_looked_at_by_the_next()
    {
        var model = new Encoder(null);
        for (int pass = 0; pass < 3; pass++) model.Forward(s_x);
        model.Extra = new Pair(New(), New());
        Assert.StartsWith("forward of Encoder: 'extra.first' is held in a Pair", Refused(() => model.Forward(s_x)),
            StringComparison.Ordinal);
        Assert.StartsWith("parameters of Encoder: 'extra.first' is held in a Pair", Refused(() => model.Parameters()),
            StringComparison.Ordinal);
        model.Extra = New();
        model.Forward(s_x);
        Assert.Equal(4, model.Parameters().Count);
    }

    [Fact]
    public void A_parameter_that_another_tensor_takes_the_place_of_from_outside_is_refused()
    {
        var model = new Encoder(null) { Extra = Tensor.Ones([2, 2]).RequireGrad() };
        model.Forward(s_x);
        model.Extra = Tensor.Ones([2, 2]);
        Assert.StartsWith("state of Encoder: 'extra' [2, 2] is neither parameter nor buffer",
            Refused(() => model.StateDict()), StringComparison.Ordinal);
        Assert.StartsWith("forward of Encoder: 'extra' [2, 2] is neither parameter nor buffer",
            Refused(() => model.Forward(s_x)), StringComparison.Ordinal);
        model.Extra = model.Inner.Weight * 2;
        Assert.StartsWith("state of Encoder: 'extra' [2, 2] is the result of 'multiply number'",
            Refused(() => model.StateDict()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void Layers_that_a_forward_pass_makes_are_refused(int pass)
    {
        var model = new Growing(pass);
        for (int i = 0; i < pass; i++) model.Forward(s_x);
        Assert.Equal("forward of Growing: 'layers.1.weight' became a parameter or buffer during the forward pass, so "
            + "an optimiser that was made before would not train it, and a file could not be loaded into a new model: "
            + "make all layers in the constructor", Refused(() => model.Forward(s_x)));
    }

    [Fact]
    public void Layers_that_are_added_in_the_middle_of_training_are_refused_by_the_trainer()
    {
        var model = new Growing(1000);
        var trainer = Trained(model, model.Encode);
        trainer.Fit(3);
        model.Layers.Add(New());
        Assert.StartsWith("train: Sgd does not hold 'layers.1.weight' [2, 2], 'layers.1.bias' [2] of Growing",
            Refused(() => trainer.Fit(4)), StringComparison.Ordinal);
        Assert.Equal(3, trainer.Step);

        var other = new Growing(1000);
        var going = Trained(other, x => other.Encode(x), step: 2, other.Grow);
        Assert.StartsWith("train: Sgd does not hold 'layers.1.weight'", Refused(() => going.Fit(9)),
            StringComparison.Ordinal);
        Assert.Equal(2, going.Step);
    }

    [Fact]
    public void A_part_alone_may_hold_a_function_that_leads_back_to_the_whole()
    {
        var model = new LeadsBack();
        Assert.Empty(model.Function.Parameters());
        Assert.Equal(2, model.Parameters().Count);
        model.Forward(s_x).Sum().Backward();
        Assert.All(model.Parameters(), w => Assert.True(w.HasGrad));
    }

    static string Refused(Action use) => Assert.Throws<InvalidOperationException>(use).Message;

    static Trainer<Tensor, Tensor> Trained(Module model, Func<Tensor, Tensor> encode, int step = -1,
        Action? then = null)
    {
        var data = Dataset.From(s_x, s_x);
        int steps = 0;
        return new(model,
            new Sgd([.. model.NamedModules().Select(one => one.Value).OfType<Linear>()
                .SelectMany(one => one.Parameters())]), Batches.Shuffled(data, 4, 1), (x, y) =>
            {
                if (steps++ == step) then!();
                return encode(x).MseLoss(y);
            });
    }

    interface IEncoder
    {
        Tensor Encode(Tensor x);
    }

    sealed class Encoder(object? extra) : One, IEncoder
    {
        public Linear Inner { get; } = New();

        public object? Extra { get; set; } = extra;

        public Tensor Encode(Tensor x) => Of(x);

        protected override Tensor Of(Tensor x) =>
            Extra is Module more ? more.Forward(Inner.Forward(x)) : Inner.Forward(x);
    }

    sealed class Growing(int at) : One
    {
        int _passes;

        public List<Module> Layers { get; } = [New()];

        public Tensor Encode(Tensor x) => Layers.Aggregate(x, (y, layer) => layer.Forward(y));

        public void Grow() => Layers.Add(New());

        protected override Tensor Of(Tensor x)
        {
            if (_passes++ == at) Grow();
            return Encode(x);
        }
    }

    sealed class LeadsBack : One
    {
        readonly Linear _layer = New();

        public LeadsBack() => Function = new InFunction(x => _layer.Forward(x));

        public InFunction Function { get; }

        protected override Tensor Of(Tensor x) => Function.Forward(x);
    }

    [Theory, MemberData(nameof(Lost))]
    public void What_would_be_lost_is_refused_by_name_at_the_first_forward_pass(Module module, string message)
    {
        Assert.StartsWith(message, Assert.Throws<InvalidOperationException>(() => module.Forward(s_x)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => module.Forward(s_x));
    }

    [Fact]
    public void A_teacher_that_is_not_to_be_trained_may_be_held_anywhere()
    {
        var teacher = New();
        teacher.Freeze();
        var student = new InFunction(teacher.Forward);
        student.Forward(s_x);
        Assert.Empty(student.Parameters());
    }

    [Fact]
    public void What_is_marked_is_what_it_is_marked_as()
    {
        var module = new Marked();
        module.Forward(s_x).Sum().Backward();
        Assert.Equal(["gain"], module.NamedParameters().Select(named => named.Key));
        Assert.Equal(["shift"], module.NamedBuffers().Select(named => named.Key));
        Assert.Equal(["shift", "gain"], module.StateDict().Keys);
    }

    [Fact]
    public void What_was_computed_before_and_what_is_given_need_not_be_the_modules()
    {
        var input = Tensor.Ones([4, 2]).RequireGrad();
        New().Forward(input).Sum().Backward();
        Assert.True(input.HasGrad);
        New().Forward(New().Forward(input)).Sum().Backward();
    }
}
