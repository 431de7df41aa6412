using System.Text.Json;

namespace ChainRule.Data;

/// <summary>The least and the greatest number of a column's training rows.</summary>
readonly record struct TrainingRange(double Min, double Max)
{
    /// <summary>Whether a number lies outside by more than half of the range's width.</summary>
    public bool IsFar(double number)
    {
        double beyond = (Max - Min) / 2;
        return number < Min - beyond || number > Max + beyond;
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("min", Min);
        json.WriteNumber("max", Max);
    }

    /// <summary>The one that was written; null of an encoder of before, which has none.</summary>
    public static TrainingRange? Read(JsonElement json)
    {
        if (!json.TryGetProperty("min", out var min) || !json.TryGetProperty("max", out var max)) return null;
        var range = new TrainingRange(min.GetDouble(), max.GetDouble());
        return range.Min <= range.Max && double.IsFinite(range.Max - range.Min) ? range
            : throw new FormatException($"the range {range.Min} to {range.Max} is none");
    }
}
