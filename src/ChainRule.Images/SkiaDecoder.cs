using ChainRule.Zoo.Images;
using SkiaSharp;

namespace ChainRule.Images;

/// <summary>
/// Decodes by Skia, which Chromium and Android draw with. Colours are taken as sRGB; 16 bits become 8.
/// </summary>
sealed class SkiaDecoder : ImageDecoder
{
    public override ImageHeader? Header(byte[] bytes)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = Open(data);
        if (codec is null || codec.Info.Width < 1 || codec.Info.Height < 1) return null;
        bool turned = codec.EncodedOrigin >= SKEncodedOrigin.LeftTop;
        return new(turned ? codec.Info.Height : codec.Info.Width, turned ? codec.Info.Width : codec.Info.Height,
            IsGrey(codec, bytes));
    }

    public override Pixels? Decode(byte[] bytes)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = Open(data);
        if (codec is null) return null;
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        byte[] rgba = new byte[info.BytesSize64];
        unsafe
        {
            // Truncated pictures end as IncompleteInput: half a picture is none.
            fixed (byte* to = rgba)
                if (codec.GetPixels(info, (nint)to) != SKCodecResult.Success) return null;
        }
        return Turned(rgba, info.Width, info.Height, codec.EncodedOrigin, IsGrey(codec, bytes));
    }

    /// <summary>A picture as the bytes of a PNG file.</summary>
    public static byte[] Png(Pixels picture)
    {
        using var bitmap = new SKBitmap(picture.Width, picture.Height, picture.Channels == 1 ? SKColorType.Gray8
            : SKColorType.Rgba8888, SKAlphaType.Opaque);
        int step = picture.Channels;
        for (int i = 0; i < picture.Width * picture.Height; i++)
        {
            byte red = picture.Bytes[i * step], green = picture.Bytes[i * step + step / 2],
                blue = picture.Bytes[i * step + step - 1];
            bitmap.SetPixel(i % picture.Width, i / picture.Width, new(red, green, blue));
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    // What is no picture has no codec; SkiaSharp's annotations do not say so.
    static SKCodec? Open(SKData data) => SKCodec.Create(data);

    /// <summary>PNG says so in its header, byte 25: 0 is grey, 4 grey with alpha. Of JPEG the codec knows.</summary>
    static bool IsGrey(SKCodec codec, byte[] bytes) =>
        codec.EncodedFormat == SKEncodedImageFormat.Png ? bytes.Length > 25 && bytes[25] is 0 or 4
        : codec.Info.ColorType == SKColorType.Gray8;

    // What is brighter in the mean, from 0 to 255, would vanish on white.
    const int NearlyWhite = 230;

    /// <summary>What transparent parts become: white; black where what is drawn is itself nearly white.</summary>
    static int Ground(ReadOnlySpan<byte> rgba)
    {
        long sum = 0, all = 0;
        bool transparent = false;
        for (int i = 0; i < rgba.Length; i += 4)
        {
            sum += (long)rgba[i + 3] * (rgba[i] + rgba[i + 1] + rgba[i + 2]);
            all += rgba[i + 3];
            transparent |= rgba[i + 3] < 255;
        }
        return transparent && sum > NearlyWhite * 3 * all ? 0 : 255;
    }

    /// <summary>Upright, with transparent parts filled.</summary>
    static Pixels Turned(byte[] rgba, int width, int height, SKEncodedOrigin origin, bool grey)
    {
        bool turned = origin >= SKEncodedOrigin.LeftTop;
        int across = turned ? height : width, down = turned ? width : height, channels = grey ? 1 : 3;
        int ground = Ground(rgba);
        byte[] made = new byte[width * height * channels];
        for (int y = 0; y < down; y++)
        {
            for (int x = 0; x < across; x++)
            {
                var (fromX, fromY) = origin switch
                {
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, height - 1 - x),
                    SKEncodedOrigin.RightBottom => (width - 1 - y, height - 1 - x),
                    SKEncodedOrigin.LeftBottom => (width - 1 - y, x),
                    _ => (x, y),
                };
                var pixel = rgba.AsSpan(4 * (fromY * width + fromX), 4);
                for (int c = 0; c < channels; c++)
                    made[(y * across + x) * channels + c] =
                        (byte)((pixel[c] * pixel[3] + ground * (255 - pixel[3]) + 127) / 255);
            }
        }
        return new(across, down, channels, made);
    }
}
