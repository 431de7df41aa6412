using ChainRule.Layers;

namespace ChainRule.Diagnostics;

/// <summary>
/// Which part of an image carries a score? A square is covered at one place after the other, and the fall of the score
/// is noted: the map holds, for each pixel, the mean fall over the squares that covered it. Where it is above 0, the
/// score rests on what is there; where it is below 0, what is there speaks against it. No gradients are asked for, so
/// that it works for any model.
/// </summary>
/// <remarks>Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014.</remarks>
public static class Occlusion
{
    const string Asked = "occlusion";
    const int ImagesAtOnce = 64;

    /// <summary>The occlusion map of each image.</summary>
    /// <param name="model">A model of [N, C, H, W] → [N, outputs], each image by itself; asked in evaluation
    /// mode.</param>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="output">Which of the outputs is the score.</param>
    /// <param name="side">The side of the square, in pixels, at most that of the images.</param>
    /// <param name="stride">Pixels from one place to the next, at most the side: every pixel is covered.</param>
    /// <param name="fill">What the square is filled with: 0 is the mean of images that are standardised.</param>
    /// <returns>[N, H, W].</returns>
    /// <exception cref="ArgumentException">The images are not [N, C, H, W], there is no such output, or the square does
    /// not fit.</exception>
    public static Tensor Of(Module model, Tensor images, int output = 0, int side = 5, int stride = 2, double fill = 0)
    {
        Throw.IfNull(model, Asked);
        Scores.CheckImages(Asked, images);
        var (count, channels, height, width) = (images.Shape[0], images.Shape[1], images.Shape[2], images.Shape[3]);
        if (side < 1 || side > Math.Min(height, width))
            Throw.OutOfRange($"{Asked}: a square of {side} × {side} on images of {height} × {width} pixels: give a "
                + $"side from 1 to {Math.Min(height, width)}", nameof(side));
        if (stride < 1 || stride > side)
            Throw.OutOfRange($"{Asked}: stride {stride}: give 1 to {side}, the side of the square", nameof(stride));
        if (!double.IsFinite(fill)) Throw.OutOfRange($"{Asked}: fill {fill}: give a finite number", nameof(fill));
        using var evaluation = model.InEvaluation();
        using var quiet = NoGrad.Begin();
        double[] pixels = images.Detach().To(DType.Float64).ToArray<double>();
        double[] map = new double[count * height * width];
        int[] tops = Places(height, side, stride), lefts = Places(width, side, stride);
        (int Top, int Left)[] places = [.. from top in tops from left in lefts select (top, left)];
        int one = channels * height * width;
        for (int image = 0; image < count; image++)
        {
            double[] own = pixels[(image * one)..((image + 1) * one)], covered = new double[height * width];
            var sums = map.AsSpan(image * height * width, height * width);
            double whole = Scored([own])[0];
            foreach (var some in places.Chunk(ImagesAtOnce))
            {
                double[] scores = Scored([.. some.Select(place => Covered(own, place.Top, place.Left))]);
                foreach (var ((top, left), score) in some.Zip(scores))
                {
                    for (int y = top; y < top + side; y++)
                    {
                        for (int x = left; x < left + side; x++)
                        {
                            sums[y * width + x] += whole - score;
                            covered[y * width + x]++;
                        }
                    }
                }
            }
            for (int i = 0; i < sums.Length; i++) sums[i] /= covered[i];
        }
        return Tensor.From(map, [count, height, width]).To(images.DType);

        double[] Scored(double[][] some)
        {
            using var scope = Scope.Begin(Asked);
            var x = Tensor.From([.. some.SelectMany(numbers => numbers)], [some.Length, channels, height, width]);
            return Scores.Of(Asked, model.Forward(x.To(images.DType)), output).To(DType.Float64).ToArray<double>();
        }

        double[] Covered(double[] own, int top, int left)
        {
            double[] made = [.. own];
            for (int c = 0; c < channels; c++)
                for (int y = top; y < top + side; y++)
                    made.AsSpan((c * height + y) * width + left, side).Fill(fill);
            return made;
        }
    }

    /// <summary>From the one edge to the other; the last square ends at the edge.</summary>
    static int[] Places(int length, int side, int stride)
    {
        List<int> places = [];
        for (int at = 0; at < length - side; at += stride) places.Add(at);
        return [.. places, length - side];
    }
}
