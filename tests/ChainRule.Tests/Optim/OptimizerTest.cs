using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Tests.Optim;

public sealed class OptimizerTest
{
    static readonly Dictionary<string, Func<Tensor[], Optimizer>> s_makers = new()
    {
        ["Sgd"] = w => new Sgd(w, 0.1, new() { WeightDecay = 0.01 }),
        ["Sgd with momentum"] = w => new Sgd(w, 0.1, new() { Momentum = 0.9, WeightDecay = 0.01 }),
        ["Sgd with Nesterov momentum"] = w => new Sgd(w, 0.1, new() { Momentum = 0.9, Nesterov = true }),
        ["AdaGrad"] = w => new AdaGrad(w, weightDecay: 0.01),
        ["RmsProp"] = w => new RmsProp(w),
        ["RmsProp, centred"] = w => new RmsProp(w, options: new() { Centered = true }),
        ["RmsProp with momentum"] = w => new RmsProp(w, options: new() { Momentum = 0.9 }),
        ["RmsProp, centred, with momentum"] =
            w => new RmsProp(w, options: new() { Momentum = 0.9, Centered = true, WeightDecay = 0.01 }),
        ["Adam"] = w => new Adam(w, options: new() { WeightDecay = 0.01 }),
        ["AdamW"] = w => new AdamW(w),
    };

