using System.Text.Json;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Sequences;

/// <summary>What goes into a model of sequences and comes out of it: the numbers of a step, and the names of the
/// classes, if what comes out are classes.</summary>
public sealed class SequenceEncoding : Preprocessing
{
    const string ClassesName = "classes", FeaturesName = "features";

    internal SequenceEncoding(int features, IReadOnlyList<string> classes) => (Features, Classes) = (features, classes);

    /// <summary>How many numbers there are of each step.</summary>
    public int Features { get; }

    /// <summary>The names of the classes, in the order of the model's outputs; none where the output is a
    /// number.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override DataShape Shape => new([Features], Math.Max(1, Classes.Count));

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>
    {
        [ClassesName] = JsonSerializer.Serialize(Classes, RunJson.Default.IReadOnlyListString),
        [FeaturesName] = JsonSerializer.Serialize(Features, RunJson.Default.Int32),
    };

    /// <summary>Reads what <see cref="Metadata"/> says.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal static SequenceEncoding Read(Func<string, string> said)
    {
        try
        {
            string[]? classes = JsonSerializer.Deserialize(said(ClassesName), RunJson.Default.StringArray);
            int features = JsonSerializer.Deserialize(said(FeaturesName), RunJson.Default.Int32);
            return classes is { Length: not 1 } && features is > 0 and <= 1_000_000
                && Array.TrueForAll(classes, name => name is not null) ? new(features, classes)
                : throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("sequences: what was saved of them beside the model is damaged: put this "
                + "run's own file back, or start a new run", e);
        }
    }
}
