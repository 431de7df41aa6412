using ChainRule.Classical;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Metrics;
using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Tests.Tables;

public sealed class PowerRestorationTest
{
    [Fact]
    public void The_load_is_that_of_the_formula_with_noise_around_it()
    {
        var table = PowerRestoration.Create();
        Assert.Equal((2400, "event hours temperature minutes load"), (table.Rows, string.Join(' ', table.Columns)));
        double[] Of(string column) => [.. table.Numbers(column).Select(number => number!.Value)];
        double[] left = [.. Of("hours").Zip(Of("temperature"), Of("minutes")).Zip(Of("load"), (x, load) =>
            load - PowerRestoration.Expected(x.First, x.Second, x.Third))];
        Assert.Equal(0, left.Average(), 0.005);
        Assert.Equal(PowerRestoration.NoiseDeviation, Math.Sqrt(left.Average(one => one * one)), 0.003);
        Assert.Equal(PowerRestoration.CreateCsv(), PowerRestoration.CreateCsv());
        Assert.StartsWith(PowerRestoration.CreateCsv(events: 3).TrimEnd(), PowerRestoration.CreateCsv(events: 5),
            StringComparison.Ordinal);
        Assert.NotEqual(PowerRestoration.CreateCsv(seed: 2), PowerRestoration.CreateCsv());
        Assert.Equal(1 + 1.5 * (1 - Math.Exp(-1)) * 0.2, PowerRestoration.Expected(3, 18, 0), 12);
        Assert.Equal("power restoration: 0 events: ask for at least one",
            Assert.ThrowsAny<ArgumentException>(() => PowerRestoration.Create(events: 0)).Message);
    }

    /// <summary>Centres by k-means++, widths by the mean distance of neighbours, output weights by least
    /// squares.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_rbf_network_is_better_than_a_line_and_than_the_mean(ulong seed)
    {
        var table = PowerRestoration.Create(seed);
        // Cuts that were not learned from.
        int[] train = [.. Enumerable.Range(0, 1600)], test = [.. Enumerable.Range(1600, 800)];
        var encoder = TableEncoder.Fit(table.Take(train), ["hours", "temperature", "minutes"]);
        Tensor x = encoder.Encode(table.Take(train), DType.Float64), tested = encoder.Encode(table.Take(test),
            DType.Float64);
        double[] load = [.. table.Numbers("load").Select(number => number!.Value)];
        var y = Tensor.From(load.AsSpan(0, 1600).ToArray());
        var bumps = RadialBasis.Around(KMeans.Fit(x, 60, seed: 1).Centres);
        bumps.Width.Write<double>().Fill(2 * bumps.Width.ToArray<double>()[0]);
        double Rmse(Tensor predicted) =>
            Regression.RootMeanSquaredError(predicted.ToArray<double>(), load.AsSpan(1600));
        double rbf = Rmse(LinearRegression.Fit(bumps.Forward(x).Detach(), y, ridge: 1e-3)
            .Predict(bumps.Forward(tested).Detach())), line = Rmse(LinearRegression.Fit(x, y).Predict(tested)),
            mean = Rmse(MeanBaseline.Fit(y).Predict(tested));
        Assert.True(rbf < 0.5 * line && line < mean, $"rbf {rbf:0.0000}, line {line:0.0000}, mean {mean:0.0000}");
        Assert.InRange(rbf, 0.9 * PowerRestoration.NoiseDeviation, 1.6 * PowerRestoration.NoiseDeviation);
    }
}
