using System.Numerics;
using System.Runtime.InteropServices;
using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class ConvolutionTest
{
    public static TheoryData<int> Draws => [.. Enumerable.Range(0, 60)];

    [Theory, MemberData(nameof(Draws))]
    public void The_fast_one_equals_its_definition_at_drawn_shapes(int seed)
    {
        var rng = new Random(seed);
        int kernelHeight = rng.Next(1, 6), kernelWidth = rng.Next(1, 6);
        AssertDefined(new(rng.Next(1, 4), rng.Next(1, 6), kernelHeight + rng.Next(12), kernelWidth + rng.Next(24),
            rng.Next(1, 20), kernelHeight, kernelWidth, (rng.Next(1, 4), rng.Next(1, 4)),
            (rng.Next(0, 4), rng.Next(0, 4)), (1, 1)));
    }

    [Theory, MemberData(nameof(Draws))]
    public void So_does_one_that_is_dilated_and_in_groups(int seed)
    {
        var rng = new Random(seed);
        int kernelHeight = rng.Next(1, 4), kernelWidth = rng.Next(1, 4);
        (int Y, int X) dilation = (rng.Next(1, 4), rng.Next(1, 4));
        AssertDefined(new(rng.Next(1, 4), rng.Next(1, 4), dilation.Y * (kernelHeight - 1) + 1 + rng.Next(12),
            dilation.X * (kernelWidth - 1) + 1 + rng.Next(24), rng.Next(1, 6), kernelHeight, kernelWidth,
            (rng.Next(1, 4), rng.Next(1, 4)), (rng.Next(0, 4), rng.Next(0, 4)), dilation, rng.Next(1, 4)));
    }

    [Fact]
    public void Images_too_large_for_one_strip_are_done_in_several() =>
        AssertDefined(new(2, 20, 27, 30, 24, 3, 3, (1, 1), (1, 1), (1, 1)));

    [Fact]
    public void A_row_of_windows_too_long_for_a_strip_is_a_strip() =>
        AssertDefined(new(1, 40, 4, 900, 3, 2, 2, (1, 1), (0, 0), (1, 1)));

    [Fact]
    public void Images_smaller_than_the_kernel_are_seen_through_padding() =>
        AssertDefined(new(2, 2, 1, 2, 3, 5, 4, (1, 1), (3, 3), (1, 1)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_number_of_threads_gives_the_same_bits(int stride)
    {
        var convolution = new Convolution(6, 8, 20, 18, 36, 3, 3, (stride, stride), (1, 1), (1, 1));
        AssertSameBits(Computed<float>(convolution, 1), Computed<float>(convolution, 2));
        AssertSameBits(Computed<float>(convolution, 1), Computed<float>(convolution, 3));
        AssertSameBits(Computed<double>(convolution, 1), Computed<double>(convolution, 2));
    }

    // Odd sizes, more outputs than a block, channels and outputs that fill no vector, groups, paddings, large images.
    static readonly Convolution[] s_ofTiles =
    [
        new(3, 16, 7, 9, 16, 3, 3, (1, 1), (1, 1), (1, 1)), new(2, 33, 14, 14, 70, 3, 3, (1, 1), (0, 1), (1, 1)),
        new(5, 17, 4, 6, 19, 3, 3, (1, 1), (2, 0), (1, 1), 2), new(1, 20, 7, 40, 16, 3, 3, (1, 1), (5, 4), (1, 1)),
        new(1, 20, 3, 2, 130, 3, 3, (1, 1), (2, 2), (1, 1)),
    ];

    static readonly Convolution[] s_ofFewTaps =
    [
        new(3, 1, 9, 12, 30, 3, 3, (1, 1), (1, 1), (1, 1)), new(2, 3, 15, 10, 64, 7, 5, (2, 3), (3, 2), (1, 1)),
        new(2, 5, 8, 9, 31, 2, 4, (1, 2), (0, 0), (2, 1), 2), new(1, 14, 6, 5, 96, 3, 3, (1, 1), (0, 4), (1, 1)),
    ];

    public static TheoryData<int> OfTiles => [.. Enumerable.Range(0, s_ofTiles.Length)];

    public static TheoryData<int> OfFewTaps => [.. Enumerable.Range(0, s_ofFewTaps.Length)];

    [Theory, MemberData(nameof(OfTiles))]
    public void A_convolution_by_tiles_is_as_exact_as_its_definition(int at)
    {
        var c = s_ofTiles[at];
        Assert.True(Winograd.Pays<float>(c));
        Assert.False(Winograd.Pays<double>(c));
        var (x, w, b, dy) = Given<float>(c);
        double[] y = new double[dy.Length], dx = Ones<double>(x.Length), terms = new double[y.Length],
            termsBack = Ones<double>(x.Length), unused = new double[w.Length];
        c.NaiveForward<double>(Doubles(x), Doubles(w), Doubles(b), y);
        c.NaiveBackward<double>(Doubles(x), Doubles(w), Doubles(dy), dx, unused, []);
        c.NaiveForward<double>(Sizes(x), Sizes(w), Sizes(b), terms);
        c.NaiveBackward<double>(Sizes(x), Sizes(w), Sizes(dy), termsBack, unused, []);

        var fast = Fast(c, x, w, b, dy);
        AssertWithinTwoUnits(y, fast.Y, terms);
        AssertWithinTwoUnits(dx, fast.DX, termsBack);
        AssertSameBits(fast, Computed<float>(c, 2));
        AssertSameBits(fast, Computed<float>(c, 3));
    }

    [Theory, MemberData(nameof(OfFewTaps))]
    public void A_convolution_of_few_taps_is_one_chain_of_products(int which)
    {
        var c = s_ofFewTaps[which];
        Assert.True(FewChannels.Pays<float>(c));
        var (x, w, b, _) = Given<float>(c);
        float[] y = new float[c.Images * c.Groups * c.Outputs * c.Places];
        c.Forward<float>(x, w, b, relu: false, y);
        for (int place = 0; place < y.Length; place++)
        {
            float sum = 0;
            for (int tap = 0; tap < c.Channels * c.KernelHeight * c.KernelWidth; tap++)
                if (c.Seen(place, tap) is var (at, weight)) sum = float.MultiplyAddEstimate(w[weight], x[at], sum);
            Assert.Equal(sum + b[place / c.Places % b.Length], y[place]);
        }
    }

    [Fact]
    public void Pooled_in_the_same_pass_they_have_the_bits_of_two() =>
        Assert.All([.. s_ofTiles, .. s_ofFewTaps], static c => AssertPooled(c));

    static void AssertPooled(Convolution c)
    {
        var (x, w, b, dy) = Given<float>(c);
        var pooling = new Pooling(c.Images * c.Groups * c.Outputs, c.Rows, c.Columns, (2, 2), (2, 2), (0, 0));
        float[] y = new float[dy.Length], expected = new float[pooling.Planes * pooling.Rows * pooling.Columns],
            actual = new float[expected.Length];
        Assert.True(c.Pools);
        // NaN, too, goes through both.
        x[x.Length / 2] = float.NaN;
        foreach (float[] bias in (float[][])[b, []])
        {
            c.Forward<float>(x, w, bias, relu: true, y);
            pooling.Max<float>(y, expected);
            c.Forward<float>(x, w, bias, relu: true, actual, pool: true);
            Assert.Contains(float.NaN, actual);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void An_image_has_the_same_bits_alone_and_among_others()
    {
        var all = new Convolution(5, 24, 14, 12, 40, 3, 3, (1, 1), (1, 1), (1, 1));
        var (x, w, b, dy) = Given<float>(all);
        float[] y = new float[dy.Length], alone = new float[dy.Length / 5];
        all.Forward<float>(x, w, b, relu: false, y);
        for (int n = 0; n < 5; n++)
        {
            (all with { Images = 1 }).Forward<float>(x.AsSpan(n * x.Length / 5, x.Length / 5), w, b, false, alone);
            Assert.Equal(y[(n * alone.Length)..((n + 1) * alone.Length)], alone);
        }
    }

    [Fact]
    public void No_images_are_no_work()
    {
        var (y, dx, dw, db) = Fast(new Convolution(0, 2, 4, 4, 3, 3, 3, (1, 1), (1, 1), (1, 1)), Drawn<double>(0, 1),
            Drawn<double>(54, 2), Drawn<double>(3, 3), []);
        Assert.Equal((0, 0), (y.Length, dx.Length));
        Assert.All(dw.Concat(db), one => Assert.Equal(1, one));
    }

    [Fact]
    public void Room_is_rented_and_nothing_allocated()
    {
        var c = new Convolution(4, 3, 20, 18, 8, 3, 3, (1, 1), (1, 1), (1, 1));
        var (x, w, b, dy) = Given<float>(c);
        float[] y = new float[dy.Length], dx = new float[x.Length], dw = new float[w.Length], db = new float[b.Length];
        // The pool may be trimmed at any moment: what counts is that a call can do without.
        long least = long.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            c.Forward<float>(x, w, b, relu: true, y);
            c.InputGradient<float>(dy, w, new(dx, adds: true));
            c.AddWeightGradient<float>(x, dy, dw);
            c.AddBiasGradient<float>(dy, db);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    static void AssertDefined(Convolution c)
    {
        var (x, w, b, dy) = Given<double>(c);
        double[] y = new double[dy.Length], dx = Ones<double>(x.Length), dw = Ones<double>(w.Length),
            db = Ones<double>(b.Length);
        c.NaiveForward<double>(x, w, b, y);
        c.NaiveBackward<double>(x, w, dy, dx, dw, db);

        var fast = Fast(c, x, w, b, dy);
        Close.Equal(y, fast.Y, 1e-12, $"{c}, y");
        Close.Equal(dx, fast.DX, 1e-12, $"{c}, dx");
        Close.Equal(dw, fast.DW, 1e-12, $"{c}, dw");
        Close.Equal(db, fast.DB, 1e-12, $"{c}, db");

        double[] cut = new double[y.Length];
        c.Forward<double>(x, w, [], relu: true, cut);
        c.NaiveForward<double>(x, w, [], y);
        Close.Equal(Array.ConvertAll(y, one => Math.Max(one, 0)), cut, 1e-12, $"{c}, max(y, 0) without a bias");
    }

    /// <summary>Gradients are added to ones, so that what overwrites is seen.</summary>
    static (T[] Y, T[] DX, T[] DW, T[] DB) Fast<T>(Convolution c, T[] x, T[] w, T[] b, T[] dy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] y = new T[dy.Length], dx = Ones<T>(x.Length), dw = Ones<T>(w.Length), db = Ones<T>(b.Length);
        c.Forward<T>(x, w, b, relu: false, y);
        c.InputGradient<T>(dy, w, new(dx, adds: true));
        c.AddWeightGradient<T>(x, dy, dw);
        c.AddBiasGradient<T>(dy, db);
        return (y, dx, dw, db);
    }

    static (T[] Y, T[] DX, T[] DW, T[] DB) Computed<T>(Convolution c, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (x, w, b, dy) = Given<T>(c);
        int before = ForRows.Threads;
        ForRows.Threads = threads;
        try
        {
            return Fast(c, x, w, b, dy);
        }
        finally
        {
            ForRows.Threads = before;
        }
    }

    static void AssertSameBits<T>((T[] Y, T[] DX, T[] DW, T[] DB) one, (T[] Y, T[] DX, T[] DW, T[] DB) other)
        where T : unmanaged
    {
        foreach (var (a, b) in new[] { (one.Y, other.Y), (one.DX, other.DX), (one.DW, other.DW), (one.DB, other.DB) })
            Assert.True(MemoryMarshal.AsBytes<T>(a).SequenceEqual(MemoryMarshal.AsBytes<T>(b)));
    }

    static (T[] X, T[] W, T[] B, T[] DY) Given<T>(Convolution c) where T : unmanaged, INumber<T> =>
        (Drawn<T>(c.Images * c.Groups * c.Channels * c.Height * c.Width, 1),
        Drawn<T>(c.Groups * c.Outputs * c.Channels * c.KernelHeight * c.KernelWidth, 2),
            Drawn<T>(c.Groups * c.Outputs, 3), Drawn<T>(c.Images * c.Groups * c.Outputs * c.Places, 4));

    /// <summary>
    /// Two units in the last place of the largest sum of magnitudes: numbers of a tile are added before they are
    /// multiplied, so the smaller ones err as their neighbours do.
    /// </summary>
    static void AssertWithinTwoUnits(double[] expected, float[] actual, double[] terms)
    {
        double worst = 0;
        for (int i = 0; i < expected.Length; i++) worst = Math.Max(worst, Math.Abs(actual[i] - expected[i]));
        Assert.InRange(worst / terms.Max(), 0, Math.ScaleB(1, -22));
    }

    static double[] Sizes(float[] numbers) => Array.ConvertAll(numbers, static one => (double)Math.Abs(one));

    static double[] Doubles(float[] numbers) => Array.ConvertAll(numbers, static one => (double)one);

    static T[] Ones<T>(int count) where T : unmanaged, INumber<T> => [.. Enumerable.Repeat(T.One, count)];

    static T[] Drawn<T>(int count, int seed) where T : unmanaged, INumber<T>
    {
        var rng = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(rng.NextDouble() * 2 - 1))];
    }
}
