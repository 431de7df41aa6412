using ChainRule.Errors;

namespace ChainRule.Zoo.Images;

/// <summary>
/// A picture as numbers: rows from the top, pixels from the left, the channels of a pixel side by side; 0 is black and
/// 255 full intensity.
/// </summary>
/// <param name="width">Pixels in a row.</param>
/// <param name="height">Rows.</param>
/// <param name="channels">1, grey; or 3: red, green, blue.</param>
/// <param name="bytes">height · width · channels numbers.</param>
public sealed class Pixels(int width, int height, int channels, byte[] bytes)
{
    // Rec. 601, in 65,536ths: what most programs take for the brightness of a colour.
    const int Red = 19_595, Green = 38_470, Blue = 7_471;

    /// <summary>Pixels in a row.</summary>
    public int Width { get; } = width > 0 ? width : throw Refused(width, height, channels, bytes);

    /// <summary>Rows.</summary>
    public int Height { get; } = height > 0 ? height : throw Refused(width, height, channels, bytes);

    /// <summary>1, grey; or 3: red, green, blue.</summary>
    public int Channels { get; } = channels is 1 or 3 && bytes?.LongLength == (long)width * height * channels
        ? channels : throw Refused(width, height, channels, bytes);

    /// <summary>[Height, Width, Channels].</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>
    /// In shades of grey, 0.299 red + 0.587 green + 0.114 blue; or in colour, of which a grey one has three equal
    /// channels.
    /// </summary>
    /// <exception cref="ArgumentException">It is neither 1 nor 3.</exception>
    public Pixels To(int channels)
    {
        if (channels == Channels) return this;
        if (channels is not (1 or 3))
            throw new RefusedArgumentException($"image: {channels} channels: give 1, grey, or 3, colour",
                nameof(channels));
        byte[] made = new byte[Width * Height * channels];
        for (int i = 0; i < Width * Height; i++)
        {
            if (channels == 1)
                made[i] = (byte)((Red * Bytes[3 * i] + Green * Bytes[3 * i + 1] + Blue * Bytes[3 * i + 2] + 32_768)
                    >> 16);
            else made.AsSpan(3 * i, 3).Fill(Bytes[i]);
        }
        return new(Width, Height, channels, made);
    }

    /// <summary>
    /// Of another size, sides stretched one by one: each new pixel is the mean of those that it covers, weighted by a
    /// triangle (bilinear where it grows). As PIL's <c>resize(…, BILINEAR)</c>.
    /// </summary>
    public Pixels Resize(int width, int height)
    {
        if (width < 1 || height < 1)
            throw new RefusedArgumentException($"image: resize to {width} × {height}: give sides of 1 or more",
                nameof(width));
        if ((width, height) == (Width, Height)) return this;
        var (across, down) = (Weights(Width, width), Weights(Height, height));
        double[] row = new double[width * Channels], sum = new double[width * height * Channels];
        for (int y = 0; y < Height; y++)
        {
            if (!down.Any(taps => y >= taps.From && y < taps.From + taps.Weights.Length)) continue;
            Narrow(y, across, row);
            for (int to = 0; to < height; to++)
            {
                int tap = y - down[to].From;
                if (tap < 0 || tap >= down[to].Weights.Length) continue;
                double weight = down[to].Weights[tap];
                for (int i = 0; i < row.Length; i++) sum[to * row.Length + i] += weight * row[i];
            }
        }
        return new(width, height, Channels, [.. sum.Select(x => (byte)Math.Clamp(Math.Round(x), 0, 255))]);
    }

    void Narrow(int y, (int From, double[] Weights)[] across, double[] row)
    {
        var pixels = Bytes.Slice(y * Width * Channels, Width * Channels);
        for (int x = 0; x < across.Length; x++)
        {
            for (int c = 0; c < Channels; c++)
            {
                double sum = 0;
                for (int i = 0; i < across[x].Weights.Length; i++)
                    sum += across[x].Weights[i] * pixels[(across[x].From + i) * Channels + c];
                row[x * Channels + c] = sum;
            }
        }
    }

    /// <summary>Which old pixels each new one is made of, and with what weights, which sum to 1.</summary>
    static (int From, double[] Weights)[] Weights(int old, int made)
    {
        double scale = (double)old / made, reach = Math.Max(1, scale);
        var all = new (int, double[])[made];
        for (int i = 0; i < made; i++)
        {
            double centre = (i + 0.5) * scale;
            int from = Math.Max(0, (int)(centre - reach + 0.5)), to = Math.Min(old, (int)(centre + reach + 0.5));
            double[] weights =
                [.. Enumerable.Range(from, to - from).Select(j => Math.Max(0, 1 - Math.Abs(j + 0.5 - centre) / reach))];
            double sum = weights.Sum();
            all[i] = (from, [.. weights.Select(weight => weight / sum)]);
        }
        return all;
    }

    static RefusedArgumentException Refused(int width, int height, int channels, byte[]? bytes) => new(
        $"pixels: {width} × {height} of {channels} channels, and {bytes?.Length ?? 0:N0} bytes: give sides of 1 or "
        + "more, 1 or 3 channels, and a byte for each", nameof(bytes));
}
