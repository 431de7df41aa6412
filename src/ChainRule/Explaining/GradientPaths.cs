using System.Globalization;

namespace ChainRule.Explaining;

/// <summary>The ways by which most of a gradient came; prints as a table.</summary>
public sealed class GradientPaths
{
    // Where a path does not divide it is followed on: of a long chain there is one path, however long.
    const int Cheap = 100;

    readonly int _looked;

    GradientPaths(string subject, double gradient, List<GradientPath> paths, int looked) =>
        (Subject, Gradient, Paths, _looked) = (subject, gradient, paths, looked);

    /// <summary>What was asked for: <c>dL/dW[3, 7]</c>.</summary>
    public string Subject { get; }

    /// <summary>The whole gradient.</summary>
    public double Gradient { get; }

    /// <summary>The paths that were found, the largest part first.</summary>
    public IReadOnlyList<GradientPath> Paths { get; }

    /// <summary>What all other paths add: the gradient less the parts of the paths found.</summary>
    public double Rest => Gradient - Paths.Sum(static path => path.Part);

    /// <summary>
    /// Whether the search ended at <see cref="ExplainOptions.Numbers"/>, before it found as many paths as were asked
    /// for: then the paths found need not be the largest.
    /// </summary>
    public bool IsCut => _looked > 0;

    public override string ToString() => $"{Subject} = {ExplanationText.Number(Gradient)}\n" + TextTable.Of(
        [.. Paths.Select(path => new[] { $"  {ExplanationText.Number(path.Part)}", Fraction(path.Part), "" + path }),
            ["  other paths", Fraction(Rest), ExplanationText.Number(Rest)]])
        + (IsCut ? string.Create(CultureInfo.InvariantCulture, $"\nthe search ended after {_looked:N0} numbers: give "
            + $"ExplainOptions a larger Numbers to find more") : "");

    internal static GradientPaths Find(ExplainedGraph graph, Slot loss, Slot x, int at, int count,
        ExplainOptions options)
    {
        var tree = new GradientTree(graph, loss, options);
        var queue = new PriorityQueue<Prefix, double>();
        var start = graph.Own(x);
        double gradient = graph.Gradient(start, at);
        queue.Enqueue(new(start, at, 1, gradient, null, ""), 0);
        List<GradientPath> found = [];
        int looked = 0, passed = 0;
        while (looked + passed / Cheap < options.Numbers && found.Count < count
            && queue.TryDequeue(out var prefix, out double part))
        {
            if (prefix.Tensor == loss)
            {
                found.Add(prefix.ToPath(graph));
                continue;
            }
            var next = Next(graph, tree, prefix, options);
            if (next.Count == 1) passed++;
            else looked++;
            foreach (var one in next) queue.Enqueue(one, next.Count == 1 ? part : -Math.Abs(one.Value));
        }
        bool isCut = found.Count < count && queue.Count > 0;
        found.Sort(static (a, b) => Math.Abs(b.Part).CompareTo(Math.Abs(a.Part)));
        return new($"dL/d{graph.Names.Of(start, at)}", gradient, found, isCut ? looked + passed : 0);
    }

    /// <summary>A path with each of its next numbers.</summary>
    static List<Prefix> Next(ExplainedGraph graph, GradientTree tree, Prefix prefix, ExplainOptions options)
    {
        List<Prefix> found = [];
        foreach (var (node, input) in graph.Uses(prefix.Tensor))
        {
            var terms = tree.Step(node, input, prefix.At).Terms;
            terms.Sort(static (a, b) => Math.Abs(b.Value).CompareTo(Math.Abs(a.Value)));
            foreach (var term in terms.Take(options.Top))
                if (term.Value != 0)
                    found.Add(new(term.Place.Tensor, term.Place.At, prefix.Derivative * term.Derivative,
                        prefix.Derivative * term.Value, prefix, node.Op));
        }
        return found;
    }

    string Fraction(double part) =>
        Gradient == 0 ? "" : (part / Gradient).ToString("0.0 %", CultureInfo.InvariantCulture);

    /// <summary>
    /// A path so far, with the product of its derivatives, and what of the gradient comes by it and those that go on.
    /// </summary>
    sealed record Prefix(Slot Tensor, int At, double Derivative, double Value, Prefix? Before, string Op)
    {
        public GradientPath ToPath(ExplainedGraph graph)
        {
            List<string> numbers = [], ops = [];
            for (var one = this; one is not null; one = one.Before)
            {
                numbers.Add(graph.Names.Of(one.Tensor, one.At));
                if (one.Before is not null) ops.Add(one.Op);
            }
            numbers.Reverse();
            ops.Reverse();
            return new(Derivative, numbers, ops);
        }
    }
}

/// <summary>One way from a number to the loss.</summary>
public sealed class GradientPath
{
    const int MostShown = 40;

    internal GradientPath(double part, IReadOnlyList<string> numbers, IReadOnlyList<string> ops) =>
        (Part, Numbers, Ops) = (part, numbers, ops);

    /// <summary>The part of the gradient that comes by it: the product of the derivatives along it.</summary>
    public double Part { get; }

    /// <summary>The numbers that it goes through, from the one asked for to the loss.</summary>
    public IReadOnlyList<string> Numbers { get; }

    /// <summary>The ops between them.</summary>
    public IReadOnlyList<string> Ops { get; }

    /// <summary>The numbers; of a very long path the first and the last.</summary>
    public override string ToString() => string.Join(" → ", Numbers.Count <= MostShown ? Numbers
        : [.. Numbers.Take(MostShown / 2), string.Create(CultureInfo.InvariantCulture,
            $"… {Numbers.Count - MostShown:N0} more …"), .. Numbers.Skip(Numbers.Count - MostShown / 2)]);
}
