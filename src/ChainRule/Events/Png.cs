using System.Buffers.Binary;
using System.IO.Compression;

namespace ChainRule.Events;

/// <summary>Writes pixels as PNG, 8 bits each of red, green and blue.</summary>
static class Png
{
    const uint Polynomial = 0xedb88320;

    /// <param name="width">Pixels in a row.</param>
    /// <param name="rgb">Rows from the top, three bytes a pixel.</param>
    public static byte[] Write(int width, ReadOnlySpan<byte> rgb)
    {
        int row = 3 * width, height = rgb.Length / row;
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zip.WriteByte(0); // no filter
                zip.Write(rgb.Slice(y * row, row));
            }
        }
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()),
            .. Chunk("IEND"u8, [])];
    }

    static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content)
    {
        byte[] body = [.. name, .. content], all = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(all, content.Length);
        body.CopyTo(all, 4);
        BinaryPrimitives.WriteUInt32BigEndian(all.AsSpan(all.Length - 4), Checksum(body));
        return all;
    }

    /// <summary>CRC-32, as PNG wants it.</summary>
    static uint Checksum(byte[] bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (Polynomial & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }
}
