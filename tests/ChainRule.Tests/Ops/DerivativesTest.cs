using System.Globalization;
using System.Reflection;
using ChainRule.Diagnostics;
using ChainRule.Kernels;
using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

/// <summary>Gradients of gradients: against central differences of the first gradient, in float64.</summary>
public sealed class DerivativesTest
{
    const double Nudge = 1e-5;

    // Odd multiples of 1/16: none falls on a kink.
    static readonly double[] s_points = [.. Enumerable.Range(0, 40).Select(k => (2 * k - 39) / 16.0)];

    public static TheoryData<string> Unaries => Formulas(typeof(IFormula));

    public static TheoryData<string> Binaries => Formulas(typeof(IBinaryFormula));

    static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> s_problems = new()
    {
        // x is [4, 6], w is [6, 5].
        ["matmul"] = (x, w) => x.MatMul(w).Tanh(),
        ["matmul, transposed"] = (x, w) => w.MatMul(x, transposeA: true, transposeB: true).Sigmoid(),
        ["matmul, batched"] = (x, w) => x.Reshape(2, 2, 6).MatMul(w.Expand([2, 6, 5])).Square(),
        ["matmul with itself"] = (x, w) => x.MatMul(x, transposeB: true).Tanh() + w.Sum() * 0,
        ["linear"] = (x, w) => x.Linear(w.T, w.Select(0, 1)).Gelu(),
        ["add a row, multiply by a column"] = (x, w) => (x + w.Select(1, 0)) * x.Slice(1, 0, 1) * w.Select(1, 2),
        ["divide"] = (x, w) => x / (w.Select(1, 0).Square() + 1),
        ["mean of squares"] = (x, w) => x.Square().Mean(0) * w.Sum(1),
        ["softmax"] = (x, w) => x.MatMul(w).Softmax(),
        ["log-softmax"] = (x, w) => x.MatMul(w).LogSoftmax() * x.Slice(1, 0, 5),
        ["log-sum-exp"] = (x, w) => x.MatMul(w).LogSumExp(),
        ["cross-entropy"] = (x, w) => x.MatMul(w).CrossEntropy(Ids.From(1, 4, -1, 0), labelSmoothing: 0.1),
        ["embedding"] = (x, w) => x.Rows(Ids.From([0, 3, 3, 1, 0], [5])).MatMul(w).Tanh(),
        ["index add"] = (x, w) => x.IndexAdd(0, Ids.From(1, 1), w.T.Slice(0, 0, 2)).Square(),
        ["concat, flip, slice, expand"] =
            (x, w) => Tensor.Concat(0, x.Flip(1), w.T).Slice(1, 1, 4).Unsqueeze(0).Expand([2, 9, 3]).Exp(),
        ["power"] = (x, w) => (x.Square() + 1).Pow(1.5).Sum() * w.Mean(),
        ["variance"] = (x, w) => x.Var(1) * w.Select(0, 0).Slice(0, 0, 4),
        ["convolution"] = (x, w) => x.Reshape(1, 1, 4, 6)
            .Conv2d(w.Slice(0, 0, 4).Reshape(5, 1, 2, 2), w.Select(0, 5), padding: 1).Tanh(),
        ["transposed convolution"] = (x, w) => x.Reshape(1, 1, 4, 6)
            .ConvTranspose2d(w.Slice(0, 0, 4).Reshape(1, 5, 2, 2), w.Select(0, 5)).Tanh(),
        ["average pool, pad"] = (x, w) => x.Pad(0, 1, 1).Reshape(1, 1, 6, 6).AveragePool2d(2).Square() * w.Sum(),
        ["convolution with relu"] = (x, w) => x.Reshape(1, 1, 4, 6)
            .Conv2d(w.Slice(0, 0, 4).Reshape(5, 1, 2, 2), w.Select(0, 5), padding: 1, options: new() { Relu = true })
                .Square(),
        ["max pool"] = (x, w) => x.Reshape(1, 1, 4, 6).MaxPool2d(3, 1, 1).Square() * w.Sum(),
        ["max pool, divided"] = (x, w) => x.Reshape(2, 2, 2, 3).AdaptiveMaxPool2d((2, 2)).Square() * w.Mean(),
        ["layer norm"] = (x, w) => x.MatMul(w).LayerNorm(w.Select(0, 1), w.Select(0, 2)).Tanh(),
        ["layer norm of one row"] = (x, w) => x.Select(0, 0).LayerNorm(w.Select(1, 1), w.Select(1, 2)).Tanh(),
        ["batch norm"] = (x, w) => x.MatMul(w).BatchNorm(w.Select(0, 1), w.Select(0, 2), 1e-3, out _, out _).Tanh(),
        ["batch norm, unbiased"] =
            (x, w) => x.BatchNorm(w.Select(1, 1), w.Select(1, 2), 1e-3, out _, out _, unbiased: true).Tanh(),
        ["batch norm of axis 1"] = (x, w) => x.Reshape(2, 3, 2, 2)
            .BatchNorm(w.Select(1, 1).Slice(0, 0, 3), w.Select(1, 2).Slice(0, 0, 3), 1e-3, out _, out _, axis: 1)
                .Tanh(),
        ["batch norm of planes"] = (x, w) => (x.Reshape(2, 3, 4, 1) * w.Flatten().Slice(0, 0, 16))
            .BatchNorm(w.Select(1, 1).Slice(0, 0, 3), w.Select(1, 2).Slice(0, 0, 3), 1e-3, out _, out _, axis: 1)
                .Tanh(),
        ["root mean square norm"] = (x, w) => (x / (x.Square().Mean(-1, keepDim: true) + 1e-3).Sqrt()).MatMul(w).Tanh(),
        ["weighted bags"] =
            (x, w) => w.EmbeddingBag(Ids.From([0, 3, 3, 1, 0, 5], [2, 3]), BagMode.Sum,
                perSampleWeights: x.Slice(0, 0, 2).Slice(1, 0, 3)).Tanh(),
        ["gated linear unit"] = (x, w) => x.Glu().MatMul(w.Slice(0, 0, 3)).Tanh(),
        ["cumulative sum"] = (x, w) => x.CumSum(1).Tanh() * w.Select(1, 1),
        ["to float32 and back"] = (x, w) => (x.To(DType.Float32).To(DType.Float64) * x).Square() * w.Select(1, 0),
    };

