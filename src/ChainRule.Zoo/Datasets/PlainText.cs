using System.Globalization;
using ChainRule.Data;
using ChainRule.Randomness;
using ChainRule.Tokenizers;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Datasets;

/// <summary>
/// One long text, such as the works of Shakespeare: what a model of characters learns to go on with. The first nine
/// tenths are trained on, and the last tenth is for validation.
/// </summary>
public sealed class PlainText : Corpus
{
    const string Published = "tinyshakespeare.txt";

    const string Wanted = "a UTF-8 text file";

    // As many characters as nanoGPT looks at while it trains for a processor without a graphics card: 20
    // batches of 12 windows of 64.
    internal const int ValidationCharacters = 20 * 12 * 64;

    readonly Ids _train, _validation;
    readonly double _characters, _bytes;

    // Characters and tokens are validated on the same text.
    PlainText(string source, byte[] bytes, string train, string validation, LanguageEncoding encoding)
        : base(source, bytes, encoding)
    {
        (_train, _validation) = (Ids.From(encoding.Encode(train)), Ids.From(encoding.Encode(validation)));
        (_characters, _bytes) = (Count(validation), System.Text.Encoding.UTF8.GetByteCount(validation));
    }

    /// <inheritdoc/>
    public override TaskKind Kind => TaskKind.Text;

    /// <summary>The ids of what is trained on, a vector.</summary>
    public Ids Train => _train;

    /// <summary>The ids of what is kept for validation, a vector.</summary>
    public Ids Validation => _validation;

    /// <summary>The text of a file, in UTF-8, or in UTF-16 with its mark.</summary>
    /// <param name="path">The file; <c>-</c> is the standard input.</param>
    /// <param name="lineFeeds">Whether every line end, CR LF and CR too, becomes a line feed, as Python's
    /// <c>open</c> has it.</param>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It holds no text.</exception>
    public static PlainText FromFile(string path, bool lineFeeds = true) =>
        FromFile(path, new TextOptions { LineFeeds = lineFeeds });

    /// <summary>The text of a file, read as characters or as tokens.</summary>
    /// <param name="path">The file; <c>-</c> is the standard input.</param>
    /// <param name="options">How it is read.</param>
    /// <exception cref="IOException">A file is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It holds no text, or the tokenizer is none.</exception>
    public static PlainText FromFile(string path, TextOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (source, bytes, piped) = ReadAll("text", path, Wanted);
        source = Printable.Of(source, 80);
        string text = TextFile.Decode($"text '{source}'", bytes);
        if (options.LineFeeds) text = TextFile.WithLineFeeds(text);
        Check(source, text);
        int first = Place(text, (int)(Count(text) * 9L / 10));
        string train = text[..first];
        LanguageEncoding encoding = options.Tokenizer is { } file ? new Tokens(BpeTokenizer.Read(file))
            : options.Vocabulary is { } size ? new Tokens(BpeTokenizer.Train([train], size))
            : new Characters(Vocabulary.Of([text], startEndToken: null));
        return new(source, bytes, train, text[first..], encoding) { Piped = piped ? bytes : null };
    }

    /// <summary>Where the published Shakespeare is on this machine.</summary>
    /// <exception cref="FileNotFoundException">It is not: says how to get it.</exception>
    public static string Shakespeare() => DataFolders.Here().Find(Published)
        ?? throw new FileNotFoundException($"text: there is no {Published} on this machine: fetch it by '{Shell.Tool} "
            + $"data get tinyshakespeare', or give {Wanted} by --data");

    /// <inheritdoc/>
    public override Batches<Ids, Ids> Batches(int context, bool everyPosition, int batchSize, ulong seed)
    {
        CheckLength(context);
        return Data.Batches.Windows(_train, context, batchSize, new TorchRandom(seed), everyPosition);
    }

    /// <inheritdoc/>
    public override Dataset<Ids, Ids> ValidationSample(int context, bool everyPosition) =>
        Windows(_validation, context, everyPosition, ValidationCharacters);

    /// <summary>
    /// The whole validation part, and as many characters of the training part; there is no test part.
    /// </summary>
    public override Split<Dataset<Ids, Ids>?> EvaluationSets(int context, bool everyPosition) =>
        new(Windows(_train, context, everyPosition, _validation.Count),
            Windows(_validation, context, everyPosition, _validation.Count), null);

    /// <inheritdoc/>
    public override Dataset<Ids, Ids> Pairs() => Data.Batches.WindowsInOrder(_train, 1, 1, everyPosition: false);

    /// <inheritdoc/>
    public override string Describe(int context, bool everyPosition) => string.Create(CultureInfo.InvariantCulture,
        $"{Amount}: {_train.Count:N0} to train, {_validation.Count:N0} to validate");

    /// <inheritdoc/>
    public override IEnumerable<string> Show(RunSummary summary) => [string.Create(CultureInfo.InvariantCulture,
        $"It writes (temperature {Samples.Temperature}):"), "", .. summary.Samples];

    /// <summary>How many characters there are.</summary>
    public override string ToString() => $"text of {Amount}";

    string Amount => string.Create(CultureInfo.InvariantCulture, $"{_train.Count + _validation.Count:N0} "
        + $"{Encoding.Unit}s ({Source}), {(Encoding is Tokens ? $"of a vocabulary of {Encoding.Size:N0}"
            : $"{Encoding.Size} of them distinct")}");

    /// <summary>
    /// Windows that lie evenly over a part, not more of them than it takes to predict the given number of characters.
    /// </summary>
    Dataset<Ids, Ids> Windows(Ids part, int context, bool everyPosition, int characters)
    {
        CheckLength(context);
        int each = everyPosition ? context : 1, windows = Math.Max(1, characters / each);
        return Data.Batches.WindowsInOrder(part, context, Math.Max(each, (part.Count - context - 1) / windows + 1),
            everyPosition);
    }

    void CheckLength(int context)
    {
        if (_validation.Count > context) return;
        throw new InvalidDataException($"text: {Source} has {_train.Count + _validation.Count:N0} "
            + $"{Encoding.Unit}s, and its last tenth must hold a window of {context} and a {Encoding.Unit} more: give "
            + $"a text of {10 * (context + 1):N0} or more");
    }

    private protected override (double Characters, double Bytes) PerId =>
        Encoding is Tokens ? (_characters / _validation.Count, _bytes / _validation.Count) : base.PerId;

    // Characters are code points.
    static int Count(string text) => text.EnumerateRunes().Count();

    static int Place(string text, int characters) =>
        text.EnumerateRunes().Take(characters).Sum(character => character.Utf16SequenceLength);

    static void Check(string source, string text)
    {
        if (text.Length == 0) throw new InvalidDataException($"text: {source} is empty: give {Wanted}");
        if (text.IndexOf('\uFFFD', StringComparison.Ordinal) is >= 0 and var at)
            throw new InvalidDataException(
                $"text: {source} holds U+FFFD at character {at:N0}, where a conversion lost one: give {Wanted}");
    }
}
