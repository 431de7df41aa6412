using ChainRule.Kernels;
using ChainRule.Randomness;

namespace ChainRule.Tests.Kernels;

public sealed class LogSumsTest
{
    public static TheoryData<int> Widths => [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 27, 31, 32, 33, 65, 100];

    [Theory, MemberData(nameof(Widths))]
    public void Sums_and_slopes_are_their_definitions(int width)
    {
        const int Rows = 5;
        double[] x = new double[Rows * width], max = new double[Rows], log = new double[Rows],
            dx = new double[x.Length], added = new double[x.Length];
        new TorchRandom(1).Normal(x, 2, 10);
        double[] dy = [1, -2, 0.5, 0, 3];
        Array.Fill(added, 7);
        LogSums.Of<double>(x, width, max, log);
        LogSums.AddGradient<double>(x, width, max, log, 0.01, dy, dx, first: true);
        LogSums.AddGradient<double>(x, width, max, log, 0.01, dy, added, first: false);
        for (int r = 0; r < Rows; r++)
        {
            double[] row = x[(r * width)..((r + 1) * width)];
            double largest = row.Max(), sum = row.Sum(a => Math.Exp(a - largest));
            Assert.Equal(largest, max[r]);
            Assert.Equal(Math.Log(sum), log[r], 1e-13);
            for (int i = 0; i < width; i++)
            {
                double slope = (Math.Exp(row[i] - largest) / sum - 0.01) * dy[r];
                Assert.Equal(slope, dx[r * width + i], 1e-13);
                Assert.Equal(7 + slope, added[r * width + i], 1e-13);
            }
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void A_NaN_wins_wherever_it_stands_and_an_infinity_leaves_no_probabilities(int width)
    {
        for (int at = 0; at < width; at++)
        {
            Assert.True(double.IsNaN(Sum(width, at, float.NaN)));
            Assert.Equal((float.PositiveInfinity, float.NaN), Both(width, at, float.PositiveInfinity));
        }
        float[] nothing = new float[width];
        Array.Fill(nothing, float.NegativeInfinity);
        Assert.Equal((float.NegativeInfinity, float.NaN), Of(nothing));
    }

    static float Sum(int width, int at, float odd)
    {
        var (max, log) = Both(width, at, odd);
        return max + log;
    }

    static (float Max, float Log) Both(int width, int at, float odd)
    {
        float[] x = new float[width];
        x[at] = odd;
        return Of(x);
    }

    static (float Max, float Log) Of(float[] x)
    {
        float[] max = [0], log = [0];
        LogSums.Of<float>(x, x.Length, max, log);
        return (max[0], log[0]);
    }
}
