using System.Globalization;
using System.Text;

namespace ChainRule.Explaining;

/// <summary>A tensor that an op computed, and the gradient that came to it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">Its numbers.</param>
/// <param name="Gradient">dL/d(it), complete.</param>
public sealed record BackpropNumber(string Name, Tensor Value, Tensor Gradient);

/// <summary>A tensor that an op read.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">Its numbers.</param>
public sealed record BackpropInput(string Name, Tensor Value);

/// <summary>
/// What an op added to the gradient of one of its inputs: of a tensor that it takes twice, one for each.
/// </summary>
/// <param name="Name">The input.</param>
/// <param name="Formula">dL/d(input) in letters; empty for an op without text.</param>
/// <param name="Value">The input's numbers.</param>
/// <param name="Amount">What was added.</param>
/// <param name="Before">The input's gradient before; null where this is the first part of it.</param>
/// <param name="After">The input's gradient afterwards.</param>
public sealed record BackpropAddition(string Name, string Formula, Tensor Value, Tensor Amount, Tensor? Before,
    Tensor After);

/// <summary>One op of a backward pass.</summary>
/// <param name="Number">The how-manieth step it is, from 1.</param>
/// <param name="Op">The op.</param>
/// <param name="Formula">What it computed, in letters; empty for an op without text.</param>
/// <param name="Inputs">What it read.</param>
/// <param name="Came">What came in: the gradients of its outputs.</param>
/// <param name="Added">What was added to whom: of inputs that require a gradient.</param>
public sealed record BackpropStep(int Number, string Op, string Formula, IReadOnlyList<BackpropInput> Inputs,
    IReadOnlyList<BackpropNumber> Came, IReadOnlyList<BackpropAddition> Added)
{
    // Longer tensors are shown by their shape and largest number.
    const int MostShown = 12;

    /// <summary>The op, its forward values, what came in, and what was added to whom, a line each.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        string formula = Formula.Length > 0 ? $":  {Formula}" : "";
        text.Append(CultureInfo.InvariantCulture, $"step {Number}: {string.Join(", ", Came.Select(y => y.Name))} = ");
        text.Append(CultureInfo.InvariantCulture, $"{Op}({string.Join(", ", Inputs.Select(x => x.Name))})");
        text.Append(formula);
        string read = string.Join(", ", Inputs.DistinctBy(x => x.Name).Select(x => $"{x.Name} = {Text(x.Value)}"));
        text.Append(CultureInfo.InvariantCulture, $"\n  forward: {string.Join(", ", Came.Select(
            y => $"{y.Name} = {Text(y.Value)}"))}  from {read}");
        foreach (var y in Came)
            text.Append(CultureInfo.InvariantCulture, $"\n  came in: {Derivative(y.Name)} = {Text(y.Gradient)}");
        foreach (var x in Added)
        {
            string by = x.Formula.Length > 0 ? $"  by {x.Formula}" : "";
            string sum = x.Before is { } before ? $"; {Text(before)} + it = {Text(x.After)}" : "";
            text.Append(CultureInfo.InvariantCulture, $"\n  added: {Derivative(x.Name)} += {Text(x.Amount)}{by}{sum}");
        }
        return text.ToString();
    }

    /// <summary>
    /// dL/d(a tensor or a number of it), in parentheses where its name is more than a word: <c>dL/dW[3, 7]</c>,
    /// <c>dL/d(layers.0.weight[3, 7])</c>.
    /// </summary>
    public static string Derivative(string name)
    {
        Throw.IfNull(name, "derivative");
        string word = name.Split('[')[0];
        return word.Length > 0 && char.IsLetter(word[0]) && word.All(static c => char.IsLetterOrDigit(c) || c is '_')
            ? $"dL/d{name}" : $"dL/d({name})";
    }

    /// <summary>The numbers of a tensor: all of a small one, of others the shape and the largest.</summary>
    public static string Text(Tensor x)
    {
        double[] numbers = x.To(DType.Float64).ToArray<double>();
        if (x.Rank == 0) return ExplanationText.Number(numbers[0]);
        return x.Count > MostShown
            ? $"{x.Shape}, the largest {ExplanationText.Number(numbers.MaxBy(Math.Abs))}"
            : Nested(x.Shape, numbers, 0, numbers.Length, 0);
    }

    static string Nested(Shape shape, double[] numbers, int from, int count, int axis)
    {
        if (axis == shape.Rank) return ExplanationText.Number(numbers[from]);
        int size = shape[axis], each = size == 0 ? 0 : count / size;
        return $"[{string.Join(", ", Enumerable.Range(0, size)
            .Select(i => Nested(shape, numbers, from + i * each, each, axis + 1)))}]";
    }
}
