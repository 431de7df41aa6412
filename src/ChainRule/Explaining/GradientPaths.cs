using System.Globalization;

namespace ChainRule.Explaining;

/// <summary>The ways by which most of a gradient came; prints as a table.</summary>
public sealed class GradientPaths
{
    GradientPaths(string subject, double gradient, List<GradientPath> paths) =>
        (Subject, Gradient, Paths) = (subject, gradient, paths);

    /// <summary>What was asked for: <c>dL/dW[3, 7]</c>.</summary>
    public string Subject { get; }

    /// <summary>The whole gradient.</summary>
    public double Gradient { get; }

    /// <summary>The paths that were found, the largest part first.</summary>
    public IReadOnlyList<GradientPath> Paths { get; }

    /// <summary>What all other paths add: the gradient less the parts of the paths found.</summary>
    public double Rest => Gradient - Paths.Sum(static path => path.Part);

    public override string ToString() => $"{Subject} = {ExplanationText.Number(Gradient)}\n" + TextTable.Of(
        [.. Paths.Select(path => new[] { $"  {ExplanationText.Number(path.Part)}", Fraction(path.Part), "" + path }),
            ["  other paths", Fraction(Rest), ExplanationText.Number(Rest)]]);

    internal static GradientPaths Find(ExplainedGraph graph, Slot loss, Slot x, int at, int count,
        ExplainOptions options)
    {
        var tree = new GradientTree(graph, loss, options);
        var queue = new PriorityQueue<Prefix, double>();
        var start = graph.Own(x);
        double gradient = graph.Gradient(start, at);
        queue.Enqueue(new(start, at, 1, null, ""), 0);
        List<GradientPath> found = [];
        for (int looked = 0; looked < options.Numbers && found.Count < count && queue.TryDequeue(out var prefix, out _);
            looked++)
        {
            if (prefix.Tensor == loss)
            {
                found.Add(prefix.ToPath(graph));
                continue;
            }
            foreach (var (node, input) in graph.Uses(prefix.Tensor))
            {
                var terms = tree.Step(node, input, prefix.At).Terms;
                terms.Sort(static (a, b) => Math.Abs(b.Value).CompareTo(Math.Abs(a.Value)));
                foreach (var term in terms.Take(options.Top))
                    if (term.Value != 0)
                        queue.Enqueue(new(term.Place.Tensor, term.Place.At, prefix.Derivative * term.Derivative,
                            prefix, node.Op),
                            -Math.Abs(prefix.Derivative * term.Value));
            }
        }
        found.Sort(static (a, b) => Math.Abs(b.Part).CompareTo(Math.Abs(a.Part)));
        return new($"dL/d{graph.Names.Of(start, at)}", gradient, found);
    }

    string Fraction(double part) =>
        Gradient == 0 ? "" : (part / Gradient).ToString("0.0 %", CultureInfo.InvariantCulture);

    /// <summary>A path so far, with the product of its derivatives.</summary>
    sealed record Prefix(Slot Tensor, int At, double Derivative, Prefix? Before, string Op)
    {
        public GradientPath ToPath(ExplainedGraph graph)
        {
            List<string> numbers = [], ops = [];
            for (var one = this; one is not null; one = one.Before)
            {
                numbers.Insert(0, graph.Names.Of(one.Tensor, one.At));
                if (one.Before is not null) ops.Insert(0, one.Op);
            }
            return new(Derivative, numbers, ops);
        }
    }
}

/// <summary>One way from a number to the loss.</summary>
public sealed class GradientPath
{
    internal GradientPath(double part, IReadOnlyList<string> numbers, IReadOnlyList<string> ops) =>
        (Part, Numbers, Ops) = (part, numbers, ops);

    /// <summary>The part of the gradient that comes by it: the product of the derivatives along it.</summary>
    public double Part { get; }

    /// <summary>The numbers that it goes through, from the one asked for to the loss.</summary>
    public IReadOnlyList<string> Numbers { get; }

    /// <summary>The ops between them.</summary>
    public IReadOnlyList<string> Ops { get; }

    public override string ToString() => string.Join(" → ", Numbers);
}
