using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using Module = ChainRule.Layers.Module;

namespace ChainRule.Tests.Ops;

/// <summary>
/// Every op, and whole training steps, at sizes that threads share: values and gradients are the same bits at
/// any count of threads.
/// </summary>
[Collection(Alone.Name)]
public sealed class ThreadsTest
{
    static readonly int[] s_counts = [1, 2, 3, 5];

    // What formulas with attributes are made with, in the order of their parameters.
    static readonly double[] s_attributes = [0.3, 1.7, 2.9];

    // Sizes are large enough to be shared out, and no multiples of a vector's length.
    static readonly Dictionary<string, Func<Draw, Tensor[], Tensor>> s_problems = new()
    {
        ["pow"] = (_, x) => x[0].Pow(3),
        ["custom"] = (_, x) => Tensor.Custom("custom", [2], [x[0]], f => f.Y[0] = f.X()[0], f => f.DX()[0] += f.DY[0]),
        ["sum of all"] = (_, x) => x[0].Sum(),
        ["sum of rows"] = (_, x) => x[0].Sum(-1),
        ["sum of columns"] = (_, x) => x[0].Sum(0),
        ["sum of the middle"] = (_, x) => x[0].Reshape(11, 37, -1).Mean(1),
        ["max"] = (_, x) => x[0].Max(-1) + x[0].Min(-1),
        ["var"] = (_, x) => x[0].Var([0]),
        ["std"] = (_, x) => x[0].Std([0]),
        ["norm"] = (_, x) => x[0].Norm(-1),
        ["power"] = (_, x) => x[0].Square().Pow(x[2]),
        ["prod"] = (_, x) => x[0].Prod(0) + x[0].CumSum(-1),
        ["flip"] = (_, x) => x[0].Flip(0),
        ["scatter"] = (d, x) => x[0].Scatter(0, d.Ids(x[0].Shape[0], x[1].Shape.Span.ToArray()), x[1]),
        ["index add"] = (d, x) => x[0].IndexAdd(0, d.Ids(x[0].Shape[0], x[1].Shape[0]), x[1]),
        ["clone"] = (_, x) => x[0].Clone(),
        ["scaled"] = (_, x) => ChainRule.Data.Scaler.ZScore(x[1].Detach()).Apply(x[0]),
        ["permute and slice"] = (_, x) => x[0].Transpose(0, 1).Slice(0, 1, 300),
        ["concat"] = (_, x) => Tensor.Concat(0, x[0], x[0]),
        ["a row added"] = (_, x) => x[0] + x[0].Select(0, 3),
        ["a column multiplied"] = (_, x) => x[0] * x[0].Select(1, 5).Unsqueeze(1),
        ["a row and a column"] = (_, x) => x[0].Select(0, 3) * x[0].Select(1, 5).Unsqueeze(1),
        ["a plane added to all"] = (_, x) => x[0].Reshape(37, 11, -1) + x[0].Slice(0, 0, 11),
        ["a single number"] = (_, x) => x[0] / x[0].Select(0, 0).Select(0, 0),
        ["softmax"] = (_, x) => x[0].Softmax(-1),
        ["log-softmax"] = (_, x) => x[0].LogSoftmax(-1),
        ["log-sum-exp"] = (_, x) => x[0].LogSumExp(-1),
        ["layer norm"] = (_, x) => x[0].LayerNorm(x[0].Select(0, 1), x[0].Select(0, 2)),
        ["batch norm"] = (d, x) => x[0].BatchNorm(x[0].Select(0, 1), x[0].Select(0, 2), 1e-5, out _, out _),
        ["batch norm of axis 1"] = (d, x) => x[0].Slice(1, 0, 320).Reshape(-1, 37, 80)
            .BatchNorm(x[0].Select(1, 1).Slice(0, 0, 37), x[0].Select(1, 2).Slice(0, 0, 37), 1e-5, out _,
                out _, axis: 1),
        ["weighted bags"] = (d, x) => x[0].EmbeddingBag(d.Ids(9, 37, 30), BagMode.Sum,
            perSampleWeights: x[1].Slice(0, 0, 37).Slice(1, 0, 30)),
        ["cross-entropy"] = (d, x) => x[0].CrossEntropy(d.Ids(x[0].Shape[1], x[0].Shape[0]), labelSmoothing: 0.1),
        ["nll"] = (d, x) => x[0].NllLoss(d.Ids(x[0].Shape[1], x[0].Shape[0])),
        ["rows picked"] = (d, x) => x[0].Rows(d.Ids(9, 700)),
        ["one of each row"] = (d, x) => x[0].Gather(d.Ids(x[0].Shape[1], x[0].Shape[0], 1)),
        ["linear"] = (_, x) => x[0].Linear(x[1], x[1].Select(1, 0)),
        ["matmul"] = (_, x) => x[0].MatMul(x[1], transposeB: true),
        ["matmul of many"] = (_, x) => x[0].Reshape(11, 37, -1).MatMul(x[0].Reshape(11, 37, -1), transposeA: true),
        ["conv2d"] = (_, x) => x[0].Slice(1, 0, 320).Reshape(-1, 2, 37, 8)
            .Conv2d(x[1].Slice(1, 0, 18).Reshape(-1, 2, 3, 3), x[1].Select(1, 0), padding: 1,
                options: new() { Relu = true }),
        ["conv transpose2d"] = (_, x) => x[0].Slice(1, 0, 320).Reshape(-1, 2, 37, 8)
            .ConvTranspose2d(x[1].Slice(0, 0, 2).Slice(1, 0, 27).Reshape(2, 3, 3, 3), null, 2, 1),
        ["pad"] = (_, x) => x[0].Reshape(37, 11, -1).Pad(1, 3, 2, PaddingMode.Reflect),
        ["embedding bag"] = (d, x) => x[0].EmbeddingBag(d.Ids(9, 70, 30), BagMode.Mean)
            + x[0].EmbeddingBag(d.Ids(400, 70, 3), BagMode.Max),
        ["max pool"] = (_, x) => x[0].Slice(1, 0, 320).Reshape(-1, 2, 37, 8).MaxPool2d(3, 2, 1),
        ["max pool of pairs"] = (_, x) => x[0].Slice(1, 0, 320).Reshape(-1, 2, 37, 8).MaxPool2d(2),
        ["average pool"] = (_, x) => x[0].Slice(1, 0, 320).Reshape(-1, 2, 37, 8).AveragePool2d(3, 2, 1),
        ["attention"] = (_, x) => x[0].Slice(1, 0, 312).Reshape(11, 37, -1).Attention(4, causal: true),
        ["cross attention"] = (_, x) => x[0].Slice(1, 0, 312).Reshape(11, 37, -1)
            .Attention(x[0].Slice(0, 0, 374).Slice(1, 0, 312).Reshape(11, 34, -1),
            x[0].Slice(0, 33).Slice(1, 0, 312).Reshape(11, 34, -1), 4),
        ["lstm"] = (_, x) => x[0].Reshape(37, 11, -1).Lstm(x[1].Slice(0, 0, 180), x[1].Slice(0, 0, 180).Slice(1, 0, 45),
            x[1].Slice(0, 0, 180).Select(1, 2), x[1].Slice(0, 0, 180).Select(1, 1), null, out var last)
                + last.Cell.Unsqueeze(1),
        ["lstm of lengths"] =
            (d, x) => x[0].Reshape(37, 11, -1).Lstm(x[1].Slice(0, 0, 180), x[1].Slice(0, 0, 180).Slice(1, 0, 45),
            x[1].Slice(0, 0, 180).Select(1, 2), x[1].Slice(0, 0, 180).Select(1, 1), null, out var last,
            Ids.From([.. Enumerable.Range(0, 37).Select(b => 1 + b % 11)])) + last.Cell.Unsqueeze(1),
        ["gru"] = (_, x) => x[0].Reshape(37, 11, -1).Gru(x[1].Slice(0, 0, 180), x[1].Slice(0, 0, 180).Slice(1, 0, 60),
            x[1].Slice(0, 0, 180).Select(1, 2), x[1].Slice(0, 0, 180).Select(1, 1)),
        ["rnn"] = (_, x) => x[0].Reshape(37, 11, -1).Rnn(x[1].Slice(0, 0, 180), x[1].Slice(0, 0, 180).Slice(1, 0, 180),
            x[1].Slice(0, 0, 180).Select(1, 2), x[1].Slice(0, 0, 180).Select(1, 1)),
    };

