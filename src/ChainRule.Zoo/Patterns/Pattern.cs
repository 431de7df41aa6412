using System.Text;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Patterns;

/// <summary>A square pattern of black (+1) and white (−1) pixels.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Pixels">+1 or −1 of each, row by row.</param>
public sealed record Pattern(string Name, IReadOnlyList<double> Pixels)
{
    // Any two agree in about half of their pixels: Hebb's rule mixes up what is more alike.
    static readonly (string Name, string Rows)[] s_letters =
    [
        ("H", "##....##/##....##/##....##/########/########/##....##/##....##/##....##"),
        ("C", ".######./##....##/##....../##....../##....../##....../##....##/.######."),
        ("Z", "########/########/....###./...###../..###.../.###..../########/########"),
        ("Y", "##....##/##....##/.##..##./..####../...##.../...##.../...##.../...##..."),
    ];

    /// <summary>Pixels a side.</summary>
    public int Side => (int)Math.Round(Math.Sqrt(Pixels.Count));

    /// <summary>The patterns of some options; the same each time.</summary>
    internal static Pattern[] Draw(PatternOptions options)
    {
        if (options.Drawn == PatternDrawing.Letters)
            return [.. s_letters.Select(letter => Parse(letter.Name, letter.Rows.Split('/')))];
        var rng = new TorchRandom(1);
        return [.. Enumerable.Range(0, options.Count).Select(k => new Pattern($"pattern {k + 1}",
            [.. Enumerable.Range(0, options.Side * options.Side).Select(_ => rng.NextDouble() < 0.5 ? -1.0 : 1)]))];
    }

    /// <summary>Reads a drawing: # is black, and . is white.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="rows">Its lines.</param>
    /// <param name="wanted">Lines and signs a line that a refusal asks for; if null, as many as there are
    /// lines.</param>
    /// <exception cref="InvalidDataException">It is no square of these two signs.</exception>
    public static Pattern Parse(string name, IReadOnlyList<string> rows, int? wanted = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int side = rows.Count;
        for (int i = 0; i < side; i++)
            if (rows[i].Length != side || rows[i].Any(pixel => pixel is not ('#' or '.')))
                throw new InvalidDataException($"pattern '{Printable.Of(name, 80)}': line {i + 1} is "
                    + $"'{Printable.Of(rows[i], 40)}': give {wanted ?? side} signs # or . in each of "
                    + $"{(wanted is null ? "the " : "")}"
                    + $"{wanted ?? side} lines");
        return new(name, [.. rows.SelectMany(row => row.Select(pixel => pixel == '#' ? 1.0 : -1))]);
    }

    /// <summary>With some of its pixels flipped, drawn at random.</summary>
    internal Pattern Damaged(double fraction, RandomSource rng)
    {
        int[] order = new int[Pixels.Count];
        rng.Permutation(order);
        double[] pixels = [.. Pixels];
        foreach (int i in order.Take((int)Math.Round(fraction * pixels.Length))) pixels[i] = -pixels[i];
        return new(Name, pixels);
    }

    /// <summary>As lines of # and of . signs.</summary>
    public IReadOnlyList<string> Rows => [.. Pixels.Chunk(Side).Select(row =>
        string.Concat(row.Select(pixel => pixel > 0 ? '#' : '.')))];

    /// <summary>Drawings beside each other.</summary>
    internal static IEnumerable<string> Beside(params Pattern[] patterns)
    {
        var rows = patterns.Select(pattern => pattern.Rows).ToArray();
        for (int i = 0; i < patterns[0].Side; i++)
        {
            var line = new StringBuilder();
            foreach (var one in rows) line.Append("  ").Append(one[i]);
            yield return line.ToString();
        }
    }
}
