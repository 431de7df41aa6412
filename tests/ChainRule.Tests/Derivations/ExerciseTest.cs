using ChainRule.Derivations;

namespace ChainRule.Tests.Derivations;

public sealed class ExerciseTest
{
    const string Program = """
        # A layer
        n = 5
        x = randn(n, 3)
        w = randn(3, 2)
        y = x @ w
        loss = (y**2).sum() / n

        """;

    static readonly Exercise s_layer = new("01-layer", Program + "dy = ...\ndw = ...\n",
        "# hint: a square\n# hint: a product,\n#   transposed\ndy = 2 * y / n\ndw = x.T @ dy\n");

    static readonly Exercise s_softmax = new("02-softmax", "# Softmax\nz = randn(2, 3)\ns = ...\np = ...\n",
        "# without: softmax, log_softmax\n# check: p = softmax(z, 1)\ns = exp(z)\np = s / s.sum(1, keepdim=True)\n");

    [Fact]
    public void It_knows_its_title_and_its_hints()
    {
        Assert.Equal("A layer", s_layer.Title);
        Assert.Equal("01-layer", s_layer.Name);
        Assert.Equal(["a square", "a product, transposed"], s_layer.Hints);
    }

    [Theory]
    [InlineData("dy = 2 * y / n\ndw = x.T @ dy")]
    [InlineData("dy = y * 0.4\ndw = x.T @ (x @ w) * 2 / n")]
    [InlineData("g = 2 / n\ndy = y * g\ndw = zeros_like(w)\nfor i in range(n):\n  dw += outer(x[i], dy[i])")]
    public void Whatever_gives_the_numbers_is_right(string lines)
    {
        var result = s_layer.Check(Program + lines);
        Assert.True(result.Passed, result.Message);
        Assert.Equal("right", result.ToString());
    }

    [Fact]
    public void Numbers_in_place_of_names_are_found_out()
    {
        var square = new Exercise("square", "x = randn()\nloss = x**2\ndx = ...", "dx = 2 * x");
        double x = Tensor.Randn(Shape.Create([]), new ChainRule.Randomness.TorchRandom(1), DType.Float64).Item();
        var result = square.Check(FormattableString.Invariant($"x = randn()\nloss = x**2\ndx = 2 * {x:R}"));
        Assert.False(result.Passed);
        Assert.StartsWith("It is right with the first numbers that were drawn, and not with others: write it with "
            + "the names of the program.", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_mistake_is_named_and_the_solution_is_not_shown()
    {
        var result = s_layer.Check(Program + "dy = 2 * y\ndw = x.T @ dy");
        Assert.Contains("The first wrong step is dy: it is 5 times the gradient: the factor 1/5 is missing",
            result.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("try:", result.Message, StringComparison.Ordinal);
        Assert.Equal([Verdict.Wrong, Verdict.FollowsFromWrong], result.Report!.Steps.Select(step => step.Verdict));
    }

    [Fact]
    public void A_single_number_is_explained_by_its_formula()
    {
        var polynomial = new Exercise("p", "x = randn()\nloss = 3 * x**2 - 4 * x + 5\ndx = ...", "dx = 6 * x - 4");
        Assert.Equal(Mistake.Sign, polynomial.Check("x = randn()\nloss = 3 * x**2 - 4 * x + 5\ndx = 6 * x + 4").Report!
            .FirstWrong!.Diagnosis!.Mistake);
    }

    [Fact]
    public void What_is_written_is_checked_before_all_is()
    {
        var result = s_layer.Check(Program + "dy = ...\ndw = x.T @ dy");
        Assert.Equal([Verdict.Open, Verdict.Exact], result.Report!.Steps.Select(step => step.Verdict));
        Assert.Contains("1 of 2 formulas are right. 1 is still to be written.", result.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dy = 2 * y / n", "no line gives a value to dw: write dw = and its formula")]
    [InlineData("dy = 2 * (y / n", "line 8, column 10: this '(' is never closed\ndy = 2 * (y / n\n         ^")]
    [InlineData("dy = 2 * h\ndw = ...",
        "line 8, column 10: 'h' has no value: these have: loss, n, w, x, y\ndy = 2 * h\n         ^")]
    [InlineData("dy = 2 * y / n\ndw = x @ dy", "line 9, column 8: ")]
    [InlineData("dy = 2 * y / n\ndw = None", "line 9, column 1: a tensor or a number is needed here")]
    [InlineData("dy = einsum(3, y)\ndw = x.T @ dy", "line 8, column 6: the arguments do not fit here")]
    public void What_cannot_be_computed_is_pointed_at(string lines, string message)
    {
        var result = s_layer.Check(Program + "\n" + lines);
        Assert.False(result.Passed);
        Assert.Contains(message, result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_of_what_has_none_is_told()
    {
        const string program = "t = randn(3) > 0\nx = randn(3)\nloss = (x * t).sum()\n";
        var exercise = new Exercise("mask", program + "dx = ...", "dx = t");
        Assert.StartsWith("derivation: the loss depends on 't' through nothing that requires a gradient",
            exercise.Check(program + "dt = x\ndx = t").Message, StringComparison.Ordinal);
        Assert.True(exercise.Check(program + "dx = t").Passed);
    }

    [Fact]
    public void The_program_stays_as_it_is()
    {
        var result = s_layer.Check(Program.Replace("y**2", "y", StringComparison.Ordinal) + "dy = ...\ndw = ...");
        Assert.Equal("line 6, column 1: the program was changed here, and only the lines after it are yours to write: "
            + "put back loss = (y**2).sum() / n\nloss = (y).sum() / n\n^", result.Message);
        Assert.StartsWith("line 1, column 1: the program was changed here", s_layer.Check("").Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_forward_formula_is_compared_with_the_function_that_it_takes_apart()
    {
        const string given = "z = randn(2, 3)\n";
        Assert.True(s_softmax.Check(given + "s = z.exp()\np = s / s.sum(1).view(2, 1)").Passed);
        Assert.Contains("'softmax' is what this exercise takes apart: write it without",
            s_softmax.Check(given + "s = exp(z)\np = F.softmax(z, 1)").Message, StringComparison.Ordinal);
        Assert.Contains("The first wrong step is p: other numbers than those that were asked for",
            s_softmax.Check(given + "s = exp(z)\np = s / s.sum(0)").Message, StringComparison.Ordinal);
        Assert.Contains("The first wrong step is p: its shape is [2], and [2, 3] is asked for",
            s_softmax.Check(given + "s = exp(z)\np = s.sum(1)").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x = randn()\nloss = x", "dx = 1", "no line is left to write: leave a hole, as in dx = ...")]
    [InlineData("x = randn()\nloss = x\ndx = ...", "dx = ...", "the solution does not write dx: fill every hole")]
    [InlineData("x = randn()\nloss = x\ndx = ...", "", "the solution does not write dx: fill every hole")]
    public void An_exercise_without_a_hole_or_a_solution_is_refused(string task, string solution, string message) =>
        Assert.Equal($"exercise 'e': {message}",
            Assert.ThrowsAny<ArgumentException>(() => new Exercise("e", task, solution)).Message);
}
