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
        queue.Enqueue(new(explained, root, 1, 0, 0, IsAlone: true), -1);
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
            if (steps.Count > 0 && steps.TrueForAll(static step => step.AddsUp))
            {
                double missing = open.Number.Value - steps.Sum(static step => step.Sum);
                if (Math.Abs(missing) > Rounding(open.Place) * magnitude
                    && Math.Abs(missing) > Rounding(open.Place) * Typical(open.Place)) open.Number.Missing = missing;
                if (open.IsAlone) open.Number.Division = Divide(steps);
            }
            open.Number.Steps = [.. steps.Select(step => Step(step, steps.Count, magnitude, open, queue))];
        }
        foreach (var (left, _) in queue.UnorderedItems) left.Number.IsCut = !IsEnd(left.Place);
        return explained;
    }

    /// <summary>The ops and all terms of one number.</summary>
    protected abstract List<FullStep<TPlace>> Steps(TPlace x);

    /// <summary>The number itself, or the gradient towards it.</summary>
    protected abstract double Number(TPlace x);

    /// <summary>The number itself.</summary>
    protected abstract double Own(TPlace x);

    /// <summary>What the number is called.</summary>
    protected abstract string Name(TPlace x);

    /// <summary>Whether there is nothing to explain.</summary>
    protected abstract bool IsEnd(TPlace x);

    /// <summary>How far a sum may be from the number by rounding, relative to the sizes of its terms.</summary>
    protected abstract double Rounding(TPlace x);

    /// <summary>The mean size of the numbers beside this one.</summary>
    protected virtual double Typical(TPlace x) => Math.Abs(Number(x));

    /// <summary>The examples, or the rows, that the terms are of; null where they are of none.</summary>
    protected virtual TermGroups<TPlace>? Groups(List<FullStep<TPlace>> steps) => null;

    ExplanationDivision? Divide(List<FullStep<TPlace>> steps)
    {
        FullTerm<TPlace>[] all = [.. steps.SelectMany(static step => step.Terms)];
        if (all.All(static term => term.Value == 0) || all.Any(static term => !double.IsFinite(term.Value)))
            return null;
        var groups = Groups(steps);
        var group = groups?.Largest(all);
        var (largest, of) = steps.SelectMany(static step => step.Terms, static (step, term) => (term, step))
            .Where(pair => group is null || groups!.Of(pair.term.Place) == group.At)
            .MaxBy(static pair => Math.Abs(pair.term.Value));
        return new(steps.Count, all.Length, all.Count(static term => term.Value == 0),
            steps.Sum(static step => step.Signs.Positive), steps.Sum(static step => step.Signs.Negative),
            Term(largest, double.NaN, Known(largest.Place)), of.Terms.Average(term => Math.Abs(Number(term.Place))),
            of.Terms.Average(static term => Math.Abs(term.Derivative)), group);
    }

    ExplanationStep Step(FullStep<TPlace> step, int steps, double magnitude, Open above,
        PriorityQueue<Open, double> queue)
    {
        var terms = step.Terms;
        terms.Sort(static (a, b) => Size(b.Value).CompareTo(Size(a.Value)));
        int shown = Math.Min(options.Top, terms.Count);
        bool passes = step.Passes && above.Passed < Passes, alone = above.IsAlone && steps == 1 && terms.Count == 1;
        var found = new ExplanationTerm[shown];
        for (int i = 0; i < shown; i++)
        {
            var term = terms[i];
            double fraction = !double.IsFinite(magnitude) ? double.NaN
                : magnitude > 0 ? Math.Abs(term.Value) / magnitude : 1.0 / terms.Count;
            double part = above.Fraction * (double.IsNaN(fraction) ? double.IsFinite(term.Value) ? 0 : 1 : fraction);
            var from = Known(term.Place, out bool isNew);
            if (isNew && !IsEnd(term.Place))
                queue.Enqueue(new(from, term.Place, part, above.Depth + (passes ? 0 : 1),
                    passes ? above.Passed + 1 : 0, alone), -part);
            found[i] = Term(term, fraction, from);
        }
        return new()
        {
            Op = step.Op, Formula = step.Formula, Numbers = step.Numbers, Sum = step.Sum, AddsUp = step.AddsUp,
            Terms = found, Omitted = terms.Count - shown,
            OmittedSum = terms.Skip(shown).Sum(static term => term.Value), Magnitude = step.Magnitude,
            Signs = step.Signs,
        };
    }

    static ExplanationTerm Term(FullTerm<TPlace> term, double fraction, Explanation from) => new()
    {
        Value = term.Value, Fraction = fraction, Derivative = term.Derivative, DerivativeText = term.Text(),
        IsNamed = term.IsNamed, From = from,
    };

    Explanation Known(TPlace x, out bool isNew)
    {
        isNew = !_known.TryGetValue(x, out var known);
        if (isNew) _known[x] = known = new(Name(x), Number(x), Own(x), isGradient);
        return known!;
    }

    /// <summary>A number to be named: one that is explained, or else without its explanation.</summary>
    Explanation Known(TPlace x) =>
        _known.TryGetValue(x, out var known) ? known : new(Name(x), Number(x), Own(x), isGradient);

    // NaN comes first: it is what one looks for.
    static double Size(double value) => double.IsNaN(value) ? double.PositiveInfinity : Math.Abs(value);

    readonly record struct Open(Explanation Number, TPlace Place, double Fraction, int Depth, int Passed, bool IsAlone);
}

/// <summary>A step with all of its terms.</summary>
sealed record FullStep<TPlace>(
    string Op, string Formula, string Numbers, double Sum, bool AddsUp, List<FullTerm<TPlace>> Terms)
{
    /// <summary>Σ |term|.</summary>
    public double Magnitude { get; } = Terms.Sum(static term => Math.Abs(term.Value));

    /// <summary>The sum of the positive terms, and that of the negative ones.</summary>
    public (double Positive, double Negative) Signs { get; } = (Terms.Sum(static term => Math.Max(term.Value, 0)),
        Terms.Sum(static term => Math.Min(term.Value, 0)));

    /// <summary>Whether the number is only passed on.</summary>
    public bool Passes { get; init; }
}

/// <summary>A term: a number, times a derivative.</summary>
readonly record struct FullTerm<TPlace>(TPlace Place, double Value, double Derivative, Func<string> Text)
{
    /// <summary>Whether the text is the name of a number, and not a formula.</summary>
    public bool IsNamed { get; init; }

    /// <summary>
    /// A gradient from above times a derivative. 0 times infinity is NaN where the engine's sum is NaN too; where it
    /// leaves such a term out, it is 0.
    /// </summary>
    public static double Product(double from, double derivative, double sum) =>
        from == 0 && !double.IsNaN(sum) ? 0 : from * derivative;
}

/// <summary>One number of a tensor.</summary>
readonly record struct TensorPlace(Slot Tensor, int At);