    public static TheoryData<string> Problems => [.. s_problems.Keys];

    [Theory, MemberData(nameof(Problems))]
    public void A_Hessian_vector_product_is_what_nudges_of_the_gradient_show(string name)
    {
        var rng = new TorchRandom(3);
        Tensor x = Tensor.Randn([4, 6], rng, DType.Float64).RequireGrad(),
            w = Tensor.Randn([6, 5], rng, DType.Float64).RequireGrad();
        Tensor[] at = [x, w], v = [Tensor.Randn([4, 6], rng, DType.Float64), Tensor.Randn([6, 5], rng, DType.Float64)];
        var weights = Tensor.Randn(s_problems[name](x, w).Shape, rng, DType.Float64);
        Tensor Loss(Tensor[] of) => (s_problems[name](of[0], of[1]) * weights).Sum();

        var products = Loss(at).HessianVector(at, v);

        Tensor[] up = First(+1), down = First(-1);
        for (int i = 0; i < at.Length; i++)
        {
            double[] expected =
                [.. up[i].ToArray<double>().Zip(down[i].ToArray<double>(), (a, b) => (a - b) / (2 * Nudge))];
            Close.Equal(expected, products[i].ToArray<double>(),
                name.Contains("float32", StringComparison.Ordinal) ? 1e-2 : 1e-7, $"{name}, input {i}");
        }

        Tensor[] First(int sign)
        {
            Tensor[] moved = [.. at.Zip(v, (one, along) => (one + along * (sign * Nudge)).Detach().RequireGrad())];
            Loss(moved).Backward();
            return [.. moved.Select(one => one.HasGrad ? one.Grad : Tensor.Zeros(one.Shape, one.DType))];
        }
    }

