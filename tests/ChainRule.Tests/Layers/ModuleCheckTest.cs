using System.Collections.Concurrent;
namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class ModuleCheckTest
{
    readonly TorchRandom _rng = new(1);

    interface IBlock;

    sealed class Block(TorchRandom rng) : Module, IBlock
    {
        Linear Inner { get; } = new(2, 2, rng);

        protected override Tensor Compute(Tensor x) => Inner.Forward(x);
    }

    sealed class Everywhere(TorchRandom rng) : Module
    {
        readonly Dictionary<string, Linear> _heads = new() { ["sex"] = new(2, 2, rng), ["age"] = new(2, 2, rng) };
        readonly SortedList<int, List<Module>> _deep = new()
            { [10] = [new Tanh(), new Linear(2, 2, rng)], [9] = [new Linear(2, 2, rng)] };
        readonly Linear[][] _jagged = [[new(2, 2, rng)], []];
        readonly Tensor[,] _grid = { { Parameter([2], 1), Parameter([2]) } };
        readonly (Linear Layer, Tensor Scale)? _pair = (new(2, 2, rng), Parameter([2], 1));
        readonly IEnumerable<Module> _some = [new Linear(2, 2, rng)];
        readonly IBlock _block = new Block(rng);
        readonly object _any = new Linear(2, 2, rng, bias: false);
        readonly Queue<Tensor> _queue = new([Parameter([2])]);

        protected override Tensor Compute(Tensor x)
        {
            x = _heads["sex"].Forward(_heads["age"].Forward(x));
            foreach (var layer in _deep.Values.SelectMany(layers => layers)) x = layer.Forward(x);
            x = _jagged[0][0].Forward(x) * _grid[0, 0] + _grid[0, 1];
            x = _pair!.Value.Layer.Forward(x) * _pair.Value.Scale;
            foreach (var layer in _some) x = layer.Forward(x);
            return ((Module)_any).Forward(((Module)_block).Forward(x)) + _queue.Peek();
        }
    }

    sealed class Keeps(TorchRandom rng) : Module
    {
        readonly Linear _layer = new(2, 2, rng);
        readonly List<Tensor> _all = [];
        readonly Dictionary<string, Tensor> _byName = [];
        readonly HashSet<Tensor> _set = [];
        Tensor _last;

        public Tensor Out { get; private set; }

        public Tensor? Mask { get; private set; }

        protected override Tensor Compute(Tensor x)
        {
            Out = _layer.Forward(x).Tanh();
            Mask ??= Tensor.Ones(Out.Shape);
            _all.Add(Out);
            _byName["out"] = _last = Out * Mask.Value;
            _set.Add(_last);
            return _last;
        }
    }

    [Fact]
    public void Parts_are_found_wherever_they_can_be_named()
    {
        var model = new Everywhere(_rng);
        string[] names =
        [
            "grid.0.0", "grid.0.1", "pair.1", "queue.0", "heads.age.weight", "heads.age.bias", "heads.sex.weight",
            "heads.sex.bias", "deep.10.1.weight", "deep.10.1.bias",
            "deep.9.0.weight", "deep.9.0.bias", "jagged.0.0.weight", "jagged.0.0.bias", "pair.0.weight", "pair.0.bias",
            "some.0.weight", "some.0.bias",
            "block.inner.weight", "block.inner.bias", "any.weight",
        ];
        Assert.Equal(names, model.NamedParameters().Select(named => named.Key));
        model.Forward(Tensor.Ones([4, 2])).Square().Sum().Backward();
        Assert.All(model.NamedParameters(), named => Assert.True(named.Value.HasGrad, named.Key));
        Assert.Equal(names, model.StateDict().Keys);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void An_output_that_is_kept_is_no_state(bool quiet, bool scoped)
    {
        var model = new Keeps(_rng);
        for (int pass = 0; pass < 3; pass++)
        {
            if (quiet)
            {
                using var none = NoGrad.Begin();
                model.Forward(Tensor.Ones([4, 2]));
            }
            else if (scoped)
            {
                using var scope = Scope.Begin();
                model.Forward(Tensor.Ones([4, 2])).Sum().Backward();
            }
            else
            {
                model.Forward(Tensor.Ones([4, 2])).Sum().Backward();
            }
            if (scoped && !quiet) return;
        }
        Assert.Equal(["layer.weight", "layer.bias"], model.StateDict().Keys);
        Assert.Empty(model.NamedBuffers());
        new Keeps(_rng).LoadStateDict(model.StateDict());
        model.Forward(Tensor.Ones([4, 2])).Sum().Backward();
    }

    [Fact]
    public void An_output_of_a_scope_that_ended_is_no_state()
    {
        var model = new Keeps(_rng);
        using (Scope.Begin())
        {
            using var quiet = NoGrad.Begin();
            model.Forward(Tensor.Ones([4, 2])).Sum();
        }
        Assert.Equal(["layer.weight", "layer.bias"], model.StateDict().Keys);
    }

    [Fact]
    public void Two_parts_of_one_name_are_refused()
    {
        var model = new Named { Parts = { ["a"] = new Linear(1, 1, _rng) } };
        model.Parts["a.inner"] = new Linear(1, 1, _rng);
        model.Parts["a"] = new Residual(new Linear(1, 1, _rng));
        Assert.Equal("state of Named: two tensors go by the name 'parts.a.inner.weight': rename a field, or the key of "
            + "a dictionary",
            Assert.Throws<InvalidOperationException>(() => model.StateDict()).Message);
    }

    [Fact]
    public void A_layer_that_is_null_is_refused() =>
        Assert.Equal("Sequential: layer 1 of 2 is null: give a module, or leave it out",
        Assert.ThrowsAny<ArgumentException>(() => new Sequential(new Tanh(), null!)).Message);

    [Fact]
    public void Threads_that_pass_through_one_module_do_not_disturb_each_other()
    {
        var model = new Sequential(new Linear(2, 3, _rng), new Tanh(), new Linear(3, 1, _rng));
        var x = Tensor.Ones([4, 2]);
        float[] alone = model.Forward(x).ToArray<float>();
        using var together = new Barrier(8);
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, 8).Select(thread => new Thread(() =>
        {
            try
            {
                for (int i = 0; i < 200; i++)
                {
                    // Each new layer makes the next pass through any module a checked one.
                    together.SignalAndWait();
                    GC.KeepAlive(new Tanh());
                    Assert.Equal(alone, model.Forward(x).ToArray<float>());
                }
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
                together.RemoveParticipant();
            }
        })).ToArray();
        Array.ForEach(threads, one => one.Start());
        Array.ForEach(threads, one => one.Join());
        Assert.Empty(failures);
    }

    sealed class Named : Module
    {
        public Dictionary<string, Module> Parts { get; } = [];
    }

    [Fact]
    public void A_buffer_that_another_tensor_takes_the_place_of_is_named()
    {
        var model = new Running();
        Assert.Equal("forward of Running: 'mean' was a parameter or buffer before the forward pass and is none after "
            + "it, so it would not be saved: write new numbers into it, by CopyInPlace or LerpInPlace, and put no "
            + "other tensor in its place",
            Assert.Throws<InvalidOperationException>(() => model.Forward(Tensor.Ones([3, 2]))).Message);
    }

    sealed class Running : Module
    {
        Tensor _mean = Buffer(Tensor.Zeros([2]));

        Tensor Weight { get; } = Parameter([2], 1);

        protected override Tensor Compute(Tensor x)
        {
            _mean = _mean * 0.9 + x.Mean(0).Detach() * 0.1;
            return (x - _mean) * Weight;
        }
    }
}
