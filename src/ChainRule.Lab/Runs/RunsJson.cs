using System.Text.Json.Serialization;

namespace ChainRule.Lab.Runs;

/// <summary>The requests and answers of the board of runs as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RunsRequest))]
[JsonSerializable(typeof(TableAnswer))]
[JsonSerializable(typeof(CurvesAnswer))]
[JsonSerializable(typeof(TailAnswer))]
[JsonSerializable(typeof(BandsAnswer))]
[JsonSerializable(typeof(DifferencesAnswer))]
[JsonSerializable(typeof(LayersAnswer))]
[JsonSerializable(typeof(WeightsAnswer))]
[JsonSerializable(typeof(SamplesAnswer))]
[JsonSerializable(typeof(WorkersAnswer))]
[JsonSerializable(typeof(DiagnosisAnswer))]
[JsonSerializable(typeof(MetricOriginAnswer))]
[JsonSerializable(typeof(DoneAnswer))]
[JsonSerializable(typeof(FileAnswer))]
[JsonSerializable(typeof(RunsEvent))]
sealed partial class RunsJson : JsonSerializerContext;
