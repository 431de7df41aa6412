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

    /// <summary>How many numbers were explained, each once.</summary>
    public int Numbers { get; internal init; }

    /// <summary>How many gradients were left out, which are NaN or infinite: there is no sum to compare.</summary>
    public int NotFinite { get; internal init; }

    /// <summary>What is allowed for the number type: 1e-12 in float64, 3e-5 in float32.</summary>
    public double Allowed { get; internal init; }

    /// <summary>Whether the error is no larger than <see cref="Allowed"/>.</summary>
    public bool Passed => Error <= Allowed;

    public override string ToString()
    {
        string left = NotFinite > 0
            ? string.Create(CultureInfo.InvariantCulture, $"; {NotFinite} that are NaN or infinite are left out") : "";
        string numbers = Numbers == 1 ? "the explanation of 1 number" : $"explanations of {Numbers} numbers";
        if (Numbers == 0) return $"no number was explained{left}";
        return string.Create(CultureInfo.InvariantCulture, $"{numbers}: ") + (Passed
            ? string.Create(CultureInfo.InvariantCulture, $"their terms add up to the gradients, to {Error:0.0e-00} "
                + $"relative (allowed {Allowed:0.0e-00}); worst {Name}")
            : string.Create(CultureInfo.InvariantCulture, $"their terms do NOT add up to the gradients: "
                + $"{BackpropStep.Derivative(Name)} is {Gradient:G6}, and its terms add up to {Sum:G6}, which is "
                + $"{Error:0.0e-00} relative (allowed {Allowed:0.0e-00})")) + left;
    }

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
        int numbers = 0, notFinite = 0;
        foreach (var (x, at) in Drawn(tensors, count))
        {
            double gradient = graph.Gradient(x, at);
            if (!double.IsFinite(gradient))
            {
                notFinite++;
                continue;
            }
            numbers++;
            var steps = graph.Uses(x).ConvertAll(use => tree.Step(use.Node, use.Input, at));
            double sum = steps.Sum(static step => step.Sum),
                size = Math.Max(GradientTree.MeanSize(graph, x), steps.Sum(static step => step.Magnitude));
            double error = sum == gradient ? 0 : Math.Abs(sum - gradient) / size;
            if (!(error <= worst.Error))
                worst = worst with
                {
                    Name = graph.Names.Of(x, at), Gradient = gradient, Sum = sum,
                    Error = double.IsNaN(error) ? double.PositiveInfinity : error,
                };
        }
        return worst with { Numbers = numbers, NotFinite = notFinite, Error = Math.Max(0, worst.Error) };
    }

    /// <summary>A number of each tensor, and then any; all of them where there are no more than asked for.</summary>
    static IEnumerable<(Slot X, int At)> Drawn(List<Slot> tensors, int count)
    {
        if (tensors.Sum(static x => (long)x.Count) <= count)
        {
            foreach (var x in tensors) for (int at = 0; at < x.Count; at++) yield return (x, at);
            yield break;
        }
        HashSet<(Slot, int)> seen = [];
        for (int i = 0; seen.Count < Math.Max(count, tensors.Count); i++)
        {
            var x = tensors[i < tensors.Count ? i : Draw(i, tensors.Count)];
            int at = Draw(i + 1, x.Count);
            // Where few are left, the next that was not drawn.
            while (!seen.Add((x, at))) (x, at) = After(tensors, x, at);
            yield return (x, at);
        }
    }

    static (Slot X, int At) After(List<Slot> tensors, Slot x, int at) => at + 1 < x.Count ? (x, at + 1)
        : (tensors[(tensors.IndexOf(x) + 1) % tensors.Count], 0);

    // Knuth's multiplicative hash: as good as drawn, and the same each time.
    static int Draw(int i, int below) => (int)((uint)i * 2654435761u % (uint)below);
}
