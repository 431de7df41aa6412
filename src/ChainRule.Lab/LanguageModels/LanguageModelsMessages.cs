using System.Text.Json.Serialization;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Why;

namespace ChainRule.Lab.LanguageModels;

/// <summary>
/// What can be asked about the language models of runs. A run is named by its id, as the list gives it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ModelsRequest), "models")]
[JsonDerivedType(typeof(NextRequest), "next")]
[JsonDerivedType(typeof(GenerateRequest), "generate")]
[JsonDerivedType(typeof(AttentionRequest), "attention")]
[JsonDerivedType(typeof(EmbeddingsRequest), "embeddings")]
[JsonDerivedType(typeof(MemoryRequest), "memory")]
[JsonDerivedType(typeof(LossesRequest), "losses")]
[JsonDerivedType(typeof(ActivationsRequest), "activations")]
[JsonDerivedType(typeof(WhyNextRequest), "whyNext")]
[JsonDerivedType(typeof(WhyLossRequest), "whyLoss")]
[JsonDerivedType(typeof(WhyAttentionRequest), "whyAttention")]
public abstract record LanguageModelsRequest : LabRequest;

/// <summary>Says which runs have a language model.</summary>
public sealed record ModelsRequest : LanguageModelsRequest;

/// <summary>How probable each character is after a prompt.</summary>
/// <param name="Run">The run.</param>
/// <param name="Prompt">What is read.</param>
/// <param name="Temperature">The softmax temperature of drawing; 0 takes the most probable.</param>
/// <param name="TopK">From how many of the most probable is drawn; null for all.</param>
public sealed record NextRequest(string Run, string Prompt, double Temperature = 1, int? TopK = null)
    : LanguageModelsRequest;

/// <summary>Draws characters after a prompt.</summary>
/// <param name="Run">The run.</param>
/// <param name="Prompt">What is read.</param>
/// <param name="Temperature">The softmax temperature.</param>
/// <param name="TopK">From how many of the most probable; null for all.</param>
/// <param name="Count">How many characters, 1 to 500; fewer where the model ends the text.</param>
/// <param name="Seed">The seed: the same gives the same characters.</param>
public sealed record GenerateRequest(string Run, string Prompt, double Temperature = 1, int? TopK = null,
    int Count = 1, ulong Seed = 42) : LanguageModelsRequest;

/// <summary>To which characters each character of a text attends, in every head of every layer.</summary>
public sealed record AttentionRequest(string Run, string Text) : LanguageModelsRequest;

/// <summary>The embedding vectors of the characters, in two dimensions.</summary>
public sealed record EmbeddingsRequest(string Run) : LanguageModelsRequest;

/// <summary>What it costs to read a text character after character, with what is remembered and without.</summary>
public sealed record MemoryRequest(string Run, string Text) : LanguageModelsRequest;

/// <summary>The loss of each character of a text.</summary>
public sealed record LossesRequest(string Run, string Text) : LanguageModelsRequest;

/// <summary>What one unit of one layer gives at each character of a text.</summary>
/// <param name="Run">The run.</param>
/// <param name="Text">The text.</param>
/// <param name="Layer">The layer, by its name; null for the first.</param>
/// <param name="Unit">The unit, from 0.</param>
public sealed record ActivationsRequest(string Run, string Text, string? Layer = null, int Unit = 0)
    : LanguageModelsRequest;

/// <summary>Says what the probability of a next character, or its logit, was computed from.</summary>
/// <param name="Run">The run.</param>
/// <param name="Prompt">What is read.</param>
/// <param name="Character">The character, by its id.</param>
/// <param name="IsLogit">Whether it is about the logit.</param>
public sealed record WhyNextRequest(string Run, string Prompt, int Character, bool IsLogit) : LanguageModelsRequest;

/// <summary>Says what the loss of a character was computed from.</summary>
/// <param name="Run">The run.</param>
/// <param name="Text">The text.</param>
/// <param name="Place">The loss, from 0, as the losses are counted.</param>
public sealed record WhyLossRequest(string Run, string Text, int Place) : LanguageModelsRequest;

/// <summary>Says what an attention weight was computed from.</summary>
/// <param name="Run">The run.</param>
/// <param name="Text">The text.</param>
/// <param name="Layer">The layer, from 0.</param>
/// <param name="Head">The head, from 0.</param>
/// <param name="From">The character that takes, from 0, in the window.</param>
/// <param name="To">The character that it takes from.</param>
public sealed record WhyAttentionRequest(string Run, string Text, int Layer, int Head, int From, int To)
    : LanguageModelsRequest;

