using System.Globalization;
using System.Security.Cryptography;
using ChainRule.Data;

namespace ChainRule.Zoo.Images;

/// <summary>
/// Images in pairs of IDX files, as MNIST is published: a folder with <c>train-images-idx3-ubyte</c> and
/// <c>train-labels-idx1-ubyte</c>, and perhaps with <c>t10k-…</c> to test; or one pair, named by its images.
/// Each may be gzipped.
/// </summary>
static class IdxImages
{
    const string Train = "train-images-idx3-ubyte", Test = "t10k-images-idx3-ubyte";

    const string Wanted = "give the images of a pair, such as train-images-idx3-ubyte, with the labels beside them, "
        + "train-labels-idx1-ubyte";

    /// <summary>Whether a folder holds such files.</summary>
    public static bool IsIn(string folder) => Find(Path.Combine(folder, Train)) is not null;

    public static ReadImages FromFolder(string folder, ImageOptions options) =>
        Read(Path.GetFileName(Path.GetFullPath(folder)), Find(Path.Combine(folder, Train))!,
            Find(Path.Combine(folder, Test)), options);

    public static ReadImages FromPair(string images, ImageOptions options) =>
        Read(Path.GetFileName(images), images, null, options);

    static ReadImages Read(string source, string train, string? test, ImageOptions options)
    {
        var (images, labels) = Pair(train);
        var tested = test is null ? null : ((Idx Images, Idx Labels)?)Pair(test);
        int[] kinds = [.. Numbers(labels).Concat(tested is { } t ? Numbers(t.Labels) : []).Distinct().Order()];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in (Idx?[])[images, labels, tested?.Images, tested?.Labels])
            if (file is not null) hash.AppendData(file.Bytes);
        int height = images.Shape[1], width = images.Shape[2];
        int size = options.Size ?? (height == width && height <= ImageData.LargestOwn ? height : ImageData.UsualSize);
        ImageSet Part(string path, Idx images, Idx labels) =>
            Converted(Printable.Of(Path.GetFileName(path), 80), images, labels, kinds, size, options.Channels ?? 1);
        return new(Printable.Of(source, 80), Convert.ToHexStringLower(hash.GetHashAndReset()),
            [.. kinds.Select(kind => kind.ToString(CultureInfo.InvariantCulture))], Part(train, images, labels), null,
            tested is { } pair ? Part(test!, pair.Images, pair.Labels) : null);
    }

    static (Idx Images, Idx Labels) Pair(string path)
    {
        var images = Idx.Read(path);
        string shown = Printable.Path(path);
        if (images.Shape.Rank != 3 || images.Type != IdxType.UInt8)
            throw new InvalidDataException($"images {shown}: it holds {images.Shape} of {images.Type}, and images are "
                + $"[images, height, width] of UInt8: {Wanted}");
        string plain = path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path;
        string folder = Path.GetDirectoryName(plain)!;
        string name = Path.GetFileName(plain).Replace("images", "labels", StringComparison.Ordinal)
            .Replace("idx3", "idx1", StringComparison.Ordinal);
        string beside = Path.Combine(folder, name);
        if (name == Path.GetFileName(plain) || Find(beside) is not { } found)
            throw new InvalidDataException($"images {shown}: there are no labels beside it"
                + $"{(name == Path.GetFileName(plain) ? "" : $" (no {Printable.Of(name, 80)})")}: {Wanted}");
        var labels = Idx.Read(found);
        if (labels.Shape.Rank != 1 || labels.Type is IdxType.Float32 or IdxType.Float64
            || labels.Shape[0] != images.Shape[0])
            throw new InvalidDataException($"images {shown}: {images.Shape[0]:N0} images, and {Printable.Path(found)} "
                + $"holds {labels.Shape} of {labels.Type}: give one whole number for each image");
        return (images, labels);
    }

    static int[] Numbers(Idx labels) => labels.Ids().Span.ToArray();

    static ImageSet Converted(string name, Idx images, Idx labels, int[] kinds, int size, int channels)
    {
        var shape = images.Shape;
        int count = shape[0], height = shape[1], width = shape[2], numbers = channels * size * size;
        ImageFolder.CheckFits(name, count, channels, size);
        if (height == 0 || width == 0) throw new InvalidDataException($"images {name}: {shape} holds no pixels");
        byte[] pixels = new byte[count * numbers], from = images.Bytes.ToArray();
        if (height == size && width == size && channels == 1) from.CopyTo(pixels, 0);
        else
            Parallel.For(0, count, i => ImageSet.Planes(
                new Pixels(width, height, 1, from[(i * height * width)..((i + 1) * height * width)])
                    .Resize(size, size).To(channels), pixels.AsSpan(i * numbers, numbers)));
        return new(channels, size, pixels, [.. Numbers(labels).Select(label => Array.BinarySearch(kinds, label))],
            [.. Enumerable.Range(0, count).Select(i => $"{name}, image {i}")]);
    }

    static string? Find(string path) => File.Exists(path) ? path : File.Exists(path + ".gz") ? path + ".gz" : null;
}
