namespace ChainRule.Zoo.Images;

/// <summary>
/// How bright the borders of grey images are: the mean of the pixels at the four edges. Where nearly all images of a
/// training part agree, a picture of the opposite border is one of inverted colours, such as ink on paper.
/// </summary>
readonly record struct ImageBorder(bool IsDark, bool IsBright)
{
    const double Dark = 0.3, Bright = 0.7, NearlyAll = 0.95;
    const string DarkWords = ", dark border", BrightWords = ", bright border";

    /// <summary>Of the <see cref="Brightness"/> of each image.</summary>
    public static ImageBorder Of(ReadOnlySpan<double> brightness)
    {
        int dark = 0, bright = 0;
        foreach (double one in brightness)
        {
            if (one < Dark) dark++;
            if (one > Bright) bright++;
        }
        int count = brightness.Length;
        return count == 0 ? default : new(dark >= NearlyAll * count, bright >= NearlyAll * count);
    }

    /// <summary>The mean of the outermost pixels, from 0 to 1.</summary>
    public static double Brightness(ReadOnlySpan<byte> plane, int size)
    {
        int sum = 0, count = 0;
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                if (x > 0 && x < size - 1 && y > 0 && y < size - 1) continue;
                sum += plane[y * size + x];
                count++;
            }
        }
        return sum / (255.0 * count);
    }

    public bool IsOpposite(double brightness) => IsDark && brightness > Bright || IsBright && brightness < Dark;

    public string Words() => IsDark ? DarkWords : IsBright ? BrightWords : "";

    /// <summary>Takes <see cref="Words"/> off the end of a text; runs of earlier versions have none.</summary>
    public static ImageBorder Read(ref string text)
    {
        var border = new ImageBorder(text.EndsWith(DarkWords, StringComparison.Ordinal),
            text.EndsWith(BrightWords, StringComparison.Ordinal));
        text = text[..^border.Words().Length];
        return border;
    }
}
