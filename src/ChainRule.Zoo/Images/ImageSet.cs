using ChainRule.Errors;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Images;

/// <summary>
/// Labelled images of one size, [images, channels, size, size], a byte for each number: some of those of a store.
/// </summary>
sealed class ImageSet
{
    // More than this does not fit beside a model in the memory of most machines.
    public const long MostBytes = 1L << 30;

    readonly ImageStore _store;

    // Where each is in the store.
    readonly int[] _places, _labels;
    readonly string[] _names;

    public ImageSet(int channels, int size, byte[] pixels, int[] labels, string[] names)
        : this(channels, size, new HeldImages(pixels, channels * size * size), labels, names)
    {
    }

    public ImageSet(int channels, int size, ImageStore store, int[] labels, string[] names)
        : this(channels, size, store, [.. Enumerable.Range(0, labels.Length)], labels, names)
    {
    }

    ImageSet(int channels, int size, ImageStore store, int[] places, int[] labels, string[] names) =>
        (Channels, Size, _store, _places, _labels, _names) = (channels, size, store, places, labels, names);

    public int Count => _labels.Length;

    public int Channels { get; }

    public int Size { get; }

    public int Numbers => Channels * Size * Size;

    public IReadOnlyList<int> Labels => _labels;

    /// <summary>What each is called: a file, or a place in one.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Whether images are decoded when they are read.</summary>
    public bool IsOnDisk => _store.IsOnDisk;

    public ReadOnlySpan<byte> Pixels(int image) => _store.Read(_places[image]);

    public ImageSet Take(IReadOnlyList<int> rows) => new(Channels, Size, _store, [.. rows.Select(row => _places[row])],
        [.. rows.Select(row => _labels[row])], [.. rows.Select(row => _names[row])]);

    /// <summary>With other labels.</summary>
    public ImageSet Labelled(int[] others) => new(Channels, Size, _store, _places, others, _names);

    /// <summary>In memory where they take at most this many bytes; as they are where they take more.</summary>
    public ImageSet Held(long mostBytes) =>
        IsOnDisk && (long)Count * Numbers <= mostBytes ? Copied(Channels, Size) : this;

    /// <summary>One image, its channels side by side.</summary>
    public Pixels Picture(int image) => Interleaved(image);

    /// <summary>Of other channels and of another size, in memory.</summary>
    public ImageSet With(int newChannels, int newSize) =>
        (newChannels, newSize) == (Channels, Size) ? this : Copied(newChannels, newSize);

    ImageSet Copied(int channels, int size)
    {
        int numbers = channels * size * size;
        byte[] made = new byte[Count * numbers];
        ImageStore.ForEach(Count, image => Planes(Interleaved(image).Resize(size, size).To(channels),
            made.AsSpan(image * numbers, numbers)));
        return new(channels, size, made, _labels, _names);
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
        int places = Size * Size;
        byte[] bytes = new byte[Numbers];
        var planes = Pixels(image);
        for (int i = 0; i < places; i++)
            for (int c = 0; c < Channels; c++) bytes[i * Channels + c] = planes[c * places + i];
        return new(Size, Size, Channels, bytes);
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