    public static TheoryData<string> Problems => [.. s_problems.Keys];

    public static TheoryData<string> Unaries => Formulas(typeof(IFormula));

    public static TheoryData<string> Binaries => Formulas(typeof(IBinaryFormula));

    [Theory, MemberData(nameof(Problems))]
    public void An_op_gives_the_same_bits(string name) => Check(s_problems[name]);

    [Theory, MemberData(nameof(Unaries))]
    public void A_function_of_one_number_gives_the_same_bits(string name) => CheckFormula(nameof(One), name);

    [Theory, MemberData(nameof(Binaries))]
    public void A_function_of_two_numbers_gives_the_same_bits(string name) => CheckFormula(nameof(Two), name);

    [Fact]
    public void No_op_is_missing()
    {
        var seen = new Seen();
        Watch.Current = seen;
        try
        {
            foreach (var problem in s_problems.Values) Run(problem, DType.Float32);
        }
        finally
        {
            Watch.Current = null;
        }
        // A reshape computes nothing, and formulas are found by themselves.
        string[] ops = [.. typeof(Tensor).Assembly.GetTypes()
            .Where(type => typeof(IOp).IsAssignableFrom(type) && type is { IsValueType: true, IsGenericType: false })
            .Select(type => (string)typeof(OpName).GetMethod(nameof(OpName.Called))!.MakeGenericMethod(type)
                .Invoke(null, [Activator.CreateInstance(type)])!).Where(op => op != "reshape")];
        Assert.True(ops.Length > 20, $"{ops.Length} ops");
        Assert.Empty(ops.Except(seen.Ops));
    }

