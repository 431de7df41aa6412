using System.Text.Json.Serialization;

namespace ChainRule.Lab.Images;

/// <summary>The requests and answers about models of images as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ImagesRequest))]
[JsonSerializable(typeof(ImagesAnswer))]
public sealed partial class ImagesJson : JsonSerializerContext;
