using ChainRule.Tokenizers;

namespace ChainRule.Zoo.Datasets;

/// <summary>How <see cref="TokenText.Write"/> makes token files of texts: as ids of their characters, unless one of the
/// first three is given.</summary>
/// <param name="Tokenizer">Tokens of this byte-level BPE: tokenizer.json; a folder with it, such as that of a run, or
/// with vocab.json and merges.txt; or a file that ends in .tiktoken.</param>
/// <param name="Vocabulary">Tokens of a byte-level BPE that is first trained on the training part: how many.</param>
/// <param name="Characters">Ids of the characters of this file, in its order, or of those of a folder's vocabulary.txt
/// or of the run in it; a text with another character is refused.</param>
/// <param name="Pattern">Where texts are cut, which a file of tiktoken does not say.</param>
/// <param name="Validation">The fraction of the characters, the last ones, that is for validation; if 0, there is one
/// part, and the last tenth is for validation.</param>
/// <param name="ShardTokens">How many tokens each file has, but for the last.</param>
public sealed record TokenTextOptions(string? Tokenizer = null, int? Vocabulary = null, string? Characters = null,
    TokenPattern? Pattern = null, double Validation = 0.1, long ShardTokens = 100_000_000);

/// <summary>What was written.</summary>
/// <param name="Characters">How many characters (code points) the texts have.</param>
/// <param name="Train">How many tokens there are to train with.</param>
/// <param name="Validation">How many there are to validate with; 0 where there is one part.</param>
/// <param name="Vocabulary">How many tokens or characters the vocabulary has.</param>
/// <param name="Unit">What an id stands for: <c>character</c> or <c>token</c>.</param>
public sealed record WrittenTokens(long Characters, long Train, long Validation, int Vocabulary, string Unit);
