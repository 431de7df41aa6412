namespace ChainRule.Tests.Diagnostics;

using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class IntegratedGradientsTest
{
    public static TheoryData<string> Networks => ["line", "tanh", "relu", "deep relu", "radial", "batch norm"];

    [Theory, MemberData(nameof(Networks))]
    public void Contributions_sum_to_the_difference(string name)
    {
        var rng = new TorchRandom(3);
        Module model = name switch
        {
            "line" => new Linear(6, 2, rng),
            "tanh" => new Sequential(new Linear(6, 20, rng), new Tanh(), new Linear(20, 2, rng)),
            "relu" => new Sequential(new Linear(6, 50, rng), new Relu(), new Linear(50, 2, rng)),
            "deep relu" => new Sequential(new Linear(6, 30, rng), new Relu(), new Linear(30, 30, rng), new Relu(),
            new Dropout(0.5, rng), new Linear(30, 2, rng)),
            "radial" => new Sequential(new RadialBasis(Tensor.Randn([8, 6], rng), 1), new Linear(8, 2, rng)),
            _ => new Sequential(new Linear(6, 8, rng), new BatchNorm(8), new Relu(), new Linear(8, 2, rng)),
        };
        model.To(DType.Float64);
        var x = Tensor.Randn([20, 6], rng, DType.Float64) * 3;
        var baseline = Tensor.Randn([6], rng, DType.Float64);
        for (int output = 0; output < 2; output++)
        {
            var contributions = IntegratedGradients.Of(model, x, baseline, output);
            using var evaluation = model.InEvaluation();
            double[] at = model.Forward(x).Select(1, output).ToArray<double>(),
                zero = model.Forward(baseline.Reshape([1, 6])).Select(1, output).ToArray<double>();
            double[] sums = contributions.Sum(1).ToArray<double>();
            for (int i = 0; i < sums.Length; i++)
                Assert.Equal(at[i] - zero[0], sums[i], 1e-6 * Math.Max(1, Math.Abs(at[i] - zero[0])));
        }
        Assert.True(model.Training);
        Assert.All(model.Parameters(), w => Assert.False(w.HasGrad));
    }

    [Fact]
    public void Of_a_line_each_is_the_weight_times_the_way()
    {
        var model = new Linear(3, 1, new TorchRandom(1));
        model.To(DType.Float64);
        double[] w = model.Weight.ToArray<double>();
        var contributions = IntegratedGradients.Of(model, Tensor.From(new double[,] { { 1, 2, 5 } }),
            Tensor.From([0.0, 4, 5]));
        Close.Equal([w[0], -2 * w[1], 0], contributions.ToArray<double>(), 1e-12, "contributions");
    }

    [Fact]
    public void A_product_is_shared_evenly()
    {
        var contributions = IntegratedGradients.Of(new Product(), Tensor.From(new double[,] { { 3, 4 } }),
            Tensor.Zeros([2], DType.Float64));
        Close.Equal([6, 6], contributions.ToArray<double>(), 1e-9, "x y from 0 is x y / 2 for each");
    }

    [Fact]
    public void A_step_is_refused() => Refused.With<InvalidOperationException>(
        "integrated gradients: between the baseline and row 0 the model jumps from 0 to 1, and no gradients sum to "
        + "that: explain a model without steps",
        () => IntegratedGradients.Of(new Stairs(), Tensor.From(new double[,] { { 3 } }), Tensor.From([-1.0])));

    [Fact]
    public void What_does_not_fit_is_said()
    {
        void Refuse(string sentence, Action asked) =>
            Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(asked).Message);
        var model = new Linear(2, 1, new TorchRandom(1));
        Refuse("integrated gradients: x is [2]: give the rows to explain, [rows, columns]",
            () => IntegratedGradients.Of(model, Tensor.Ones([2]), Tensor.Ones([2])));
        Refuse("integrated gradients: the baseline is [3] for rows of 2 columns: give [2]",
            () => IntegratedGradients.Of(model, Tensor.Ones([1, 2]), Tensor.Ones([3])));
        Refuse("integrated gradients: x is Float32 and the baseline Float32: give both, and the model, in Float64, "
            + "which alone can tell such small errors",
            () => IntegratedGradients.Of(model, Tensor.Ones([1, 2]), Tensor.Ones([2])));
        model.To(DType.Float64);
        var (x, b) = (Tensor.Ones([1, 2], DType.Float64), Tensor.Zeros([2], DType.Float64));
        Refuse("integrated gradients: output 1: outputs run from 0 to 0", () => IntegratedGradients.Of(model, x, b, 1));
        Refuse("integrated gradients: tolerance 0: give a finite number above 0",
            () => IntegratedGradients.Of(model, x, b, 0, 0));
    }

    sealed class Product : Module
    {
        protected override Tensor Compute(Tensor x) => x.Slice(1, 0, 1) * x.Slice(1, 1, 2);
    }

    sealed class Stairs : Module
    {
        protected override Tensor Compute(Tensor x) => x.Greater(0.3) + x * 0;
    }
}