    [Theory]
    [InlineData("gpt")]
    [InlineData("cnn")]
    [InlineData("lstm")]
    public void Training_gives_the_same_bits(string network) => AssertSameBits(() => Trained(network));

    static byte[] Trained(string network)
    {
        var rng = new TorchRandom(5);
        var (model, x, y) = network switch
        {
            "cnn" => Images(rng),
            "gpt" => (new Sequential(new Embedding(65, 96, rng),
                new Residual(new SelfAttention(96, 4, rng, new() { Dropout = 0.1 })),
                new ChainRule.Layers.LayerNorm(96),
                new Residual(new Sequential(new Linear(96, 384, rng), new ChainRule.Layers.Gelu(),
                    new Linear(384, 96, rng))), new Dropout(0.2, rng), new Linear(96, 65, rng)),
                default, Ids.Random([12, 48], 0, 65, rng)),
            _ => ((Module)new Sequential(new Embedding(65, 64, rng), new ChainRule.Layers.Lstm(64, 96, rng),
                new Linear(96, 65, rng)),
                default, Ids.Random([24, 40], 0, 65, rng)),
        };
        var tokens = Ids.Random(y.Shape, 0, 65, rng);
        var optimizer = new AdamW(model.Parameters(), learningRate: 1e-2);
        for (int step = 0; step < 3; step++)
        {
            using var scope = Scope.Begin();
            var loss = (network == "cnn" ? model.Forward(x) : model.Forward(tokens)).CrossEntropy(y);
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
        }
        return [.. model.Parameters().SelectMany(p => MemoryMarshal.AsBytes(p.Read<float>()).ToArray())];
    }

