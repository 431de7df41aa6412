using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ChainRule.Data;
using ChainRule.Randomness;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Datasets;

/// <summary>
/// A long text that stays on the disk as the ids of its characters: <see cref="TokenFile"/>, and beside it a file
/// <c>vocabulary.txt</c> with the characters in the order of their ids. The first nine tenths are trained on, and the
/// last tenth is for validation, as of a <see cref="PlainText"/>: the same text has the same bits.
/// </summary>
public sealed class TokenText : Corpus
{
    const string VocabularyFile = "vocabulary.txt";

    // Of each part of a large text as many characters are measured.
    const int ValidationCharacters = PlainText.ValidationCharacters, MostMeasured = 1 << 20;

    // Counts of pairs are made in memory.
    const int MostPairs = 1 << 27;

    readonly TokenFile _train, _validation;

    TokenText(string source, TokenFile text, Vocabulary vocabulary)
        : base(source, HashOf(text, vocabulary), new Characters(vocabulary))
    {
        long first = (long)((Int128)text.Count * 9 / 10);
        (_train, _validation) = (text.Part(0, first), text.Part(first, text.Count - first));
    }

    /// <inheritdoc/>
    public override TaskKind Kind => TaskKind.Text;

    /// <summary>Whether a path is that of token files, by its ending, or by those of the files in a folder.</summary>
    /// <param name="path">A file or a folder.</param>
    public static bool IsOf(string path)
    {
        bool Ends(string name) => Path.GetExtension(name).ToUpperInvariant() is ".BIN" or ".NPY";
        try
        {
            return Directory.Exists(path) ? Directory.EnumerateFiles(path).Any(Ends) : Ends(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Opens a file of ids, or all of a folder as one text. They stay open as long as the process
    /// runs.</summary>
    /// <param name="path">The file or the folder.</param>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It holds no ids, or none that vocabulary.txt beside it knows.</exception>
    public static TokenText FromFiles(string path)
    {
        string folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        string beside = Path.Combine(folder, VocabularyFile);
        if (!File.Exists(beside))
            throw new FileNotFoundException($"text: {Printable.Path(path)} holds ids, and nothing says of which "
                + $"characters: put a file {VocabularyFile} beside it, with the characters in the order of their ids",
                beside);
        Vocabulary vocabulary;
        try
        {
            vocabulary = new(TextFile.Decode($"text '{VocabularyFile}'", TextFile.Bytes("text", beside)));
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"text: {Printable.Path(beside)} is none ({e.Message}): write each "
                + $"character "
                + "once, in the order of ids, without a line end behind", e);
        }
        return new(Printable.Of(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), 80),
            TokenFile.Open(path, vocabularySize: vocabulary.Size), vocabulary);
    }

    /// <inheritdoc/>
    public override Batches<Ids, Ids> Batches(int context, bool everyPosition, int batchSize, ulong seed)
    {
        CheckLength(context);
        return Data.Batches.Windows(_train, context, batchSize, new TorchRandom(seed), everyPosition);
    }

    /// <inheritdoc/>
    public override Dataset<Ids, Ids> ValidationSample(int context, bool everyPosition) =>
        Windows(_validation, context, everyPosition, ValidationCharacters);

    /// <summary>The validation part, or a million characters that lie evenly over it, and as many of the training part;
    /// there is no test part.</summary>
    public override Split<Dataset<Ids, Ids>?> EvaluationSets(int context, bool everyPosition)
    {
        int characters = (int)Math.Min(MostMeasured, _validation.Count);
        return new(Windows(_train, context, everyPosition, characters),
            Windows(_validation, context, everyPosition, characters), null);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">There are more than fit into memory.</exception>
    public override Dataset<Ids, Ids> Pairs() => _train.Count <= MostPairs
        ? Data.Batches.WindowsInOrder(_train, 1, 1, everyPosition: false)
        : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"text: {Source} has "
            + $"{_train.Count:N0} characters to count, and {MostPairs:N0} are the most: choose a model that is "
            + $"trained, "
            + $"such as gpt"));

    /// <inheritdoc/>
    public override string Describe(int context, bool everyPosition) => string.Create(CultureInfo.InvariantCulture,
        $"{_train.Count + _validation.Count:N0} characters on the disk ({Source}), {Vocabulary.Size} of them distinct: "
            + $"{_train.Count:N0} to train, {_validation.Count:N0} to validate");

    /// <inheritdoc/>
    public override IEnumerable<string> Show(RunSummary summary) => [string.Create(CultureInfo.InvariantCulture,
        $"It writes (temperature {Samples.Temperature}):"), "", .. summary.Samples];

    /// <summary>How many characters there are.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"text of {_train.Count + _validation.Count:N0} characters on the disk ({Source}), {Vocabulary.Size} of them "
            + $"distinct");

    static Dataset<Ids, Ids> Windows(TokenFile part, int context, bool everyPosition, int characters)
    {
        int each = everyPosition ? context : 1, windows = Math.Max(1, characters / each);
        return Data.Batches.WindowsInOrder(part, context, Math.Max(each, (part.Count - context - 1) / windows + 1),
            everyPosition);
    }

    void CheckLength(int context)
    {
        if (_validation.Count > context) return;
        throw new InvalidDataException($"text: {Source} has {_train.Count + _validation.Count:N0} characters, and its "
            + $"last tenth must hold a window of {context} and a character more: give a text of "
            + $"{10 * (context + 1):N0} or more");
    }

    /// <summary>Tells a text from another without reading all of it: the vocabulary, how many tokens there are, and
    /// 1,000 places of 1,000 tokens that lie evenly over them; all of what is no longer than these.</summary>
    static string HashOf(TokenFile text, Vocabulary vocabulary)
    {
        const int Places = 1000, Tokens = 1000;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{vocabulary.Characters}\n{text.Count}\n")));
        int[] some = new int[Tokens];
        for (int place = 0; place < Places; place++)
        {
            long from = text.Count <= (long)Places * Tokens ? (long)place * Tokens
                : (long)((Int128)place * (text.Count - Tokens) / (Places - 1));
            int count = (int)Math.Clamp(text.Count - from, 0, Tokens);
            if (count == 0) break;
            text.Read(from, some.AsSpan(0, count));
            hash.AppendData(MemoryMarshal.AsBytes(some.AsSpan(0, count)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
