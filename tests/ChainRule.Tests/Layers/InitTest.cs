namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class InitTest
{
    public static TheoryData<string> Filled =>
        Golden.Names("init", "uniform", "normal", "xavier_uniform", "xavier_normal", "kaiming_uniform",
            "kaiming_normal", "orthogonal", "truncated_normal");

    public static TheoryData<string> Layers => Golden.Names("init", "linear", "embedding", "conv2d", "sequential");

    public static TheoryData<string> Gains => Golden.Names("init", "gain");

    [Theory, MemberData(nameof(Filled))]
    public void Draws_equal_torchs(string name)
    {
        var golden = Golden.Case("init", name);
        var w = Tensor.Zeros(golden.Ints("shape"));
        var rng = new TorchRandom((ulong)golden.Int("seed"));
        switch (golden.Op)
        {
            case "uniform": Init.Uniform(w, golden.Number("low"), golden.Number("high"), rng); break;
            case "normal": Init.Normal(w, golden.Number("mean"), golden.Number("std"), rng); break;
            case "xavier_uniform": Init.XavierUniform(w, rng, golden.Number("gain")); break;
            case "xavier_normal": Init.XavierNormal(w, rng, golden.Number("gain")); break;
            case "orthogonal": Init.Orthogonal(w, rng, golden.Number("gain")); break;
            case "truncated_normal": Init.TruncatedNormal(w, golden.Number("mean"), golden.Number("std"),
                golden.Number("low"), golden.Number("high"), rng); break;
            case "kaiming_uniform": Init.KaimingUniform(w, rng, Next(golden), golden.Number("slope", 0), Mode(golden));
                break;
            default: Init.KaimingNormal(w, rng, Next(golden), golden.Number("slope", 0), Mode(golden)); break;
        }
        // What torch computes in float32 by LAPACK and by erfinv is computed here in float64, and rounded.
        AssertRecorded(golden, "weight", w, within: golden.Op is "orthogonal" or "truncated_normal" ? 2e-6 : 0);
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(3, 5)]
    [InlineData(4, 2, 3, 3)]
    public void Orthogonal_rows_or_columns_have_the_length_of_the_gain(params int[] shape)
    {
        var w = Tensor.Zeros(shape, DType.Float64);
        Init.Orthogonal(w, new TorchRandom(1), 2);
        var matrix = w.Reshape(shape[0], -1);
        var products = shape[0] < matrix.Shape[1] ? matrix.MatMul(matrix, transposeB: true)
            : matrix.MatMul(matrix, transposeA: true);
        for (int i = 0; i < products.Shape[0]; i++)
            for (int j = 0; j < products.Shape[0]; j++) Assert.Equal(i == j ? 4 : 0, products[i, j], 1e-14);
        Assert.Equal("orthogonal weights of [3]: rows need columns: give two axes or more",
            Assert.ThrowsAny<ArgumentException>(() => Init.Orthogonal(Tensor.Zeros([3]), new TorchRandom(1))).Message);
    }

    [Fact]
    public void A_truncated_normal_stays_within_its_ends()
    {
        var w = Tensor.Zeros([10_000], DType.Float64);
        Init.TruncatedNormal(w, 0, 1, -1, 2, new TorchRandom(1));
        Assert.True(w.Min().Item() is >= -1 and < -0.99 && w.Max().Item() is <= 2 and > 1.9);
        // (φ(−1) − φ(2)) / (Φ(2) − Φ(−1))
        Assert.Equal(0.2296, w.Mean().Item(), 0.02);
        Assert.Contains("give a deviation above 0, and ends that rise",
            Assert.ThrowsAny<ArgumentException>(() => Init.TruncatedNormal(w, 0, 1, 2, -1, new TorchRandom(1))).Message,
            StringComparison.Ordinal);
    }

    // φ and Φ at the ends give the mean; far out it is nearly a + 1 / a.
    [Theory]
    [InlineData(0, 1, 50, 51, 50.01998)]
    [InlineData(0, 1, -51, -50, -50.01998)]
    [InlineData(0, 1, 4, double.PositiveInfinity, 4.22561)]
    [InlineData(0, 1, 3.5, 3.6, 3.54704)]
    [InlineData(10, 2, -1e9, 0, -0.37301)]
    [InlineData(0, 1e-3, 1e6, 2e6, 1e6)]
    public void Numbers_from_a_far_tail_are_normal_too(double mean, double std, double low, double high,
        double expected)
    {
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
        {
            var w = Tensor.Zeros([40_000], dtype);
            Init.TruncatedNormal(w, mean, std, low, high, new TorchRandom(1));
            Assert.True(w.Min().Item() >= low && w.Max().Item() <= high);
            Assert.Equal(expected, w.To(DType.Float64).Mean().Item(),
                5 * w.To(DType.Float64).Std().Item() / 200 + 1e-5 * Math.Abs(expected));
        }
    }

    [Theory, MemberData(nameof(Layers))]
    public void New_layers_equal_torchs(string name)
    {
        var golden = Golden.Case("init", name);
        var rng = new TorchRandom((ulong)golden.Int("seed"));
        Module layer = golden.Op switch
        {
            "linear" => new Linear(golden.Int("in_features"), golden.Int("out_features"), rng, golden.Flag("bias")),
            "embedding" => new Embedding(golden.Int("rows"), golden.Int("columns"), rng),
            "conv2d" => new Conv2d(golden.Int("inputs"), golden.Int("outputs"), golden.Int("kernel"), rng,
                bias: golden.Flag("bias")),
            _ => new Sequential(new Linear(3, 5, rng), new Tanh(), new Linear(5, 2, rng)),
        };
        Assert.Equal(golden.State.Count, 3 * layer.StateDict().Count);
        foreach (var (key, w) in layer.StateDict()) AssertRecorded(golden, key, w);
    }

    [Theory, MemberData(nameof(Gains))]
    public void Gains_equal_torchs(string name)
    {
        var golden = Golden.Case("init", name);
        Assert.Equal(golden.Output.Data[0],
            golden.Has("slope") ? Init.Gain(Next(golden), golden.Number("slope")) : Init.Gain(Next(golden)), 1e-15);
    }

    [Fact]
    public void Fans_count_inputs_and_outputs()
    {
        Assert.Equal((30, 200), Init.Fan([200, 30]));
        Assert.Equal((27, 72), Init.Fan([8, 3, 3, 3]));
        Assert.Equal("fan of [5]: it needs outputs and inputs: give weights of two axes or more",
            Assert.ThrowsAny<ArgumentException>(() => Init.Fan([5])).Message);
    }

    [Fact]
    public void Kaiming_keeps_the_size_of_numbers_through_many_layers_of_relu()
    {
        var rng = new TorchRandom(3);
        var x = Tensor.Randn([50, 512], rng);
        for (int k = 0; k < 5; k++)
        {
            var w = Tensor.Zeros([512, 512]);
            if (k % 2 == 0) Init.KaimingNormal(w, rng, Nonlinearity.Relu);
            else Init.KaimingUniform(w, rng, Nonlinearity.Relu);
            x = x.MatMul(w, transposeB: true).Relu();
        }
        // The gain of √2 keeps Σ x² / n at 1 on average. A layer's draws scatter its logarithm by √(5 / 512), five
        // layers by 0.22, and ±ln 2 is three of these; five layers of default weights would leave 6⁻⁵.
        Assert.InRange(x.Square().Mean().Item(), 0.5, 2);
    }

    [Theory]
    [InlineData(FanMode.In, 2.0 / 200)]
    [InlineData(FanMode.Out, 2.0 / 600)]
    public void Kaiming_has_the_variance_2_by_fan(FanMode mode, double variance)
    {
        var rng = new TorchRandom(3);
        foreach (bool uniform in (bool[])[true, false])
        {
            var w = Tensor.Zeros([600, 200]);
            if (uniform) Init.KaimingUniform(w, rng, Nonlinearity.Relu, mode: mode);
            else Init.KaimingNormal(w, rng, Nonlinearity.Relu, mode: mode);
            // 120,000 normal numbers scatter their variance by 0.4 %.
            Assert.Equal(variance, w.Var().Item(), variance * 0.02);
            Assert.Equal(0, w.Mean().Item(), 2e-3);
        }
    }

    [Fact]
    public void Xavier_lies_between_keeping_outputs_and_keeping_gradients()
    {
        var rng = new TorchRandom(3);
        foreach (bool uniform in (bool[])[true, false])
        {
            var w = Tensor.Zeros([600, 200]);
            if (uniform) Init.XavierUniform(w, rng);
            else Init.XavierNormal(w, rng);
            Assert.Equal(2.0 / 800, w.Var().Item(), 2.0 / 800 * 0.02);
            Assert.Equal(0, w.Mean().Item(), 1e-3);
        }
    }

    [Fact]
    public void Numbers_are_written_in_place_and_the_wish_for_a_gradient_stays()
    {
        var w = Tensor.Zeros([2, 3]).RequireGrad();
        Init.Ones(w);
        Assert.Equal([1f, 1f, 1f, 1f, 1f, 1f], w.ToArray<float>());
        Init.Constant(w, 0.5);
        Assert.Equal(3, w.Sum().Item());
        Init.Zeros(w);
        Assert.Equal(0, w.Square().Sum().Item());
        Assert.True(w.RequiresGrad);
    }

    static void AssertRecorded(GoldenCase golden, string name, Tensor w, double within = 0)
    {
        double[] all = [.. w.ToArray<float>().Select(x => (double)x)];
        double[] Recorded(string part) => golden.State.Single(one => one.Key == $"{name}.{part}").Value.Data;
        Assert.Equal(Recorded("first"), all.Take(10), (a, b) => Math.Abs(a - b) <= within);
        Assert.Equal(Recorded("last"), all.TakeLast(5), (a, b) => Math.Abs(a - b) <= within);
        Assert.Equal(Recorded("sum")[0], all.Sum(), within * all.Length);
    }

    static FanMode Mode(GoldenCase golden) => golden.Text("mode") == "fan_in" ? FanMode.In : FanMode.Out;

    static Nonlinearity Next(GoldenCase golden) =>
        Enum.Parse<Nonlinearity>(golden.Text("nonlinearity").Replace("_", "", StringComparison.Ordinal),
            ignoreCase: true);
}
