using System.Text.Json;
using System.Text.Json.Serialization;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Patterns;
using ChainRule.Zoo.Places;
using ChainRule.Zoo.Sequences;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Settings;

/// <summary>
/// How the sizes of models and the options of data are saved with a run: what was null is left out, choices are names,
/// and what nobody knows is an error, since a default in its place would build another model.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BagOfWordsOptions))]
[JsonSerializable(typeof(BigramOptions))]
[JsonSerializable(typeof(CnnOptions))]
[JsonSerializable(typeof(DenseOptions))]
[JsonSerializable(typeof(GptOptions))]
[JsonSerializable(typeof(HopfieldOptions))]
[JsonSerializable(typeof(ImageAutoencoderOptions))]
[JsonSerializable(typeof(ImageMlpOptions))]
[JsonSerializable(typeof(KohonenMapOptions))]
[JsonSerializable(typeof(LeNetOptions))]
[JsonSerializable(typeof(LinearOptions))]
[JsonSerializable(typeof(MixtureOfExpertsOptions))]
[JsonSerializable(typeof(NeuronOptions))]
[JsonSerializable(typeof(NgramMlpOptions))]
[JsonSerializable(typeof(PerceptronOptions))]
[JsonSerializable(typeof(PlaceTowersOptions))]
[JsonSerializable(typeof(RbfOptions))]
[JsonSerializable(typeof(RecurrentModelOptions))]
[JsonSerializable(typeof(ResNetOptions))]
[JsonSerializable(typeof(ResidualMlpOptions))]
[JsonSerializable(typeof(SequenceModelOptions))]
[JsonSerializable(typeof(SvrOptions))]
[JsonSerializable(typeof(TableMlpOptions))]
[JsonSerializable(typeof(WaveNetOptions))]
[JsonSerializable(typeof(AutoencoderOptions))]
[JsonSerializable(typeof(ImageOptions))]
[JsonSerializable(typeof(MapOptions))]
[JsonSerializable(typeof(NoDataOptions))]
[JsonSerializable(typeof(PatternOptions))]
[JsonSerializable(typeof(PlaceOptions))]
[JsonSerializable(typeof(SequenceOptions))]
[JsonSerializable(typeof(TableOptions))]
[JsonSerializable(typeof(TextOptions))]
sealed partial class OptionsJson : JsonSerializerContext
{
    static readonly JsonSerializerOptions s_options = new()
    {
        TypeInfoResolver = Default,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Its own converter writes it in lower case, as the command line has it; options never did.
        Converters = { new JsonStringEnumConverter<SequenceProblem>() },
    };

    /// <summary>A record of a type as JSON.</summary>
    public static string Write(ISettings options, Type type) =>
        JsonSerializer.Serialize(options, s_options.GetTypeInfo(type));

    /// <summary>Reads a record of a type.</summary>
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static object Read(string json, Type type) =>
        JsonSerializer.Deserialize(json, s_options.GetTypeInfo(type)) ?? throw new JsonException();
}
