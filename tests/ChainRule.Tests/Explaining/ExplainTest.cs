namespace ChainRule.Tests.Explaining;

using ChainRule.Explaining;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Scalar;

public sealed class ExplainTest
{
    static readonly Tensor s_x = Tensor.From([0.5, -1.0, 2.0, 0.25], [2, 2]);

    [Fact]
    public void A_gradient_is_printed_as_a_tree_whose_levels_add_up()
    {
        var (loss, w) = Small();
        var why = Explain.Gradient(loss, w, [1, 0]);
        Assert.Equal("""
            dL/dw[1, 0] = −0.821695
              used by matmul: db = Σ_i dy[i,j] a[i,k]  (2 terms)
                 91.2 %  −0.74948 = dL/dmatmul[0, 0] · constant[0, 1] = 0.74948 · −1
                  used by tanh: dx = dy · (1 − y²)
                    100.0 %  0.74948 = dL/dtanh[0, 0] · (1 − (−0.50052)²) = 1 · 0.74948
                      used by multiply: da = dy · b
            """.ReplaceLineEndings("\n"), string.Join('\n', why.ToString().Split('\n')[..6]));
        AssertAddsUp(why);
        w.ZeroGrad();
        loss.Backward();
        Assert.Equal(w.Grad.ToArray<double>()[1], why.Value, 1e-15);
    }

    [Fact]
    public void What_is_left_out_is_one_line_with_its_sum()
    {
        var rng = new TorchRandom(3);
        Tensor x = Tensor.Randn([50, 4], rng, DType.Float64),
            w = Tensor.Randn([4, 3], rng, DType.Float64).RequireGrad();
        var why = Explain.Gradient(x.MatMul(w).Square().Mean(), w, [2, 1], new() { Top = 3, Depth = 1 });
        var step = Assert.Single(why.Steps);
        Assert.Equal((3, 47), (step.Terms.Count, step.Omitted));
        Assert.Equal(why.Value, step.Terms.Sum(term => term.Value) + step.OmittedSum, 1e-15);
        Assert.Contains("and 47 more: ", why.ToString(), StringComparison.Ordinal);
        Assert.True(step.Terms[0].Fraction > step.Terms[1].Fraction);
        Assert.All(step.Terms, term => Assert.True(term.From.IsCut && term.From.Steps.Count == 0));
    }

