using ChainRule.Layers;
using ChainRule.Zoo.Places;

namespace ChainRule.Zoo.Models;

/// <summary>
/// Scores places for queries. A softmax over the scores is the probability that the user visits each: the conditional
/// logit. A score is a sum of a taste and of what is known of the pair, each with a weight:
/// <code lang="math">s_{bc} = t_{bc} + \sum_k w_{bk} x_{bck}</code>
/// so that what distance, tags and popularity add to a score can be told apart.
/// </summary>
/// <remarks>McFadden, 1974.</remarks>
public abstract class PlaceRanker : Module
{
    /// <summary>The score of each place for each query, [B, C].</summary>
    public Tensor Score(PlaceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (weights, taste) = Parts(batch);
        var shape = batch.Features.Shape;
        var known = batch.Features.MatMul(weights.Reshape([weights.Shape[0], shape[2], 1])).Reshape([shape[0],
            shape[1]]);
        return Seen(taste is { } t ? known + t : known);
    }

    /// <summary>The weights w of what is known, [B, K] or [1, K], and the taste t, [B, C]; null if there is
    /// none.</summary>
    public abstract (Tensor Weights, Tensor? Taste) Parts(PlaceBatch batch);
}
