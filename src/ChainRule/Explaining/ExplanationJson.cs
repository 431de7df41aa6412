using System.Text;
using System.Text.Json;

namespace ChainRule.Explaining;

/// <summary>
/// An explanation as JSON: a list of numbers, of which the first is the root, each naming others by their place.
/// </summary>
static class ExplanationJson
{
    public static string Of(Explanation root)
    {
        using var room = new MemoryStream();
        using (var json = new Utf8JsonWriter(room, new() { Indented = true })) Write(json, root);
        return Encoding.UTF8.GetString(room.ToArray());
    }

    static void Write(Utf8JsonWriter json, Explanation root)
    {
        List<Explanation> numbers = [root];
        Dictionary<Explanation, int> places = new() { [root] = 0 };
        json.WriteStartObject();
        json.WriteStartArray("numbers");
        for (int i = 0; i < numbers.Count; i++) Write(json, numbers[i], numbers, places);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, Explanation number, List<Explanation> numbers,
        Dictionary<Explanation, int> places)
    {
        json.WriteStartObject();
        json.WriteString("subject", number.Subject);
        Number(json, "value", number.Value);
        json.WriteBoolean("cut", number.IsCut);
        json.WriteStartArray("steps");
        foreach (var step in number.Steps)
        {
            json.WriteStartObject();
            json.WriteString("op", step.Op);
            json.WriteString("formula", step.Formula);
            json.WriteString("numbers", step.Numbers);
            Number(json, "sum", step.Sum);
            json.WriteBoolean("addsUp", step.AddsUp);
            json.WriteStartArray("terms");
            foreach (var term in step.Terms)
            {
                if (places.TryAdd(term.From, numbers.Count)) numbers.Add(term.From);
                json.WriteStartObject();
                Number(json, "value", term.Value);
                Number(json, "fraction", term.Fraction);
                Number(json, "derivative", term.Derivative);
                json.WriteString("derivativeText", term.DerivativeText);
                json.WriteNumber("from", places[term.From]);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteNumber("omitted", step.Omitted);
            Number(json, "omittedSum", step.OmittedSum);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>JSON has no NaN and no infinity: they are texts.</summary>
    static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteString(name, FormulaNumbers.Text(value));
    }
}