    static (Module, Tensor, Ids) Images(TorchRandom rng) =>
        (new Sequential(new ChainRule.Layers.Conv2d(1, 16, 3, rng, padding: 1), new ChainRule.Layers.Relu(),
            new ChainRule.Layers.MaxPool2d(2), new ChainRule.Layers.Conv2d(16, 24, 3, rng, padding: 1),
            new ChainRule.Layers.Relu(), new Flatten(), new ChainRule.Layers.BatchNorm(24 * 14 * 14),
            new Linear(24 * 14 * 14, 65, rng)),
                Tensor.Randn([40, 1, 28, 28], rng), Ids.Random([40], 0, 65, rng));

    static void One<F>(F f) where F : struct, IFormula => Check((_, x) => Op.Run(new Map<F>(f), x[0].Shape, x[0]));

    static void Two<F>(F f) where F : struct, IBinaryFormula
    {
        Check((_, x) => Op.Run(new Zip<F>(f), x[0].Shape, x[0], x[2]));
        Check((_, x) => Op.Run(new Zip<F>(f), x[0].Shape, x[0], x[0].Select(0, 7)));
    }

    static void Check(Func<Draw, Tensor[], Tensor> compute)
    {
        foreach (var dtype in Enum.GetValues<DType>()) AssertSameBits(() => Run(compute, dtype));
    }

    static void AssertSameBits(Func<byte[]> compute)
    {
        int before = ForRows.Threads;
        try
        {
            byte[]? first = null;
            foreach (int threads in s_counts)
            {
                ForRows.Threads = threads;
                byte[] bits = compute();
                first ??= bits;
                Assert.True(first.AsSpan().SequenceEqual(bits), $"{threads} threads");
            }
        }
        finally
        {
            ForRows.Threads = before;
        }
    }

    /// <summary>
    /// Value and gradients, one after another. Inputs 0 and 2 are 407 × 321 and input 1 is 203 × 321, of both signs.
    /// </summary>
    static byte[] Run(Func<Draw, Tensor[], Tensor> compute, DType dtype)
    {
        var rng = new TorchRandom(3);
        Tensor[] x = [.. new[] { 407, 203, 407 }.Select(rows => Tensor.Randn([rows, 321], rng, dtype).RequireGrad())];
        var y = compute(new Draw(4), x);
        y.Backward(Tensor.Randn(y.Shape, rng, dtype));
        return [.. Bits(y), .. x.Where(one => one.HasGrad).SelectMany(one => Bits(one.Grad))];
    }

    static byte[] Bits(Tensor x) =>
        (x.DType == DType.Float32 ? MemoryMarshal.AsBytes(x.Read<float>())
            : MemoryMarshal.AsBytes(x.Read<double>())).ToArray();

    static TheoryData<string> Formulas(Type contract) =>
        [.. typeof(Tensor).Assembly.GetTypes()
            .Where(type => type is { IsValueType: true, IsGenericType: false } && contract.IsAssignableFrom(type))
            .Select(type => type.FullName!)];

    static void CheckFormula(string method, string name)
    {
        var type = typeof(Tensor).Assembly.GetType(name)!;
        object formula = Activator.CreateInstance(type,
            [.. type.GetConstructors().SelectMany(made => made.GetParameters())
            .Select((made, i) => Convert.ChangeType(s_attributes[i], made.ParameterType,
                CultureInfo.InvariantCulture))])!;
        var check = typeof(ThreadsTest).GetMethod(method,
            BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type);
        check.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [formula], null);
    }

    sealed class Seen : Watch
    {
        public HashSet<string> Ops { get; } = [];

        public override void AfterForward(string op, ReadOnlySpan<Slot> inputs, double placed, Slot output) =>
            Ops.Add(op);

        public override void BeforeBackward(Node node) { }

        public override void AfterBackward(Node node) { }
    }
}
