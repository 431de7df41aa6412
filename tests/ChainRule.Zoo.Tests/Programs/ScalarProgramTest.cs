using ChainRule.Zoo.Programs;

namespace ChainRule.Zoo.Tests.Programs;

public sealed class ScalarProgramTest
{
    static readonly Dictionary<string, double> s_nothing = [];

    [Theory]
    [InlineData("a = 2\nb = -3\nc = 10\nf = -2\ne = a*b\nd = e + c\nL = d * f")]
    [InlineData("var a = 2.0; var b = -3.0;\nvar c = 10.0;\ndouble f = -2;\nvar L = (a*b\n  + c) * f; // the loss")]
    [InlineData("// a; comment\n\na = 2 // two\nb = -3\nc = 10\nf = -2\n\n(a*b +\n c) * f\n")]
    [InlineData("# a; comment\na = 2 # two\nb = -3\nc = 10\nf = -2\n(a*b + # first\n c) * f")]
    public void Lines_and_semicolons_are_read_alike(string text)
    {
        var program = ScalarProgram.Read(text, s_nothing);
        Assert.Equal(-8, program.Result.Number.Item());
        var walk = program.Steps();
        while (walk.Forward()) { }
        var gradients = walk.Gradients.ToDictionary(one => one.Key, one => one.Value.Item());
        Assert.Equal((6, -4, -2, 4), (gradients["a"], gradients["b"], gradients["c"], gradients["f"]));
    }

    [Theory]
    [InlineData("a = 2\nb = Math.Pow(a, 3) + Math.Tanh(0)", 8)]
    [InlineData("a = 2\nb = a ** 2 * exp(0)", 4)]
    [InlineData("a = 2\nb = a\nc = b * 3", 6)]
    public void Functions_are_called_as_in_csharp_or_without_their_class(string text, double value) =>
        Assert.Equal(value, ScalarProgram.Read(text, s_nothing).Result.Number.Item(), 1e-12);

    [Theory]
    [InlineData("a = 2\nb = a +* 3", 13, "step: b = a +* 3: line 2, character 8, '*': a number, a name or a")]
    [InlineData("a = 2\nL = a * q", 14, "line 2, character 9, 'q': 'q' has no number")]
    [InlineData("a = 2\na = 3", 6, "line 2, character 1, 'a': 'a' has a value already: choose another name")]
    [InlineData("a = 2\nL = (a * 3\nb = 1", 17, "line 3, character 1, 'b': a ) should stand here")]
    [InlineData("a = 2\nL = pow(a)", 15, "line 2, character 10, ')': pow takes two numbers")]
    [InlineData("a = 2\nL = a * 😀", 14, "line 2, character 9, '😀': a number, a name or a")]
    [InlineData("a = \nb = 1", 4, "line 1, character 5: the formula ends where a number or a name should follow")]
    public void What_is_no_program_is_refused_with_its_place(string text, int at, string sentence)
    {
        var e = Assert.Throws<ScalarProgramException>(() => ScalarProgram.Read(text, s_nothing));
        Assert.Contains(sentence, e.Message, StringComparison.Ordinal);
        Assert.Equal(at, e.At);
    }

    [Fact]
    public void A_name_is_called_by_what_it_is_assigned_to_and_known_by_its_text()
    {
        var program = ScalarProgram.Read("a = 3\nb = a + a\nc = (a + a) * b\nunused = a * 7", s_nothing);
        Assert.Equal(["a", "7", "unused"], program.Nodes.Select(node => node.Name));
        program = ScalarProgram.Read("a = 3\nb = a + a\nc = (a + a) * b", s_nothing);
        Assert.Equal(["a", "b", "c"], program.Nodes.Select(node => node.Name));
        Assert.Equal("a + a", "a = 3\nb = a + a\nc = (a + a) * b"[program.Nodes[1].From..program.Nodes[1].To]);
        Assert.Equal([6, 6], program.Nodes[2].LocalDerivatives());
    }

    [Fact]
    public void Only_what_the_program_assigns_is_nudged()
    {
        var nudged = ScalarProgram.Read("a = 2\nb = a * 3", s_nothing, new Dictionary<string, double> { ["a"] = 0.5 });
        Assert.Equal(7.5, nudged.Result.Number.Item());
        Assert.StartsWith("step: b is no number that the program assigns", Assert.Throws<ArgumentException>(() =>
            ScalarProgram.Read("a = 2\nb = a * 3", s_nothing, new Dictionary<string, double> { ["b"] = 1 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_a_program_or_a_sentence()
    {
        const string Letters = "ab12.+-*/^()=;\n ,exp";
        var random = new Random(7);
        for (int i = 0; i < 5000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ =>
                Letters[random.Next(Letters.Length)]));
            try
            {
                Assert.NotEmpty(ScalarProgram.Read("a = 2\nb = 3\n" + text, s_nothing).Nodes);
            }
            catch (ScalarProgramException e)
            {
                Assert.InRange(e.At, 0, text.Length + 12);
            }
            catch (ArgumentException e)
            {
                Assert.Contains("computes nothing", e.Message, StringComparison.Ordinal);
            }
        }
    }
}
