using ChainRule.Randomness;

namespace ChainRule.Zoo.Images;

/// <summary>Which images are trained on.</summary>
static class ImageSplit
{
    /// <summary>Of each class a fraction to validate with, at least one image, and one or more left to train.</summary>
    public static (ImageSet Train, ImageSet Validation) Of(ImageSet images, ImageOptions options)
    {
        var rng = new TorchRandom(options.SplitSeed);
        List<int> train = [], validation = [];
        foreach (var rows in images.Labels.Index().GroupBy(one => one.Item, one => one.Index).OrderBy(g => g.Key))
        {
            int[] own = [.. rows], order = new int[own.Length];
            rng.Permutation(order);
            int kept = own.Length < 2 ? 0
                : Math.Clamp((int)Math.Round(options.Validation * own.Length), 1, own.Length - 1);
            validation.AddRange(order.Take(kept).Select(i => own[i]));
            train.AddRange(order.Skip(kept).Select(i => own[i]));
        }
        train.Sort();
        validation.Sort();
        return (images.Take(train), images.Take(validation));
    }

    /// <summary>At most as many of each class, drawn by a seed.</summary>
    public static ImageSet Few(ImageSet images, int most, ulong seed)
    {
        var rng = new TorchRandom(seed);
        int[] order = new int[images.Count];
        rng.Permutation(order);
        return images.Take([.. order.GroupBy(i => images.Labels[i]).SelectMany(own => own.Take(most)).Order()]);
    }
}
