using ChainRule.Kernels;
using ChainRule.Randomness;

namespace ChainRule.Tests.Kernels;

public sealed class PlaneNormTest
{
    [Theory]
    [InlineData(2, 3)]
    [InlineData(5, 49)]
    [InlineData(3, 700)]
    public void It_is_the_norm_of_columns_of_what_is_turned_around(int images, int plane)
    {
        const int Channels = 4;
        var rng = new TorchRandom(1);
        double[] x = Draw(images * Channels * plane), dy = Draw(x.Length), gain = Draw(Channels), bias = Draw(Channels);
        int divisor = images * plane - 1;
        double[] mean = new double[Channels], var = new double[Channels], y = new double[x.Length],
            dx = new double[x.Length];
        double[] dgain = new double[Channels], dbias = new double[Channels];
        var norm = new PlaneNorm(Channels, plane, divisor, 1e-5);
        norm.Forward<double>(x, gain, bias, mean, var, y);
        norm.Backward<double>(x, gain, mean, var, dy, dgain, dbias, new(dx, adds: false));

        double[] means = new double[Channels], vars = new double[Channels], ys = new double[x.Length],
            dxs = new double[x.Length];
        double[] dgains = new double[Channels], dbiases = new double[Channels];
        ColumnNorm.Forward<double>(Turned(x), gain, bias, 1e-5, divisor, means, vars, ys);
        ColumnNorm.Backward<double>(Turned(x), gain, 1e-5, divisor, means, vars, Turned(dy), dgains, dbiases,
            dxs, first: true);
        Close.Equal(means, mean, 1e-13, "mean");
        Close.Equal(vars, var, 1e-13, "variance");
        Close.Equal(ys, Turned(y), 1e-12, "y");
        Close.Equal(dxs, Turned(dx), 1e-12, "dx");
        Close.Equal(dgains, dgain, 1e-12, "dgain");
        Close.Equal(dbiases, dbias, 1e-12, "dbias");

        double[] Draw(int count) => Tensor.Randn([count], rng, DType.Float64).ToArray<double>();
        double[] Turned(double[] numbers) =>
            Tensor.From(numbers, [images, Channels, plane]).Transpose(1, 2).ToArray<double>();
    }

    [Fact]
    public void A_gradient_that_is_there_is_added_to_and_what_is_empty_is_left_out()
    {
        double[] x = [1, 2, 3, 5, 8, 13], dy = [1, 0, 2, 0, 3, 1], dx = new double[6],
            twice = [.. Enumerable.Repeat(7.0, 6)];
        double[] mean = [0], var = [0], y = new double[6];
        var norm = new PlaneNorm(1, 3, 6, 1e-5);
        norm.Forward<double>(x, [2], [1], mean, var, y);
        norm.Backward<double>(x, [2], mean, var, dy, default, default, new(dx, adds: false));
        norm.Backward<double>(x, [2], mean, var, dy, default, default, new(twice, adds: true));
        Close.Equal([.. dx.Select(one => one + 7)], twice, 1e-14, "dx");
        norm.Backward<double>(x, [2], mean, var, dy, default, default, default);
    }

    [Fact]
    public void A_mean_of_a_million_keeps_its_digits()
    {
        float[] x = new float[1_000_000], mean = [0], var = [0];
        for (int i = 0; i < x.Length; i++) x[i] = i % 2 == 0 ? 99.5f : 100.5f;
        new PlaneNorm(1, 1000, x.Length, 0).Forward<float>(x, [1], [0], mean, var, new float[x.Length]);
        Assert.Equal(100, mean[0], 1e-5);
        Assert.Equal(0.25, var[0], 1e-6);
    }
}
