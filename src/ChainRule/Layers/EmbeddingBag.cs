using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// One vector for a bag of ids: the sum, the mean or the column-wise maximum of their rows of W, [B, T] → [B,
/// embeddingDim]. An embedding and a reduction, without the rows in between. New rows are normal with mean 0 and
/// standard deviation 1, that of the padding index 0: torch's nn.EmbeddingBag, draw for draw.
/// </summary>
/// <remarks>A bag of words; Joulin, Grave, Bojanowski and Mikolov, 2016.</remarks>
public sealed class EmbeddingBag : Module
{
    readonly BagMode _mode;
    readonly int? _paddingIndex;

    /// <param name="numEmbeddings">How many ids there are: they run from 0 to numEmbeddings − 1.</param>
    /// <param name="embeddingDim">How many numbers stand for one id.</param>
    /// <param name="rng">Where the first rows are drawn from.</param>
    /// <param name="mode">What becomes of the rows of a bag.</param>
    /// <param name="paddingIndex">An id that does not count and is not trained, such as what fills short bags
    /// up; none if null.</param>
    /// <exception cref="ArgumentException">A size is less than 1, the padding index is no id, or the
    /// mode is none.</exception>
    public EmbeddingBag(int numEmbeddings, int embeddingDim, RandomSource rng, BagMode mode = BagMode.Mean,
        int? paddingIndex = null)
    {
        string asked = $"EmbeddingBag({numEmbeddings}, {embeddingDim})";
        (_mode, _paddingIndex) = (mode, paddingIndex);
        Throw.IfNull(rng, asked);
        if (numEmbeddings < 1 || embeddingDim < 1)
            Throw.Argument($"{asked}: sizes must be 1 or more",
                numEmbeddings < 1 ? nameof(numEmbeddings) : nameof(embeddingDim));
        if (!Enum.IsDefined(mode))
            Throw.OutOfRange($"{asked}: {(int)mode} is no mode: give one of BagMode", nameof(mode));
        if (paddingIndex is { } index && (index < 0 || index >= numEmbeddings))
            Throw.OutOfRange($"{asked}: padding index {index}: {Throw.Run("ids", numEmbeddings)}",
                nameof(paddingIndex));
        Weight = Parameter([numEmbeddings, embeddingDim]);
        Init.Normal(Weight, 0, 1, rng);
        for (int i = 0; paddingIndex is { } row && i < embeddingDim; i++)
            DTypes.Write(Weight.Slot, row * embeddingDim + i, 0);
    }

    /// <summary>W, [numEmbeddings, embeddingDim].</summary>
    public Tensor Weight { get; }

    /// <summary>Bags of different sizes, one behind the other.</summary>
    /// <param name="ids">A vector: all ids.</param>
    /// <param name="offsets">Where each bag begins: a vector that begins with 0 and does not fall. The last bag ends
    /// with the ids. A bag of nothing is 0.</param>
    public Tensor Forward(Ids ids, Ids offsets)
    {
        Throw.IfNull(ids, Describe());
        Throw.IfNull(offsets, Describe());
        return Seen(Weight.EmbeddingBag(ids, _mode, offsets, _paddingIndex));
    }

    /// <summary>
    /// Bags whose rows are weighted before they are added up, such as words by how often they stand in a text.
    /// </summary>
    /// <param name="ids">[B, T], a bag a row; or with offsets a vector.</param>
    /// <param name="perSampleWeights">What each row is multiplied by, in the shape of the ids;
    /// gradients flow to it.</param>
    /// <param name="offsets">Where each bag begins; null where a bag is a row.</param>
    /// <exception cref="ArgumentException">Shapes disagree, or the mode is not <see cref="BagMode.Sum"/>.</exception>
    public Tensor Forward(Ids ids, Tensor perSampleWeights, Ids? offsets = null)
    {
        Throw.IfNull(ids, Describe());
        return Seen(Weight.EmbeddingBag(ids, _mode, offsets, _paddingIndex, perSampleWeights));
    }

    protected override Tensor Compute(Ids ids) => Weight.EmbeddingBag(ids, _mode, null, _paddingIndex);

    protected internal override string Describe() =>
        $"EmbeddingBag({Weight.Shape[0]}, {Weight.Shape[1]}, "
            + $"{_mode}{(_paddingIndex is { } index ? $", paddingIndex: {index}" : "")})";
}
