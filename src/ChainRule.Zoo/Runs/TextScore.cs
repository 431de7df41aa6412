using System.Globalization;
using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>How well a language model predicts a text.</summary>
/// <param name="Loss">The mean cross-entropy in nats for each character or token that is predicted.</param>
/// <param name="Count">How many characters or tokens the text has.</param>
/// <param name="Characters">How many characters (code points) it has.</param>
/// <param name="Bytes">How many bytes it has in UTF-8.</param>
/// <param name="Unit">What is predicted: <c>character</c> or <c>token</c>.</param>
public sealed record TextScore(double Loss, int Count, int Characters, int Bytes, string Unit)
{
    /// <summary>exp(loss), of a character or a token.</summary>
    public double Perplexity => Information.Perplexity(Loss);

    /// <summary>Nats a character: comparable between models of characters and of any tokens.</summary>
    public double NatsPerCharacter => Loss * Count / Characters;

    /// <summary>Bits a character: comparable between models of characters and of any tokens.</summary>
    public double BitsPerCharacter => Information.Bits(Loss) * Count / Characters;

    /// <summary>Bits a byte of UTF-8.</summary>
    public double BitsPerByte => Information.Bits(Loss) * Count / Bytes;

    /// <summary>Measures a model of texts on a text file.</summary>
    /// <param name="saved">The model.</param>
    /// <param name="path">The file, in UTF-8, or in UTF-16 with its mark.</param>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It holds no text, or too short a one.</exception>
    /// <exception cref="ArgumentException">It holds a character that the model does not know, or the model is one of
    /// names.</exception>
    public static TextScore Of(SavedLanguageModel saved, string path)
    {
        ArgumentNullException.ThrowIfNull(saved);
        if (saved.Kind != TaskKind.Text)
            throw new ArgumentException("evaluate: the model is one of names, whose losses are those of its run: give "
                + "a model of texts");
        var (source, bytes, _) = Corpus.ReadAll("evaluate", path, "a UTF-8 text file");
        source = Printable.Of(source, 80);
        string text = TextFile.Decode($"evaluate: '{source}'", bytes);
        if (saved.Encoding is not Characters { Vocabulary: var known } || !known.Contains('\r'))
            text = TextFile.WithLineFeeds(text);
        int[] ids = saved.Encoding.Encode(text);
        var model = saved.Model;
        if (ids.Length <= model.Context)
            throw new InvalidDataException($"evaluate: {source} has "
                + $"{Printable.Count(ids.Length, saved.Encoding.Unit)}, and the model looks at "
                + $"{model.Context}: give a text of {model.Context + 1:N0} or more");
        var windows = Batches.WindowsInOrder(Ids.From(ids), model.Context,
            model.PredictsEveryPosition ? model.Context : 1, model.PredictsEveryPosition);
        return new(model.Loss(windows), ids.Length, text.EnumerateRunes().Count(),
            System.Text.Encoding.UTF8.GetByteCount(text), saved.Encoding.Unit);
    }

    /// <summary>The score in two lines.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"loss {Loss:0.0000} nats a {Unit}, perplexity {Perplexity:0.00}, over {Count:N0} {Unit}s\n"
            + $"{NatsPerCharacter:0.0000} nats a character, {BitsPerCharacter:0.000} bits a character, ")
        + string.Create(CultureInfo.InvariantCulture, $"{BitsPerByte:0.000} bits a byte");
}
