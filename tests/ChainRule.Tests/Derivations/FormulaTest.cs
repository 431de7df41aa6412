using System.Globalization;
using ChainRule.Derivations;

namespace ChainRule.Tests.Derivations;

/// <summary>What formulas come to, beside NumPy's and PyTorch's own answers, and where errors point.</summary>
public sealed class FormulaTest
{
    // x = [[1, 2, 3], [4, 5, 6]], v = [10, 20, 30], i = [2, 0], n = 2.
    static object? Of(string formula)
    {
        using var quiet = NoGrad.Begin();
        return new FormulaRunner(formula, Values()).Of(FormulaReader.ReadFormula(formula));
    }

    static string Text(Tensor x) => string.Join(' ', x.ToArray<double>().Select(number =>
        (Math.Round(number, 12) + 0.0).ToString(CultureInfo.InvariantCulture)));

    static Dictionary<string, object?> Values() => new()
    {
        ["x"] = Tensor.From([1.0, 2, 3, 4, 5, 6], [2, 3]),
        ["v"] = Tensor.From(10.0, 20, 30),
        ["i"] = Ids.From(2, 0),
        ["n"] = 2.0,
    };

    [Theory]
    [InlineData("1 - n**2", "[]", "-3")]
    [InlineData("-n**2", "[]", "-4")]
    [InlineData("2**-1", "[]", "0.5")]
    [InlineData("2**3**2", "[]", "512")]
    [InlineData("6 / 3 / 2", "[]", "1")]
    [InlineData("7 - 2 - 1", "[]", "4")]
    [InlineData("1e-3 * 1_000", "[]", "1")]
    [InlineData("x.shape[0] * x.shape[-1]", "[]", "6")]
    [InlineData("len(x) + x.size(1)", "[]", "5")]
    [InlineData("x + v", "[2, 3]", "11 22 33 14 25 36")]
    [InlineData("(1 - x**2) * n", "[2, 3]", "0 -6 -16 -30 -48 -70")]
    [InlineData("v / x[0]", "[3]", "10 10 10")]
    [InlineData("x @ v", "[2]", "140 320")]
    [InlineData("x @ x.T", "[2, 2]", "14 32 32 77")]
    [InlineData("x.T @ x", "[3, 3]", "17 22 27 22 29 36 27 36 45")]
    [InlineData("x.sum()", "[]", "21")]
    [InlineData("x.sum(0)", "[3]", "5 7 9")]
    [InlineData("x.sum(0, keepdim=True)", "[1, 3]", "5 7 9")]
    [InlineData("x.sum(axis=1, keepdims=True)", "[2, 1]", "6 15")]
    [InlineData("x.sum(1, True)", "[2, 1]", "6 15")]
    [InlineData("np.sum(x, axis=(0, 1))", "[]", "21")]
    [InlineData("x.mean(-1)", "[2]", "2 5")]
    [InlineData("x.var(1)", "[2]", "1 1")]
    [InlineData("x.var(1, unbiased=False) * 3", "[2]", "2 2")]
    [InlineData("x.var(dim=1, correction=0) * 3", "[2]", "2 2")]
    [InlineData("x.max(1).values", "[2]", "3 6")]
    [InlineData("x.max(1, keepdim=True)[0]", "[2, 1]", "3 6")]
    [InlineData("F.one_hot(x.max(1).indices, num_classes=3)", "[2, 3]", "0 0 1 0 0 1")]
    [InlineData("one_hot(i, 3)", "[2, 3]", "0 0 1 1 0 0")]
    [InlineData("(x > 2) * x", "[2, 3]", "0 0 3 4 5 6")]
    [InlineData("(x > 2).float()", "[2, 3]", "0 0 1 1 1 1")]
    [InlineData("torch.where(x > 2, x, -x)", "[2, 3]", "-1 -2 3 4 5 6")]
    [InlineData("x[range(n), i]", "[2]", "3 4")]
    [InlineData("x[i[0] - 1]", "[3]", "4 5 6")]
    [InlineData("x[:, 1]", "[2]", "2 5")]
    [InlineData("x[1, -1]", "[]", "6")]
    [InlineData("x[:, 1:]", "[2, 2]", "2 3 5 6")]
    [InlineData("x[:, ::2]", "[2, 2]", "1 3 4 6")]
    [InlineData("x[..., 0]", "[2]", "1 4")]
    [InlineData("v[:, None]", "[3, 1]", "10 20 30")]
    [InlineData("v[[2, 0]]", "[2]", "30 10")]
    [InlineData("v[i]", "[2]", "30 10")]
    [InlineData("x[:, i]", "[2, 2]", "3 1 6 4")]
    [InlineData("x[None, :, 0]", "[1, 2]", "1 4")]
    [InlineData("x.view(-1, 2)", "[3, 2]", "1 2 3 4 5 6")]
    [InlineData("x.reshape((3, 2)).T", "[2, 3]", "1 3 5 2 4 6")]
    [InlineData("x.view(x.shape)", "[2, 3]", "1 2 3 4 5 6")]
    [InlineData("x.transpose(0, 1)", "[3, 2]", "1 4 2 5 3 6")]
    [InlineData("torch.ones_like(v) * n", "[3]", "2 2 2")]
    [InlineData("torch.zeros(2, 1)", "[2, 1]", "0 0")]
    [InlineData("np.zeros((1, 2))", "[1, 2]", "0 0")]
    [InlineData("x[0].unsqueeze(1).expand(3, 2)", "[3, 2]", "1 1 2 2 3 3")]
    [InlineData("v.expand(2, -1)", "[2, 3]", "10 20 30 10 20 30")]
    [InlineData("torch.outer(v, v)[0]", "[3]", "100 200 300")]
    [InlineData("x.exp().log()", "[2, 3]", "1 2 3 4 5 6")]
    [InlineData("(x**2).sqrt()", "[2, 3]", "1 2 3 4 5 6")]
    [InlineData("x.tril()", "[2, 3]", "1 0 0 4 5 0")]
    [InlineData("torch.cat((x, x), 0)[3]", "[3]", "4 5 6")]
    [InlineData("F.softmax(x * 0, dim=1) * 3", "[2, 3]", "1 1 1 1 1 1")]
    [InlineData("x.to(torch.float64).detach().clone().data", "[2, 3]", "1 2 3 4 5 6")]
    public void A_formula_comes_to(string formula, string shape, string numbers)
    {
        var value = FormulaFunctions.Tensor(Of(formula));
        Assert.Equal(shape, value.Shape.ToString());
        Assert.Equal(numbers, Text(value));
    }

