namespace ChainRule.Lab.Playground;

/// <summary>What the network is given of a point (x₁, x₂) of the plane.</summary>
public static class PlaneFeatures
{
    /// <summary>The names: <c>x1x2</c> is the product.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["x1", "x2", "x1Squared", "x2Squared", "x1x2", "sinX1", "sinX2"];

    /// <summary>One feature of a point, computed in float64 and rounded once.</summary>
    public static float Of(string name, double x1, double x2) => (float)(name switch
    {
        "x1" => x1,
        "x2" => x2,
        "x1Squared" => x1 * x1,
        "x2Squared" => x2 * x2,
        "x1x2" => x1 * x2,
        "sinX1" => Math.Sin(x1),
        "sinX2" => Math.Sin(x2),
        _ => throw new ArgumentException($"feature '{Printable.Of(name)}': choose one of {string.Join(", ", Names)}"),
    });

    /// <summary>The features of points, [points, features].</summary>
    internal static Tensor Of(IReadOnlyList<string> names, IReadOnlyList<(double X1, double X2)> points)
    {
        float[] numbers = new float[points.Count * names.Count];
        for (int i = 0, at = 0; i < points.Count; i++)
            foreach (string name in names) numbers[at++] = Of(name, points[i].X1, points[i].X2);
        return Tensor.From(numbers, [points.Count, names.Count]);
    }

    /// <summary>The points of a square grid, row by row from the top, from −6 to 6.</summary>
    internal static (double X1, double X2)[] Grid(int side)
    {
        var points = new (double, double)[side * side];
        for (int row = 0; row < side; row++)
            for (int column = 0; column < side; column++)
                points[row * side + column] = (At(column), -At(row));
        return points;

        double At(int i) => PointShapes.Reach * (2.0 * i / (side - 1) - 1);
    }
}
