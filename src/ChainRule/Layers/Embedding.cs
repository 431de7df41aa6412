using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// y = W[ids]: a learned row for each id, [B, T] → [B, T, columns]. New rows are normal with mean 0 and
/// standard deviation 1.
/// </summary>
public sealed class Embedding : Module
{
    /// <param name="numEmbeddings">How many ids there are: they run from 0 to rows − 1.</param>
    /// <param name="embeddingDim">How many numbers stand for one id.</param>
    /// <param name="rng">Where the first rows are drawn from.</param>
    public Embedding(int numEmbeddings, int embeddingDim, RandomSource rng)
    {
        Throw.IfNull(rng, $"Embedding({numEmbeddings}, {embeddingDim})");
        if (numEmbeddings < 1 || embeddingDim < 1)
            Throw.Argument($"Embedding({numEmbeddings}, {embeddingDim}): sizes must be 1 or more",
                numEmbeddings < 1 ? nameof(numEmbeddings) : nameof(embeddingDim));
        Weight = Parameter([numEmbeddings, embeddingDim]);
        Init.Normal(Weight, 0, 1, rng);
    }

    /// <summary>W, [rows, columns].</summary>
    public Tensor Weight { get; }

    protected override Tensor Compute(Ids ids) => Weight.Rows(ids);

    protected internal override string Describe() => $"Embedding({Weight.Shape[0]}, {Weight.Shape[1]})";
}
