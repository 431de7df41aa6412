using ChainRule.Events;

namespace ChainRule.Pictures;

/// <summary>
/// A small image of pixels for a page: a photograph or a digit as it is, or a map of numbers in colours. It prints its
/// caption and size.
/// </summary>
public sealed class Raster
{
    // From the darkest to the brightest: viridis at its quarters. Of signed numbers, from blue over white to red.
    static readonly int[] s_rising = [0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xfde725];
    static readonly int[] s_signed = [0x2166ac, 0x92c5de, 0xf7f7f7, 0xf4a582, 0xb2182b];

    readonly byte[] _rgb;

    Raster(string caption, int height, int width, byte[] rgb) =>
        (Caption, Height, Width, _rgb) = (caption, height, width, rgb);

    /// <summary>What stands under it.</summary>
    public string Caption { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>A picture as it is: 0 is black and 1 is white; what is outside is cut off.</summary>
    /// <param name="caption">What stands under it.</param>
    /// <param name="pixels">[height, width], grey; or [3, height, width]: red, green, blue.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static Raster Picture(string caption, Tensor pixels)
    {
        bool colour = pixels.Rank == 3 && pixels.Shape[0] == 3;
        if (!colour && pixels.Rank != 2 || pixels.Count == 0)
            Throw.Argument($"image '{caption}': {pixels.Shape}: give grey pixels, [height, width], or three planes of "
                + "colour, [3, height, width]");
        double[] numbers = Numbers(pixels);
        int height = pixels.Shape[^2], width = pixels.Shape[^1], places = height * width;
        byte[] rgb = new byte[3 * places];
        for (int i = 0; i < places; i++)
            for (int c = 0; c < 3; c++) rgb[3 * i + c] = Byte(255 * numbers[colour ? c * places + i : i]);
        return new(caption, height, width, rgb);
    }

    /// <summary>Numbers as colours, from the smallest, dark violet, to the largest, yellow.</summary>
    /// <param name="caption">What stands under it.</param>
    /// <param name="numbers">[height, width].</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static Raster Map(string caption, Tensor numbers) => Coloured(caption, numbers, s_rising, signed: false);

    /// <summary>Numbers with a sign as colours: blue below 0, white at 0, red above.</summary>
    /// <param name="caption">What stands under it.</param>
    /// <param name="numbers">[height, width].</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static Raster Signed(string caption, Tensor numbers) => Coloured(caption, numbers, s_signed, signed: true);

    public override string ToString() => $"image '{Caption}' of {Height} × {Width} pixels";

    /// <summary>The file, as PNG.</summary>
    internal byte[] Bytes() => Png.Write(Width, _rgb);

    static Raster Coloured(string caption, Tensor numbers, int[] colours, bool signed)
    {
        if (numbers.Rank != 2 || numbers.Count == 0)
            Throw.Argument($"image '{caption}': {numbers.Shape}: give numbers [height, width]");
        double[] all = Numbers(numbers), finite = [.. all.Where(double.IsFinite)];
        double high = finite.DefaultIfEmpty(0).Max(), low = finite.DefaultIfEmpty(0).Min();
        if (signed) (low, high) = (-Math.Max(high, -low), Math.Max(high, -low));
        byte[] rgb = new byte[3 * all.Length];
        for (int i = 0; i < all.Length; i++)
        {
            double place = high > low ? (all[i] - low) / (high - low) : signed ? 0.5 : 0;
            Blend(colours, double.IsFinite(place) ? Math.Clamp(place, 0, 1) : 0, rgb.AsSpan(3 * i, 3));
        }
        return new(caption, numbers.Shape[0], numbers.Shape[1], rgb);
    }

    static void Blend(int[] colours, double place, Span<byte> to)
    {
        double at = place * (colours.Length - 1);
        int left = Math.Min((int)at, colours.Length - 2);
        for (int c = 0; c < 3; c++)
        {
            int shift = 16 - 8 * c, from = colours[left] >> shift & 255, next = colours[left + 1] >> shift & 255;
            to[c] = Byte(from + (at - left) * (next - from));
        }
    }

    static byte Byte(double x) => (byte)Math.Clamp(Math.Round(double.IsFinite(x) ? x : 0), 0, 255);

    static double[] Numbers(Tensor x) => x.Detach().To(DType.Float64).ToArray<double>();
}
