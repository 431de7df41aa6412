using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Images;

/// <summary>
/// Images as numbers for a model, and its answers as classes: x = (pixel / 255 − mean) / standard deviation for each
/// channel, [channels, size, size]. Mean and standard deviation are those of the training part.
/// <para>Where the images of the training part are grey and nearly all have a dark border, as MNIST's have, a picture
/// with a bright border is inverted first: dark ink on white paper is read as light on dark. So is the other way
/// round.</para>
/// </summary>
public sealed class ImageEncoding : Preprocessing
{
    internal const string ClassesName = "classes", ImageName = "image", MeanName = "mean", StdName = "std";

    const string OneOutput = ", 1 output";

    readonly double[] _mean, _std;

    internal ImageEncoding(IReadOnlyList<string> classes, int channels, int size, double[] mean, double[] std,
        bool hasOneOutput, ImageBorder border) =>
        (Classes, Channels, Size, _mean, _std, HasOneOutput, Border) =
            (classes, channels, size, mean, std, hasOneOutput, border);

    /// <summary>The names of the classes, in the order of the model's outputs.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>1, grey; or 3: red, green, blue.</summary>
    public int Channels { get; }

    /// <summary>The side of an image, in pixels.</summary>
    public int Size { get; }

    /// <summary>The mean of each channel, of pixels from 0 to 1.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>The standard deviation of each channel, of pixels from 0 to 1.</summary>
    public IReadOnlyList<double> Std => _std;

    /// <summary>Whether the model has one output, the logit of the second of two classes, in place of one for each
    /// class.</summary>
    public bool HasOneOutput { get; }

    /// <summary>Whether one class is told from several others, which have no names of their own any more.</summary>
    public bool IsOneAgainstRest => HasOneOutput && Classes[0] == ReadImages.RestOf(Classes[1]);

    /// <summary>How bright the borders of the training part are.</summary>
    internal ImageBorder Border { get; }

    /// <inheritdoc/>
    public override DataShape Shape => new([Channels, Size, Size], HasOneOutput ? 1 : Classes.Count);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>
    {
        [ClassesName] = JsonSerializer.Serialize(Classes, RunJson.Default.IReadOnlyListString),
        [ImageName] = string.Create(CultureInfo.InvariantCulture, $"{Channels}x{Size}x{Size}")
            + (HasOneOutput ? OneOutput : "") + Border.Words(),
        [MeanName] = JsonSerializer.Serialize(_mean, RunJson.Default.DoubleArray),
        [StdName] = JsonSerializer.Serialize(_std, RunJson.Default.DoubleArray),
    };

    /// <summary>A picture of any size as a batch of one: [1, channels, size, size].</summary>
    public Tensor Encode(Pixels picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        float[] numbers = Numbers(Fitted(picture));
        Standardise(numbers);
        return Tensor.From(numbers, [1, Channels, Size, Size]);
    }

    /// <summary>Whether a picture is inverted before it is encoded, because its border is bright and those of the
    /// training part are dark, or the other way round.</summary>
    public bool Inverts(Pixels picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Channels == 1 && Border.IsOpposite(ImageBorder.Brightness(picture.Resize(Size, Size).To(1).Bytes, Size));
    }

    /// <summary>A picture as the model sees it: of the model's size and channels, and inverted if need be.</summary>
    public Pixels Fitted(Pixels picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var fitted = picture.Resize(Size, Size).To(Channels);
        return Inverts(picture) ? new(Size, Size, Channels, [.. fitted.Bytes.ToArray().Select(x => (byte)(255 - x))])
            : fitted;
    }

    /// <summary>The probability of each class, from a model's outputs [images, outputs]: [images, classes].</summary>
    public Tensor Probabilities(Tensor outputs)
    {
        if (!HasOneOutput) return outputs.Softmax();
        var positive = outputs.Reshape(-1, 1).Sigmoid();
        return Tensor.Concat(1, 1 - positive, positive);
    }

    /// <summary>The score of a class, from a model's outputs [images, outputs]: its logit; of the first of two classes
    /// that share an output, the logit with the other sign.</summary>
    public (int Output, int Sign) ScoreOf(int label) => HasOneOutput ? (0, label == 0 ? -1 : 1) : (label, 1);

    /// <summary>Some images of a set: [rows, channels, size, size].</summary>
    internal Tensor Encode(ImageSet images, ReadOnlySpan<int> rows)
    {
        float[] numbers = Numbers(images, rows.ToArray());
        return Batch(numbers, rows.Length);
    }

    /// <summary>What <see cref="Numbers(ImageSet, int[], Action{int, float[], Memory{float}})"/> gave, as a tensor; the
    /// array is given back.</summary>
    internal Tensor Batch(float[] numbers, int count)
    {
        var made = Tensor.From<float>(numbers.AsSpan(0, count * Shape.Input.Elements), [count, Channels, Size, Size]);
        ArrayPool<float>.Shared.Return(numbers);
        return made;
    }

