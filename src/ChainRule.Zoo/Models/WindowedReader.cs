namespace ChainRule.Zoo.Models;

/// <summary>
/// For a model that counts places from the beginning of its window: what it remembers of a character holds only as long
/// as the window stands still. A full window lets the oldest go, and the rest is read anew.
/// </summary>
abstract class WindowedReader : DecodingState
{
    readonly int _context, _slide;
    readonly List<int> _window = [];

    /// <param name="model">Which reads: its context is the most characters of a window.</param>
    /// <param name="slide">How many of the oldest are dropped at once; null means half of them.</param>
    protected WindowedReader(LanguageModel model, int? slide) : base(model)
    {
        int context = model.Context;
        (_context, _slide) = (context, slide ?? (context + 1) / 2);
        if (_slide < 1 || _slide > context)
            throw new ArgumentException(
                $"read: to let go of {slide} characters of a window of {context}: give 1 to {context}");
    }

    protected override Tensor Take(ReadOnlySpan<int> ids)
    {
        _window.AddRange(ids);
        int fresh = ids.Length;
        if (_window.Count > _context)
        {
            int kept = _context - _slide + 1;
            _window.RemoveRange(0, _window.Count - (ids.Length == 1 ? kept : _context));
            fresh = _window.Count;
            Forget();
        }
        return Take(Ids.From([.. _window[^fresh..]], [1, fresh]), _window.Count - fresh);
    }

    /// <summary>The window begins anew.</summary>
    protected abstract void Forget();

    /// <summary>
    /// Reads ids [1, n], the first of which stands at a place of the window; the logits after the last.
    /// </summary>
    protected abstract Tensor Take(Ids ids, int place);
}