    public static TheoryData<string, DType> All
    {
        get
        {
            var data = new TheoryData<string, DType>();
            foreach (string name in s_makers.Keys)
            {
                data.Add(name, DType.Float32);
                data.Add(name, DType.Float64);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void A_step_allocates_nothing(string name, DType dtype)
    {
        var (optimizer, parameters) = Start(name, dtype);
        Draw(parameters, new TorchRandom(1));
        for (int i = 0; i < 50; i++) optimizer.Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++) optimizer.Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_schedule_alone_decides_the_learning_rate_and_follows_the_steps()
    {
        var w = Tensor.Zeros([1], DType.Float64).RequireGrad();
        var schedule = Schedule.Linear(from: 1, to: 0, steps: 4);
        var sgd = new Sgd([w], schedule);
        Assert.Equal((1, schedule), (sgd.LearningRate, sgd.Schedule));
        List<double> rates = [];
        for (int step = 0; step < 6; step++)
        {
            Trial.PutGrad(w, [1]);
            sgd.Step();
            rates.Add(sgd.LearningRate);
            sgd.ZeroGrad();
        }
        Assert.Equal([1, 0.75, 0.5, 0.25, 0, 0], rates);
        Assert.Equal(-2.5, w.Item());

        var second = new Sgd([w], schedule);
        second.Load(sgd.State);
        Assert.Equal(0, second.LearningRate);
    }

    [Fact]
    public void A_learning_rate_is_not_given_twice()
    {
        Tensor[] w = [Tensor.Zeros([1]).RequireGrad()];
        var sgd = new Sgd(w, Schedule.Linear(1, 0, 10));
        Assert.Equal("Sgd: the learning rate is set to 0.1, and it follows a schedule: change the schedule, or make "
            + "the optimiser with a number",
            Assert.Throws<InvalidOperationException>(() => sgd.LearningRate = 0.1).Message);
        Assert.Equal("ReduceOnPlateau: the learning rate of Sgd follows a schedule, and a plateau would lower it too: "
            + "make the optimiser with a number",
            Assert.ThrowsAny<ArgumentException>(() => new ReduceOnPlateau(sgd)).Message);
        Assert.Equal("learning-rate sweep: the learning rate of Sgd follows a schedule: give an optimiser that was "
            + "made with a number",
            Assert.ThrowsAny<ArgumentException>(
                () => ChainRule.Diagnostics.LearningRateSweep.Run(() => w[0].Sum(), sgd)).Message);

        var plain = new Sgd(w, 0.1) { LearningRate = 0.2 };
        Assert.Equal((0.2, null), (plain.LearningRate, plain.Schedule));
        Assert.Null(new Sgd(w, Schedule.Constant(0.1)).Schedule);
        Assert.Equal(1e-3, new Adam(w).LearningRate);
        Assert.Equal("Sgd: learning rate -1: give a finite number, 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new Sgd(w, -1)).Message);
    }

    [Theory, MemberData(nameof(All))]
    public void A_gradient_is_only_read(string name, DType dtype)
    {
        var (optimizer, parameters) = Start(name, dtype);
        Draw(parameters, new TorchRandom(1));
        double[][] before = [.. parameters.Select(w => Trial.Numbers(w.Grad))];
        optimizer.Step();
        optimizer.Step();
        Assert.Equal(before, parameters.Select(w => Trial.Numbers(w.Grad)));
    }

    [Theory, MemberData(nameof(All))]
    public void Continues_bit_for_bit_from_a_saved_state(string name, DType dtype)
    {
        var (whole, expected) = Start(name, dtype);
        Train(whole, expected, 0, 5);
        var saved = whole.State.ToDictionary(pair => pair.Key, pair => pair.Value.Clone());
        Tensor[] resumed = [.. expected.Select(w => w.Detach().Clone().RequireGrad())];
        Train(whole, expected, 5, 10);

        var second = s_makers[name](resumed);
        second.Load(saved);
        Assert.Equal(5, second.Steps);
        Train(second, resumed, 5, 10);
        Assert.Equal(expected.Select(Trial.Numbers), resumed.Select(Trial.Numbers));
        Assert.Equal(whole.State.Select(pair => pair.Key), second.State.Select(pair => pair.Key));
        Assert.Equal(whole.State.Select(pair => Trial.Numbers(pair.Value)),
            second.State.Select(pair => Trial.Numbers(pair.Value)));

        static void Train(Optimizer optimizer, Tensor[] parameters, int from, int to)
        {
            for (int step = from; step < to; step++)
            {
                Draw(parameters, new TorchRandom((ulong)step));
                optimizer.Step();
            }
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Where_a_number_stands_changes_nothing(string name, DType dtype)
    {
        const int Count = 37;
        var rng = new TorchRandom(3);
        var together = Tensor.Randn([Count], rng, dtype).RequireGrad();
        Tensor[] apart = [.. Trial.Numbers(together).Select(x => Trial.Weight([1], dtype, [x]))];
        Optimizer one = s_makers[name]([together]), many = s_makers[name](apart);
        for (int step = 0; step < 4; step++)
        {
            Draw([together], rng);
            for (int i = 0; i < Count; i++) Trial.PutGrad(apart[i], [together.Grad[i]]);
            one.Step();
            many.Step();
        }
        Assert.Equal(apart.Select(w => w.Item()), Trial.Numbers(together));
    }

    [Theory, MemberData(nameof(All))]
    public void A_gradient_that_is_not_finite_is_refused_and_nothing_is_changed(string name, DType dtype)
    {
        foreach (double bad in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            var (optimizer, parameters) = Start(name, dtype);
            Draw(parameters, new TorchRandom(1));
            double[] gradient = Trial.Numbers(parameters[1].Grad);
            gradient[1] = bad;
            parameters[1].ZeroGrad();
            Trial.PutGrad(parameters[1], gradient);
            double[][] before = [.. parameters.Concat(optimizer.State.Select(one => one.Value)).Select(Trial.Numbers)];
            string message = Assert.Throws<DivergedException>(optimizer.Step).Message;
            Assert.Equal($"{optimizer.GetType().Name}: the gradient of parameter 1, {parameters[1].Shape}, is {bad} at "
                + "place 1: find the op that made it with NanWatch, clip the gradients, or lower the learning rate; no "
                + "parameter was changed", message);
            Assert.Equal(before, parameters.Concat(optimizer.State.Select(one => one.Value)).Select(Trial.Numbers));
        }
    }

    [Theory, MemberData(nameof(All))]
    public void No_gradient_is_not_a_gradient_of_zero(string name, DType dtype)
    {
        var (optimizer, parameters) = Start(name, dtype);
        Draw(parameters, new TorchRandom(1));
        optimizer.Step();
        optimizer.ZeroGrad();
        Draw(parameters[..1], new TorchRandom(2));
        double[][] before = [.. optimizer.State.Where(one => one.Key.StartsWith("1.", StringComparison.Ordinal))
            .Select(one => Trial.Numbers(one.Value))];
        double[] still = Trial.Numbers(parameters[1]);
        optimizer.Step();
        Assert.Equal(still, Trial.Numbers(parameters[1]));
        Assert.Equal(before, optimizer.State.Where(one => one.Key.StartsWith("1.", StringComparison.Ordinal))
            .Select(one => Trial.Numbers(one.Value)));
        Clip.Norm(parameters, 1e-3);
        Clip.Value(parameters, 1e-3);
        Assert.False(parameters[1].HasGrad);

        // A gradient of 0, as that of a branch that a ReLU shuts, decays and coasts.
        (parameters[1] * 0).Sum().Backward();
        optimizer.Step();
        if (!name.StartsWith("RmsProp", StringComparison.Ordinal)
            || name.Contains("momentum", StringComparison.Ordinal))
            Assert.NotEqual(still, Trial.Numbers(parameters[1]));
    }

    [Fact]
    public void One_gradient_is_stepped_along_by_one_optimizer()
    {
        var w = Tensor.From(1f).RequireGrad();
        Optimizer first = new Sgd([w], 0.1), second = new Adam([w], 0.1);
        (w * 1).Sum().Backward();
        first.Step();
        first.Step();
        Assert.Equal("Adam: parameter 0, [1], was already stepped by another optimiser (Sgd) along this gradient: give "
            + "each parameter to one optimiser, or call ZeroGrad() and Backward() between their steps",
                Assert.Throws<InvalidOperationException>(second.Step).Message);
        w.ZeroGrad();
        (w * 1).Sum().Backward();
        second.Step();
    }

    [Fact]
    public void A_step_that_can_move_nothing_is_refused()
    {
        Tensor mine = Tensor.From(1f).RequireGrad(), others = Tensor.From(1f).RequireGrad();
        var optimizer = new Sgd([mine], 0.1);
        (others * 2).Sum().Backward();
        Assert.Equal("Sgd: step: no backward pass has reached any of the 1 parameters: call Backward() on a loss that "
            + "is computed from them, and make the optimiser from the parameters of the model that computes it",
                Assert.Throws<InvalidOperationException>(optimizer.Step).Message);
        // Once it has worked, a step that has nothing to do with its parameters is no mistake: two
        // heads, two optimisers.
        (mine * 2).Sum().Backward();
        optimizer.Step();
        optimizer.ZeroGrad();
        optimizer.Step();
        Assert.Equal(2, optimizer.Steps);
    }

    [Theory, MemberData(nameof(All))]
    public void A_parameter_without_a_gradient_stays(string name, DType dtype)
    {
        var (optimizer, parameters) = Start(name, dtype);
        Draw(parameters[..1], new TorchRandom(1));
        double[] still = Trial.Numbers(parameters[1]), moved = Trial.Numbers(parameters[0]);
        optimizer.Step();
        Assert.Equal(still, Trial.Numbers(parameters[1]));
        Assert.NotEqual(moved, Trial.Numbers(parameters[0]));
        var state = optimizer.State.ToDictionary();
        Assert.Equal((1, 1, 0), (optimizer.Steps, (int)state["0.step"].Item(), (int)state["1.step"].Item()));
    }

    [Theory, MemberData(nameof(All))]
    public void A_rate_of_zero_moves_nothing(string name, DType dtype)
    {
        var (optimizer, parameters) = Start(name, dtype);
        optimizer.LearningRate = 0;
        Draw(parameters, new TorchRandom(1));
        double[][] before = [.. parameters.Select(Trial.Numbers)];
        optimizer.Step();
        Assert.Equal(before, parameters.Select(Trial.Numbers));
    }

    [Fact]
    public void Only_chosen_parameters_decay()
    {
        Tensor matrix = Tensor.Ones([2, 2]).RequireGrad(), bias = Tensor.Ones([2]).RequireGrad();
        Trial.PutGrad(matrix, new double[4]);
        Trial.PutGrad(bias, new double[2]);
        new AdamW([matrix, bias], learningRate: 0.5, new() { WeightDecay = 0.5, Decays = w => w.Rank >= 2 }).Step();
        Assert.Equal([0.75, 0.75, 0.75, 0.75], Trial.Numbers(matrix));
        Assert.Equal([1, 1], Trial.Numbers(bias));
    }

    [Fact]
    public void Lowers_a_loss_through_the_graph()
    {
        var w = Tensor.From(3.0, -2.0).RequireGrad();
        var optimizer = new Sgd([w], 0.25);
        for (int i = 0; i < 3; i++)
        {
            optimizer.ZeroGrad();
            (w * w).Backward(Tensor.From(1.0, 1.0));
            optimizer.Step();
        }
        // w ← w − 0.25 · 2w, three times
        Assert.Equal([0.375, -0.25], Trial.Numbers(w));
    }

    [Fact]
    public void A_step_is_seen_by_graphs_that_read_the_old_numbers()
    {
        var w = Tensor.From(3.0).RequireGrad();
        var loss = w * w;
        Trial.PutGrad(w, [1]);
        new Sgd([w]).Step();
        Assert.Equal("backward: input 0 of 'multiply', [1], was written in place after the op read it, so its gradient "
            + "would be wrong: write after Backward(), or into a Detach().Clone()",
                Assert.Throws<InvalidOperationException>(() => loss.Backward()).Message);
    }

    [Fact]
    public void One_made_inside_a_scope_outlives_it()
    {
        var w = Tensor.From(3.0).RequireGrad();
        Optimizer optimizer;
        using (Scope.Begin()) optimizer = new AdamW([w]);
        Trial.PutGrad(w, [1]);
        optimizer.Step();
        Assert.Equal(1, optimizer.Steps);
        Assert.All(optimizer.State, pair => Assert.NotEqual(0, pair.Value.Item()));
    }

    [Fact]
    public void The_state_has_names()
    {
        Tensor[] w = [Tensor.Zeros([3, 2]).RequireGrad(), Tensor.Zeros([2], DType.Float64).RequireGrad()];
        Assert.Equal(["Sgd.step", "0.step", "1.step"], new Sgd(w).State.Select(pair => pair.Key));
        Assert.Equal(["Sgd.step", "0.step", "0.momentum", "1.step", "1.momentum"],
            new Sgd(w, options: new() { Momentum = 0.9 }).State.Select(pair => pair.Key));
        Assert.Equal(["RmsProp.step", "0.step", "0.square", "0.momentum", "0.mean", "1.step", "1.square",
            "1.momentum", "1.mean"],
            new RmsProp(w, options: new() { Momentum = 0.9, Centered = true }).State.Select(pair => pair.Key));
        var state = new AdamW(w).State.ToDictionary();
        Assert.Equal((w[0].Shape, DType.Float32), (state["0.square"].Shape, state["0.square"].DType));
        Assert.Equal((w[1].Shape, DType.Float64), (state["1.mean"].Shape, state["1.mean"].DType));
    }

    [Fact]
    public void A_state_of_something_else_is_refused_and_changes_nothing()
    {
        const string Remedy = ": give a state that AdamW saved under the same settings";
        var optimizer = new AdamW([Tensor.Zeros([3]).RequireGrad()]);
        var own = optimizer.State.ToDictionary(pair => pair.Key, pair => pair.Value.Clone());

        Refused("load into AdamW: missing 'AdamW.step'; unexpected 'Adam.step'" + Remedy,
            new Adam([Tensor.Zeros([3]).RequireGrad()]).State);
        Refused("load into AdamW: missing '0.square'" + Remedy, own.Where(pair => pair.Key != "0.square"));
        Refused("load into AdamW: unexpected '1.step', '1.mean', '1.square'" + Remedy,
            new AdamW([Tensor.Zeros([3]).RequireGrad(), Tensor.Zeros([3]).RequireGrad()]).State);
        Refused("load into AdamW: different '0.mean' [2] (Float32) for [3] (Float32)" + Remedy,
            With("0.mean", Tensor.Ones([2])));
        Refused("load into AdamW: different '0.square' [3] (Float64) for [3] (Float32)" + Remedy,
            With("0.square", Tensor.Ones([3], DType.Float64), "0.mean"));
        Refused("load into AdamW: '0.mean' is given twice: give each name once",
            own.Append(new("0.mean", Tensor.Zeros([3]))));
        Assert.All(optimizer.State, pair => Assert.All(Trial.Numbers(pair.Value), x => Assert.Equal(0, x)));

        IEnumerable<KeyValuePair<string, Tensor>> With(string name, Tensor tensor, string? changed = null) =>
            own.Select(pair => pair.Key == name ? new(name, tensor)
                : pair.Key == changed ? new(changed, Tensor.Ones([3])) : pair);

        void Refused(string message, IEnumerable<KeyValuePair<string, Tensor>> state) =>
            Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => optimizer.Load(state)).Message);
    }

    [Fact]
    public void Wrong_parameters_and_rates_are_named()
    {
        Tensor w = Tensor.Zeros([3, 4]).RequireGrad(), b = Tensor.Zeros([4]).RequireGrad();
        Refused("Sgd: there are no parameters: give at least one tensor to train", () => new Sgd([]));
        Refused("Adam: parameter 1, [5], requires no gradient: call RequireGrad() on it, or leave it out",
            () => new Adam([w, Tensor.Zeros([5])]));
        Refused("AdamW: parameter 1, [3, 4], is the result of 'multiply': give the leaves it was computed from",
            () => new AdamW([w, w * w]));
        Refused("Sgd: parameters 0 and 2, [3, 4], are the same tensor: give it once", () => new Sgd([w, b, w]));
        Refused("AdaGrad: weight decay -0.1: give a finite number, 0 or more",
            () => new AdaGrad([w], weightDecay: -0.1));
        Refused("RmsProp: learning rate -1: give a finite number, 0 or more", () => new RmsProp([w], -1));
        var optimizer = new Sgd([w], 0.5);
        Refused("Sgd: learning rate NaN: give a finite number, 0 or more", () => optimizer.LearningRate = double.NaN);
        Refused("Sgd: learning rate Infinity: give a finite number, 0 or more",
            () => optimizer.LearningRate = double.PositiveInfinity);
        Assert.Equal(0.5, optimizer.LearningRate);

        static void Refused(string message, Func<object> make) =>
            Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(make).Message);
    }

    /// <summary>The settings that are given most often need no record of options, and stand over it.</summary>
    [Fact]
    public void Momentum_and_decay_may_be_given_plainly()
    {
        Same(w => new Sgd([w], 0.1, momentum: 0.9, weightDecay: 0.2),
            w => new Sgd([w], 0.1, new() { Momentum = 0.9, WeightDecay = 0.2 }));
        Same(w => new RmsProp([w], 0.1, momentum: 0.9, weightDecay: 0.2),
            w => new RmsProp([w], 0.1, new() { Momentum = 0.9, WeightDecay = 0.2 }));
        Same(w => new Adam([w], 0.1, weightDecay: 0.2), w => new Adam([w], 0.1, new() { WeightDecay = 0.2 }));
        Same(w => new AdamW([w], 0.1, new() { Beta1 = 0.5, WeightDecay = 0.7 }, weightDecay: 0.2),
            w => new AdamW([w], 0.1, new() { Beta1 = 0.5, WeightDecay = 0.2 }));
        var w = Tensor.From(1f).RequireGrad();
        var refused = Assert.ThrowsAny<ArgumentException>(() => new Sgd([w], 0.1, momentum: 1));
        Assert.Equal(("Sgd: momentum 1: give a number in [0, 1)", "momentum"), (refused.Message, refused.ParamName));

        static void Same(Func<Tensor, Optimizer> plain, Func<Tensor, Optimizer> options) =>
            Assert.Equal(ThreeSteps(options), ThreeSteps(plain));

        static double ThreeSteps(Func<Tensor, Optimizer> make)
        {
            var w = Tensor.From(1f).RequireGrad();
            var optimizer = make(w);
            for (int i = 0; i < 3; i++)
            {
                optimizer.ZeroGrad();
                (w * w).Sum().Backward();
                optimizer.Step();
            }
            return w.Item();
        }
    }

    [Fact]
    public void One_of_ones_own_overrides_one_method()
    {
        var w = Trial.Weight([3], DType.Float32, [1, 1, 1]);
        var optimizer = new SignDescent([w], 0.25);
        Trial.PutGrad(w, [5, -0.1, 0]);
        optimizer.Step();
        optimizer.Step();
        Assert.Equal([0.5, 1.5, 1], Trial.Numbers(w));
        Assert.Equal([2, 2, 2], Trial.Numbers(optimizer.State.ToDictionary()["0.count"]));
    }

    static (Optimizer Optimizer, Tensor[] Parameters) Start(string name, DType dtype)
    {
        var rng = new TorchRandom(42);
        Tensor[] parameters = [Tensor.Randn([5, 7], rng, dtype).RequireGrad(),
            Tensor.Randn([64], rng, dtype).RequireGrad()];
        return (s_makers[name](parameters), parameters);
    }

    static void Draw(Tensor[] parameters, TorchRandom rng)
    {
        foreach (var w in parameters) new Tensor(w.Slot.GradToAdd()).CopyInPlace(Tensor.Randn(w.Shape, rng, w.DType));
    }

    sealed class SignDescent(Tensor[] parameters, double learningRate)
        : Optimizer(parameters, learningRate, 0, null, "count")
    {
        protected override void Update<T>(Parameter<T> p)
        {
            for (int i = 0; i < p.W.Length; i++)
            {
                p.W[i] -= T.CreateTruncating(LearningRate) * T.CreateTruncating(T.Sign(p.G[i]));
                p.State(0)[i]++;
            }
        }
    }
}
