using ChainRule.Cli.Commands;
using ChainRule.Explaining;

namespace ChainRule.Cli.Tests.Commands;

public sealed class StepCommandTest(SmallTraining small) : IClassFixture<SmallTraining>
{
    [Fact]
    public void Without_a_terminal_the_neuron_is_lines()
    {
        string[] lines = small.Run("step").Well().Lines;
        Assert.Equal("step 1: o = tanh(n):  y = tanh(x)", lines[0]);
        Assert.Equal("  forward: o = 0.707107  from n = 0.881374", lines[1]);
        Assert.Equal("  added: dL/dn += 0.5  by dx = dy · (1 − y²)", lines[3]);
        foreach (string gradient in new[] { "x1 = −1.5", "w1 = 1", "x2 = 0.5", "w2 = 0", "b = 0.5" })
            Assert.Contains($"  dL/d{gradient}", lines);
    }

    /// <summary>L = (a b + c) f, with the gradients of the lecture.</summary>
    [Fact]
    public void The_first_expression_of_the_lecture_is_a_program()
    {
        string[] lines = small.Run("step", "expression").Well().Lines;
        Assert.Equal("step 1: L = multiply(d, f):  y = a · b", lines[0]);
        foreach (string gradient in new[] { "L = 1", "d = −2", "f = 4", "e = −2", "c = −2", "a = 6", "b = −4" })
            Assert.Contains($"  dL/d{gradient}", lines);
    }

    [Fact]
    public void A_formula_has_the_numbers_that_are_given()
    {
        string[] lines = small.Run("step", "a^2 * b + a**-1", "a=2", "b=3").Well().Lines;
        Assert.Contains("  dL/da = 11.75", lines);
        Assert.Contains("  dL/db = 4", lines);
        Assert.Contains("  dL/d(a^2) = 3", lines);
    }

