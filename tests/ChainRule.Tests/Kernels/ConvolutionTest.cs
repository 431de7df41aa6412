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

    static T[] Ones<T>(int count) where T : unmanaged, INumber<T> => [.. Enumerable.Repeat(T.One, count)];

    static T[] Drawn<T>(int count, int seed) where T : unmanaged, INumber<T>
    {
        var rng = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(rng.NextDouble() * 2 - 1))];
    }
}
