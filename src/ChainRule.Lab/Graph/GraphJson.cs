using System.Text.Json.Serialization;

namespace ChainRule.Lab.Graph;

/// <summary>The graph room's requests and answers as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(GraphRequest))]
[JsonSerializable(typeof(GraphReply))]
public sealed partial class GraphJson : JsonSerializerContext;
