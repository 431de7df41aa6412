using System.Text.Json.Serialization;

namespace ChainRule.Lab.Sessions;

/// <summary>What all rooms share, as JSON. Each room has a context of its own for its requests and answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(OpenRequest))]
[JsonSerializable(typeof(OpenAnswer))]
[JsonSerializable(typeof(RefusedAnswer))]
[JsonSerializable(typeof(LabRoomsAnswer))]
[JsonSerializable(typeof(NumberBlock))]
public sealed partial class LabJson : JsonSerializerContext;
