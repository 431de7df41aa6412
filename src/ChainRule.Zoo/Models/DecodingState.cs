using ChainRule.Layers;

namespace ChainRule.Zoo.Models;

/// <summary>
/// Reads a text from left to right, and says what could follow: what it needs to know of the text before, it remembers.
/// Made by <see cref="LanguageModel.BeginDecoding"/>, it reads with the weights that its model had then, as at
/// inference (<see cref="Predictor"/>). No gradient flows.
/// </summary>
public abstract class DecodingState
{
    readonly Predictor _predictor;

    /// <param name="model">Which reads.</param>
    protected DecodingState(LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _predictor = model.ToPredictor();
    }

    /// <summary>Reads on, and gives the logits [vocabulary] of what could follow.</summary>
    /// <exception cref="ArgumentException">There is nothing to read, or an id is none of the vocabulary's.</exception>
    public Tensor Next(params ReadOnlySpan<int> ids)
    {
        if (ids.IsEmpty) throw new ArgumentException("read: there is nothing to read: give one id or more");
        int[] read = [.. ids];
        return _predictor.Run(() =>
        {
            using var scope = Scope.Begin("reading");
            return Take(read).Flatten().Keep();
        });
    }

    /// <summary>Reads on; the logits after the last id. What is remembered must be kept beyond the scope.</summary>
    protected abstract Tensor Take(ReadOnlySpan<int> ids);
}
