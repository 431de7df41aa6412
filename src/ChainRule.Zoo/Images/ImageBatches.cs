using ChainRule.Data;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Images;

/// <summary>
/// Every image once an epoch, in an order drawn anew, varied each time. What an image is varied by is drawn from the
/// seed, the epoch and the image's number alone, so that it is the same whatever the threads, and after a resume.
/// </summary>
sealed class ImageBatches(ImageSet images, ImageEncoding encoding, Augmentation augmentation, int batchSize, ulong seed)
    : Batches<Tensor, Ids>
{
    readonly Batches<Ids, Ids> _rows = Batches.Shuffled(new Dataset<Ids, Ids>(
        Ids.From([.. Enumerable.Range(0, images.Count)]), Ids.From([.. images.Labels])), batchSize, seed);

    public override int PerEpoch => _rows.PerEpoch;

    public override int Epoch => _rows.Epoch;

    public override Batch<Tensor, Ids> Next()
    {
        int epoch = Epoch;
        var (rows, labels) = _rows.Next();
        int[] picked = rows.Span.ToArray();
        var x = augmentation.IsNone ? encoding.Encode(images, picked)
            : encoding.Encode(images, picked, (place, from, to) => augmentation.Apply(from, to.Span, images.Channels,
                images.Size, new TorchRandom(Mixed(seed, (ulong)epoch, (ulong)picked[place]))));
        return new(x, labels);
    }

    public override byte[] SaveState() => _rows.SaveState();

    public override void RestoreState(ReadOnlySpan<byte> state) => _rows.RestoreState(state);

    /// <summary>A seed for each image of each epoch: the finaliser of SplitMix64.</summary>
    static ulong Mixed(ulong seed, ulong epoch, ulong image)
    {
        ulong x = seed + 0x9e3779b97f4a7c15 * ((epoch << 32) + image + 1);
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