    [Theory, MemberData(nameof(Problems))]
    public void First_gradients_are_those_of_backward(string name)
    {
        var rng = new TorchRandom(3);
        Tensor x = Tensor.Randn([4, 6], rng, DType.Float64).RequireGrad(),
            w = Tensor.Randn([6, 5], rng, DType.Float64).RequireGrad();
        var gradients = s_problems[name](x, w).Sum().Gradients([x, w], createGraph: true);
        Assert.False(x.HasGrad || w.HasGrad);
        s_problems[name](x, w).Sum().Backward();
        Close.Equal(x.Grad.ToArray<double>(), gradients[0].ToArray<double>(), 1e-12, "x");
        Close.Equal(w.Grad.ToArray<double>(), gradients[1].ToArray<double>(), 1e-12, "w");
    }

    [Theory, MemberData(nameof(Unaries))]
    public void A_formula_of_one_number_has_the_second_derivative_that_a_nudge_shows(string name) =>
        Check(nameof(CheckSecond), name);

    [Theory, MemberData(nameof(Binaries))]
    public void A_formula_of_two_numbers_has_the_second_derivatives_that_nudges_show(string name) =>
        Check(nameof(CheckSecondOfTwo), name);

    [Fact]
    public void Gradients_leave_those_that_tensors_have_as_they_are()
    {
        var x = Tensor.From(1.0, -2.0).RequireGrad();
        x.Square().Sum().Backward();
        Assert.Equal([3, 12], (x * x * x).Sum().Gradients([x])[0].ToArray<double>());
        Assert.Equal([2, -4], x.Grad.ToArray<double>());
    }

    // Numbers of PyTorch: torch.autograd.grad with create_graph, then grad of its product with v.
    [Fact]
    public void A_network_has_the_products_of_PyTorch()
    {
        var golden = Golden.Case("derivatives", "hessian-vector product of a network");
        Tensor[] given = [.. golden.Inputs.Select(one => Tensor.From(one.Data, one.Shape))];
        var (x, target) = (given[0], given[1]);
        Tensor[] w = [.. given[2..6].Select(one => one.RequireGrad())];
        Tensor Loss() => x.Linear(w[0], w[1]).Tanh().Linear(w[2], w[3]).MseLoss(target);
        var products = Loss().HessianVector(w, given.AsSpan(6, 4));
        Close.Equal(golden.Output.Data, [.. products.SelectMany(one => one.ToArray<double>())], 1e-12, "H v");
    }

    [Fact]
    public void A_penalty_on_the_gradient_trains_through_it()
    {
        var x = Tensor.From(1.0, -2.0, 3.0).RequireGrad();
        var gradient = (x * x * x).Sum().Gradients([x], createGraph: true)[0]; // 3 x²
        gradient.Square().Sum().Backward(); // Σ 9 x⁴, whose gradient is 36 x³
        Close.Equal([36, -288, 972], x.Grad.ToArray<double>(), 1e-12, "gradient of the penalty");
    }

    [Fact]
    public void What_has_no_second_derivative_is_named()
    {
        var x = Tensor.From(1.0, -2.0, 3.0).RequireGrad();
        Assert.Equal("gradients: 'max' has no second derivative here: write it with other ops, or take its first "
            + "derivative with Backward()",
            Assert.Throws<InvalidOperationException>(() => x.Max().Gradients([x], createGraph: true)).Message);
        Assert.Equal(("max", "min"), (x.Max().Op, x.Min(0).Op));
        Assert.Equal([0, 0, 1], x.Max().Gradients([x])[0].ToArray<double>());
        Assert.Equal("gradients of [3]: 3 numbers have no single gradient: take a Sum() or Mean()",
            Assert.Throws<InvalidOperationException>(() => x.Tanh().Gradients([x])).Message);
        Assert.StartsWith("gradients: this tensor depends on nothing",
            Assert.Throws<InvalidOperationException>(() => x.Detach().Sum().Gradients([x])).Message,
            StringComparison.Ordinal);
        var second = x.Tanh().Sum().Gradients([x], createGraph: true)[0].Sum();
        Assert.Equal("gradients: 'gradient of tanh' has no second derivative here: gradients of gradients end at the "
            + "second",
            Assert.Throws<InvalidOperationException>(() => second.Gradients([x], createGraph: true)).Message);
        Assert.Equal("gradients: input 1, [3], requires no gradient: call RequireGrad() on it before computing with "
            + "it, outside NoGrad",
            Assert.Throws<InvalidOperationException>(() => x.Square().Sum().Gradients([x, x.Detach()])).Message);
        // What does not lie on the way is not asked.
        Assert.Equal([2, -4, 6],
            (x.Square().Sum() + x.Detach().Max()).Gradients([x], createGraph: true)[0].ToArray<double>());
    }

