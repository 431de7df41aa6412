using ChainRule.Data;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tables;

/// <summary>Rows of a table as numbers for a map.</summary>
public sealed class MapEncoding : Preprocessing
{
    const string EncoderName = "encoder";

    internal MapEncoding(TableEncoder encoder) => Encoder = encoder;

    /// <summary>What becomes of each column.</summary>
    public TableEncoder Encoder { get; }

    /// <inheritdoc/>
    public override DataShape Shape => new([Encoder.Columns.Count], 1);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata =>
        new Dictionary<string, string> { [EncoderName] = Encoder.ToJson() };

    /// <summary>Reads what <see cref="Metadata"/> says.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal static MapEncoding Read(Func<string, string> said)
    {
        try
        {
            return new(TableEncoder.FromJson(said(EncoderName)));
        }
        catch (InvalidDataException e) when (e.Message.StartsWith("table encoder", StringComparison.Ordinal))
        {
            throw new InvalidDataException("map: what was saved of its columns beside the model is damaged: put this "
                + "run's own file back, or start a new run", e);
        }
    }
}
