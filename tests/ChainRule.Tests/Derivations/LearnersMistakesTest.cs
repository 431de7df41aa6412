using ChainRule.Derivations;
using ChainRule.Randomness;

namespace ChainRule.Tests.Derivations;

/// <summary>Mistakes that readers made, each with what has to be said of it.</summary>
public sealed class LearnersMistakesTest
{
    static DerivationReport Report(string text) => Derivation.Read(text, new TorchRandom(1)).Report();

    [Fact]
    public void The_values_of_a_maximum_along_an_axis_have_a_gradient()
    {
        const string program = "x = randn(4, 3)\nm = x.max(1, keepdim=True)\ny = x - m\nloss = (y**2).sum()\n"
            + "dy = 2 * y\n";
        var right = Report(program + "dm = -dy.sum(1, keepdim=True)\ndx = dy.clone()\n"
            + "dx += one_hot(m.indices.reshape(4), 3) * dm");
        Assert.True(right.Passed, $"{right}");
        Assert.Equal(["dy", "dm", "dx"], right.Steps.Select(step => step.Name));
        Assert.Equal("dm", Report(program + "dm = 17 * dy").FirstWrong!.Name);
    }

    [Theory]
    [InlineData("dy = 2 * y\ndyy = 3\ndq += 1", "dq, dyy")]
    [InlineData("half = y\ndy = half + half", null)]
    public void A_name_that_is_compared_with_nothing_is_said(string lines, string? names)
    {
        var report = Report("y = randn(3)\nloss = (y**2).sum()\ndq = 0\n" + lines);
        string[] expected = names is null ? ["dq"] : names.Split(", ");
        Assert.Equal(expected.Order(), report.NotCompared.Order());
        Assert.Contains("The one step is right. Not compared with anything: dq", $"{report}",
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_right_formula_below_a_gradient_of_another_shape_is_not_blamed()
    {
        var report = Report("""
            x = randn(4, 3)
            su = x.sum(1, keepdim=True)
            y = x * su
            loss = (y * y).sum()
            dy = 2 * y
            dsu = (dy * x).sum(1)
            dx = dy * su + dsu * ones_like(x)
            """);
        Assert.Equal([Verdict.Exact, Verdict.Wrong, Verdict.FollowsFromWrong],
            report.Steps.Select(step => step.Verdict));
        Assert.Equal(Mistake.KeepDim, report.FirstWrong!.Diagnosis!.Mistake);
        Assert.DoesNotContain("Another is", $"{report}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dz = tensor([[1, 2, 3], [4, 5, 6]])")]
    [InlineData("dz = np.array([[1, 2, 3], [4, 5, 6]])")]
    [InlineData("dz = [[1, 2, 3], [4, 5, 6]]")]
    [InlineData("dz = [[1], [4]] + ones(2, 1) @ [[0, 1, 2]]")]
    public void Numbers_may_be_written_down_as_gradients(string line)
    {
        var report = Report($"z = randn(2, 3)\nc = tensor([[1, 2, 3], [4, 5, 6]])\nloss = (c * z).sum()\n{line}");
        Assert.True(report.Passed, $"{report}");
    }

    [Theory]
    [InlineData("x = tensor([[1, 2], [3]])\nloss = x.sum()\ndx = 1",
        "line 1, column 5: numbers are written down as [2] and [1] in one list")]
    [InlineData("x = randint(0, 5, 4, 3)\nloss = x.sum()\ndx = 1",
        "line 1, column 5: randint takes two or three arguments, and 4 are given: the lowest number, the one above the "
        + "highest, and the sizes as one: randint(0, 5, 8), or randint(0, 5, (4, 3))")]
    [InlineData("x = randn(100000, 20000)\nloss = x.sum()\ndx = 1",
        "line 1, column 5: 2,000,000,000 numbers are too many here")]
    public void A_program_of_no_use_is_pointed_at(string text, string message) => Assert.StartsWith(message,
        Assert.Throws<FormulaException>(() => Report(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("x = tensor([-1.0, 2])\nloss = x.log().sum()\ndx = 1 / x",
        "derivation: the loss is NaN, and no gradient")]
    [InlineData("x = randn(3)\nloss = x.sum()\nh = x", "derivation: no line below the program is the gradient")]
    public void What_cannot_be_judged_is_refused(string text, string message) => Assert.StartsWith(message,
        Assert.Throws<InvalidOperationException>(() => Report(text)).Message, StringComparison.Ordinal);

    [Theory]
    // A division that was forgotten is no factor too many.
    [InlineData("Q = randn(5, 3)\nK = randn(4, 3)\nS = Q @ K.T / sqrt(3)\nP = softmax(S, 1)\nloss = (P**2).sum()",
        "dP = 2 * P\ndS = P * (dP - (P * dP).sum(1, keepdim=True))\ndQ = dS @ K", Mistake.MissingFactor,
        "it is 1.732 times the gradient: the division by 1.732 of S ('divided by a number') is left out",
        "dQ = dS @ K / sqrt(3)")]
    [InlineData("x = randn(2, 3)\ny = x / 7\nloss = (y**2).sum()", "dy = 2 * y\ndx = dy", Mistake.MissingFactor,
        "it is 7 times the gradient: the division by 7 of y", "dx = dy / 7")]
    // The size that is named has to be the one that is missing.
    [InlineData("y = randn(4, 3)\nloss = ((y**2).sum(1) / 3).mean()", "dy = 2 * y / 4", Mistake.MissingMean,
        "it is 3 times the gradient: the factor 1/3 is missing (3 is the size of axis 1 of y)", "dy = 2 * y / 12")]
    // A mean over the rows alone.
    [InlineData("y = randn(4, 2)\nloss = ((y - 1)**2).mean()", "dy = 2 * (y - 1) / 4", Mistake.MissingMean,
        "the mean is over 8 numbers", "dy = 2 * (y - 1) / 8")]
    // The right number under another shape.
    [InlineData("x = randn(4, 3)\nb = randn(1)\ny = x + b\nloss = (y**2).sum()", "dy = 2 * y\ndb = dy.sum()",
        Mistake.KeepDim, "the numbers are right, but its shape is [], and that of the tensor is [1]", null)]
    // A sum hands its gradient to all that it added.
    [InlineData("y = randn(4, 3)\ns = y.sum()\nloss = s**2", "ds = 2 * s\ndy = ds", Mistake.MissingBroadcast,
        "its shape is [], and that of the tensor is [4, 3]: a sum hands its gradient to each number",
        "dy = ds * ones_like(y)")]
    public void A_mistake_has_its_name(string program, string steps, Mistake mistake, string sentence,
        string? corrected)
    {
        var wrong = Report($"{program}\n{steps}").FirstWrong!;
        Assert.Equal((mistake, corrected), (wrong.Diagnosis!.Mistake, corrected is null ? null
            : wrong.Diagnosis.Corrected));
        Assert.StartsWith(sentence, wrong.Diagnosis.Sentence, StringComparison.Ordinal);
    }

    /// <summary>A correction is of the step that is wrong, not of a line that right steps read too.</summary>
    [Theory]
    [InlineData("""
        x = randn(5, 3)
        W = randn(3, 2)
        b = randn(2)
        z = sigmoid(x @ W + b)
        loss = (z**2).sum()
        dz = 2 * z
        da = dz * z * (1 - z)
        dW = x.T @ da
        db = da
        """, "db = da.sum(0")]
    [InlineData("""
        x = randn(5, 3)
        v = (x**2).mean(0, keepdim=True)
        y = x * (v + 1e-5)**-0.5
        loss = (y**3).sum()
        dy = 3 * y**2
        s = (v + 1e-5)**-0.5
        dv = (dy * x).sum(0, keepdim=True) * -0.5 * s
        dx = dy * s + dv * 2 * x / 5
        """, "dv = ")]
    public void A_correction_leaves_right_steps_right(string text, string corrected) =>
        Assert.StartsWith(corrected, Report(text).FirstWrong!.Diagnosis!.Corrected, StringComparison.Ordinal);
}
