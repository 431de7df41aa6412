using ChainRule.Randomness;

namespace ChainRule.Zoo.Images;

/// <summary>
/// Images varied at random, each by amounts that are drawn evenly between the limits; the numbers are those of
/// <see cref="ImageOptions"/>.
/// </summary>
sealed record Augmentation(double Shift, double Rotate, double Scale, double Noise, double Cutout, bool Flip)
{
    public bool IsNone => this == new Augmentation(0, 0, 0, 0, 0, false);

    /// <summary>Varies one image, [channels, size, size].</summary>
    /// <param name="from">Its pixels, 0 to 1.</param>
    /// <param name="to">Where the varied one is written.</param>
    /// <param name="channels">Planes.</param>
    /// <param name="size">The side.</param>
    /// <param name="rng">Where it is drawn from.</param>
    public void Apply(ReadOnlySpan<float> from, Span<float> to, int channels, int size, TorchRandom rng)
    {
        // All are drawn, whatever the limits: one limit changed does not change what the others draw.
        double Drawn() => 2 * rng.NextDouble() - 1;
        double angle = Drawn() * Rotate * Math.PI / 180, scale = 1 / (1 + Drawn() * Scale);
        double right = Drawn() * Shift * size, down = Drawn() * Shift * size, blankX = Drawn(), blankY = Drawn();
        double mirror = Flip && rng.NextDouble() < 0.5 ? -1 : 1;
        double cos = Math.Cos(angle) * scale, sin = Math.Sin(angle) * scale, middle = (size - 1) / 2.0;
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                // Where what stands here came from.
                double dx = x - middle - right, dy = y - middle - down;
                double sourceX = mirror * (cos * dx + sin * dy) + middle, sourceY = cos * dy - sin * dx + middle;
                for (int c = 0; c < channels; c++)
                    to[(c * size + y) * size + x] =
                        Bilinear(from.Slice(c * size * size, size * size), size, sourceX, sourceY);
            }
        }
        if (Noise > 0) AddNoise(to, rng);
        if (Cutout > 0) Blank(to, size, (int)Math.Round(Cutout * size), blankX, blankY);
    }

    /// <summary>Between four pixels; outside of the image stands what is at its edge.</summary>
    static float Bilinear(ReadOnlySpan<float> plane, int size, double x, double y)
    {
        x = Math.Clamp(x, 0, size - 1);
        y = Math.Clamp(y, 0, size - 1);
        int left = (int)x, top = (int)y, right = Math.Min(left + 1, size - 1), bottom = Math.Min(top + 1, size - 1);
        float across = (float)(x - left), down = (float)(y - top);
        float above = plane[top * size + left] * (1 - across) + plane[top * size + right] * across;
        float below = plane[bottom * size + left] * (1 - across) + plane[bottom * size + right] * across;
        return above * (1 - down) + below * down;
    }

    void AddNoise(Span<float> image, TorchRandom rng)
    {
        float[] noise = new float[image.Length];
        rng.Normal(noise, 0, Noise);
        for (int i = 0; i < image.Length; i++) image[i] = Math.Clamp(image[i] + noise[i], 0, 1);
    }

    /// <summary>A square of the mean grey, which may reach over the edge.</summary>
    static void Blank(Span<float> image, int size, int side, double x, double y)
    {
        int left = (int)Math.Round((x + 1) / 2 * size) - side / 2, top = (int)Math.Round((y + 1) / 2 * size) - side / 2;
        float mean = 0;
        foreach (float pixel in image) mean += pixel;
        mean /= image.Length;
        for (int plane = 0; plane < image.Length; plane += size * size)
            for (int row = Math.Max(0, top); row < Math.Min(size, top + side); row++)
                for (int column = Math.Max(0, left); column < Math.Min(size, left + side); column++)
                    image[plane + row * size + column] = mean;
    }
}
