using System.Text.Json.Serialization;

namespace ChainRule.Lab.Shapes;

/// <summary>The shapes room's requests and answers as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ShapesRequest))]
[JsonSerializable(typeof(ShapesAnswer))]
public sealed partial class ShapesJson : JsonSerializerContext;
