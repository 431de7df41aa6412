using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ChainRule.Data;
using ChainRule.Randomness;
using ChainRule.Tokenizers;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Datasets;

/// <summary>
/// A long text that stays on the disk as ids: <see cref="TokenFile"/>, and beside it what the ids stand for: a file
/// <c>vocabulary.txt</c> with the characters in their order, or the tokenizer, <c>tokenizer.json</c>. The first nine
/// tenths are trained on, and the last tenth is for validation, as of a <see cref="PlainText"/>; or there are two
/// folders, <c>train</c> and <c>validation</c>, as <see cref="Write"/> makes them. The same text has the same bits.
/// </summary>
public sealed partial class TokenText : Corpus
{
    const string VocabularyFile = "vocabulary.txt", TrainPart = "train", ValidationPart = "validation";

    // Of each part of a large text as many are measured.
    const int ValidationCharacters = PlainText.ValidationCharacters, MostMeasured = 1 << 20;

    // Counts of pairs are made in memory.
    const int MostPairs = 1 << 27;

    readonly TokenFile _train, _validation;

    // What a token stands for on average; counted when it is first asked for.
    readonly Lazy<(double Characters, double Bytes)> _perId;

    TokenText(string source, TokenFile train, TokenFile validation, string sha256, LanguageEncoding encoding)
        : base(source, sha256, encoding)
    {
        (_train, _validation) = (train, validation);
        _perId = new(Counted);
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
            return !Directory.Exists(path) ? Ends(path)
                : Directory.EnumerateFiles(path).Any(Ends) || IsOf(Path.Combine(path, TrainPart));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Opens a file of ids, or all of a folder as one text or as two parts. They stay open as long as the
    /// process runs. Plain files have two bytes an id; four, where the vocabulary has more than 65,536.</summary>
    /// <param name="path">The file or the folder.</param>
    /// <param name="tokenizer">Where the tokenizer is; null where it, or vocabulary.txt, is beside the files.</param>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It holds no ids, or none that the vocabulary beside it knows; or another
    /// tokenizer than the named one is beside it.</exception>
    public static TokenText FromFiles(string path, string? tokenizer = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        string folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        var encoding = tokenizer is null ? Beside(path, folder) : Named(path, folder, tokenizer);
        string source = Printable.Of(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), 80);
        TokenFile Opened(string files) =>
            TokenFile.Open(files, FormatOf(encoding.Size), vocabularySize: encoding.Size);
        string said = encoding is Characters characters ? characters.Vocabulary.Characters
            : ((Tokens)encoding).Tokenizer.ToJson();
        string train = Path.Combine(path, TrainPart), validation = Path.Combine(path, ValidationPart);
        if (!Directory.Exists(train))
        {
            var whole = Opened(path);
            long first = (long)((Int128)whole.Count * 9 / 10);
            return new(source, whole.Part(0, first), whole.Part(first, whole.Count - first), HashOf(said, whole),
                encoding);
        }
        if (!Directory.Exists(validation))
            throw new FileNotFoundException($"text: {Printable.Path(path)} holds a folder {TrainPart} and none called "
                + $"{ValidationPart}: put the ids to validate with there, or give {Printable.Path(train)} alone",
                train);
        TokenFile[] parts = [Opened(train), Opened(validation)];
        return new(source, parts[0], parts[1], HashOf(said, parts), encoding);
    }

    static Tokens Named(string path, string folder, string file)
    {
        var named = BpeTokenizer.Read(file);
        // Ids of another vocabulary are numbers of other words, and nothing but rubbish is learned from them.
        string characters = Path.Combine(folder, VocabularyFile), tokens = Path.Combine(folder,
            RunFolder.TokenizerFile);
        if (File.Exists(characters) || File.Exists(tokens) && BpeTokenizer.Read(tokens).ToJson() != named.ToJson())
            throw new InvalidDataException($"text: the ids in {Printable.Path(path)} are of the "
                + $"{(File.Exists(characters) ? VocabularyFile : RunFolder.TokenizerFile)} beside them, and "
                + $"{Printable.Path(file)} is another tokenizer: leave it out");
        return new(named);
    }

    static LanguageEncoding Beside(string path, string folder)
    {
        string characters = Path.Combine(folder, VocabularyFile), tokens = Path.Combine(folder,
            RunFolder.TokenizerFile);
        bool known = File.Exists(characters), gpt2 = File.Exists(Path.Combine(folder, "vocab.json"));
        if (File.Exists(tokens) && known)
            throw new InvalidDataException($"text: {Printable.Path(folder)} holds {VocabularyFile} and "
                + $"{RunFolder.TokenizerFile}, and the ids are of one of them: take the other away");
        if (known) return new Characters(ReadVocabulary("text", characters));
        if (File.Exists(tokens) || gpt2) return new Tokens(BpeTokenizer.Read(folder));
        throw new FileNotFoundException($"text: {Printable.Path(path)} holds ids, and nothing says what they stand "
            + $"for: put a file {VocabularyFile} beside it, with the characters in the order of their ids, or the "
            + $"tokenizer, {RunFolder.TokenizerFile}", characters);
    }

