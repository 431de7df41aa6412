namespace ChainRule.Explaining;

/// <summary>
/// Grows an explanation from its root: the number with the largest share of the root is explained next, until depth and
/// number of numbers are reached. A number that is come to twice is explained once.
/// </summary>
abstract class ExplanationTree(ExplainedGraph graph, ExplainOptions options, bool isGradient)
{
    // Passing on is no level, but a chain of reshapes without end must end.
    const int Passes = 64;

    readonly Dictionary<(Slot, int), Explanation> _known = [];

    protected ExplainedGraph Graph { get; } = graph;

    public Explanation Of(Slot root, int at)
    {
        var queue = new PriorityQueue<Open, double>();
        var explained = Known(Graph.Own(root), at, out _);
        queue.Enqueue(new(explained, Graph.Own(root), at, 1, 0, 0), -1);
        for (int count = 0; count < options.Numbers && queue.TryDequeue(out var open, out _);)
        {
            if (open.Depth >= options.Depth || open.Share < options.SmallestShare)
            {
                open.Number.IsCut = !IsEnd(open.Tensor);
                continue;
            }
            count++;
            var steps = Steps(open.Tensor, open.At);
            double magnitude = steps.Sum(static step => step.Magnitude);
            open.Number.Steps = [.. steps.Select(step => Step(step, magnitude, open, queue))];
        }
        foreach (var (left, _) in queue.UnorderedItems) left.Number.IsCut = !IsEnd(left.Tensor);
        return explained;
    }

    /// <summary>The ops and all terms of one number.</summary>
    protected abstract List<FullStep> Steps(Slot x, int at);

    /// <summary>The number that a term is a multiple of.</summary>
    protected abstract double Number(Slot x, int at);

    /// <summary>Whether there is nothing to explain.</summary>
    protected abstract bool IsEnd(Slot x);

    ExplanationStep Step(FullStep step, double magnitude, Open above, PriorityQueue<Open, double> queue)
    {
        var terms = step.Terms;
        terms.Sort(static (a, b) => Size(b.Value).CompareTo(Size(a.Value)));
        int shown = Math.Min(options.Top, terms.Count);
        bool passes = step.Passes && above.Passed < Passes;
        var found = new ExplanationTerm[shown];
        for (int i = 0; i < shown; i++)
        {
            var term = terms[i];
            double share = magnitude > 0 ? Math.Abs(term.Value) / magnitude : 1.0 / terms.Count;
            var from = Known(term.Tensor, term.At, out bool isNew);
            if (isNew && !IsEnd(term.Tensor))
                queue.Enqueue(new(from, term.Tensor, term.At, above.Share * share, above.Depth + (passes ? 0 : 1),
                    passes ? above.Passed + 1 : 0), -above.Share * share);
            found[i] = new()
            {
                Value = term.Value, Share = share, Derivative = term.Derivative, DerivativeText = term.Text(),
                From = from,
            };
        }
        return new()
        {
            Op = step.Op, Formula = step.Formula, Numbers = step.Numbers, Sum = step.Sum, AddsUp = step.AddsUp, Terms = found,
            Omitted = terms.Count - shown, OmittedSum = terms.Skip(shown).Sum(static term => term.Value),
            Magnitude = step.Magnitude, ByRow = step.ByRow,
            MeanSizes = terms.Count == 0 ? (0, 0) : (terms.Average(term => Math.Abs(Number(term.Tensor, term.At))),
                terms.Average(static term => Math.Abs(term.Derivative))),
        };
    }

    Explanation Known(Slot x, int at, out bool isNew)
    {
        isNew = !_known.TryGetValue((x, at), out var known);
        if (isNew) _known[(x, at)] = known = new(Graph.Names.Of(x, at), Number(x, at), isGradient);
        return known!;
    }

    // NaN comes first: it is what one looks for.
    static double Size(double value) => double.IsNaN(value) ? double.PositiveInfinity : Math.Abs(value);

    readonly record struct Open(Explanation Number, Slot Tensor, int At, double Share, int Depth, int Passed);
}

/// <summary>A step with all of its terms.</summary>
sealed record FullStep(string Op, string Formula, string Numbers, double Sum, bool AddsUp, List<FullTerm> Terms)
{
    /// <summary>Σ |term|.</summary>
    public double Magnitude { get; } = Terms.Sum(static term => Math.Abs(term.Value));

    /// <summary>Whether the number is only passed on.</summary>
    public bool Passes { get; init; }

    /// <summary>The sums over the places along axis 0.</summary>
    public double[] ByRow { get; init; } = [];
}

/// <summary>A term: a number of a tensor, times a derivative.</summary>
readonly record struct FullTerm(Slot Tensor, int At, double Value, double Derivative, Func<string> Text);
