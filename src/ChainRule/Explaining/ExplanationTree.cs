namespace ChainRule.Explaining;

/// <summary>
/// Grows an explanation from its root: the number with the largest part of the root is explained next, until depth and
/// number of numbers are reached. A number that is come to twice is explained once.
/// </summary>
/// <typeparam name="TPlace">Where a number stands: in a tensor, or by itself.</typeparam>
abstract class ExplanationTree<TPlace>(ExplainOptions options, bool isGradient) where TPlace : notnull
{
    // Passing on is no level, but a chain of reshapes without end must end.
    const int Passes = 64;

    readonly Dictionary<TPlace, Explanation> _known = [];

    public Explanation Of(TPlace root)
    {
        var queue = new PriorityQueue<Open, double>();
        var explained = Known(root, out _);
        queue.Enqueue(new(explained, root, 1, 0, 0), -1);
        for (int count = 0; count < options.Numbers && queue.TryDequeue(out var open, out _);)
        {
            if (open.Depth >= options.Depth || open.Fraction < options.SmallestFraction)
            {
                open.Number.IsCut = !IsEnd(open.Place);
                continue;
            }
            count++;
            var steps = Steps(open.Place);
            double magnitude = steps.Sum(static step => step.Magnitude);
            open.Number.Steps = [.. steps.Select(step => Step(step, magnitude, open, queue))];
        }
        foreach (var (left, _) in queue.UnorderedItems) left.Number.IsCut = !IsEnd(left.Place);
        return explained;
    }

    /// <summary>The ops and all terms of one number.</summary>
    protected abstract List<FullStep<TPlace>> Steps(TPlace x);

    /// <summary>The number itself, or the gradient towards it.</summary>
    protected abstract double Number(TPlace x);

    /// <summary>What the number is called.</summary>
    protected abstract string Name(TPlace x);

    /// <summary>Whether there is nothing to explain.</summary>
    protected abstract bool IsEnd(TPlace x);

    ExplanationStep Step(FullStep<TPlace> step, double magnitude, Open above, PriorityQueue<Open, double> queue)
    {
        var terms = step.Terms;
        terms.Sort(static (a, b) => Size(b.Value).CompareTo(Size(a.Value)));
        int shown = Math.Min(options.Top, terms.Count);
        bool passes = step.Passes && above.Passed < Passes;
        var found = new ExplanationTerm[shown];
        for (int i = 0; i < shown; i++)
        {
            var term = terms[i];
            double fraction = magnitude > 0 ? Math.Abs(term.Value) / magnitude : 1.0 / terms.Count;
            var from = Known(term.Place, out bool isNew);
            if (isNew && !IsEnd(term.Place))
                queue.Enqueue(new(from, term.Place, above.Fraction * fraction, above.Depth + (passes ? 0 : 1),
                    passes ? above.Passed + 1 : 0), -above.Fraction * fraction);
            found[i] = new()
            {
                Value = term.Value, Fraction = fraction, Derivative = term.Derivative, DerivativeText = term.Text(),
                From = from,
            };
        }
        return new()
        {
            Op = step.Op, Formula = step.Formula, Numbers = step.Numbers, Sum = step.Sum, AddsUp = step.AddsUp,
            Terms = found, Omitted = terms.Count - shown,
            OmittedSum = terms.Skip(shown).Sum(static term => term.Value), Magnitude = step.Magnitude,
            ByRow = step.ByRow,
            MeanSizes = terms.Count == 0 ? (0, 0) : (terms.Average(term => Math.Abs(Number(term.Place))),
                terms.Average(static term => Math.Abs(term.Derivative))),
        };
    }

    Explanation Known(TPlace x, out bool isNew)
    {
        isNew = !_known.TryGetValue(x, out var known);
        if (isNew) _known[x] = known = new(Name(x), Number(x), isGradient);
        return known!;
    }

    // NaN comes first: it is what one looks for.
    static double Size(double value) => double.IsNaN(value) ? double.PositiveInfinity : Math.Abs(value);

    readonly record struct Open(Explanation Number, TPlace Place, double Fraction, int Depth, int Passed);
}

/// <summary>A step with all of its terms.</summary>
sealed record FullStep<TPlace>(
    string Op, string Formula, string Numbers, double Sum, bool AddsUp, List<FullTerm<TPlace>> Terms)
{
    /// <summary>Σ |term|.</summary>
    public double Magnitude { get; } = Terms.Sum(static term => Math.Abs(term.Value));

    /// <summary>Whether the number is only passed on.</summary>
    public bool Passes { get; init; }

    /// <summary>The sums over the places along axis 0.</summary>
    public double[] ByRow { get; init; } = [];
}

/// <summary>A term: a number, times a derivative.</summary>
readonly record struct FullTerm<TPlace>(TPlace Place, double Value, double Derivative, Func<string> Text);

/// <summary>One number of a tensor.</summary>
readonly record struct TensorPlace(Slot Tensor, int At);
