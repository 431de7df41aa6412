using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class PoolingTest
{
    [Fact]
    public void Pairs_in_vectors_give_what_windows_one_by_one_give_at_every_width()
    {
        for (int width = 2; width <= 70; width++)
        {
            // Few different numbers make ties; a NaN is larger than all.
            var rng = new Random(width);
            var pooling = new Pooling(3, 2 + width % 7, width, (2, 2), (2, 2), (0, 0));
            float[] x = [.. Enumerable.Range(0, 3 * pooling.Height * width)
                .Select(_ => rng.Next(40) == 0 ? float.NaN : rng.Next(-3, 3))];
            float[] dy = [.. Enumerable.Range(1, 3 * pooling.Rows * pooling.Columns)];
            double[] wideX = Array.ConvertAll(x, one => (double)one), wideDy = Array.ConvertAll(dy, one => (double)one);

            // Doubles are never taken in pairs.
            float[] y = new float[dy.Length], dx = [.. Enumerable.Repeat(1f, x.Length)];
            double[] wideY = new double[dy.Length], wideDx = [.. Enumerable.Repeat(1.0, x.Length)];
            pooling.Max<float>(x, y);
            pooling.Max<double>(wideX, wideY);
            pooling.AddMaxGradient<float>(x, dy, dx);
            pooling.AddMaxGradient<double>(wideX, wideDy, wideDx);
            Assert.Equal(wideY, Array.ConvertAll(y, one => (double)one));
            Assert.Equal(wideDx, Array.ConvertAll(dx, one => (double)one));
        }
    }

    [Theory]
    [InlineData(2, 2, 0)]
    [InlineData(3, 2, 1)]
    [InlineData(3, 1, 0)]
    public void Any_number_of_threads_gives_the_same_bits(int kernel, int stride, int padding)
    {
        var pooling = new Pooling(40, 60, 62, (kernel, kernel), (stride, stride), (padding, padding));
        var (one, two) = (Computed(pooling, 1), Computed(pooling, 2));
        for (int i = 0; i < one.Length; i++) Assert.Equal(one[i], two[i]);
    }

    [Fact]
    public void No_planes_are_no_work()
    {
        float[] nothing = [];
        var pooling = new Pooling(0, 4, 4, (2, 2), (2, 2), (0, 0));
        pooling.Max<float>(nothing, nothing);
        pooling.AddMaxGradient<float>(nothing, nothing, nothing);
        pooling.Average<float>(nothing, nothing);
        pooling.AddAverageGradient<float>(nothing, nothing);
    }

    static float[][] Computed(Pooling pooling, int threads)
    {
        var rng = new Random(1);
        int inside = pooling.Planes * pooling.Height * pooling.Width,
            places = pooling.Planes * pooling.Rows * pooling.Columns;
        float[] x = [.. Enumerable.Range(0, inside).Select(_ => (float)rng.NextDouble())];
        float[] dy = [.. Enumerable.Range(0, places).Select(_ => (float)rng.NextDouble())];
        float[] most = new float[places], mean = new float[places], dMost = new float[inside],
            dMean = new float[inside];
        int before = ForRows.Threads;
        ForRows.Threads = threads;
        try
        {
            pooling.Max<float>(x, most);
            pooling.Average<float>(x, mean);
            pooling.AddMaxGradient<float>(x, dy, dMost);
            pooling.AddAverageGradient<float>(dy, dMean);
        }
        finally
        {
            ForRows.Threads = before;
        }
        return [most, mean, dMost, dMean];
    }
}
