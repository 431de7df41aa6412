using System.Diagnostics.CodeAnalysis;

namespace ChainRule;

/// <summary>
/// While one is open on this thread, losses tell it what they were reduced over, so that means over batches can be
/// joined to the mean over all: a loss whose targets are partly ignored is a mean over fewer terms than there are rows.
/// </summary>
sealed class LossTally : IDisposable
{
    [ThreadStatic]
    static LossTally? s_current;

    [SuppressMessage("Usage", "CA2213", Justification = "Whoever began the outer one ends it.")]
    readonly LossTally? _outer = s_current;
    Reduction? _reduction;
    long _terms;
    bool _mixed;

    LossTally() { }

    public static LossTally? Current => s_current;

    /// <summary>Whether the one loss that was computed is a sum.</summary>
    public bool IsSum => !_mixed && _reduction == Reduction.Sum;

    public static LossTally Begin() => s_current = new();

    public void Add(Reduction reduction, int terms)
    {
        if (_reduction is not null && (_reduction, _terms) != (reduction, terms)) _mixed = true;
        (_reduction, _terms) = (reduction, terms);
    }

    /// <summary>
    /// How many terms the loss is a mean over; the rows, where no loss of the library said so, or several said
    /// different things.
    /// </summary>
    public double Terms(int rows) =>
        _mixed || _reduction is not (Reduction.Mean or Reduction.BatchMean) ? rows : _terms;

    public void Dispose() => s_current = _outer;
}
