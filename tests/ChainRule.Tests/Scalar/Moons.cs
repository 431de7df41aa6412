using ChainRule.Randomness;

namespace ChainRule.Tests.Scalar;

/// <summary>scikit-learn's make_moons: two interleaved half circles, shuffled, then blurred row by row.</summary>
sealed record Moons(double[][] Points, int[] Labels)
{
    public static Moons Draw(int samples, double noise, NumpyRandom random)
    {
        int outer = samples / 2, inner = samples - outer;
        double[][] points = new double[samples][];
        for (int i = 0; i < outer; i++) points[i] = [Math.Cos(Angle(i, outer)), Math.Sin(Angle(i, outer))];
        for (int i = 0; i < inner; i++)
            points[outer + i] = [1 - Math.Cos(Angle(i, inner)), 1 - Math.Sin(Angle(i, inner)) - 0.5];
        int[] order = random.Permutation(samples);
        points = Array.ConvertAll(order, i => points[i]);
        foreach (double[] point in points)
        {
            point[0] += random.Normal(0, noise);
            point[1] += random.Normal(0, noise);
        }
        return new Moons(points, Array.ConvertAll(order, i => i < outer ? 0 : 1));
    }

    static double Angle(int i, int count) => i == count - 1 ? Math.PI : i * (Math.PI / (count - 1));
}
