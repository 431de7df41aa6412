using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChainRule.Pictures;

/// <summary>The few pieces of Vega-Lite that every chart is made of.</summary>
static class Vega
{
    public const string Schema = "https://vega.github.io/schema/vega-lite/v6.json";

    /// <summary>
    /// The name of the selection that a click on a legend makes; a chart among others is given one of its own.
    /// </summary>
    public const string Picked = "picked";

    // Marks of thousands from 10,000 on, as texts have them: 2024 may be a year.
    const string Label = "abs(datum.value) < 10000 ? replace(datum.label, ',', '') : datum.label";

    static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // < > & and quotes as \u…: nothing in it can end a script element.
    static readonly JsonSerializerOptions s_safe = new() { Encoder = JavaScriptEncoder.Default };

    public static string Write(JsonNode node) => node.ToJsonString(s_readable);

    /// <summary>For the inside of a script element of a page.</summary>
    public static string WriteForPage(JsonNode node) => node.ToJsonString(s_safe);

    /// <summary>A number as JSON; null where there is none.</summary>
    public static JsonNode? Number(double x) => double.IsFinite(x) ? JsonValue.Create(Words.Rounded(x)) : null;

    public static JsonObject Values(IEnumerable<JsonObject> rows) => new() { ["values"] = new JsonArray([.. rows]) };

    /// <summary>A position along an axis of numbers.</summary>
    public static JsonObject Axis(string field, string title, bool log, (double From, double To)? range,
        bool fromZero = false)
    {
        var scale = new JsonObject();
        if (log)
        {
            scale["type"] = "log";
            scale["nice"] = false;
        }
        else scale["zero"] = fromZero;
        if (range is { } ends)
        {
            scale["domain"] = new JsonArray(Number(ends.From), Number(ends.To));
            scale["nice"] = false;
        }
        var axis = new JsonObject { ["field"] = field, ["type"] = "quantitative", ["title"] = title,
            ["scale"] = scale };
        axis["axis"] = log ? new JsonObject { ["format"] = "~g", ["tickCount"] = 6 } : new() { ["labelExpr"] = Label };
        return axis;
    }

    /// <summary>
    /// What tells series apart, their colour or a second sign, with a legend where there is something to tell apart.
    /// </summary>
    public static JsonObject ByName(string field, string? title, IReadOnlyList<Sign> signs,
        Func<Sign, JsonNode> sign, bool legend)
    {
        var channel = new JsonObject { ["field"] = field, ["type"] = "nominal", ["title"] = title,
            ["scale"] = NameScale(signs, sign) };
        if (!legend) channel["legend"] = null;
        return channel;
    }

    public static JsonObject NameScale(IReadOnlyList<Sign> signs, Func<Sign, JsonNode> sign) => new()
    {
        ["domain"] = new JsonArray([.. signs.Select(one => (JsonNode)one.Name)]),
        ["range"] = new JsonArray([.. signs.Select(sign)]),
    };

    /// <summary>The channels that stand for names, and what each says of one.</summary>
    public static IReadOnlyList<(string Channel, Func<Sign, JsonNode> Sign)> NameChannels { get; } =
    [
        ("color", one => one.Colour), ("strokeDash", one => one.Second ? new JsonArray(6, 3) : new JsonArray(1, 0)),
        ("shape", one => one.Second ? "diamond" : "circle"),
    ];

    /// <summary>Full strength, but faint for the series that a click on the legend did not pick.</summary>
    public static JsonObject Strength(double full) => new()
    {
        ["condition"] = new JsonObject { ["param"] = Picked, ["value"] = full },
        ["value"] = 0.12,
    };

    /// <summary>The name of a mark that is there only to be pointed at.</summary>
    public const string Pointed = "pointed";

    /// <summary>A selection by a click on the legend, or on a mark where there is no legend.</summary>
    public static JsonArray Pick(string field, bool legend)
    {
        var pick = new JsonObject { ["name"] = Picked, ["select"] = new JsonObject
            { ["type"] = "point", ["fields"] = new JsonArray(field) } };
        if (legend) pick["bind"] = "legend";
        return new JsonArray(pick);
    }

    /// <summary>Dashed reference lines.</summary>
    public static IEnumerable<JsonObject> Rules(ChartOptions options)
    {
        if (options.RuleX is { } x) yield return Rule("x", x);
        if (options.RuleY is { } y) yield return Rule("y", y);
    }

    static JsonObject Rule(string axis, double at) => new()
    {
        ["data"] = Values([new JsonObject { ["at"] = Number(at) }]),
        ["mark"] = new JsonObject { ["type"] = "rule", ["strokeDash"] = new JsonArray(5, 4), ["strokeWidth"] = 1.2 },
        ["encoding"] = new JsonObject { [axis] = new JsonObject { ["field"] = "at", ["type"] = "quantitative" } },
    };

    /// <summary>What a mark shows when it is pointed at.</summary>
    public static JsonObject Told(string field, string title, string type = "quantitative", string? format = ".5~g")
    {
        var told = new JsonObject { ["field"] = field, ["type"] = type, ["title"] = title };
        if (type == "quantitative" && format is not null) told["format"] = format;
        return told;
    }
}
