namespace ChainRule.Zoo.Models;

/// <summary>
/// For a model that counts places from the beginning of its window: what it remembers of a character holds only as long
/// as the window stands still (<see cref="SlidingWindow"/>).
/// </summary>
/// <param name="model">Which reads: its context is the most characters of a window.</param>
/// <param name="slide">How many of the oldest are dropped at once; null means half of them.</param>
abstract class WindowedReader(LanguageModel model, int? slide) : DecodingState(model)
{
    readonly SlidingWindow _window = new(model.Context, slide);

    protected override Tensor Take(ReadOnlySpan<int> ids)
    {
        var (fresh, place, anew) = _window.Add(ids);
        if (anew) Forget();
        return Take(Ids.From(fresh, [1, fresh.Length]), place);
    }

    /// <summary>The window begins anew.</summary>
    protected abstract void Forget();

    /// <summary>
    /// Reads ids [1, n], the first of which stands at a place of the window; the logits after the last.
    /// </summary>
    protected abstract Tensor Take(Ids ids, int place);
}
