using System.Globalization;

namespace ChainRule.Lab.Shapes;

/// <summary>An op of the shapes room: how the library is called, and how that is written.</summary>
/// <param name="Name">Its name, and what it takes.</param>
/// <param name="Code">The call in C#, of axes as they are written and whether they stay.</param>
/// <param name="Run">The call.</param>
sealed record ShapesOp(ShapesOpName Name, Func<string, bool, string> Code,
    Func<Tensor, Tensor, int[], bool, Tensor> Run)
{
    public static IReadOnlyList<ShapesOp> All { get; } =
    [
        Two("add", "a + b", "2, 3", "3", (a, b) => a + b),
        Two("subtract", "a - b", "2, 3", "2, 1", (a, b) => a - b),
        Two("multiply", "a * b", "2, 1", "3", (a, b) => a * b),
        Two("divide", "a / b", "2, 3", "", (a, b) => a / b),
        Two("matmul", "a.MatMul(b)", "2, 3", "3, 4", (a, b) => a.MatMul(b)),
        One("sum", "Sum", "2, 3", "1", (a, axes, keep) => a.Sum(axes, keep)),
        One("mean", "Mean", "2, 3", "0", (a, axes, keep) => a.Mean(axes, keep)),
        new(new("transpose", "a.Transpose(axis, axis)", false, true, "2, 3", "", "0, 1"),
            (axes, _) => $"a.Transpose({axes})", (a, _, axes, _) => axes.Length switch
            {
                0 => a.Transpose(),
                2 => a.Transpose(axes[0], axes[1]),
                _ => throw new ArgumentException($"transpose: the axes are {axes.Length}: give two, or none for "
                    + "the last two"),
            }),
    ];

    static ShapesOp Two(string name, string code, string a, string b, Func<Tensor, Tensor, Tensor> run) =>
        new(new(name, code, true, false, a, b, ""), (_, _) => code, (x, y, _, _) => run(x, y));

    static ShapesOp One(string name, string method, string a, string axes, Func<Tensor, int[], bool, Tensor> run) =>
        new(new(name, $"a.{method}(axes)", false, true, a, "", axes), (over, keep) => (over.Length, keep) switch
        {
            (0, false) => $"a.{method}()",
            (0, true) => $"a.{method}(keepDim: true)",
            (_, false) => $"a.{method}([{over}])",
            _ => $"a.{method}([{over}], keepDim: true)",
        }, (a, _, over, keep) => run(a, over, keep));

    /// <summary>Whole numbers as they are typed: <c>2, 3</c>.</summary>
    /// <exception cref="ArgumentException">They are none.</exception>
    public static int[] Numbers(string text, string what)
    {
        string[] parts = text.Trim().Trim('[', ']', '(', ')').Split([',', ' ', '×'], StringSplitOptions.TrimEntries
            | StringSplitOptions.RemoveEmptyEntries);
        return [.. parts.Select(part => int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out int number) ? number : throw new ArgumentException($"shapes: {what}: '{Printable.Of(part, 20)}' is no "
                + "whole number: give numbers with commas between them, such as 2, 3"))];
    }
}
