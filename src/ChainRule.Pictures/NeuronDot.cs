using ChainRule.Scalar;

namespace ChainRule.Pictures;

/// <summary>
/// One neuron in DOT, part by part from left to right: inputs, weights, products, bias, sum, activation, output, each
/// with its number and with the gradient of the output by it.
/// </summary>
static class NeuronDot
{
    // Inches between two rows; the columns stand where their widest texts leave room.
    const double Row = 1.05;

    public static string Write(NeuronParts parts)
    {
        var text = new DotText("layout=neato", "splines=line", "node [shape=box, style=rounded]");
        void Node(string name, string words, double x, double y, string style = "") =>
            text.Node(name, words, style, (x, y));
        static string Part(string name, NeuronParts.Part part) =>
            $"{name}\n{Words.Fixed(part.Data)}\ngrad {Words.Fixed(part.Grad)}";

        int rows = parts.Inputs.Count;
        double top = rows * Row, middle = (rows - 1) * Row / 2;
        foreach (var (x, heading) in new[] { (0, "inputs"), (1.7, "weights"), (3.5, "products"), (5.2, "sum and bias"),
            (7.0, "activation"), (8.7, "output") })
            Node(DotText.Quoted(heading), heading, x, top - Row / 4, "shape=plaintext");
        for (int i = 0; i < rows; i++)
        {
            double y = (rows - 1 - i) * Row;
            int n = i + 1;
            Node($"x{n}", Part($"x{n}", parts.Inputs[i]), 0, y);
            Node($"w{n}", Part($"w{n}", parts.Weights[i]), 1.7, y);
            Node($"p{n}", Part($"x{n} · w{n}", parts.Products[i]), 3.5, y);
            text.Arrow($"x{n}", $"w{n}");
            text.Arrow($"w{n}", $"p{n}");
            text.Arrow($"p{n}", "n");
        }
        Node("n", Part(rows == 1 ? "n = x1 · w1 + b" : "n = Σ x · w + b", parts.Sum), 5.2, middle);
        Node("b", Part("b", parts.Bias), 5.2, Math.Min(middle, 0) - Row * 1.05);
        string function = parts.Activation switch { Activation.Linear => "y = n", Activation.Relu => "max(n, 0)",
            Activation.Sigmoid => "1 / (1 + e⁻ⁿ)", _ => "tanh n" };
        Node("f", function, 7.0, middle, "shape=ellipse, style=solid");
        Node("o", Part("o", parts.Output), 8.7, middle);
        text.Arrow("b", "n");
        text.Arrow("n", "f");
        text.Arrow("f", "o");
        return text.ToString();
    }
}

/// <summary>The numbers of a neuron at work on one example, each with the gradient of the output by it.</summary>
sealed record NeuronParts(
    IReadOnlyList<NeuronParts.Part> Inputs, IReadOnlyList<NeuronParts.Part> Weights,
    IReadOnlyList<NeuronParts.Part> Products, NeuronParts.Part Bias, NeuronParts.Part Sum, Activation Activation,
    NeuronParts.Part Output)
{
    internal readonly record struct Part(double Data, double Grad);

    /// <summary>
    /// o = f(n), n = Σ xᵢ wᵢ + b: by n the gradient is f′(n); by b and by each product the same; by wᵢ it is f′(n) xᵢ,
    /// by xᵢ it is f′(n) wᵢ.
    /// </summary>
    public static NeuronParts Of(Neuron neuron, IReadOnlyList<double> inputs)
    {
        Value[] x = [.. inputs.Select(number => new Value(number))];
        var output = neuron.Forward(x);
        bool linear = neuron.Activation == Activation.Linear;
        double derivative = linear ? 1 : output.LocalDerivatives[0],
            sum = linear ? output.Data : output.Parents[0].Data;
        var weights = neuron.Weights.Select(weight => weight.Data).ToList();
        return new(
            [.. inputs.Zip(weights, (value, weight) => new Part(value, derivative * weight))],
            [.. inputs.Zip(weights, (value, weight) => new Part(weight, derivative * value))],
            [.. inputs.Zip(weights, (value, weight) => new Part(value * weight, derivative))],
            new(neuron.Bias.Data, derivative), new(sum, derivative), neuron.Activation, new(output.Data, 1));
    }
}
