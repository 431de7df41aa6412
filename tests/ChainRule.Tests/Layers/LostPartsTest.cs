namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

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
                { new InFunction(x => captured.Forward(x)), "forward of InFunction: 'f.captured' is held in a Func<Tensor, Tensor>" },
                { new InFunction(captured.Forward), "forward of InFunction: 'f' is held in a Func<Tensor, Tensor>" },
                { new InLazy(), "forward of InLazy: a tensor [2, 2] that wants a gradient goes into 'linear map' and is no parameter of InLazy" },
                { new InStatic(), "forward of InStatic: a tensor [2, 2] that wants a gradient goes into 'linear map' and is no parameter of InStatic" },
                { new MadeAnew(), "forward of MadeAnew: a tensor [2, 2] that wants a gradient goes into 'linear map' and is no parameter of MadeAnew" },
                { new Query(), "parts of Query: 'layers' is a RangeSelectIterator<" },
                { new InSet(), "parts of InSet: 'layers' is a HashSet<Linear>, whose elements have no fixed order" },
                { new AsKey(), "parts of AsKey: the keys of the dictionary 'layers' are modules or tensors" },
                { new Forgotten(Tensor.Ones([2, 2])), "forward of Forgotten: 'weight' [2, 2] is neither parameter nor buffer, so it would not be trained or saved" },
                { new Forgotten(made), "forward of Forgotten: 'weight' [2, 2] is the result of 'multiply number' and no parameter itself" },
                { new Forgotten(gone), "forward of Forgotten: 'weight' was made in a scope which has ended" },
                { new ForgottenAndSettable(), "forward of ForgottenAndSettable: 'weight' [2, 2] is neither parameter nor buffer" },
            };
        }
    }

    static Tensor Gone()
    {
        using var scope = Scope.Begin();
        return Tensor.Ones([2, 2]).RequireGrad();
    }

    [Theory, MemberData(nameof(Lost))]
    public void What_would_be_lost_is_refused_by_name_at_the_first_forward_pass(Module module, string message)
    {
        Assert.StartsWith(message, Assert.Throws<InvalidOperationException>(() => module.Forward(s_x)).Message, StringComparison.Ordinal);
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