    /// <summary>The numbers of some images of a set, one image after the other, at the front of a rented
    /// array.</summary>
    /// <param name="images">The set.</param>
    /// <param name="rows">Which.</param>
    /// <param name="vary">What is done to each, by its place in the batch; null if nothing.</param>
    internal float[] Numbers(ImageSet images, int[] rows, Action<int, float[], Memory<float>>? vary = null)
    {
        int count = images.Numbers;
        float[] numbers = ArrayPool<float>.Shared.Rent(rows.Length * count);
        if (images.IsOnDisk) ImageStore.ForEach(rows.Length, One);
        else for (int i = 0; i < rows.Length; i++) One(i);
        return numbers;

        void One(int i)
        {
            var pixels = images.Pixels(rows[i]);
            var to = numbers.AsMemory(i * count, count);
            if (vary is null)
            {
                for (int j = 0; j < count; j++) to.Span[j] = pixels[j] / 255f;
            }
            else
            {
                float[] one = ArrayPool<float>.Shared.Rent(count);
                for (int j = 0; j < count; j++) one[j] = pixels[j] / 255f;
                vary(i, one, to);
                ArrayPool<float>.Shared.Return(one);
            }
            Standardise(to.Span);
        }
    }

    /// <summary>The classes, and the statistics of the images that are trained on. Each is read once.</summary>
    internal static ImageEncoding Of(IReadOnlyList<string> classes, ImageSet train, bool hasOneOutput = false)
    {
        int channels = train.Channels, plane = train.Size * train.Size;
        // Of whole numbers: exact in any order.
        long[] sums = new long[channels], squares = new long[channels];
        double[] borders = new double[train.Count];
        ImageStore.ForEach(train.Count, i =>
        {
            var pixels = train.Pixels(i);
            borders[i] = ImageBorder.Brightness(pixels[..plane], train.Size);
            for (int c = 0; c < channels; c++)
            {
                long sum = 0, squared = 0;
                foreach (byte pixel in pixels.Slice(c * plane, plane))
                {
                    sum += pixel;
                    squared += pixel * pixel;
                }
                Interlocked.Add(ref sums[c], sum);
                Interlocked.Add(ref squares[c], squared);
            }
        });
        double[] mean = new double[channels], std = new double[channels];
        for (int c = 0; c < channels; c++)
        {
            double count = (double)train.Count * plane, average = sums[c] / count;
            mean[c] = average / 255;
            std[c] = Math.Sqrt(Math.Max(0, squares[c] / count - average * average)) / 255;
            if (std[c] == 0) std[c] = 1;
        }
        return new(classes, channels, train.Size, mean, std, hasOneOutput,
            channels == 1 ? ImageBorder.Of(borders) : default);
    }

    /// <summary>Reads what <see cref="Metadata"/> says.</summary>
    /// <param name="said">What the metadata say by name.</param>
    /// <param name="fewest">How many classes there must be.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal static ImageEncoding Read(Func<string, string> said, int fewest = 2)
    {
        try
        {
            string[] classes = JsonSerializer.Deserialize(said(ClassesName), RunJson.Default.StringArray) ?? [];
            double[] mean = JsonSerializer.Deserialize(said(MeanName), RunJson.Default.DoubleArray) ?? [],
                std = JsonSerializer.Deserialize(said(StdName), RunJson.Default.DoubleArray) ?? [];
            string image = said(ImageName);
            var border = ImageBorder.Read(ref image);
            bool one = image.EndsWith(OneOutput, StringComparison.Ordinal);
            if (one) image = image[..^OneOutput.Length];
            int[] shape = [.. image.Split('x').Select(x => int.Parse(x, CultureInfo.InvariantCulture))];
            bool fits = classes.Length >= fewest && (!one || classes.Length == 2)
                && Array.TrueForAll(classes, name => name is not null)
                && shape is [1 or 3, >= 1 and <= 1024, _] && shape[1] == shape[2] && mean.Length == shape[0]
                && std.Length == shape[0] && Array.TrueForAll(std, x => x > 0 && double.IsFinite(x));
            return fits ? new(classes, shape[0], shape[1], mean, std, one, border) : throw new FormatException();
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException)
        {
            throw new InvalidDataException("images: what was saved of classes and pixels beside the model is damaged: "
                + "put this run's own file back, or start a new run", e);
        }
    }

    static float[] Numbers(Pixels picture)
    {
        byte[] planes = new byte[picture.Bytes.Length];
        ImageSet.Planes(picture, planes);
        return [.. planes.Select(x => x / 255f)];
    }

    void Standardise(Span<float> image)
    {
        int plane = Size * Size;
        for (int c = 0; c < Channels; c++)
        {
            float mean = (float)_mean[c], std = (float)_std[c];
            foreach (ref float x in image.Slice(c * plane, plane)) x = (x - mean) / std;
        }
    }
}
