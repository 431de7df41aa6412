using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Tests.Scalar;

/// <summary>
/// The two moons of micrograd's demo: max-margin loss with a little weight decay, a hundred steps of gradient descent.
/// </summary>
public class MoonsDemoTest
{
    static readonly Moons s_data = Moons.Draw(100, 0.1, new NumpyRandom(1337));

    [Fact]
    public void The_moons_are_scikit_learns()
    {
        var recorded = Randomness.RecordedStreams.All.Moons;
        Assert.Equal(recorded.Labels, s_data.Labels);
        double[] points = [.. s_data.Points.SelectMany(p => p)];
        // NumPy takes sines and cosines of whole vectors, which may differ from the C library's in the last bit
        for (int i = 0; i < points.Length; i++) Assert.Equal(recorded.Points[i], points[i], 5e-16);
        Assert.Equal(-0.548639298268643, s_data.Points.Min(p => p[1]), 1e-15);
    }

    [Fact]
    public void A_hundred_steps_print_the_demos_losses_and_accuracies()
    {
        var mlp = new Mlp(2, [16, 16, 1], new PythonRandom(1337), MlpStyle.Library);
        double[] losses = new double[100];
        double[] accuracies = new double[100];
        for (int k = 0; k < 100; k++)
        {
            var (loss, accuracy) = Loss(mlp);
            (losses[k], accuracies[k]) = (loss.Data, accuracy);
            mlp.ZeroGrad();
            loss.Backward();
            double rate = 1.0 - 0.9 * k / 100;
            foreach (var p in mlp.Parameters()) p.Data -= rate * p.Grad;
        }
        (int Step, double Loss)[] printed =
        [
            (0, 0.8958441028683222), (1, 1.7235905336972022), (2, 0.7429006313851131), (3, 0.7705641260584198),
            (10, 0.24507023853658053), (20, 0.18977522856087634),
        ];
        foreach (var (step, loss) in printed) Assert.Equal(loss, losses[step], 1e-12);
        Assert.Equal([0.5, 0.81, 0.91, 1.0], [accuracies[0], accuracies[1], accuracies[10], accuracies[99]]);
    }

    [Fact]
    public void The_grid_of_the_contour_has_the_limits_that_the_plot_printed()
    {
        double[] y = Grid(1);
        Assert.Equal(-1.548639298268643, y[0], 2.5e-16);
        Assert.Equal(1.951360701731357, y[^1], 2.5e-16);
        Assert.Equal((15, 21), (y.Length, Grid(0).Length));

        // from one unit below the lowest point to one above the highest, the end left out
        static double[] Grid(int axis)
        {
            double low = s_data.Points.Min(p => p[axis]) - 1, high = s_data.Points.Max(p => p[axis]) + 1;
            return [.. Enumerable.Range(0, (int)Math.Ceiling((high - low) / 0.25)).Select(i => low + 0.25 * i)];
        }
    }

    static (Value Loss, double Accuracy) Loss(Mlp mlp)
    {
        var margins = new Value[s_data.Points.Length];
        int right = 0;
        for (int i = 0; i < margins.Length; i++)
        {
            double y = s_data.Labels[i] * 2 - 1;
            var score = mlp.Call(s_data.Points[i][0], s_data.Points[i][1]);
            margins[i] = (1 + -y * score).Relu();
            if (y > 0 == score.Data > 0) right++;
        }
        var squares = mlp.Parameters().Select(p => p * p).ToArray();
        return (Value.Sum(margins) * (1.0 / margins.Length) + 1e-4 * Value.Sum(squares),
            right / (double)margins.Length);
    }
}
