using ChainRule.Derivations;

namespace ChainRule.Tests.Derivations;

public sealed class DerivationTest
{
    static readonly Tensor s_x = Tensor.From([0.5, -1.0, 2.0, 0.25], [2, 2]).RequireGrad();

    public static TheoryData<string> Programs => [.. HandPrograms.All.Select(program => program.Name)];

    /// <summary>Of 140 right derivations none is called wrong.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void Right_gradients_are_right(string name)
    {
        var program = HandPrograms.All.Single(one => one.Name == name);
        foreach (var dtype in (DType[])[DType.Float64, DType.Float32])
        {
            for (int seed = 1; seed <= 5; seed++)
            {
                var report = program.Check(dtype, seed).Steps(program.Lines).Report();
                Assert.True(report.Passed, $"{dtype}, seed {seed}:\n{report}");
            }
        }
    }

    static (Derivation Check, Tensor H, Tensor Loss) Tanh(DType dtype = DType.Float64)
    {
        var x = dtype == DType.Float64 ? s_x : s_x.Detach().To(dtype).Detach().RequireGrad();
        var h = x.Tanh();
        var loss = (h * h).Sum();
        return (Derivation.Check(loss).Name("x", x).Name("h", h), h, loss);
    }

    [Fact]
    public void A_table_says_what_is_right_and_the_first_mistake()
    {
        var (check, h, _) = Tanh();
        string text = check.Step("dh", 2 * h).Step("dx", "(1 - x**2) * dh").Report().ToString();
        Assert.Equal("""
            step   shape  verdict                               largest difference
            dh    [2, 2]    exact
            dx    [2, 2]    wrong  5.9e+00 at [1, 0]: -5.78417, should be 0.136219

            1 of 2 gradients are right. The first wrong step is dx:
            """ + " the local derivative of h ('tanh') is taken at its input, and belongs at its output\n"
            + "  try: dx = (1 - h**2) * dh", text);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Numbers_and_formulas_are_taken_in_both_types(DType dtype)
    {
        var (check, h, _) = Tanh(dtype);
        var report = check.Step("dh", h + h).Steps("dx = dh * (1 - h**2)").Report();
        Assert.Equal(Verdict.Exact, report.Steps[0].Verdict);
        Assert.InRange(report.Steps[1].LargestDifference, 0, dtype == DType.Float64 ? 1e-15 : 1e-6);
        Assert.True(report.Passed);
        Assert.Null(report.FirstWrong);
    }

    [Fact]
    public void A_step_that_follows_from_a_wrong_one_is_not_blamed()
    {
        var (check, h, _) = Tanh();
        var wrong = 4 * h;
        var numbers = check.Step("dh", wrong).Step("dx", (1 - h.Square()) * wrong).Report();
        Assert.Equal([Verdict.Wrong, Verdict.FollowsFromWrong], numbers.Steps.Select(step => step.Verdict));
        Assert.Equal(Mistake.ExtraFactor, numbers.FirstWrong!.Diagnosis!.Mistake);
        var (again, _, _) = Tanh();
        var formulas = again.Steps("dh = 4 * h\ndx = (1 - h**2) * dh").Report();
        Assert.Equal([Verdict.Wrong, Verdict.FollowsFromWrong], formulas.Steps.Select(step => step.Verdict));
        Assert.Contains("dx    [2, 2]  follows from a wrong step", formulas.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_formula_whose_shapes_do_not_fit_is_shown_with_a_caret_and_mended()
    {
        var x = Tensor.Ones([3, 2], DType.Float64);
        var w = Tensor.From([0.5, 1.5, -1, 2, 0.1, 0.7, 1, 1], [2, 4]).RequireGrad();
        var y = x.MatMul(w);
        var report = Derivation.Check(y.Square().Sum()).Name("x", x).Name("w", w).Name("y", y)
            .Steps("dy = 2 * y\ndw = x @ dy\n").Report();
        Assert.Equal(Mistake.Transposed, report.FirstWrong!.Diagnosis!.Mistake);
        Assert.EndsWith("""
            dw = x @ dy
                   ^
            'x @ dy' should be 'x.T @ dy'
              try: dw = x.T @ dy
            """, report.ToString(), StringComparison.Ordinal);
        Assert.Equal((2, 8), (report.FirstWrong.Error!.Line, report.FirstWrong.Error.Column));
    }

    [Fact]
    public void Gradients_and_graph_stay_as_they_were()
    {
        var x = Tensor.From(1.0, 2).RequireGrad();
        var y = x.Square();
        var loss = y.Sum();
        Assert.True(Derivation.Check(loss).Name("x", x).Name("y", y).Steps("dy = torch.ones_like(y)\ndx = 2 * x * dy")
            .Report().Passed);
        Assert.False(x.HasGrad);
        loss.Backward();
        loss = (x * x).Sum();
        loss.Backward();
        Assert.Equal([4.0, 8.0], x.Grad.ToArray<double>());
        Assert.True(Derivation.Check(loss).Name("x", x).Step("dx", 2 * x).Report().Passed);
        Assert.Equal([4.0, 8.0], x.Grad.ToArray<double>());
    }

    [Fact]
    public void A_gradient_that_is_zero_up_to_rounding_is_right()
    {
        var z = Tensor.From([0.3, -0.2, 1.1, 0.4, 2.0, -1.0], [2, 3]).RequireGrad();
        var max = z.Detach().Max(1, keepDim: true).Detach().RequireGrad();
        var less = z - max;
        var loss = less.CrossEntropy(Ids.From(0, 2));
        Assert.True(Derivation.Check(loss).Name("z", z).Name("max", max).Name("less", less).Name("Y", Ids.From(0, 2))
            .Steps("dless = (F.softmax(less, 1) - F.one_hot(Y, 3)) / 2\ndmax = -dless.sum(1, keepdim=True)").Report()
            .Passed);
    }

    [Fact]
    public void What_is_asked_wrongly_is_answered_by_a_sentence()
    {
        Refused.With<Exception>("derivation of [2, 2]: 4 numbers have no single gradient: take a Sum() or Mean()",
            () => Derivation.Check(s_x));
        Refused.With<Exception>("derivation: step 'dq' is the gradient of no tensor that was named: named are x, h",
            () => Tanh().Check.Step("dq", s_x).Report());
        Refused.With<Exception>("derivation: no line is the gradient of a tensor that was named: name the tensors, as "
            + "in Name(\"h\", h), and call their gradients dh", () => Tanh().Check.Steps("q = 2 * h").Report());
        Refused.With<Exception>("line 1, column 10: 'hh' has no value: 'h' has one",
            () => Tanh().Check.Steps("dh = 2 * hh").Report());
        Refused.With<Exception>("derivation: 'h' is named already: give each tensor a name of its own",
            () => Tanh().Check.Name("h", s_x));
        Refused.With<Exception>("derivation: '2h' is no name: write letters, digits and _, a letter first",
            () => Tanh().Check.Name("2h", s_x));
        var free = Tensor.Ones([2], DType.Float64);
        Refused.With<Exception>("derivation: the loss depends on 'free' through nothing that requires a gradient, "
            + "so that there is no dfree to compare with: call RequireGrad() before computing",
            () => Tanh().Check.Name("free", free).Step("dfree", free).Report());
        Refused.With<Exception>("derivation: this loss depends on nothing that requires a gradient: call RequireGrad() "
            + "on a parameter before computing with it, outside NoGrad", () => Derivation.Check(free.Sum()).Report());
    }

    [Fact]
    public void Unexplained_is_said_so()
    {
        var (check, h, _) = Tanh();
        var report = check.Step("dh", h.Exp() + 3).Report();
        Assert.Equal(Mistake.Unexplained, report.FirstWrong!.Diagnosis!.Mistake);
        Assert.EndsWith("none of the mistakes that were tried explains it alone", report.ToString(),
            StringComparison.Ordinal);
    }
}
