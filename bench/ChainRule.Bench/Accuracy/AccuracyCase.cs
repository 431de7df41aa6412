using System.Runtime.InteropServices;
using ChainRule.Randomness;

namespace ChainRule.Bench.Accuracy;

/// <summary>
/// A computation whose rounding errors are compared with PyTorch's. Its twin of the same name in
/// <c>bench/peers/accuracy_twins.py</c> draws the same numbers from torch's stream, in the same order, computes the
/// same tensors in float32 and in float64, and takes the latter for right.
/// </summary>
/// <param name="Name">The name on both sides.</param>
/// <param name="Seeds">How often it is drawn: the largest error counts. A result of a single number may be
/// exact by chance.</param>
/// <param name="Compute">Draws, and gives what was computed.</param>
sealed record AccuracyCase(string Name, int Seeds, Func<TorchRandom, Tensor[]> Compute)
{
    /// <summary>All cases.</summary>
    public static IReadOnlyList<AccuracyCase> All { get; } = [.. Reductions.Cases, .. Products.Cases,
        .. Gradients.Cases];

    /// <summary>All cases whose names contain a text.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static IReadOnlyList<AccuracyCase> Find(string? only)
    {
        AccuracyCase[] found = [.. All.Where(one => only is null || one.Name.Contains(only, StringComparison.Ordinal))];
        return found.Length > 0 ? found
            : throw new ArgumentException($"case '{only}': there are {string.Join(", ", All.Select(one => one.Name))}");
    }

    /// <summary>
    /// Writes the numbers of every case into a file of its name: float32, tensor after tensor, seed after seed.
    /// </summary>
    public static void Write(IEnumerable<AccuracyCase> cases, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var one in cases)
        {
            using var file = File.Create(Path.Combine(folder, one.Name + ".f32"));
            for (int seed = 1; seed <= one.Seeds; seed++)
                foreach (var tensor in one.Compute(new((ulong)seed)))
                    file.Write(MemoryMarshal.AsBytes(tensor.Read<float>()));
        }
    }
}