    static void CheckSecond<F>(F f) where F : struct, IFormula
    {
        double[] at = First(0), up = First(Nudge), down = First(-Nudge);
        var x = Tensor.From(s_points).RequireGrad();
        var first = Op.Run(new Map<F>(f), x.Shape, x).Sum().Gradients([x], createGraph: true)[0];
        Close.Equal(at, first.ToArray<double>(), 1e-12, "first derivative");
        double[] second = first.RequiresGrad ? first.Sum().Gradients([x])[0].ToArray<double>()
            : new double[s_points.Length];
        Assert.InRange(Compare(at, up, down, second), 10, s_points.Length);

        double[] First(double by)
        {
            var moved = Tensor.From([.. s_points.Select(point => point + by)]).RequireGrad();
            Op.Run(new Map<F>(f), moved.Shape, moved).Sum().Backward();
            return moved.Grad.ToArray<double>();
        }
    }

    static void CheckSecondOfTwo<F>(F f) where F : struct, IBinaryFormula
    {
        double[] left = [.. s_points.Where((_, i) => i % 4 == 1)
            .SelectMany(a => s_points.Where((_, i) => i % 4 == 2).Select(_ => a))];
        double[] right =
            [.. s_points.Where((_, i) => i % 4 == 1).SelectMany(_ => s_points.Where((_, i) => i % 4 == 2))];
        for (int which = 0; which < 2; which++)
        {
            double[][] at = First(0, which), up = First(Nudge, which), down = First(-Nudge, which);
            Tensor a = Tensor.From(left).RequireGrad(), b = Tensor.From(right).RequireGrad();
            var first = Op.Run(new Zip<F>(f), a.Shape, a, b).Sum().Gradients([a, b], createGraph: true);
            for (int of = 0; of < 2; of++)
            {
                double[] second = first[of].RequiresGrad
                    ? first[of].Sum().Gradients([which == 0 ? a : b])[0].ToArray<double>() : new double[left.Length];
                Compare(at[of], up[of], down[of], second);
            }
        }

        double[][] First(double by, int which)
        {
            Tensor a = (Tensor.From(left) + (which == 0 ? by : 0)).Detach().RequireGrad(),
                b = (Tensor.From(right) + (which == 1 ? by : 0)).Detach().RequireGrad();
            Op.Run(new Zip<F>(f), a.Shape, a, b).Sum().Backward();
            return [a.Grad.ToArray<double>(), b.Grad.ToArray<double>()];
        }
    }

    static int Compare(double[] at, double[] up, double[] down, double[] second)
    {
        int compared = 0;
        for (int i = 0; i < at.Length; i++)
        {
            double expected = (up[i] - down[i]) / (2 * Nudge), turn = (up[i] - 2 * at[i] + down[i]) / Nudge;
            // Outside its domain a function has no derivative, and at a kink none; both show in the
            // first derivative alone.
            if (!double.IsFinite(expected) || Math.Abs(turn) > 1e-2 * (1 + Math.Abs(expected))) continue;
            compared++;
            Assert.True(Math.Abs(second[i] - expected) <= 1e-6 * (1 + Math.Abs(expected)),
                $"at point {i}: {second[i]:R}, central difference {expected:R}");
        }
        return compared;
    }

    static TheoryData<string> Formulas(Type contract) => [.. typeof(Tensor).Assembly.GetTypes()
        .Where(type => type is { IsValueType: true, IsGenericType: false } && contract.IsAssignableFrom(type))
            .Select(type => type.FullName!)];

    static void Check(string method, string name)
    {
        var type = typeof(Tensor).Assembly.GetType(name)!;
        double[] attributes = [0.3, 1.7, 2.9];
        var parameters = type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).ToArray();
        object f = Activator.CreateInstance(type, [.. parameters
            .Select((parameter, i) => Convert.ChangeType(attributes[i], parameter.ParameterType,
                CultureInfo.InvariantCulture))])!;
        typeof(DerivativesTest).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [f], null);
    }
}
