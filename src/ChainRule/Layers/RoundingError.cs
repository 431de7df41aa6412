using System.Globalization;

namespace ChainRule.Layers;

/// <summary>How far rounded numbers are from what they were.</summary>
/// <param name="Name">Of what: a weight, or a module, by its name.</param>
/// <param name="Largest">max |rounded − exact|.</param>
/// <param name="Relative">‖rounded − exact‖ / ‖exact‖, Euclidean; 0 where both are 0.</param>
public sealed record RoundingError(string Name, double Largest, double Relative)
{
    internal static RoundingError Of(string name, ReadOnlySpan<double> rounded, ReadOnlySpan<double> exact)
    {
        double largest = 0, squares = 0, all = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            double off = rounded[i] - exact[i];
            largest = double.IsNaN(off) ? off : Math.Max(largest, Math.Abs(off));
            squares += off * off;
            all += exact[i] * exact[i];
        }
        return new(name, largest, squares == 0 ? 0 : Math.Sqrt(squares / all));
    }

    /// <summary>A line: <c>0.weight: largest 0.00041, relative 0.0062</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}: largest {Largest:G3}, relative {Relative:G3}");
}
