using System.Text.Json.Serialization;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Patterns;
using ChainRule.Zoo.Places;
using ChainRule.Zoo.Sequences;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Settings;

/// <summary>The records that <see cref="SavedOptions"/> writes and reads, of which the compiler makes code.</summary>
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
sealed partial class OptionsJson : JsonSerializerContext;