    [Fact]
    public void A_number_that_is_used_twice_says_so_and_each_use_has_its_part()
    {
        var x = Tensor.From([3.0], [1]).RequireGrad();
        var why = Explain.Gradient((x * x + x.Exp()).Sum(), x, [0]);
        Assert.Equal(3, why.Steps.Count);
        Assert.Equal(2 * 3 + Math.Exp(3), why.Steps.Sum(step => step.Sum), 1e-12);
        Assert.Contains("used 3 times: the parts are added up", why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_scalar_engine_explains_the_neuron_of_the_lecture()
    {
        Value x1 = new(2, "x1"), x2 = new(0, "x2"), w1 = new(-3, "w1"), w2 = new(1, "w2"),
            b = new(6.8813735870195432, "b");
        var o = (x1 * w1 + x2 * w2 + b).Tanh();
        o.Label = "o";
        var why = Explain.Gradient(o, w1, new() { Depth = 10 });
        Assert.Equal(1, why.Value, 1e-12);
        Assert.Equal("""
            dL/dw1 = 1
              used by *: db = dy · a
                100.0 %  1 = dL/d(*) · x1 = 0.5 · 2
                  used by +: da = dy
                    100.0 %  0.5 = dL/d(+)
                      used by +: da = dy
                        100.0 %  0.5 = dL/d(+ 2)
                          used by tanh: dx = dy · (1 − y²)
                            100.0 %  0.5 = dL/do · (1 − 0.707107²) = 1 · 0.5
            """.ReplaceLineEndings("\n"), why.ToString());
        Assert.Equal("explain: the root does not depend on c: give a value that it was computed from",
            Assert.ThrowsAny<ArgumentException>(() => Explain.Gradient(o, new Value(1, "c"))).Message);
    }

    [Fact]
    public void Nothing_that_the_program_has_is_changed()
    {
        var (loss, w) = Small();
        Explain.Gradient(loss, w, [0, 0]);
        Assert.False(w.HasGrad);
        loss.Backward();
        double[] before = w.Grad.ToArray<double>();
        Explain.Gradient(loss, w, [0, 0]);
        Assert.Equal(before, w.Grad.ToArray<double>());
        using (NoGrad.Begin())
        {
            Explain.Gradient(loss, w, [0, 0]);
            Assert.True(w.Square().IsLeaf);
        }
    }

    [Fact]
    public void Norms_attention_and_recurrences_are_explained_by_simpler_ops()
    {
        var rng = new TorchRandom(4);
        (Module Layer, int[] Shape, string Inside)[] cases =
        [
            (new LayerNorm(6), [3, 6], "layer norm.sqrt"), (new BatchNorm(6), [5, 6], "batch norm.sqrt"),
            (new SelfAttention(6, 2, rng), [2, 3, 6], "attention.softmax"),
            (new Lstm(6, 4, rng), [2, 3, 6], "lstm.sigmoid"), (new Gru(6, 4, rng), [2, 3, 6], "gru.tanh"),
        ];
        foreach (var (layer, shape, inside) in cases)
        {
            var x = Tensor.Randn(shape, rng).RequireGrad();
            var loss = layer.Forward(x).Square().Sum();
            string text = Explain.Gradient(loss, x, new int[shape.Length], new() { Depth = 30, Top = 20 }).ToString();
            Assert.Contains(inside, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_op_of_ones_own_is_explained_by_its_own_backward_pass()
    {
        var x = Tensor.From([1.0, 2.0, -3.0], [3]).RequireGrad();
        var y = Tensor.Custom("cube", x.Shape, [x],
            f => { for (int i = 0; i < f.Y.Length; i++) f.Y[i] = Math.Pow(f.X()[i], 3); },
            f => { for (int i = 0; i < f.DY.Length; i++) f.DX()[i] += 3 * f.X()[i] * f.X()[i] * f.DY[i]; });
        var why = Explain.Gradient((y * y).Sum(), x, [1]);
        Assert.Equal("dL/dx[1] = 192\n  used by cube\n    100.0 %  192 = dL/dcube[1] · 12 = 16 · 12",
            string.Join('\n', why.ToString().Split('\n')[..3]));
        Sums.Check("custom op", (y * y).Sum());
    }

    [Fact]
    public void A_value_is_explained_by_what_it_was_computed_from()
    {
        var (_, w) = Small();
        var y = s_x.MatMul(w).Tanh();
        var how = Explain.Value(y, [0, 0]);
        Assert.Equal("""
            y[0, 0] = −0.50052
              computed by tanh: y = tanh(x) = tanh(−0.55)
                matmul[0, 0] = −0.55
                  computed by matmul: y[i,j] = Σ_k a[i,k] b[k,j]  (2 terms of both signs: SUMS)
                     82.4 %  −0.7 = constant[0, 1] · parameter[1, 0] = −1 · 0.7
                     17.6 %  0.15 = constant[0, 0] · parameter[0, 0] = 0.5 · 0.3
            """.ReplaceLineEndings("\n")
            .Replace("SUMS", "+0.15 and −0.7; % of their sizes", StringComparison.Ordinal), how.ToString());
    }

    [Fact]
    public void Paths_are_ranked_by_their_part_and_add_up_with_the_rest()
    {
        var rng = new TorchRandom(6);
        Tensor x = Tensor.Randn([3, 4], rng, DType.Float64), w = Tensor.Randn([4, 2], rng, DType.Float64).RequireGrad();
        var h = x.MatMul(w);
        var paths = Explain.Paths((h.Tanh() + h).Square().Sum(), w, [1, 1], count: 100);
        // Three rows, two ways each.
        Assert.Equal(6, paths.Paths.Count);
        Assert.Equal(0, paths.Rest, 1e-12);
        Assert.True(Math.Abs(paths.Paths[0].Part) >= Math.Abs(paths.Paths[5].Part));
        Assert.All(paths.Paths, path => Assert.Equal(("w[1, 1]", "L"), (path.Numbers[0], path.Numbers[^1])));
        Assert.Contains("tanh", paths.ToString(), StringComparison.Ordinal);
        var few = Explain.Paths((h.Tanh() + h).Square().Sum(), w, [1, 1], count: 2);
        Assert.Equal(few.Gradient, few.Paths.Sum(path => path.Part) + few.Rest, 1e-12);
    }

    [Fact]
    public void An_op_whose_backward_pass_is_not_linear_is_found_out()
    {
        var x = Tensor.From([2.0]).RequireGrad();
        var y = Tensor.Custom("wrong", x.Shape, [x], f => f.Y[0] = f.X()[0], f => f.DX()[0] += f.DY[0] * f.DY[0]);
        var loss = (y * 3).Sum();
        var why = Explain.Gradient(loss, x, [0]);
        Assert.Equal(6, why.Missing, 1e-12);
        Assert.Equal("dL/dx[0] is 9; but the terms of dL/dx[0] add up to 3 alone: the backward pass of wrong is not "
            + "linear in dL/dy.", why.Sentence);
        Assert.Contains("the terms add up to 3 alone", why.ToString(), StringComparison.Ordinal);
        Assert.Equal("explanations of 3 numbers: their terms do NOT add up to the gradients: dL/dparameter[0] is 9, "
            + "and its terms add up to 3, which is 6.7e-01 relative (allowed 1.0e-12)", Explain.Check(loss).ToString());
    }

    [Fact]
    public void A_long_path_is_found_and_a_search_that_ends_says_so()
    {
        var x = Tensor.From([0.5]).RequireGrad();
        var y = x;
        for (int i = 0; i < 20_000; i++) y = y * 0.5 * 2;
        var paths = Explain.Paths(y.Sum(), x, [0]);
        Assert.Equal((1, 0.0, false), (paths.Paths.Count, paths.Rest, paths.IsCut));
        Assert.Contains("more … →", paths.ToString(), StringComparison.Ordinal);
        for (int i = 0; i < 20; i++) y = y.Tanh() + y;
        var many = Explain.Paths(y.Sum(), x, [0], count: 1000, new() { Numbers = 50 });
        Assert.True(many.IsCut);
        Assert.Contains("give ExplainOptions a larger Numbers to find more", many.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Brackets_are_kept_in_latex()
    {
        var x = Tensor.From([-1.0]).RequireGrad();
        Assert.Contains(@"\cdot [(-1) > 0] = 0", Explain.Gradient(x.Relu().Sum(), x, [0]).ToLatex(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_written_as_latex_dot_and_json()
    {
        var (loss, w) = Small();
        var why = Explain.Gradient(loss, w, [1, 0]);
        Assert.StartsWith("\\begin{aligned}\n\\frac{\\partial L}{\\partial\\, \\text{w}_{1,0}} &= ", why.ToLatex(),
            StringComparison.Ordinal);
        Assert.StartsWith("digraph {", why.ToDot(), StringComparison.Ordinal);
        using var json = System.Text.Json.JsonDocument.Parse(why.ToJson());
        var root = json.RootElement.GetProperty("numbers")[0];
        Assert.Equal("dL/dw[1, 0]", root.GetProperty("subject").GetString());
        Assert.Equal(why.Value, root.GetProperty("value").GetDouble());
    }

    [Fact]
    public void Parameters_are_called_by_their_names()
    {
        var rng = new TorchRandom(1);
        var model = new Sequential(new Linear(3, 4, rng), new Tanh(), new Linear(4, 2, rng));
        var loss = model.Forward(Tensor.Randn([5, 3], rng)).Square().Mean();
        var why = Explain.Gradient(loss, model.NamedParameters()[0].Value, [0, 1],
            new() { Model = model, Depth = 5 });
        Assert.Equal("0.weight[0, 1]", why.Name);
        Assert.Contains("2.weight[", why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_is_explained_without_recursion()
    {
        var x = Tensor.From([1.0], [1]).RequireGrad();
        var y = x;
        for (int i = 0; i < 20_000; i++) y = y.Tanh() * 1.5;
        var why = Explain.Gradient(y.Sum(), x, [0], new() { Depth = 1000, Numbers = 100_000 });
        Assert.Equal(1001, why.ToString().Split('\n').Count(line => line.Contains("used by", StringComparison.Ordinal))
            + 1);
    }

    [Fact]
    public void Wrong_questions_are_refused()
    {
        var (loss, w) = Small();
        var other = Tensor.From([1.0], [1]).RequireGrad();
        Says("explain: the loss does not depend on other, [1]: give a tensor that it was computed from and that "
            + "requires a gradient", () => Explain.Gradient(loss, other, [0]));
        Says("explain: [1] of w, [2, 1]: give an index for each axis", () => Explain.Gradient(loss, w, [1]));
        Says("explain: [2, 0] of w, [2, 1]: axis 0 goes from 0 to 1", () => Explain.Gradient(loss, w, [2, 0]));
        Says("explain: the loss is [2, 1]: 2 numbers have no single gradient: take a Sum() or Mean()",
            () => Explain.Gradient(w * 2, w, [0, 0]));
        Says("explain: the loss has no graph: compute it from a tensor that requires a gradient, outside NoGrad",
            () => Explain.Gradient(Tensor.Scalar(1), w, [0, 0]));
        Says("explain: a depth of 0 levels: give 1 to 1,000",
            () => Explain.Gradient(loss, w, [0, 0], new() { Depth = 0 }));
        Says("explain: s_x, [2, 2], was given, or computed without a graph: give the result of ops on a tensor that "
            + "requires a gradient, outside NoGrad", () => Explain.Value(s_x, [0, 0]));
        w.AddInPlace(Tensor.Ones([2, 1], DType.Float64));
        Assert.Equal(
            "explain: input 1 of 'matmul', [2, 1], was written in place after the op read it, so its gradient would "
            + "be wrong: explain before the optimiser steps, or into a Detach().Clone()",
            Assert.ThrowsAny<InvalidOperationException>(() => Explain.Gradient(loss, w, [0, 0])).Message);
    }

    [Fact]
    public void Every_op_that_ships_has_a_text()
    {
        var contract = typeof(IOp);
        string[] without =
        [
            .. contract.Assembly.GetTypes()
                .Where(type => type.IsValueType && contract.IsAssignableFrom(type))
                .Where(type => Array.TrueForAll(type.GetMethods(System.Reflection.BindingFlags.Instance
                    | System.Reflection.BindingFlags.NonPublic), method => !method.Name.EndsWith("IOp.get_Text",
                        StringComparison.Ordinal)))
                .Select(type => type.Name),
        ];
        // A function that a user wrote has none.
        Assert.Equal(["Custom"], without);
    }

    static (Tensor Loss, Tensor W) Small()
    {
        var w = Tensor.From([0.3, 0.7], [2, 1]).RequireGrad();
        return ((s_x.MatMul(w).Tanh() * Tensor.From([1.0, -0.5], [2, 1])).Sum(), w);
    }

    static void AssertAddsUp(Explanation number)
    {
        if (number.Steps.Count == 0) return;
        double sum = 0;
        foreach (var step in number.Steps)
        {
            sum += step.Terms.Sum(term => term.Value) + step.OmittedSum;
            foreach (var term in step.Terms)
            {
                Assert.Equal(term.From.Value * term.Derivative, term.Value, 1e-15);
                AssertAddsUp(term.From);
            }
        }
        Assert.Equal(number.Value, sum, 1e-14);
    }

    static void Says(string message, Action ask) =>
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(ask).Message);
}