    [Theory]
    [InlineData("y = x.clone()\ny[range(n), i] -= 1", "1 2 2 3 5 6")]
    [InlineData("y = torch.zeros_like(x)\ny[:, 1] = v[0]", "0 10 0 0 10 0")]
    [InlineData("y = x\ny /= n; y *= 2", "1 2 3 4 5 6")]
    [InlineData("y = torch.zeros_like(v)\ny[[1, 1, 0]] += v", "30 30 0")]
    [InlineData("y = torch.zeros_like(v)\nfor k in range(3):\n  for j in range(2):\n    y[k] += x[j, k]\n", "5 7 9")]
    [InlineData("y = 0 * v\n# rows\n\nfor row in x:\n    # each\n    y += row\n\nz = y", "5 7 9")]
    [InlineData("y = torch.zeros_like(x)\ny.index_add_(0, i[1:], x[:1])", "1 2 3 0 0 0")]
    [InlineData("y = (x +\n     x)", "2 4 6 8 10 12")]
    public void Lines_change_what_they_name(string lines, string numbers)
    {
        using var quiet = NoGrad.Begin();
        var values = Values();
        new FormulaRunner(lines, values).Run(FormulaReader.Read(lines));
        Assert.Equal(numbers, Text(FormulaFunctions.Tensor(values["y"])));
        Assert.Equal([1, 2, 3, 4, 5, 6], ((Tensor)values["x"]!).ToArray<double>());
    }

