using System.Globalization;
using System.Text.RegularExpressions;
using ChainRule.Bench.Workloads;

namespace ChainRule.Bench;

/// <summary>
/// How large a GPT is, and what a training step of it costs by count. Its name is that of a workload:
/// <c>gpt-4x4x128x64x12</c>.
/// </summary>
/// <param name="Layers">Blocks, one on another.</param>
/// <param name="Heads">Of attention, in each block.</param>
/// <param name="Width">C, numbers of a step of a sequence.</param>
/// <param name="Context">T, steps of a sequence.</param>
/// <param name="Batch">B, sequences.</param>
sealed partial record GptSize(int Layers = 4, int Heads = 4, int Width = 128, int Context = 64, int Batch = 12)
{
    /// <summary>How many characters there are.</summary>
    public const int Vocabulary = 65;

    public string Name =>
        string.Create(CultureInfo.InvariantCulture, $"gpt-{Layers}x{Heads}x{Width}x{Context}x{Batch}");

    /// <summary>
    /// Floating-point operations of the products of a training step, where backward has two for each of
    /// forward: a block's matrices, q kᵀ and the weighted v with all that the mask hides, and the head: 6 B T
    /// (L (12 C² + 2 T C) + C V).
    /// </summary>
    public double Flops =>
        6.0 * Batch * Context * (Layers * (12.0 * Width * Width + 2.0 * Context * Width) + (double)Width * Vocabulary);

    /// <summary>V C + T C + L (12 C² + 13 C) + 2 C + C V.</summary>
    public long Parameters =>
        2L * Vocabulary * Width + (long)Context * Width + Layers * (12L * Width * Width + 13L * Width) + 2L * Width;

    /// <summary>The workload of that name; null where the name is not that of a size.</summary>
    public static Entry? Find(string name)
    {
        var match = Pattern().Match(name);
        if (!match.Success) return null;
        int[] sizes =
            [.. match.Groups.Values.Skip(1).Select(group => int.Parse(group.Value, CultureInfo.InvariantCulture))];
        var size = new GptSize(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]);
        return new(name, () => new GptTraining(size));
    }

    [GeneratedRegex(@"^gpt-(\d{1,5})x(\d{1,5})x(\d{1,5})x(\d{1,5})x(\d{1,5})$")]
    private static partial Regex Pattern();
}
