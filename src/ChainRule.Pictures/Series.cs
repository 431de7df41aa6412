namespace ChainRule.Pictures;

/// <summary>One named curve or cloud of points.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Y">Its values; one that is not finite is left out, and the alternative text says so.</param>
public sealed record Series(string Name, IReadOnlyList<double> Y)
{
    /// <summary>Where each value stands; 0, 1, 2 … when not given.</summary>
    public IReadOnlyList<double>? X { get; init; }

    /// <summary>A word beside each point.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Its colour; one that no other series has when not given.</summary>
    public Hue? Hue { get; init; }

    /// <summary>Series of one group share a colour and a line of the legend, as the weights of one neuron do.</summary>
    public string? Group { get; init; }

    /// <summary>Lines: drawn wider than the others, for the one that matters.</summary>
    public bool Bold { get; init; }

    /// <summary>f at equal distances from one end to the other.</summary>
    public static Series Of(string name, Func<double, double> f, double from, double to, int points = 200)
    {
        if (points < 2)
            Throw.Argument($"series '{name}': a curve of {Words.Count(points, "point")} is none: give at least two");
        double[] x = [.. Enumerable.Range(0, points).Select(i => from + (to - from) * i / (points - 1))];
        return new Series(name, Array.ConvertAll(x, at => f(at))) { X = x };
    }

    public static Series Of(string name, ReadOnlySpan<float> y)
    {
        double[] values = new double[y.Length];
        for (int i = 0; i < y.Length; i++) values[i] = y[i];
        return new Series(name, values);
    }

    /// <summary>All the numbers of a tensor, row by row.</summary>
    public static Series Of(string name, Tensor y) => new(name, y.To(DType.Float64).ToArray<double>());
}
