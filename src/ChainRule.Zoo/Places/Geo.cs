using ChainRule.Errors;

namespace ChainRule.Zoo.Places;

/// <summary>Distances on the Earth, taken as a sphere with the mean radius R = 6,371,008.8 m.</summary>
public static class Geo
{
    /// <summary>The mean radius of the Earth (IUGG), in metres.</summary>
    public const double Radius = 6_371_008.8;

    /// <summary>
    /// The shortest way over the sphere between two points, in metres: the haversine formula. The Earth is flatter than
    /// a sphere, so that a real distance may differ by up to 0.56 %.
    /// <code lang="math">
    /// a = \sin^2\frac{\Delta\varphi}{2} + \cos\varphi_1 \cos\varphi_2 \sin^2\frac{\Delta\lambda}{2},
    /// \quad d = 2R \operatorname{atan2}(\sqrt{a}, \sqrt{1 - a})
    /// </code>
    /// </summary>
    /// <param name="latitude1">φ₁, in degrees, from −90 to 90.</param>
    /// <param name="longitude1">λ₁, in degrees, from −180 to 180.</param>
    /// <param name="latitude2">φ₂, in degrees.</param>
    /// <param name="longitude2">λ₂, in degrees.</param>
    /// <exception cref="ArgumentOutOfRangeException">A latitude or longitude lies outside of its range, or is
    /// NaN.</exception>
    public static double Distance(double latitude1, double longitude1, double latitude2, double longitude2)
    {
        Check(latitude1, 90, "latitude", nameof(latitude1));
        Check(longitude1, 180, "longitude", nameof(longitude1));
        Check(latitude2, 90, "latitude", nameof(latitude2));
        Check(longitude2, 180, "longitude", nameof(longitude2));
        double north = Math.Sin(Radians(latitude2 - latitude1) / 2);
        double east = Math.Sin(Radians(longitude2 - longitude1) / 2);
        double a = north * north + Math.Cos(Radians(latitude1)) * Math.Cos(Radians(latitude2)) * east * east;
        return 2 * Radius * Math.Atan2(Math.Sqrt(a), Math.Sqrt(Math.Max(0, 1 - a)));
    }

    /// <summary>A point as a unit vector from the centre of the Earth.</summary>
    internal static Direction Towards(double latitude, double longitude)
    {
        double cos = Math.Cos(Radians(latitude));
        return new(cos * Math.Cos(Radians(longitude)), cos * Math.Sin(Radians(longitude)),
            Math.Sin(Radians(latitude)));
    }

    static double Radians(double degrees) => degrees * (Math.PI / 180);

    static void Check(double degrees, double most, string what, string parameter)
    {
        if (!(Math.Abs(degrees) <= most))
            throw new RefusedRangeException(
                $"distance: a {what} of {degrees} degrees: give a number from -{most} to {most}", parameter);
    }
}

/// <summary>A unit vector from the centre of the Earth.</summary>
readonly record struct Direction(double X, double Y, double Z)
{
    /// <summary>The distance over the sphere, in metres. A quarter of the squared chord is the haversine formula's
    /// a.</summary>
    public double DistanceTo(Direction other)
    {
        double x = X - other.X, y = Y - other.Y, z = Z - other.Z;
        double half = Math.Sqrt(x * x + y * y + z * z) / 2;
        // Near 0, where most places are, the series is exact to the last digits.
        return 2 * Geo.Radius * (half < 1e-3 ? half * (1 + half * half / 6) : Math.Asin(Math.Min(1, half)));
    }
}
