using ChainRule.Explaining;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Tests.Explaining;

public sealed class ExplanationSentenceTest
{
    [Fact]
    public void A_sum_of_one_sign_is_told_in_per_cent_by_example_or_by_row()
    {
        double[] x = [.. Enumerable.Range(0, 24).Select(i => i == 14 ? 9.0 : 0.1)];
        var w = Tensor.From([0.5, 0.25, 0.125], [3, 1]).RequireGrad();
        var loss = Tensor.From(x, [8, 3]).MatMul(w).Square().Mean();
        var why = Explain.Gradient(loss, w, [2, 0], new() { Examples = 8 });
        Assert.Equal("dL/dw[2, 0] is 2.71531: more than 99 % of it, 2.7, comes from example 4 of 8, and its one term "
            + "is 2.7 = dL/dmatmul[4, 0] · constant[4, 2] = 0.3 · 9, because what it is multiplied by is 7.4 times the "
            + "mean size there.", why.Sentence);
        Assert.Equal((4, 8), why.LargestRow);
        var unsaid = Explain.Gradient(loss, w, [2, 0]);
        Assert.Contains("comes from row 4 of 8 of matmul, and its one term is", unsaid.Sentence,
            StringComparison.Ordinal);
        Assert.Null(unsaid.LargestRow);
    }

    [Fact]
    public void Terms_of_both_signs_are_told_by_their_sums_and_never_in_per_cent()
    {
        var w = Tensor.From([1.0], [1, 1]).RequireGrad();
        var loss = Tensor.From([3.0, -1, -1], [3, 1]).MatMul(w).Sum();
        Assert.Equal("dL/dw[0, 0] is 1, the sum of 3 terms, of both signs: +3 and −2; the largest sum of an example, "
            + "3, is that of example 0 of 3, and its one term is 3 = dL/dmatmul[0, 0] · constant[0, 0] = 1 · 3, "
            + "because what it is multiplied by is 1.8 times the mean size there.",
            Explain.Gradient(loss, w, [0, 0], new() { Examples = 3 }).Sentence);
        var x = Tensor.From([2.0, 3]).RequireGrad();
        Assert.Equal("dL/dx[0] is 0.1, the sum of 3 terms in 3 uses, of both signs: +1000 and −999.9; the largest is "
            + "1000 = dL/d(multiply number[0]) · 1000 = 1 · 1000.",
            Explain.Gradient((x * 1000 - x * 999.5 - x * 0.4).Sum(), x, [0]).Sentence);
        var zero = Explain.Gradient((x - x).Sum(), x, [0]);
        Assert.Equal("dL/dx[0] is 0, the sum of 2 terms in 2 uses, of both signs: +1 and −1; the largest is 1 = "
            + "dL/dsubtract[0].", zero.Sentence);
        Assert.Contains("terms of both signs: +1 and −1; % of their sizes", zero.ToString(),
            StringComparison.Ordinal);
        Assert.Equal("dL/dx[0] is 4, the sum of 2 terms in 2 uses; the largest, 50 % of it, is 2 = dL/dmultiply[0] · 2 "
            + "= 1 · 2.", Explain.Gradient((x * x).Sum(), x, [0]).Sentence);
    }

    /// <summary>Axis 0 of a parameter, and of what was transposed, is no batch.</summary>
    [Fact]
    public void What_is_no_example_is_not_called_one()
    {
        var rng = new TorchRandom(1);
        Tensor w = Tensor.Randn([3, 2], rng, DType.Float64).RequireGrad(), x = Tensor.Randn([3, 4], rng, DType.Float64),
            v = Tensor.Randn([3, 3], rng, DType.Float64).RequireGrad();
        ExplainOptions options = new() { Examples = 3 };
        foreach (var (loss, of) in new[] { ((w * w).Sum(), w), (x.Transpose().MatMul(w).Square().Sum(), w),
            ((Tensor.Randn([3, 2], rng, DType.Float64) * w).Sum(), w), (v.MatMul(v).Sum(), v) })
        {
            var why = Explain.Gradient(loss, of, [1, 1], options);
            Assert.Null(why.LargestRow);
            Assert.DoesNotContain("example", why.Sentence, StringComparison.Ordinal);
        }
        var layer = new Linear(4, 2, rng: rng);
        var table = Tensor.Randn([5, 2], rng).RequireGrad();
        var output = layer.Forward(table.Rows(Ids.From([0, 1, 4, 3, 2, 1], [3, 2])).Reshape(3, 4));
        Assert.Equal(3, Explain.Gradient(output.Square().Sum(), layer.Weight, [1, 1], options).LargestRow?.Of);
    }

    [Fact]
    public void A_gradient_of_0_says_why()
    {
        var x = Tensor.From([-1.0, 2.0]).RequireGrad();
        Assert.Equal("dL/dx[0] is 0, because the derivative of relu is 0 at x[0] = −1.",
            Explain.Gradient(x.Relu().Sum(), x, [0]).Sentence);
        Assert.Equal("dL/dx[1] is 0, because multiply multiplies x[1] by 0.",
            Explain.Gradient((x * Tensor.From([1.0, 0.0])).Square().Sum(), x, [1]).Sentence);
        Assert.Equal("dL/dx[1] is 36.0001, 3 times dL/d(multiply number[1]) (through multiply number); dL/d(multiply "
            + "number[1]) is 12, the sum of 2 terms in 2 uses; the largest, more than 99 % of it, is 12 = "
            + "dL/dsquare[1] · (2 · 6) = 1 · 12.", Sentence(x * 3, y => (y.Tanh() + y.Square()).Sum(), x));

        static string Sentence(Tensor y, Func<Tensor, Tensor> f, Tensor x) => Explain.Gradient(f(y), x, [1]).Sentence;
    }

    [Fact]
    public void Where_numbers_are_not_finite_it_says_which_op_made_them()
    {
        var x = Tensor.From([-1.0, 2, 0]).RequireGrad();
        Assert.Equal("sum is NaN, because sqrt[0] is NaN, computed by sqrt, y = √(x) = √(−1).",
            Explain.Value(x.Sqrt().Sum(), [], name: "").Sentence);
        Assert.Equal("dL/dx[2] is NaN: log gives NaN = dL/dlog[2] · (1 / 0) = 0 · Infinity.",
            Explain.Gradient((x.Log() * 0).Sum(), x, [2]).Sentence);
        Assert.DoesNotContain("NaN %", Explain.Value(x.Sqrt().Sum(), []).ToString(), StringComparison.Ordinal);
        Assert.EndsWith("; 1 that are NaN or infinite are left out", Explain.Check((x.Log() * 0).Sum()).ToString(),
            StringComparison.Ordinal);
        var a = new Value(0, "a");
        var why = Explain.Gradient(a.Log() * 0, a);
        Assert.Contains(" NaN = dL/dlog · (1 / 0) = 0 · Infinity", why.ToString(), StringComparison.Ordinal);
        Assert.Contains("\\text{NaN}", why.ToLatex(), StringComparison.Ordinal);
    }
}
