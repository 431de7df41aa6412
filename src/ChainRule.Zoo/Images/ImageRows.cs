using ChainRule.Data;

namespace ChainRule.Zoo.Images;

/// <summary>Images as numbers for a model, read and encoded when a batch asks for them.</summary>
sealed class ImageRows(ImageSet images, ImageEncoding encoding) : IRowSource<Tensor, Ids>
{
    public int Count => images.Count;

    public Batch<Tensor, Ids> Read(ReadOnlySpan<int> rows)
    {
        int[] labels = new int[rows.Length];
        for (int i = 0; i < labels.Length; i++) labels[i] = images.Labels[rows[i]];
        return new(encoding.Encode(images, rows), Ids.From(labels));
    }
}
