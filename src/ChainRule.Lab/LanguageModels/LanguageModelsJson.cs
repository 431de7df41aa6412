using System.Text.Json.Serialization;

namespace ChainRule.Lab.LanguageModels;

/// <summary>The requests and answers about language models as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(LanguageModelsRequest))]
[JsonSerializable(typeof(LanguageModelsAnswer))]
public sealed partial class LanguageModelsJson : JsonSerializerContext;
