using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Training;

namespace ChainRule.Tests.Randomness;

public sealed class RandomSourceTest
{
    public static TheoryData<string> Kinds { get; } = ["torch", "python", "numpy", "own"];

    [Theory, MemberData(nameof(Kinds))]
    public void Draws_lie_where_they_should(string kind)
    {
        var rng = Make(kind, 1);
        float[] uniform = new float[10_000], normal = new float[10_000], coin = new float[10_000];
        int[] whole = new int[10_000];
        rng.Uniform(uniform, -1, 3);
        rng.Normal(normal, 5, 2);
        rng.Bernoulli(coin, 0.25);
        rng.Integers(whole, -2, 3);
        Assert.All(uniform, x => Assert.InRange(x, -1, 3));
        Assert.Equal(1, uniform.Average(), 0.1);
        Assert.Equal(5, normal.Average(), 0.1);
        Assert.Equal(2, Math.Sqrt(normal.Average(x => (x - 5) * (x - 5))), 0.1);
        Assert.Equal(0.25, coin.Average(), 0.02);
        Assert.Equal([-2, -1, 0, 1, 2], whole.Distinct().Order());
        int[] order = new int[100];
        rng.Permutation(order);
        Assert.Equal(Enumerable.Range(0, 100), order.Order());
        Assert.NotEqual(Enumerable.Range(0, 100), order);
        int[] drawn = [.. Enumerable.Range(0, 4000).Select(_ => rng.Multinomial([0f, 1f, 3f]))];
        Assert.Equal(0.75, drawn.Count(one => one == 2) / 4000.0, 0.03);
        Assert.DoesNotContain(0, drawn);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void What_was_saved_goes_on_as_it_would_have(string kind)
    {
        var rng = Make(kind, 7);
        double[] first = new double[5], second = new double[5];
        rng.Normal(first.AsSpan(0, 3)); // an odd count keeps one back
        byte[] state = rng.GetState();
        rng.Normal(first);
        var other = Make(kind, 8);
        other.SetState(state);
        other.Normal(second);
        Assert.Equal(first, second);
        Assert.Equal(rng.NextDouble(), other.NextDouble());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Layers_and_training_draw_from_any_source(string kind)
    {
        float[] Trained(int stopAt)
        {
            using var folder = new TemporaryFolder();
            ITrainer Make()
            {
                var rng = RandomSourceTest.Make(kind, 3);
                var model = new Sequential(new Linear(2, 8, rng), new Dropout(0.5, rng), new Linear(8, 1, rng));
                var data = ChainRule.Data.Dataset.From(Tensor.Randn([40, 2], new TorchRandom(1)), Tensor.Ones([40, 1]));
                return new Trainer<Tensor, Tensor>(model, new ChainRule.Optim.Sgd(model.Parameters(), 0.1),
                    ChainRule.Data.Batches.Random(data, 8, RandomSourceTest.Make(kind, 4)),
                    (x, y) => model.Forward(x).MseLoss(y)) { Checkpoint = new(folder.Path) };
            }
            var trainer = Make();
            trainer.Fit(stopAt);
            trainer.SaveLast();
            var resumed = Make();
            resumed.Resume();
            resumed.Fit(20);
            return [.. resumed.Model.Parameters().SelectMany(w => w.ToArray<float>())];
        }
        Assert.Equal(Trained(20), Trained(9));
    }

    [Fact]
    public void A_state_of_another_source_is_refused()
    {
        byte[] torch = new TorchRandom(1).GetState();
        Assert.Equal("random state: 5056 bytes: a state of PythonRandom has 2508: pass what its GetState returned",
            Assert.ThrowsAny<ArgumentException>(() => new PythonRandom(1).SetState(torch)).Message);
        Assert.Equal("random state: 5056 bytes: a state of NumpyRandom has 2508: pass what its GetState returned",
            Assert.ThrowsAny<ArgumentException>(() => new NumpyRandom(1).SetState(torch)).Message);
        byte[] damaged = new NumpyRandom(1).GetState();
        damaged.AsSpan(4 * 624, 4).Fill(0xff);
        Assert.Equal("random state: these bytes are none of NumpyRandom: pass what its GetState returned",
            Assert.ThrowsAny<ArgumentException>(() => new NumpyRandom(1).SetState(damaged)).Message);
    }

    [Fact]
    public void Layers_can_be_drawn_from_numpys_stream_number_for_number()
    {
        double[] drawn = new double[6];
        new NumpyRandom(5).Uniform(drawn, -1, 1);
        var w = Tensor.Zeros([2, 3], DType.Float64);
        Init.Uniform(w, -1, 1, new NumpyRandom(5));
        Assert.Equal(drawn, w.ToArray<double>());
    }

    static RandomSource Make(string kind, uint seed) => kind switch
    {
        "torch" => new TorchRandom(seed),
        "python" => new PythonRandom(seed),
        "numpy" => new NumpyRandom(seed),
        _ => new Own(seed),
    };

    /// <summary>A source of one's own: SplitMix64, with sums of twelve uniform numbers for normal ones.</summary>
    sealed class Own(ulong seed) : RandomSource
    {
        ulong _state = seed;

        public override double NextDouble()
        {
            ulong z = _state += 0x9e3779b97f4a7c15;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1L << 53));
        }

        public override void Normal(Span<double> x, double mean = 0, double std = 1)
        {
            for (int i = 0; i < x.Length; i++)
                x[i] = mean + std * (Enumerable.Range(0, 12).Sum(_ => NextDouble()) - 6);
        }

        public override void Integers(Span<int> x, long low, long high)
        {
            for (int i = 0; i < x.Length; i++) x[i] = (int)(low + (long)(NextDouble() * (high - low)));
        }

        public override void Permutation(Span<int> x)
        {
            for (int i = 0; i < x.Length; i++) x[i] = i;
            for (int i = x.Length - 1; i > 0; i--)
            {
                int other = (int)(NextDouble() * (i + 1));
                (x[i], x[other]) = (x[other], x[i]);
            }
        }

        public override byte[] GetState() => BitConverter.GetBytes(_state);

        public override void SetState(ReadOnlySpan<byte> state) => _state = BitConverter.ToUInt64(state);
    }
}
