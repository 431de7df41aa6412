using ChainRule.Derivations;
using ChainRule.Randomness;

namespace ChainRule.Tests.Derivations;

/// <summary>Programs that are text themselves.</summary>
public sealed class DerivationReadTest
{
    static DerivationReport Report(string text) => Derivation.Read(text, new TorchRandom(1)).Report();

    [Fact]
    public void A_program_and_its_gradients_may_be_one_text()
    {
        var report = Report("""
            x = tensor([[1.0, 2], [3, 4]])
            w = randn(2, 3)
            y = x @ w
            loss = (y**2).mean()
            dy = 2 * y / 6
            dw = x.T @ dy
            dx = ...
            """);
        Assert.Equal([Verdict.Close, Verdict.Close, Verdict.Open],
            report.Steps.Select(step => step.Verdict == Verdict.Exact ? Verdict.Close : step.Verdict));
        Assert.False(report.Passed);
        Assert.Null(report.FirstWrong);
        Assert.EndsWith("2 of 3 gradients are right. 1 is still to be written.", report.ToString(),
            StringComparison.Ordinal);
    }

    /// <summary>What a program reads by an index has a gradient.</summary>
    [Theory]
    [InlineData("loss = x[1, 2]**2", "dx = zeros_like(x)\ndx[1, 2] = 2 * x[1, 2]")]
    [InlineData("loss = (x[:, 1:3]**2).sum()", "dx = zeros_like(x)\ndx[:, 1:3] = 2 * x[:, 1:3]")]
    [InlineData("i = randint(0, 4, (3, 2))\nloss = (x[i]**2).sum()", "dx = zeros_like(x)\ndx[i] += 2 * x[i]")]
    [InlineData("i = randint(5, 4)\nloss = (x[range(4), i]**2).sum()",
        "dx = zeros_like(x)\ndx[range(4), i] = 2 * x[range(4), i]")]
    [InlineData("loss = (x[:, None]**2).sum()", "dx = 2 * x")]
    [InlineData("i = randint(0, 5, 4)\nloss = cross_entropy(x, i)", "dx = (softmax(x, 1) - one_hot(i, 5)) / 4")]
    [InlineData("loss = erf(x).sum()", "dx = 2 / sqrt(pi) * exp(-x**2)")]
    public void An_index_and_a_loss_have_gradients(string loss, string gradient)
    {
        var report = Report($"x = randn(4, 5)\n{loss}\n{gradient}");
        Assert.True(report.Passed, $"{report}");
    }

    [Theory]
    [InlineData("x = randn(3)\ny = x**2", "derivation: no line computes 'loss'")]
    [InlineData("x = 3\nloss = x**2\ndx = 6", "derivation: the loss depends on no tensor")]
    [InlineData("x = randn(3)\nloss = x**2\ndx = 6", "derivation of [3]: 3 numbers have no single gradient")]
    public void A_program_without_a_loss_is_refused(string text, string message) => Assert.StartsWith(message,
        Assert.ThrowsAny<ArgumentException>(() => Report(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("x = randn(3)\nx[0] = 2\nloss = x.sum()",
        "line 2, column 2: a program computes a tensor once, and 'x' is changed in place here")]
    [InlineData("x = randn(3)\nloss = ...",
        "line 2, column 8: this is still to be written: put a formula in place of '...'")]
    [InlineData("x = randint(3)\nloss = x.sum()", "line 1, column 5: randint takes two or three arguments")]
    [InlineData("x = randn(3)\nloss = x.sum()\ndx = randn(3)", "line 3, column 6: 'randn' is not known here")]
    public void A_program_that_cannot_be_computed_is_pointed_at(string text, string message)
    {
        string said;
        try
        {
            said = $"{Report(text).Steps[0].Error}";
        }
        catch (FormulaException e)
        {
            said = e.Message;
        }
        Assert.StartsWith(message, said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_draws_the_same_numbers()
    {
        const string text = "x = randn(3)\ny = rand(3)\nloss = (x * y).sum()\ndx = 0 * y";
        Assert.Equal(Report(text).Steps[0].Expected, Report(text).Steps[0].Expected);
        Assert.NotEqual(Report(text).Steps[0].Expected,
            Derivation.Read(text, new TorchRandom(2)).Report().Steps[0].Expected);
    }
}
