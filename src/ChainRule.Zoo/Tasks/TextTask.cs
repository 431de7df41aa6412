using System.ComponentModel;
using System.Text.Json.Serialization;
using ChainRule.Tokenizers;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Tasks;

/// <summary>How a text is read: as characters, unless a tokenizer is named or is to be trained.</summary>
/// <param name="Tokenizer">The file of a byte-level BPE (tokenizer.json), or the folder that it is in.</param>
/// <param name="Vocabulary">How many tokens a tokenizer has that is first trained on what is trained on.</param>
public sealed record TextOptions(
    [Description("Read the text as tokens: a byte-level BPE as tokenizer.json, or a folder with one "
        + "[default: as characters]")] string? Tokenizer = null,
    [Description("Read the text as tokens of a tokenizer that is first trained on it: how many tokens, 256 bytes "
        + "among them"), Limits(256, 1_000_000)] int? Vocabulary = null) : DataOptions
{
    /// <summary>
    /// Whether every line end becomes a line feed; runs of earlier versions kept them as they are. No setting: nobody
    /// turns it.
    /// </summary>
    [JsonIgnore]
    public bool LineFeeds { get; init; } = true;

    /// <inheritdoc/>
    public override void Check(string asked)
    {
        base.Check(asked);
        if (Tokenizer is not null && Vocabulary is not null)
            throw new ArgumentException($"{asked}: tokenizer and vocabulary: a tokenizer that is named is not trained: "
                + "give one of them");
    }

    // Runs on characters say nothing of it, as they always did.
    internal override string? Write() => Tokenizer is null && Vocabulary is null ? null : base.Write();

    internal override DataOptions In(string folder) =>
        Tokenizer is null ? this : this with { Tokenizer = Path.Combine(folder, Tokenizer) };
}

/// <summary>To go on with one long text: <see cref="PlainText"/>, or <see cref="TokenText"/> where it stays on the
/// disk.</summary>
sealed class TextTask : LanguageTask
{
    public override TaskKind Kind => TaskKind.Text;

    public override string Summary => "Train a model of characters or tokens on a long text, and generate a passage";

    public override string DataAre => "the text is";

    public override string DataSummary =>
        $"A text file; or what '{Shell.Tool} tokenize' makes of texts, a folder of ids with vocabulary.txt or "
        + $"tokenizer.json beside them, also a .bin or .npy file [default: Shakespeare, if "
        + $"'{Shell.Tool} data get tinyshakespeare' has fetched it]";

    public override string UsualModel => "gpt";

    public override DataOptions UsualOptions => new TextOptions();

    public override string? FindData() => PlainText.Shakespeare();

    public override TaskData Open(string? source, DataOptions? options = null)
    {
        var how = options as TextOptions ?? new();
        if (source is null || !TokenText.IsOf(source))
            return PlainText.FromFile(source ?? PlainText.Shakespeare(), how);
        if (how.Vocabulary is { } size)
            throw new ArgumentException($"text: vocabulary {size}: {Printable.Path(source)} holds ids, which are "
                + "tokens already: leave it out");
        return TokenText.FromFiles(source, how.Tokenizer);
    }

    public override Preprocessing ReadPreprocessing(Func<string, string> said)
    {
        string? tokenizer;
        try
        {
            tokenizer = said(Tokens.Name);
        }
        catch (InvalidDataException)
        {
            return base.ReadPreprocessing(said);
        }
        return new Tokens(BpeTokenizer.FromJson(tokenizer));
    }

    internal override string? WhyGone(string source) => TokenText.IsOf(source) ? null : base.WhyGone(source);

    public override string NextCommand(string folder) => $"More text: {Shell.Tool} sample {Shell.Path(folder)}";

    internal override DataOptions OptionsOf(RunSettings settings) =>
        (TextOptions)base.OptionsOf(settings) with { LineFeeds = settings.LineFeeds };
}
