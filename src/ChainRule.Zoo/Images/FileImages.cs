using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ChainRule.Zoo.Images;

/// <summary>
/// Image files that are decoded when they are read, and resized as they would be in memory. Of each file 8 bytes of its
/// hash are kept: one that was changed since is refused, so that a run never goes on with other images.
/// </summary>
/// <param name="files">Their paths.</param>
/// <param name="marks">The <see cref="MarkOf"/> of each.</param>
/// <param name="channels">1, grey; or 3.</param>
/// <param name="size">The side, in pixels.</param>
sealed class FileImages(string[] files, ulong[] marks, int channels, int size) : ImageStore
{
    public override bool IsOnDisk => true;

    public override ReadOnlySpan<byte> Read(int image)
    {
        byte[] pixels = new byte[channels * size * size];
        Read(image, pixels);
        return pixels;
    }

    /// <summary>All of them in memory.</summary>
    public HeldImages Hold()
    {
        int numbers = channels * size * size;
        byte[] pixels = new byte[files.Length * numbers];
        ForEach(files.Length, i => Read(i, pixels.AsSpan(i * numbers, numbers)));
        return new(pixels, numbers);
    }

    /// <summary>What tells the bytes of a file from others.</summary>
    public static ulong MarkOf(byte[] bytes) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(bytes));

    void Read(int image, Span<byte> to)
    {
        var (bytes, _) = ImageDecoder.Open(files[image]);
        if (MarkOf(bytes) != marks[image])
            throw new InvalidDataException($"image {Printable.Path(files[image])}: it is not what it was when the "
                + "images were opened: put it back as it was, or start a new run");
        ImageSet.Planes(ImageDecoder.Decode(files[image], bytes).Resize(size, size).To(channels), to);
    }
}
