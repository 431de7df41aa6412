using System.Text.Json;
using System.Text.Json.Serialization;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Places;
using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// All that runs write as JSON and read, of which the compiler makes code: a native program finds no property by its
/// name.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RunSettings))]
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(RunMetrics))]
[JsonSerializable(typeof(LayerMetrics))]
[JsonSerializable(typeof(WorkerTimes))]
[JsonSerializable(typeof(TableReport))]
[JsonSerializable(typeof(TableTarget))]
[JsonSerializable(typeof(ModelChoice))]
[JsonSerializable(typeof(MapUnits))]
[JsonSerializable(typeof(ImageReport))]
[JsonSerializable(typeof(DefectReport))]
[JsonSerializable(typeof(PlaceReport))]
[JsonSerializable(typeof(Place[]))]
[JsonSerializable(typeof(IReadOnlyList<Place>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, double>))]
[JsonSerializable(typeof(Dictionary<string, double>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(double[]))]
[JsonSerializable(typeof(int[][]))]
[JsonSerializable(typeof(ChainRule.Zoo.Experiments.ClaimOwner))]
[JsonSerializable(typeof(JsonElement))]
sealed partial class RunJson : JsonSerializerContext;