/// <summary>What the room answers.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ModelsAnswer), "models")]
[JsonDerivedType(typeof(NextAnswer), "next")]
[JsonDerivedType(typeof(GenerateAnswer), "generate")]
[JsonDerivedType(typeof(AttentionAnswer), "attention")]
[JsonDerivedType(typeof(EmbeddingsAnswer), "embeddings")]
[JsonDerivedType(typeof(MemoryAnswer), "memory")]
[JsonDerivedType(typeof(LossesAnswer), "losses")]
[JsonDerivedType(typeof(ActivationsAnswer), "activations")]
[JsonDerivedType(typeof(MissingAnswer), "missing")]
[JsonDerivedType(typeof(LanguageModelsWhyAnswer), "why")]
public abstract record LanguageModelsAnswer : LabAnswer;

/// <summary>The runs that have a language model.</summary>
public sealed record ModelsAnswer(IReadOnlyList<ModelRun> Runs) : LanguageModelsAnswer;

/// <summary>A run with a language model.</summary>
/// <param name="Id">By which it is asked for.</param>
/// <param name="Name">As it may be shown.</param>
/// <param name="Model">The name of its recipe.</param>
/// <param name="ValLoss">Its last validation loss; null where there is none.</param>
public sealed record ModelRun(string Id, string Name, string Model, double? ValLoss);

/// <summary>How probable each character is.</summary>
/// <param name="Characters">The vocabulary, as it may be shown, in the order of the ids.</param>
/// <param name="Probabilities">By the model itself, float32.</param>
/// <param name="Drawn">With which each is drawn, at the temperature and of the top k, float32.</param>
/// <param name="Context">How many characters the model looks back at most.</param>
/// <param name="Read">What it read, each character as it may be shown.</param>
public sealed record NextAnswer(IReadOnlyList<string> Characters, NumberBlock Probabilities, NumberBlock Drawn,
    int Context, IReadOnlyList<string> Read) : LanguageModelsAnswer;

/// <summary>Characters that were drawn.</summary>
/// <param name="Text">The prompt, and what follows.</param>
/// <param name="Ended">Whether the model ended the text.</param>
public sealed record GenerateAnswer(string Text, bool Ended) : LanguageModelsAnswer;

/// <summary>Attention weights.</summary>
/// <param name="Characters">The characters of the window.</param>
/// <param name="Layers">How many layers.</param>
/// <param name="Heads">How many heads each has.</param>
/// <param name="Weights">[layer, head, from, to], float32: rows sum to 1.</param>
public sealed record AttentionAnswer(IReadOnlyList<string> Characters, int Layers, int Heads, NumberBlock Weights)
    : LanguageModelsAnswer;

/// <summary>Embedding vectors in two dimensions: the two principal components of their standardised columns.</summary>
/// <param name="Characters">The characters.</param>
/// <param name="Width">How many dimensions the vectors have.</param>
/// <param name="X">The first component, float64.</param>
/// <param name="Y">The second.</param>
public sealed record EmbeddingsAnswer(IReadOnlyList<string> Characters, int Width, NumberBlock X, NumberBlock Y)
    : LanguageModelsAnswer;

/// <summary>The cost of each character of a text.</summary>
/// <param name="Characters">The characters.</param>
/// <param name="What">What is remembered, in words.</param>
/// <param name="Computed">How many characters are computed for each, where what came before is remembered.</param>
/// <param name="With">Milliseconds with what is remembered, float64.</param>
/// <param name="Without">Milliseconds where all characters are read anew.</param>
public sealed record MemoryAnswer(IReadOnlyList<string> Characters, string What, NumberBlock Computed, NumberBlock With,
    NumberBlock Without) : LanguageModelsAnswer;

/// <summary>The loss of each character.</summary>
/// <param name="Characters">The characters.</param>
/// <param name="Losses">−ln of the probability that the model gave to each, float32.</param>
/// <param name="Mean">Their mean.</param>
public sealed record LossesAnswer(IReadOnlyList<string> Characters, NumberBlock Losses, double Mean)
    : LanguageModelsAnswer;

/// <summary>What one unit gives.</summary>
/// <param name="Characters">The characters.</param>
/// <param name="Layers">The layers that there are.</param>
/// <param name="Layer">The one that was looked at.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Values">What it gives at each character, float32.</param>
public sealed record ActivationsAnswer(IReadOnlyList<string> Characters, IReadOnlyList<LayerWidth> Layers, string Layer,
    int Unit, NumberBlock Values) : LanguageModelsAnswer;

/// <summary>A layer, and how many units it has.</summary>
public sealed record LayerWidth(string Name, int Units);

/// <summary>Why a model has nothing to show, in one sentence.</summary>
public sealed record MissingAnswer(string Why) : LanguageModelsAnswer;

/// <summary>Where a number came from.</summary>
public sealed record LanguageModelsWhyAnswer(WhyTree Tree) : LanguageModelsAnswer;
