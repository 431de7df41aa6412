using System.Text.Json;
using System.Text.Json.Serialization;
using ChainRule.Training;

namespace ChainRule.Zoo.Runs;

/// <summary>A line of metrics.jsonl.</summary>
/// <param name="Step">How many steps had been made.</param>
/// <param name="TrainLoss">The mean loss of the batches since the line before; null in the first.</param>
/// <param name="ValLoss">The validation loss.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Seconds">How long all steps so far took, evaluations not counted.</param>
public sealed record RunMetrics(int Step, double? TrainLoss, double ValLoss, double LearningRate, double Seconds)
{
    /// <summary>What else was measured, by name, such as the accuracy.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, double> Metrics
    {
        get => Others.Where(other => other.Value.ValueKind == JsonValueKind.Number)
            .ToDictionary(other => other.Key, other => other.Value.GetDouble());
        init
        {
            foreach (var (name, number) in value)
                Others[name] = RunFile.Element(number);
        }
    }

    // In the file a metric stands beside the losses, under its own name.
    [JsonExtensionData, JsonInclude]
    internal Dictionary<string, JsonElement> Others { get; set; } = [];

    /// <summary>The learning rate under the key of earlier versions, which is read and no longer written.</summary>
    [JsonInclude, JsonPropertyName("rate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal double? EarlierRate
    {
        get => null;
        init => LearningRate = value ?? LearningRate;
    }

    /// <summary>Whether all numbers are the same.</summary>
    public bool Equals(RunMetrics? other) => other is not null && Step == other.Step
        && Nullable.Equals(TrainLoss, other.TrainLoss) && ValLoss.Equals(other.ValLoss)
        && LearningRate.Equals(other.LearningRate) && Seconds.Equals(other.Seconds)
        && Metrics.OrderBy(one => one.Key, StringComparer.Ordinal)
            .SequenceEqual(other.Metrics.OrderBy(one => one.Key, StringComparer.Ordinal));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Step, TrainLoss, ValLoss, LearningRate, Seconds);

    internal static RunMetrics Of(HistoryPoint point, double seconds) =>
        new(point.Step, double.IsNaN(point.TrainLoss) ? null : point.TrainLoss, point.ValidationLoss,
            point.LearningRate, Math.Round(seconds, 3)) { Metrics = point.Metrics };
}
