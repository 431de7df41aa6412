using System.Text.Json.Nodes;

namespace ChainRule.Pictures.Tests;

/// <summary>A chart's text, parsed and asked by path: <c>layer.0.encoding.x.title</c>.</summary>
static class Json
{
    public static JsonNode Of(Picture picture) => JsonNode.Parse(picture.Text)!;

    public static JsonNode? At(this JsonNode node, string path)
    {
        JsonNode? at = node;
        foreach (string part in path.Split('.')) at = int.TryParse(part, out int i) ? at?.AsArray()[i] : at?[part];
        return at;
    }

    public static string? Word(this JsonNode node, string path) => (string?)node.At(path);

    public static IReadOnlyList<JsonNode> Rows(this JsonNode node, string path = "data.values") =>
        [.. node.At(path)!.AsArray().Select(row => row!)];
}
