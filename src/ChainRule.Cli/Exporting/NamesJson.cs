using System.Text.Json.Serialization;

namespace ChainRule.Cli.Exporting;

/// <summary>Lists of names as JSON, in the metadata of exported models.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
sealed partial class NamesJson : JsonSerializerContext;
