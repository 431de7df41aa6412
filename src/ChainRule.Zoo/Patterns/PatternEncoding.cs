using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Patterns;

/// <summary>The patterns that a network was asked to remember, which are saved with it to say which it
/// recalls.</summary>
public sealed class PatternEncoding : Preprocessing
{
    const string PatternsName = "patterns";

    internal PatternEncoding(IReadOnlyList<Pattern> patterns) => Patterns = patterns;

    /// <summary>The patterns.</summary>
    public IReadOnlyList<Pattern> Patterns { get; }

    /// <inheritdoc/>
    public override DataShape Shape => new([Patterns[0].Pixels.Count], 1);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>
    {
        [PatternsName] = string.Join(';', Patterns.Select(one => $"{one.Name}/{string.Join('/', one.Rows)}")),
    };

    /// <summary>Reads what <see cref="Metadata"/> says.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal static PatternEncoding Read(Func<string, string> said)
    {
        Pattern[] found = [.. said(PatternsName).Split(';').Select(one => one.Split('/'))
            .Select(parts => Pattern.Parse(parts[0], parts[1..]))];
        return found.All(one => one.Pixels.Count == found[0].Pixels.Count && one.Pixels.Count > 0) ? new(found)
            : throw new InvalidDataException("patterns: what was saved of them beside the model is damaged: put this "
                + "run's own file back, or start a new run");
    }
}
