using ChainRule.Data;
using ChainRule.Zoo.Images;

namespace ChainRule.Images;

/// <summary>PNG and JPEG files, read by SkiaSharp.</summary>
public static class ImageFiles
{
    /// <summary>
    /// Installs the decoder, so that training runs read folders of PNG and JPEG. <see cref="ImageModel"/> does so by
    /// itself.
    /// </summary>
    public static void Install() => ImageDecoder.Installed ??= new SkiaDecoder();

    /// <summary>Reads a picture from a file.</summary>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no PNG and no JPEG, is damaged, or is too large.</exception>
    public static Pixels Read(string path)
    {
        Install();
        return ImageDecoder.Read(path);
    }

    /// <summary>Reads a picture from a stream, to its end. It need not seek, and is not closed.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no PNG and no JPEG, is damaged, or is too large.</exception>
    public static Pixels Read(Stream from)
    {
        Install();
        return ImageDecoder.Read(from);
    }

    /// <summary>Writes a picture as a PNG file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, Pixels picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        AtomicFile.Write("image", path, to => to.Write(SkiaDecoder.Png(picture)));
    }
}
