using ChainRule.Data;

namespace ChainRule.Zoo.Images;

/// <summary>What the header of an image file says, read without decoding it.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="IsGrey">Whether it holds shades of grey alone.</param>
public readonly record struct ImageHeader(int Width, int Height, bool IsGrey);

/// <summary>
/// Reads PNG and JPEG. This library has no decoder of its own: the package ChainRule.Images brings one and installs it,
/// so that who reads no image files carries no native library.
/// </summary>
public abstract class ImageDecoder
{
    /// <summary>The longest side that is read, in pixels.</summary>
    public const int LongestSide = 16_384;

    /// <summary>The most pixels that are read: a picture of more is refused by its header.</summary>
    public const int MostPixels = 64_000_000;

    /// <summary>The most bytes of a file.</summary>
    public const int MostBytes = 1 << 27;

    const string Wanted = "give a PNG or a JPEG file";

    /// <summary>The decoder that files are read with; null until one is installed.</summary>
    public static ImageDecoder? Installed { get; set; }

    /// <summary>Reads the size of a picture from its first bytes.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <returns>Null where it is no such picture.</returns>
    public abstract ImageHeader? Header(byte[] bytes);

    /// <summary>
    /// Decodes a picture: shades of grey to one channel, all else to three; what is transparent stands on white, 16
    /// bits become 8, and a photograph is turned as its camera says.
    /// </summary>
    /// <returns>Null where it is damaged.</returns>
    public abstract Pixels? Decode(byte[] bytes);

    /// <summary>The bytes of a file and what its header says.</summary>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no picture, or one too large.</exception>
    internal static (byte[] Bytes, ImageHeader Header) Open(string path)
    {
        byte[] bytes = Bytes(path);
        return (bytes, Checked(bytes, Printable.Path(path)));
    }

    static ImageHeader Checked(byte[] bytes, string shown)
    {
        bool png = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, .. "PNG"u8]);
        if (!png && !bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]))
        {
            string what = FileKind.Of(bytes.AsSpan(0, Math.Min(bytes.Length, 64))) is { } says ? $" {says}"
                : bytes.Length == 0 ? " is empty" : " is neither PNG nor JPEG";
            throw new InvalidDataException($"image {shown}: the file{what}: {Wanted}");
        }
        var header = Required(shown).Header(bytes) ?? throw Damaged(shown);
        if (header.Width > LongestSide || header.Height > LongestSide
            || (long)header.Width * header.Height > MostPixels)
            throw new InvalidDataException(FormattableString.Invariant(
                $"image {shown}: {header.Width:N0} × {header.Height:N0} pixels: sides of {LongestSide:N0} and ")
                + FormattableString.Invariant($"{MostPixels:N0} pixels are the most: make it smaller"));
        return header;
    }

    /// <summary>Reads a picture from a file.</summary>
    /// <inheritdoc cref="Open(string)" path="/exception"/>
    public static Pixels Read(string path)
    {
        var (bytes, _) = Open(path);
        return Decode(path, bytes);
    }

    /// <summary>Reads a picture from a stream, to its end. It need not seek, and is not closed.</summary>
    /// <inheritdoc cref="Open(string)" path="/exception"/>
    public static Pixels Read(Stream from)
    {
        ArgumentNullException.ThrowIfNull(from);
        const string Shown = "stream";
        using var read = new MemoryStream();
        byte[] part = new byte[1 << 16];
        for (int count; (count = from.Read(part)) > 0;)
        {
            read.Write(part, 0, count);
            if (read.Length > MostBytes)
                throw new InvalidDataException(FormattableString.Invariant(
                    $"image {Shown}: more than {MostBytes:N0} bytes, which are the most: make it smaller"));
        }
        byte[] bytes = read.ToArray();
        Checked(bytes, Shown);
        return Required(Shown).Decode(bytes) ?? throw Damaged(Shown);
    }

    internal static Pixels Decode(string path, byte[] bytes) =>
        Required(Printable.Path(path)).Decode(bytes) ?? throw Damaged(Printable.Path(path));

    static byte[] Bytes(string path)
    {
        using var file = Files.OpenRead("image", path);
        if (file.Length > MostBytes)
            throw new InvalidDataException(FormattableString.Invariant(
                $"image {Printable.Path(path)}: {file.Length:N0} bytes: {MostBytes:N0} are the most: make it smaller"));
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    static InvalidDataException Damaged(string shown) =>
        new($"image {shown}: it is damaged, and cannot be decoded: copy or save it again");

    static ImageDecoder Required(string shown) => Installed ?? throw new InvalidOperationException(
        $"image {shown}: nothing is installed that reads PNG and JPEG: add the package ChainRule.Images, and call "
        + "ImageFiles.Install()");
}
