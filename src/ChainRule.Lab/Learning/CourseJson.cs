using System.Text.Json.Serialization;

namespace ChainRule.Lab.Learning;

/// <summary>The requests, answers and events of the course as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowOutOfOrderMetadataProperties = true, RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(CourseRequest))]
[JsonSerializable(typeof(CourseAnswer))]
[JsonSerializable(typeof(CourseEvent))]
public sealed partial class CourseJson : JsonSerializerContext;
