using System.Globalization;
using ChainRule.Classical;
using ChainRule.Errors;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Patterns;

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