    [Theory]
    [InlineData("dh = (1 - h**2 * dh", 1, 6, "this '(' is never closed")]
    [InlineData("dh = 1 - h)", 1, 11, "')' closes what was never opened")]
    [InlineData("dh = x[0)", 1, 9, "')' closes a '[': write ']'")]
    [InlineData("dh = 1 +", 1, 9, "a number, a name or '(' is missing before the end of the line")]
    [InlineData("dh = h h", 1, 8, "'h' does not belong to this formula: an operator is missing before it, or the line "
        + "should end")]
    [InlineData("a = 1\n\ndh == h", 3, 4, "after 'dh' comes '==': write = or += and a formula")]
    [InlineData("dh = h $ 2", 1, 8, "'$' is no character of a formula: write numbers, names, + - * / @ ** and "
        + "brackets")]
    [InlineData("1 + h = 2", 1, 1, "a line gives a value to a name: write name = formula")]
    [InlineData("  dh = h", 1, 3, "this line is indented, and the line before opens no block")]
    [InlineData("for i in range(3):\ndh = h", 2, 1, "the loop has no lines: indent those that belong to it")]
    [InlineData("dh = h.", 1, 8, "after '.' comes the name of a method, not the end of the line")]
    [InlineData("dh = h[]", 1, 7, "an index is empty: say which numbers, or write [:]")]
    public void A_text_that_cannot_be_read_is_refused_at_the_character(string text, int line, int column, string why)
    {
        var e = Assert.Throws<FormulaException>(() => FormulaReader.Read(text));
        Assert.Equal($"line {line}, column {column}: {why}", e.Message);
        Assert.Equal($"{text.Split('\n')[line - 1]}\n{new string(' ', column - 1)}^", e.Excerpt);
    }

    [Fact]
    public void Of_a_long_line_what_stands_around_the_character_is_shown()
    {
        string text = "dh = " + string.Join(" + ", Enumerable.Repeat("h", 100)) + " 😀 h";
        var e = Assert.Throws<FormulaException>(() => FormulaReader.Read(text));
        Assert.Contains("'😀' is no character of a formula", e.Message, StringComparison.Ordinal);
        string[] lines = e.Excerpt.Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 102));
        Assert.Equal(lines[0].IndexOf("😀", StringComparison.Ordinal), lines[1].Length - 1);
    }

    [Theory]
    [InlineData("x @ x", 3, "matmul: [2, 3] and [2, 3] do not chain")]
    [InlineData("2 * y.sum(0)", 5, "'y' has no value: these have: i, n, v, x")]
    [InlineData("v + x[:, 1:]", 3, "add: [3] and [2, 2] do not broadcast: axis 1 is 3 in the one and 2 in the other")]
    [InlineData("x.view(4, 2)", 3, "reshape")]
    [InlineData("x[5]", 2, "index 5 of axis 0 of [2, 3]: indices run from 0 to 1")]
    [InlineData("x[0, 0, 0]", 2, "index of [2, 3]: 3 places for 2 axes: give at most one for each")]
    [InlineData("x.sun(0)", 3, "'sun' is not known here")]
    [InlineData("x.softmax()", 3, "softmax: say along which axis, as in softmax(1)")]
    [InlineData("2 @ 3", 3, "@ multiplies matrices: multiply numbers with *")]
    [InlineData("w * 2", 1, "'w' has no value: these have: i, n, v, x")]
    public void What_does_not_fit_is_refused_at_the_character(string formula, int column, string why)
    {
        var e = Assert.Throws<FormulaException>(() => Of(formula));
        Assert.Equal(column, e.Column);
        Assert.StartsWith($"line 1, column {column}: {why}", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(1 - h**2) * dh")]
    [InlineData("a - (b - c) / d")]
    [InlineData("-(a + b)**-1.5 * c.T @ d")]
    [InlineData("x[range(n), y].sum(0, keepdim=True)[:, None, 1:]")]
    [InlineData("(a > 0) * b[::2, (1, 2)]")]
    public void A_formula_is_printed_as_it_was_written(string formula) =>
        Assert.Equal(formula, FormulaReader.ReadFormula(formula).ToString());

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Throws<FormulaException>(() =>
            FormulaReader.Read("y = " + new string('(', 5000) + new string(')', 5000)));
}
