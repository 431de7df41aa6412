using ChainRule.Errors;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Images;

/// <summary>
/// Labelled images of one size, a byte for each number: [images, channels, size, size].
/// </summary>
sealed class ImageSet(int channels, int size, byte[] pixels, int[] labels, string[] names)
{
    // More than this does not fit beside a model in the memory of most machines.
    public const long MostBytes = 1L << 30;

    public int Count => labels.Length;

    public int Channels => channels;

    public int Size => size;

    public int Numbers => channels * size * size;

    public IReadOnlyList<int> Labels => labels;

    /// <summary>What each is called: a file, or a place in one.</summary>
    public IReadOnlyList<string> Names => names;

    public ReadOnlySpan<byte> Pixels(int image) => pixels.AsSpan(image * Numbers, Numbers);

    public ImageSet Take(IReadOnlyList<int> rows)
    {
        byte[] taken = new byte[rows.Count * Numbers];
        for (int i = 0; i < rows.Count; i++) Pixels(rows[i]).CopyTo(taken.AsSpan(i * Numbers));
        return new(channels, size, taken, [.. rows.Select(row => labels[row])], [.. rows.Select(row => names[row])]);
    }

    /// <summary>With other labels.</summary>
    public ImageSet Labelled(int[] others) => new(channels, size, pixels, others, names);

    /// <summary>One image, its channels side by side.</summary>
    public Pixels Picture(int image) => Interleaved(image);

    /// <summary>Of other channels and of another size.</summary>
    public ImageSet With(int newChannels, int newSize)
    {
        if ((newChannels, newSize) == (channels, size)) return this;
        int numbers = newChannels * newSize * newSize;
        byte[] made = new byte[Count * numbers];
        Parallel.For(0, Count, image => Planes(Interleaved(image).Resize(newSize, newSize).To(newChannels),
            made.AsSpan(image * numbers, numbers)));
        return new(newChannels, newSize, made, labels, names);
    }

    /// <summary>The channels of a picture, one plane after the other.</summary>
    public static void Planes(Pixels picture, Span<byte> to)
    {
        int places = picture.Width * picture.Height;
        for (int i = 0; i < places; i++)
            for (int c = 0; c < picture.Channels; c++) to[c * places + i] = picture.Bytes[i * picture.Channels + c];
    }

    Pixels Interleaved(int image)
    {
        int places = size * size;
        byte[] bytes = new byte[Numbers];
        var planes = Pixels(image);
        for (int i = 0; i < places; i++)
            for (int c = 0; c < channels; c++) bytes[i * channels + c] = planes[c * places + i];
        return new(size, size, channels, bytes);
    }
}

/// <summary>Images as they were read, before they are split.</summary>
/// <param name="Source">What they are called.</param>
/// <param name="Sha256">The hash of all that was read.</param>
/// <param name="Classes">The names of the classes.</param>
/// <param name="Train">What is trained on, and validated with unless there is a part for it.</param>
/// <param name="Validation">What is validated with; null where it is to be split off.</param>
/// <param name="Test">What is tested with; null where there is none.</param>
sealed record ReadImages(string Source, string Sha256, IReadOnlyList<string> Classes, ImageSet Train,
    ImageSet? Validation, ImageSet? Test)
{
    /// <summary>Where defects are, in images that were drawn with them.</summary>
    public DrawnDefects? Defects { get; init; }

    /// <summary>Which files of a folder are not read, and why; empty if all are.</summary>
    public string PassedOver { get; init; } = "";

    /// <summary>What all classes but one are called together.</summary>
    internal static string RestOf(string positive) => $"not {positive}";

    /// <summary>Some classes alone, in the order in which they are named.</summary>
    /// <param name="names">The classes, separated by commas.</param>
    /// <exception cref="ArgumentException">One is none.</exception>
    public ReadImages Only(string names)
    {
        List<string> chosen = [.. TableOptions.NamesAmong(names, Classes)];
        if (chosen.CountBy(name => name).FirstOrDefault(one => one.Value > 1) is { Value: > 1 } twice)
            throw new RefusedArgumentException($"images {Source}: --classes {Printable.Of(names, 60)}: class "
                + $"'{Printable.Of(twice.Key, 40)}' is named twice: name each once", nameof(names));
        foreach (string name in chosen)
            if (!Classes.Contains(name))
                throw new RefusedArgumentException($"images {Source}: --classes {Printable.Of(name, 40)}: there is no "
                    + $"such class: give some of {Printable.Of(string.Join(", ", Classes), 300)}", nameof(names));
        int[] label = [.. Classes.Select(name => chosen.IndexOf(name))];
        ImageSet? Kept(ImageSet? part)
        {
            if (part is null) return null;
            var own = part.Take([.. Enumerable.Range(0, part.Count).Where(i => label[part.Labels[i]] >= 0)]);
            return own.Labelled([.. own.Labels.Select(old => label[old])]);
        }
        return this with { Classes = chosen, Train = Kept(Train)!, Validation = Kept(Validation), Test = Kept(Test) };
    }

    /// <summary>One class against all others: the classes become two, of which the second is that one.</summary>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    public ReadImages OneAgainstRest(string positive)
    {
        int label = Classes.ToList().IndexOf(positive);
        if (label < 0)
        {
            string meant = Nearest.To(positive, Classes) is { } near
                ? $"did you mean '{Printable.Of(near, 40)}'? There are" : "give one of";
            throw new RefusedArgumentException($"images {Source}: --positive {Printable.Of(positive)}: there is no "
                + $"such class: {meant} {Printable.Of(string.Join(", ", Classes), 300)}", nameof(positive));
        }
        string rest = Classes.Count == 2 ? Classes[1 - label] : RestOf(positive);
        ImageSet? Against(ImageSet? part) => part?.Labelled([.. part.Labels.Select(own => own == label ? 1 : 0)]);
        return this with { Classes = [rest, positive], Train = Against(Train)!, Validation = Against(Validation),
            Test = Against(Test) };
    }
}
