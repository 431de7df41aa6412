using System.Text.Json.Serialization;

namespace ChainRule.Lab.Playground;

/// <summary>The playground's requests and answers as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PlaygroundRequest))]
[JsonSerializable(typeof(PlaygroundAnswer))]
[JsonSerializable(typeof(PlaygroundSettings))]
public sealed partial class PlaygroundJson : JsonSerializerContext;

/// <summary>The files of a saved run as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SavedSettings))]
[JsonSerializable(typeof(SavedMetrics))]
[JsonSerializable(typeof(SavedSummary))]
sealed partial class PlaygroundRunJson : JsonSerializerContext;
