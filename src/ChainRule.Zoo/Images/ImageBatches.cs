using ChainRule.Data;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Images;

/// <summary>
/// Every image once an epoch, in an order drawn anew, varied each time. What an image is varied by is drawn from the
/// seed, the epoch and the image's number alone, so that it is the same whatever the threads, and after a resume.
/// <para>Images on the disk are decoded one batch ahead, while the batch before is trained on. Where the stream stands
/// is saved without that batch.</para>
/// </summary>
sealed class ImageBatches(ImageSet images, ImageEncoding encoding, Augmentation augmentation, int batchSize, ulong seed)
    : Batches<Tensor, Ids>
{
    readonly Batches<Ids, Ids> _rows = Batches.Shuffled(new Dataset<Ids, Ids>(
        Ids.From([.. Enumerable.Range(0, images.Count)]), Ids.From([.. images.Labels])), batchSize, seed);

    // The batch that is decoded while another is trained on; null where none is.
    Ahead? _ahead;

    public override int PerEpoch => _rows.PerEpoch;

    public override int Epoch => _ahead?.Epoch ?? _rows.Epoch;

    public override Batch<Tensor, Ids> Next()
    {
        if (!images.IsOnDisk)
        {
            int epoch = Epoch;
            var (rows, labels) = _rows.Next();
            int[] picked = rows.Span.ToArray();
            return new(encoding.Batch(Numbers(epoch, picked), picked.Length), labels);
        }
        var next = _ahead ?? Begin();
        try
        {
            var x = encoding.Batch(next.Numbers.GetAwaiter().GetResult(), next.Labels.Length);
            _ahead = Begin();
            return new(x, Ids.From(next.Labels));
        }
        catch
        {
            // Whoever goes on after a broken file begins with its batch.
            RestoreState(next.State);
            throw;
        }
    }

    public override byte[] SaveState() => _ahead?.State ?? _rows.SaveState();

    public override void RestoreState(ReadOnlySpan<byte> state)
    {
        _rows.RestoreState(state);
        _ahead = null;
    }

    Ahead Begin()
    {
        byte[] state = _rows.SaveState();
        int epoch = _rows.Epoch;
        var (rows, labels) = _rows.Next();
        int[] picked = rows.Span.ToArray();
        return new(state, epoch, labels.Span.ToArray(), Task.Run(() => Numbers(epoch, picked)));
    }

    float[] Numbers(int epoch, int[] picked) => augmentation.IsNone ? encoding.Numbers(images, picked)
        : encoding.Numbers(images, picked, (place, from, to) => augmentation.Apply(from, to.Span, images.Channels,
            images.Size, new TorchRandom(Mixed(seed, (ulong)epoch, (ulong)picked[place]))));

    /// <summary>A seed for each image of each epoch: the finaliser of SplitMix64.</summary>
    static ulong Mixed(ulong seed, ulong epoch, ulong image)
    {
        ulong x = seed + 0x9e3779b97f4a7c15 * ((epoch << 32) + image + 1);
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }

    sealed record Ahead(byte[] State, int Epoch, int[] Labels, Task<float[]> Numbers);
}
