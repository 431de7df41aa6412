namespace ChainRule.Zoo.Models;

/// <summary>
/// The last characters of a text, for a model that counts places from the beginning of its window. A full window lets
/// the oldest go, and the rest is read anew.
/// </summary>
sealed class SlidingWindow
{
    readonly int _context, _slide;
    readonly List<int> _ids = [];

    /// <param name="context">The most characters.</param>
    /// <param name="slide">How many of the oldest are dropped at once; null means half of them.</param>
    public SlidingWindow(int context, int? slide)
    {
        (_context, _slide) = (context, slide ?? (context + 1) / 2);
        if (_slide < 1 || _slide > context)
            throw new ArgumentException(
                $"read: to let go of {slide} characters of a window of {context}: give 1 to {context}");
    }

    /// <summary>Adds characters: those that are to be read now, and whether all that was read before is
    /// forgotten.</summary>
    public (int[] Fresh, int Place, bool Anew) Add(ReadOnlySpan<int> ids)
    {
        _ids.AddRange(ids);
        int fresh = ids.Length;
        bool anew = _ids.Count > _context;
        if (anew)
        {
            int kept = _context - _slide + 1;
            _ids.RemoveRange(0, _ids.Count - (ids.Length == 1 ? kept : _context));
            fresh = _ids.Count;
        }
        return ([.. _ids[^fresh..]], _ids.Count - fresh, anew);
    }
}
