namespace ChainRule.Zoo.Models;

/// <summary>
/// Remembers the last characters alone, which are looked at as a whole each time: the work of one
/// example for each character.
/// </summary>
/// <param name="model">Which reads.</param>
/// <param name="context">How many.</param>
/// <param name="before">The id that stands for what is before the text.</param>
/// <param name="logits">From a window [1, context] to logits.</param>
sealed class WindowReader(LanguageModel model, int context, int before, Func<Ids, Tensor> logits)
    : DecodingState(model)
{
    readonly int[] _window = [.. Enumerable.Repeat(before, context)];

    protected override Tensor Take(ReadOnlySpan<int> ids)
    {
        foreach (int id in ids)
        {
            _window.AsSpan(1).CopyTo(_window);
            _window[^1] = id;
        }
        return logits(Ids.From(_window, [1, context]));
    }
}