    /// <summary>A number that an op takes twice gets a line for each, with the formula of each.</summary>
    [Theory]
    [InlineData("x*x", "+= 3  by da = dy · b", "+= 3  by db = dy · a; 3 + it = 6")]
    [InlineData("x+x", "+= 1  by da = dy", "+= 1  by db = dy; 1 + it = 2")]
    [InlineData("x-x", "+= 1  by da = dy", "+= −1  by db = −dy; 1 + it = 0")]
    [InlineData("x/x", "+= 0.333333  by da = dy · (1 / b)", "+= −0.333333  by db = dy · (−a / b²); 0.333333 + it = 0")]
    [InlineData("x**x", "+= 27  by da = dy · (b · a^(b − 1))",
        "+= 29.6625  by db = dy · (y · ln(a)); 27 + it = 56.6625")]
    public void Each_use_of_a_number_is_a_line(string formula, string first, string second)
    {
        string[] lines = small.Run("step", formula, "x=3").Well().Lines;
        Assert.Equal([$"  added: dL/dx {first}", $"  added: dL/dx {second}"],
            lines.Where(line => line.StartsWith("  added", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_same_part_of_a_formula_is_one_number()
    {
        string[] lines = small.Run("step", "tanh(x)*tanh(x)", "x=2").Well().Lines;
        Assert.Equal("step 1: tanh(x)*tanh(x) = multiply(tanh(x), tanh(x)):  y = a · b", lines[0]);
        Assert.Equal(2, lines.Count(line => line.StartsWith("step ", StringComparison.Ordinal)));
        Assert.Contains("  forward: log(y) = NaN  from y = −1", small.Run("step", "log(y)", "y=-1").Well().Lines);
    }

    [Theory]
    [InlineData("tanh(x", "step: tanh(x: character 5, '(': this parenthesis is not closed")]
    [InlineData("x+", "step: x+: character 3: the formula ends where a number or a name should follow")]
    [InlineData("x+*3", "step: x+*3: character 3, '*': a number, a name or a parenthesis should stand here")]
    [InlineData("foo(x)", "step: foo(x): character 1, 'f': there is no function 'foo': take tanh")]
    [InlineData("(x))", "step: (x)): character 4, ')': a parenthesis closes that was not opened")]
    [InlineData("x y", "step: x y: character 3, 'y': an operator is missing before it")]
    [InlineData("x*y", "step: x*y: character 3, 'y': 'y' has no number: give y=NUMBER")]
    [InlineData("x*y+", "step: x*y+: character 5: the formula ends where a number or a name should follow")]
    [InlineData("y*2; y=3", "step: y*2; y=3: character 1, 'y': 'y' has no number: give y=NUMBER")]
    [InlineData("tanh x", "step: tanh x: character 1, 't': tanh is a function: write tanh(x)")]
    [InlineData("2*Exp y", "step: 2*Exp y: character 3, 'E': Exp is a function: write exp(y)")]
    [InlineData("3*2", "step: x=1: there is no x in 3*2: leave it out")]
    [InlineData("x", "step: x computes nothing")]
    [InlineData("1e999*x", "step: 1e999*x: character 1, '1': this number is too large")]
    [InlineData("2e*x", "step: 2e*x: character 2, 'e': an operator is missing before it")]
    [InlineData("1.2.3*x", "step: 1.2.3*x: character 1, '1': this is no number")]
    public void What_is_no_formula_is_one_sentence_that_says_where(string formula, string message) =>
        Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(
            () => StepPrograms.Formula(formula, new Dictionary<string, double> { ["x"] = 1 })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Too_deep_a_formula_is_refused() => Assert.Contains("nested more than 200 deep",
        Assert.ThrowsAny<ArgumentException>(() => StepPrograms.Formula(new string('(', 100_000) + "x",
            new Dictionary<string, double> { ["x"] = 1 })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("-x^2", -9, -6)]
    [InlineData("2^-x", 0.125, -0.0866433975699932)]
    [InlineData("x^2^2", 81, 108)]
    [InlineData("-x²", -9, -6)]
    [InlineData("2*x³ + 2", 56, 54)]
    [InlineData("1e-3*x + 2.5E+1", 25.003, 0.001)]
    [InlineData("1 - x/2 - 1", -1.5, -0.5)]
    [InlineData("-(x - 1)*2", -4, -2)]
    public void Powers_bind_first_and_from_the_right(string formula, double value, double gradient)
    {
        var walk = StepPrograms.Formula(formula, new Dictionary<string, double> { ["x"] = 3 });
        Assert.Equal(value, walk[0].Came[0].Value.Item(), 1e-12);
        while (walk.Forward()) { }
        Assert.Equal(gradient, walk.Gradients.Single(one => one.Key == "x").Value.Item(), 1e-12);
    }

    [Fact]
    public void Arrow_keys_go_forward_and_back()
    {
        var walk = StepPrograms.All.Single(one => one.Name == "network").Walk();
        Assert.Contains("before the first step", StepCommand.Screen(walk), StringComparison.Ordinal);
        Assert.True(Press(walk, ConsoleKey.RightArrow) && Press(walk, ConsoleKey.RightArrow));
        Assert.Equal(2, walk.Position);
        string screen = StepCommand.Screen(walk);
        Assert.Contains("backward pass: 2 of 8 steps", screen, StringComparison.Ordinal);
        Assert.Contains("✓   1  L = sum(error²)", screen, StringComparison.Ordinal);
        Assert.Contains(">   2  error² = square(error)", screen, StringComparison.Ordinal);
        Assert.True(Press(walk, ConsoleKey.LeftArrow));
        Assert.Equal(1, walk.Position);
        Assert.True(Press(walk, ConsoleKey.End) && walk.Position == walk.Count);
        Assert.True(Press(walk, ConsoleKey.Home) && walk.Position == 0 && Press(walk, ConsoleKey.LeftArrow));
        Assert.False(Press(walk, ConsoleKey.Q) || Press(walk, ConsoleKey.Escape));
    }

    /// <summary>Whatever the window: no line is wider, no screen higher, and the step that was made is on it.</summary>
    [Theory]
    [InlineData(100, 30)]
    [InlineData(40, 20)]
    [InlineData(40, 10)]
    [InlineData(200, 8)]
    [InlineData(12, 4)]
    [InlineData(9, 1)]
    public void The_screen_fits_its_window(int width, int height)
    {
        foreach (var program in StepPrograms.All)
        {
            var walk = program.Walk();
            do
            {
                string[] lines = StepCommand.Screen(walk, width, height).Split('\n');
                Assert.InRange(lines.Length, 1, height);
                Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
                if (height >= 8)
                    Assert.Contains(lines, line => line.StartsWith(walk.Current is { } step
                        ? $"step {step.Number}: " : "before the first", StringComparison.Ordinal));
                if (height >= 20 && walk.Current is { } current)
                    Assert.Contains(lines, line => line.StartsWith($"> {current.Number,3}  ",
                        StringComparison.Ordinal));
                if (height >= 8) Assert.StartsWith("→ next", lines[^1], StringComparison.Ordinal);
            }
            while (walk.Forward());
        }
    }

    [Theory]
    [InlineData("a b", 20, "a b")]
    [InlineData("  one two three four", 16, "  one two three|    four")]
    [InlineData("abcdefghijklmnop", 8, "abcdefgh|  ijklmn|  op")]
    [InlineData("x\ny", 9, "x|y")]
    [InlineData("", 9, "")]
    public void Lines_are_broken_at_blanks_where_there_are_some(string text, int width, string lines)
    {
        Assert.Equal(lines, string.Join('|', Terminal.Wrap(text, width)));
        Assert.All(Terminal.Wrap(text, width), line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public void Numbers_that_are_none_are_refused()
    {
        Assert.StartsWith("step: x=a: give NAME=NUMBER, such as x=2",
            small.Run("step", "x*2", "x=a").Refused(Tool.Failed), StringComparison.Ordinal);
        Assert.StartsWith("step: x=1: neuron has its own numbers",
            small.Run("step", "neuron", "x=1").Refused(Tool.Failed), StringComparison.Ordinal);
        Assert.StartsWith("step: x=2: x has a number already",
            small.Run("step", "x*2", "x=1", "x=2").Refused(Tool.Failed), StringComparison.Ordinal);
    }

    static bool Press(BackpropWalk walk, ConsoleKey key) =>
        StepCommand.Press(walk, new('\0', key, shift: false, alt: false, control: false));
}
