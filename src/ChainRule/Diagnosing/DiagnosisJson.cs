using System.Text;
using System.Text.Json;

namespace ChainRule.Diagnosing;

/// <summary>A diagnosis as JSON: what was looked at, the rules that were asked, and each finding with every cure that
/// was tried.</summary>
static class DiagnosisJson
{
    public static string Of(Diagnosis diagnosis)
    {
        using var room = new MemoryStream();
        using (var json = new Utf8JsonWriter(room, new() { Indented = true })) Write(json, diagnosis);
        return Encoding.UTF8.GetString(room.ToArray());
    }

    static void Write(Utf8JsonWriter json, Diagnosis diagnosis)
    {
        json.WriteStartObject();
        json.WriteString("looked", diagnosis.Looked);
        json.WriteBoolean("healthy", diagnosis.Healthy);
        json.WriteStartArray("rules");
        foreach (string rule in diagnosis.Asked) json.WriteStringValue(rule);
        json.WriteEndArray();
        json.WriteStartArray("findings");
        foreach (var finding in diagnosis.Findings) Write(json, finding);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("rule", finding.Rule);
        json.WriteString("cause", finding.Cause);
        json.WriteString("evidence", finding.Evidence);
        json.WriteString("cure", finding.Cure);
        json.WriteBoolean("symptom", finding.IsSymptom);
        json.WritePropertyName("tried");
        if (finding.Tried is { } tried) Write(json, tried);
        else json.WriteNullValue();
        if (finding is { Tried: null, WhyUntried: { } why }) json.WriteString("untried", why);
        json.WriteStartArray("trials");
        foreach (var trial in finding.Trials) Write(json, trial);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, TriedCure tried)
    {
        json.WriteStartObject();
        json.WriteString("change", tried.Change);
        json.WriteString("measure", tried.Measure);
        json.WriteNumber("steps", tried.Steps);
        json.WriteBoolean("higherIsBetter", tried.HigherIsBetter);
        Number(json, "without", tried.Without);
        Number(json, "with", tried.With);
        Number(json, "gain", tried.Gain);
        json.WriteBoolean("helped", tried.Helped);
        json.WriteBoolean("showsWorth", tried.ShowsWorth);
        Losses(json, "lossesWithout", tried.LossesWithout);
        Losses(json, "lossesWith", tried.LossesWith);
        json.WriteEndObject();
    }

    /// <summary>JSON has no NaN and no infinity: they are null, as where training broke off.</summary>
    static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    static void Losses(Utf8JsonWriter json, string name, IReadOnlyList<double> losses)
    {
        json.WriteStartArray(name);
        foreach (double loss in losses)
        {
            if (double.IsFinite(loss)) json.WriteNumberValue(loss);
            else json.WriteNullValue();
        }
        json.WriteEndArray();
    }
}