    static Vocabulary ReadVocabulary(string asked, string path)
    {
        try
        {
            return new(TextFile.Decode($"{asked} '{Printable.Path(path)}'", TextFile.Bytes(asked, path)));
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{asked}: {Printable.Path(path)} is none ({e.Message}): write each "
                + "character once, in the order of ids, without a line end behind", e);
        }
    }

    static TokenFormat FormatOf(int vocabularySize) =>
        vocabularySize > ushort.MaxValue + 1 ? TokenFormat.FourBytes : TokenFormat.TwoBytes;

    /// <inheritdoc/>
    public override Batches<Ids, Ids> Batches(int context, bool everyPosition, int batchSize, ulong seed)
    {
        CheckLength(context);
        return Data.Batches.Windows(_train, context, batchSize, new TorchRandom(seed), everyPosition);
    }

    /// <inheritdoc/>
    public override Dataset<Ids, Ids> ValidationSample(int context, bool everyPosition) =>
        Windows(_validation, context, everyPosition, ValidationCharacters);

    private protected override (double Characters, double Bytes) PerId =>
        Encoding is Tokens ? _perId.Value : base.PerId;

    /// <summary>The validation part, or a million characters or tokens that lie evenly over it, and as many of the
    /// training part; there is no test part.</summary>
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
            + $"{_train.Count:N0} {Encoding.Unit}s to count, and {MostPairs:N0} are the most: choose a model that is "
            + $"trained, "
            + $"such as gpt"));

    /// <inheritdoc/>
    public override string Describe(int context, bool everyPosition) => string.Create(CultureInfo.InvariantCulture,
        $"{Amount}: {_train.Count:N0} to train, {_validation.Count:N0} to validate");

    /// <inheritdoc/>
    public override IEnumerable<string> Show(RunSummary summary) => [string.Create(CultureInfo.InvariantCulture,
        $"It writes (temperature {Samples.Temperature}):"), "", .. summary.Samples];

    /// <summary>How much there is of it.</summary>
    public override string ToString() => $"text of {Amount}";

    string Amount => string.Create(CultureInfo.InvariantCulture, $"{_train.Count + _validation.Count:N0} "
        + $"{Encoding.Unit}s on the disk ({Source}), {(Encoding is Tokens ? $"of a vocabulary of {Encoding.Size:N0}"
            : $"{Encoding.Size} of them distinct")}");

    static Dataset<Ids, Ids> Windows(TokenFile part, int context, bool everyPosition, int characters)
    {
        int each = everyPosition ? context : 1, windows = Math.Max(1, characters / each);
        return Data.Batches.WindowsInOrder(part, context, Math.Max(each, (part.Count - context - 1) / windows + 1),
            everyPosition);
    }

    void CheckLength(int context)
    {
        if (_validation.Count > context && _train.Count > context) return;
        throw new InvalidDataException($"text: {Source} has {_train.Count + _validation.Count:N0} {Encoding.Unit}s, "
            + $"and its last tenth must hold a window of {context} and a {Encoding.Unit} more: give a text of "
            + $"{10 * (context + 1):N0} or more");
    }

    /// <summary>Tells a text from another without reading all of it: what its ids stand for, and of each part how many
    /// tokens there are, and <see cref="Some"/> of them.</summary>
    static string HashOf(string said, params TokenFile[] parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in parts)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{said}\n{text.Count}\n")));
            foreach (int[] some in Some(text)) hash.AppendData(MemoryMarshal.AsBytes(some.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>1,000 places of 1,000 tokens that lie evenly over a text; all of what is no longer than
    /// these.</summary>
    static IEnumerable<int[]> Some(TokenFile text)
    {
        const int Places = 1000, Tokens = 1000;
        for (int place = 0; place < Places; place++)
        {
            long from = text.Count <= (long)Places * Tokens ? (long)place * Tokens
                : (long)((Int128)place * (text.Count - Tokens) / (Places - 1));
            int[] some = new int[(int)Math.Clamp(text.Count - from, 0, Tokens)];
            if (some.Length == 0) break;
            text.Read(from, some);
            yield return some;
        }
    }

    /// <summary>How many characters and bytes a token has, on average over <see cref="Some"/> to validate
    /// with.</summary>
    (double Characters, double Bytes) Counted()
    {
        var tokenizer = ((Tokens)Encoding).Tokenizer;
        var known = new Dictionary<int, (int Characters, int Bytes)>();
        long characters = 0, bytes = 0, count = 0;
        foreach (int[] some in Some(_validation))
        {
            foreach (int id in some)
            {
                if (!known.TryGetValue(id, out var of))
                {
                    byte[] token = tokenizer.Token(id);
                    // Each character of UTF-8 has one byte that no other continues.
                    known[id] = of = (token.Count(x => (x & 0xc0) != 0x80), token.Length);
                }
                (characters, bytes) = (characters + of.Characters, bytes + of.Bytes);
            }
            count += some.Length;
        }
        return ((double)characters / count, (double)bytes / count);
    }
}
