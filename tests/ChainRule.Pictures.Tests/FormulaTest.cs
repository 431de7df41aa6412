namespace ChainRule.Pictures.Tests;

public sealed class FormulaTest
{
    [Fact]
    public void A_derivation_is_aligned_at_the_equals_sign_and_gives_its_reasons()
    {
        var derivation = Formula.Derivation("Chain rule", ("y = x^2", "the start"), ("dy &= 2x\\,dx", "50% of {it}"),
            ("\\blacksquare", ""));
        Assert.Equal("""
            \begin{aligned}
            y &= x^2 && \text{the start} \\
            dy &= 2x\,dx && \text{50\% of \{it\}} \\
            & \blacksquare
            \end{aligned}
            """.ReplaceLineEndings("\n"), derivation.Text);
    }

    [Fact]
    public void What_is_empty_is_refused()
    {
        Assert.Equal("formula 'f': its LaTeX is empty: write the formula",
            Assert.ThrowsAny<ArgumentException>(() => new Formula("f", "")).Message);
        Assert.Equal("derivation 'd': there is no step: give at least one",
            Assert.ThrowsAny<ArgumentException>(() => Formula.Derivation("d")).Message);
        Assert.Equal("derivation 'd': step 2 is empty: write its formula",
            Assert.ThrowsAny<ArgumentException>(() => Formula.Derivation("d", ("a", ""), (" ", "b"))).Message);
    }
}
