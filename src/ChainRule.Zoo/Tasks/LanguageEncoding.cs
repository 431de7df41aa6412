using System.Text;
using ChainRule.Data;
using ChainRule.Randomness;
using ChainRule.Tokenizers;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tasks;

/// <summary>Texts as ids, and ids as texts: by <see cref="Characters"/>, or by <see cref="Tokens"/>.</summary>
public abstract class LanguageEncoding : Preprocessing
{
    private protected LanguageEncoding()
    {
    }

    /// <summary>How many ids there are.</summary>
    public abstract int Size { get; }

    /// <summary>What an id stands for: <c>character</c> or <c>token</c>.</summary>
    public abstract string Unit { get; }

    /// <inheritdoc/>
    public override DataShape Shape => new([1], Size);

    /// <summary>The ids of a text.</summary>
    /// <exception cref="ArgumentException">It holds a character that is not known.</exception>
    public abstract int[] Encode(string text);

    /// <summary>The text of ids.</summary>
    public abstract string Decode(ReadOnlySpan<int> ids);

    /// <summary>Generates text without end, in pieces: each is drawn when it is asked for.</summary>
    /// <param name="model">The model that reads these ids.</param>
    /// <param name="rng">The random generator to sample with.</param>
    /// <param name="how">How to sample; null means by the model's own probabilities.</param>
    /// <param name="prefix">What to continue; if empty, as after the end of a line.</param>
    /// <exception cref="ArgumentException">The prefix holds a character that is not known.</exception>
    public abstract IEnumerable<string> Generate(LanguageModel model, RandomSource rng, Sampling? how = null,
        string prefix = "");
}

/// <summary>Characters as ids, and ids as characters.</summary>
public sealed class Characters(Vocabulary vocabulary) : LanguageEncoding
{
    internal const string Name = "vocabulary";

    /// <summary>The characters, in the order of their ids.</summary>
    public Vocabulary Vocabulary => vocabulary;

    /// <inheritdoc/>
    public override int Size => vocabulary.Size;

    /// <inheritdoc/>
    public override string Unit => "character";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata =>
        new Dictionary<string, string> { [Name] = vocabulary.Characters };

    /// <inheritdoc/>
    public override int[] Encode(string text) => vocabulary.Encode(text);

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> ids) => vocabulary.Decode(ids);

    /// <inheritdoc/>
    public override IEnumerable<string> Generate(LanguageModel model, RandomSource rng, Sampling? how = null,
        string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Generate(vocabulary, rng, how, prefix).Select(c => c.ToString());
    }
}

/// <summary>The tokens of a byte-level BPE as ids: any text has ids, and each id is one byte or more.</summary>
public sealed class Tokens(BpeTokenizer tokenizer) : LanguageEncoding
{
    internal const string Name = "tokenizer";

    /// <summary>The tokenizer.</summary>
    public BpeTokenizer Tokenizer => tokenizer;

    /// <inheritdoc/>
    public override int Size => tokenizer.Size;

    /// <inheritdoc/>
    public override string Unit => "token";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata =>
        new Dictionary<string, string> { [Name] = tokenizer.ToJson() };

    /// <inheritdoc/>
    public override int[] Encode(string text) => tokenizer.Encode(text);

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> ids) => tokenizer.Decode(ids);

    /// <inheritdoc/>
    public override IEnumerable<string> Generate(LanguageModel model, RandomSource rng, Sampling? how = null,
        string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prefix);
        return Pieces(model.GenerateIds(Encode(prefix.Length > 0 ? prefix : "\n"), rng, how));
    }

    // A character that ends in a later token waits for it.
    IEnumerable<string> Pieces(IEnumerable<int> ids)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        foreach (int id in ids)
        {
            byte[] bytes = tokenizer.Token(id);
            char[] text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
            yield return new(text, 0, decoder.GetChars(bytes, text, flush: false));
        }
    }
}
