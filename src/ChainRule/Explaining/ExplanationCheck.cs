using System.Globalization;

namespace ChainRule.Explaining;

/// <summary>Whether explanations add up: the number of a graph whose terms are farthest from its gradient.</summary>
public sealed record ExplanationCheck
{
    internal ExplanationCheck() { }

    /// <summary>The number with the largest error: <c>layers.0.weight[3, 7]</c>.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>dL/d(the number), as the engine computed it.</summary>
    public double Gradient { get; internal init; }

    /// <summary>The sum of all terms of its explanation.</summary>
    public double Sum { get; internal init; }

    /// <summary>
    /// |sum − gradient|, relative to Σ |terms| or, where that is larger, to the mean size of the tensor's gradients.
    /// </summary>
    public double Error { get; internal init; }

    /// <summary>How many numbers were explained.</summary>
    public int Numbers { get; internal init; }

    /// <summary>What is allowed for the number type: 1e-12 in float64, 3e-5 in float32.</summary>
    public double Allowed { get; internal init; }

    /// <summary>Whether the error is no larger than <see cref="Allowed"/>.</summary>
    public bool Passed => Error <= Allowed;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"explanations of {Numbers} numbers: their terms add up to the gradients, to {Error:0.0e-00} relative (allowed "
        + $"{Allowed:0.0e-00}); worst {Name}");

    /// <summary>
    /// Explains numbers of every tensor of a graph, also inside of ops that are written with simpler ones.
    /// </summary>
    internal static ExplanationCheck Run(ExplainedGraph graph, Slot loss, int count)
    {
        var tree = new GradientTree(graph, loss, new());
        var tensors = graph.All();
        tensors.RemoveAll(x => x == loss || x.Count == 0);
        ExplanationCheck worst = new()
            { Allowed = DTypes.Rounding(loss.DType), Error = -1 };
        int numbers = 0;
        for (int i = 0; i < Math.Max(count, tensors.Count) && tensors.Count > 0; i++)
        {
            // Each tensor once, and then any.
            var x = tensors[i < tensors.Count ? i : Draw(i, tensors.Count)];
            int at = Draw(i + 1, x.Count);
            double gradient = graph.Gradient(x, at);
            if (!double.IsFinite(gradient)) continue;
            numbers++;
            var steps = graph.Uses(x).ConvertAll(use => tree.Step(use.Node, use.Input, at));
            double sum = steps.Sum(static step => step.Sum),
                size = Math.Max(Typical(graph, x), steps.Sum(static step => step.Magnitude));
            double error = sum == gradient ? 0 : Math.Abs(sum - gradient) / size;
            if (!(error <= worst.Error))
                worst = worst with
                {
                    Name = graph.Names.Of(x, at), Gradient = gradient, Sum = sum,
                    Error = double.IsNaN(error) ? double.PositiveInfinity : error,
                };
        }
        return worst with { Numbers = numbers, Error = Math.Max(0, worst.Error) };
    }

    // Knuth's multiplicative hash: as good as drawn, and the same each time.
    static int Draw(int i, int below) => (int)((uint)i * 2654435761u % (uint)below);

    // What rounds in a sum of many numbers is as large as these are.
    static double Typical(ExplainedGraph graph, Slot x)
    {
        int few = Math.Min(x.Count, 1000);
        double sum = 0;
        for (int i = 0; i < few; i++) sum += Math.Abs(graph.Gradient(x, i));
        return sum / few;
    }
}
