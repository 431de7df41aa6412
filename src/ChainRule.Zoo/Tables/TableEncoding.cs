using System.Text.Json;
using ChainRule.Data;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tables;

/// <summary>What is predicted: the column, and how its values and a model's numbers become each other.</summary>
/// <param name="Name">The column.</param>
/// <param name="Task">Whether it is a number or a class.</param>
/// <param name="Classes">The names of the classes, in the order of the model's outputs; empty of a regression.</param>
/// <param name="Mean">The mean of the target over the training rows: a model's number 0.</param>
/// <param name="Std">The standard deviation of the target over the training rows: a model's number 1.</param>
/// <param name="Unit">What stands beside its numbers in the file, such as $; empty if nothing does.</param>
public sealed record TableTarget(string Name, TableTask Task, IReadOnlyList<string> Classes, double Mean, double Std,
    string Unit = "");

/// <summary>
/// Rows of a table as numbers for a model (<see cref="TableEncoder"/>), and its answers as numbers of the target's unit
/// or as classes. All is fitted to the training part alone.
/// </summary>
public sealed class TableEncoding : Preprocessing
{
    internal const string EncoderName = "encoder", TargetName = "target", BaselineName = "mean_row";

    readonly double[] _baseline;

    internal TableEncoding(TableEncoder encoder, TableTarget target, double[] baseline) =>
        (Encoder, Target, _baseline) = (encoder, target, baseline);

    /// <summary>What becomes of each column.</summary>
    public TableEncoder Encoder { get; }

    /// <summary>What is predicted.</summary>
    public TableTarget Target { get; }

    /// <summary>The mean of the encoded training rows: what a prediction is explained against.</summary>
    public IReadOnlyList<double> MeanRow => _baseline;

    /// <inheritdoc/>
    public override DataShape Shape => new([Encoder.Columns.Count], Math.Max(1, Target.Classes.Count));

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>
    {
        [EncoderName] = Encoder.ToJson(),
        [TargetName] = RunFile.Line(Target),
        [BaselineName] = RunFile.Line(_baseline),
    };

    /// <summary>Reads what <see cref="Metadata"/> says.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal static TableEncoding Read(Func<string, string> said)
    {
        try
        {
            var encoder = TableEncoder.FromJson(said(EncoderName));
            var target = RunFile.Read<TableTarget>(said(TargetName));
            double[]? baseline = RunFile.Read<double[]>(said(BaselineName));
            bool fits = target is { Name: not null, Classes: not null } && Enum.IsDefined(target.Task)
                && (target.Task == TableTask.Regression ? target.Classes.Count == 0 : target.Classes.Count >= 2)
                && double.IsFinite(target.Mean) && double.IsFinite(target.Std) && target.Std > 0
                && baseline?.Length == encoder.Columns.Count && Array.TrueForAll(baseline, double.IsFinite);
            return fits ? new(encoder, target!, baseline!) : throw new FormatException();
        }
        catch (Exception e) when (e is JsonException or FormatException
            || e is InvalidDataException && e.Message.StartsWith("table encoder", StringComparison.Ordinal))
        {
            throw new InvalidDataException("table: what was saved of its columns beside the model is damaged: put this "
                + "run's own file back, or start a new run", e);
        }
    }
}
