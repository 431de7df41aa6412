using System.Globalization;
using ChainRule.Classical;
using ChainRule.Errors;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Patterns;

/// <summary>How often damaged patterns are recalled.</summary>
/// <param name="Count">How many were asked for.</param>
/// <param name="Recalled">How many came back pixel for pixel.</param>
/// <param name="Flipped">How many pixels of each were flipped.</param>
/// <param name="Pixels">How many each has.</param>
public sealed record PatternMeasure(int Count, int Recalled, int Flipped, int Pixels)
{
    /// <summary>In a line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Recalled:N0} of ")
        + $"{Printable.Count(Count, "damaged pattern")}, {Flipped} of {Pixels} pixels flipped in each, "
        + string.Create(CultureInfo.InvariantCulture,
            $"{(Recalled == 1 ? "is" : "are")} recalled, pixel for pixel: {100.0 * Recalled / Count:0.0} %");
}

/// <summary>What a memory made of a pattern.</summary>
/// <param name="Asked">The pattern that it was asked with.</param>
/// <param name="State">What that fell to.</param>
/// <param name="Energies">The energy at first, and after each pass over the neurons; it never rises.</param>
/// <param name="Found">The pattern that was stored and is recalled, pixel for pixel; null if it is none.</param>
/// <param name="Nearest">The stored pattern that the state is nearest to.</param>
/// <param name="Different">In how many pixels they differ.</param>
public sealed record PatternRecall(Pattern Asked, Pattern State, IReadOnlyList<double> Energies, string? Found,
    string Nearest, int Different)
{
    /// <summary>Reads the network of a run, and what it was asked to remember.</summary>
    /// <exception cref="ArgumentException">The run is on something else.</exception>
    /// <exception cref="InvalidDataException">There is no model yet, or a file is damaged.</exception>
    public static (HopfieldNetwork Network, IReadOnlyList<Pattern> Patterns) Load(string folder)
    {
        var task = TrainingTask.Of(RunFolder.Open(folder).Settings.Kind);
        if (task.Kind != TaskKind.Patterns)
            throw new RefusedArgumentException($"recall: {Printable.Path(folder)} is a run on {task.Name}: "
                + task.NextCommand(folder), nameof(folder));
        var saved = SavedModel.Load(folder);
        return (((Hopfield)saved.Model).Read(), ((PatternEncoding)saved.Preprocessing).Patterns);
    }

    /// <summary>Lets a pattern fall.</summary>
    /// <exception cref="ArgumentException">It has another number of pixels than the network has neurons.</exception>
    public static PatternRecall Of(HopfieldNetwork network, Pattern asked, IReadOnlyList<Pattern> patterns)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(asked);
        if (asked.Pixels.Count != network.Neurons)
            throw new RefusedArgumentException($"recall: pattern '{Printable.Of(asked.Name, 80)}' has "
                + $"{asked.Pixels.Count:N0} pixels, and the network {network.Neurons:N0} neurons: give "
                + $"{Math.Sqrt(network.Neurons):0} lines of as many signs", nameof(asked));
        var found = network.Recall([.. asked.Pixels], seed: 1);
        var (nearest, different) = patterns.Select(one => (one.Name, one.Pixels.Zip(found.State).Count(pair =>
            pair.First != pair.Second))).MinBy(one => one.Item2);
        return new(asked, new("recalled", found.State), found.Energies, different == 0 ? nearest : null, nearest,
            different);
    }

    /// <summary>How often a run's network recalls the patterns that it was asked to remember from damaged ones, each of
    /// them in turn, with other damages than in training.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="count">How many damaged patterns, 1 or more.</param>
    /// <param name="flipped">The fraction of pixels that are flipped, 0 to 0.5; null for that of training.</param>
    /// <param name="seed">What the damages are drawn by.</param>
    /// <exception cref="ArgumentException">The run is on something else, or a number is outside of its
    /// limits.</exception>
    /// <exception cref="InvalidDataException">There is no model yet, or a file is damaged.</exception>
    public static PatternMeasure Measure(string folder, int count, double? flipped = null, ulong seed = 4)
    {
        var (network, patterns) = Load(folder);
        if (count < 1) throw new RefusedArgumentException($"evaluate: {count} patterns: give 1 or more", nameof(count));
        double fraction = flipped ?? ((PatternOptions)RunConfig.Of(RunFolder.Open(folder)).Options).Flipped;
        if (!(fraction is >= 0 and <= 0.5))
            throw new RefusedArgumentException($"evaluate: flipped {Setting.Text(fraction)}: give a number in [0, 0.5]",
                nameof(flipped));
        var rng = new TorchRandom(seed);
        int recalled = 0;
        for (int k = 0; k < count; k++)
        {
            var pattern = patterns[k % patterns.Count];
            double[] damaged = [.. pattern.Damaged(fraction, rng).Pixels];
            if (network.Recall(damaged, (ulong)k).State.SequenceEqual(pattern.Pixels)) recalled++;
        }
        return new(count, recalled, (int)Math.Round(fraction * network.Neurons), network.Neurons);
    }

    /// <summary>Both drawings beside each other, the energies, and what was recalled.</summary>
    public IEnumerable<string> Lines =>
    [
        .. Pattern.Beside(Asked, State),
        $"  energy {string.Join(" → ", Energies.Select(e => e.ToString("0.0", CultureInfo.InvariantCulture)))}",
        Found is { } name ? $"  recalled: {name}" : Different == Asked.Pixels.Count
            ? $"  the negative of {Nearest}, which is a valley of the energy too"
            : $"  no stored pattern: {Nearest} is the nearest, and {Different} pixels differ", "",
    ];
}
