using System.Collections;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using ChainRule.Data;
using ChainRule.Tokenizers;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Datasets;

public sealed partial class TokenText
{
    const string AskedToWrite = "tokenize";

    // A piece of text that is encoded at once by one thread.
    const int PieceCharacters = 1 << 20;

    const int MostRunes = 0x110000;

    /// <summary>
    /// Makes token files of texts, which are read twice and never held: to count and to check their characters, and to
    /// encode them. The folder appears when all is written: shards in <c>train</c> and <c>validation</c>, or beside one
    /// another where there is one part, and <c>vocabulary.txt</c> or <c>tokenizer.json</c>.
    /// </summary>
    /// <param name="texts">The files, which are one text in this order; <c>-</c> alone is the standard input, which is
    /// first copied beside the folder.</param>
    /// <param name="folder">A folder that is not there yet.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Is told how many characters were encoded.</param>
    /// <param name="cancellationToken">Stops it; nothing is left then.</param>
    /// <exception cref="IOException">A file is not there, the folder is there already, or something cannot be read or
    /// written.</exception>
    /// <exception cref="InvalidDataException">A file is no text, or all are empty; or the vocabulary or the tokenizer
    /// is none, or lacks a character.</exception>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public static WrittenTokens Write(IReadOnlyList<string> texts, string folder, TokenTextOptions? options = null,
        IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        Check(texts, folder, options);
        var given = Given(options);
        string target = Path.TrimEndingDirectorySeparator(folder), made = $"{target}.{Path.GetRandomFileName()}.tmp";
        try
        {
            Directory.CreateDirectory(made);
            string copy = Path.Combine(made, "input.tmp");
            if (texts is ["-"]) CopyInput(copy);
            var found = WriteParts(
                [.. texts.Select(path => path == "-" ? (copy, "standard input") : (path, path))], made, options,
                given, progress, cancellationToken);
            File.Delete(copy);
            Directory.Move(made, target);
            return found;
        }
        catch (Exception e) when (e is UnauthorizedAccessException
            || e is IOException && !e.Message.StartsWith(AskedToWrite, StringComparison.Ordinal))
        {
            // Below the folder that is being made; what is said is of the one that was asked for.
            var cause = e.InnerException as IOException ?? e;
            if (cause.Message.StartsWith(AskedToWrite, StringComparison.Ordinal))
                ExceptionDispatchInfo.Throw(cause);
            Files.Refuse($"{AskedToWrite}: '{Printable.Path(target)}' cannot be written", target, cause);
            return null;
        }
        finally
        {
            if (Directory.Exists(made)) Directory.Delete(made, recursive: true);
        }
    }

    static WrittenTokens WriteParts((string Path, string Name)[] texts, string made, TokenTextOptions options,
        LanguageEncoding? given, IProgress<long>? progress, CancellationToken cancel)
    {
        var (count, seen) = Survey(texts, (given as Characters)?.Vocabulary, cancel);
        if (count == 0)
            throw new InvalidDataException($"{AskedToWrite}: {(texts.Length == 1 ? "the text is" : "all texts are")} "
                + "empty: give a text with characters");
        // Of a tenth, the place where a text in memory is divided.
        long first = options.Validation == 0 ? count : (long)(count * (1 - (decimal)options.Validation));
        if (options.Validation > 0 && (first == 0 || first == count))
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{AskedToWrite}: of "
                + $"{count:N0} characters a fraction of {options.Validation} to validate with leaves a part empty: "
                + $"give a longer text, or --validation 0"));
        var encoding = given ?? (options.Vocabulary is { } size ? Trained(texts, first, size, cancel)
            : new Characters(new Vocabulary(Distinct(seen))));
        if (encoding is Tokens tokens) tokens.Tokenizer.Save(Path.Combine(made, RunFolder.TokenizerFile));
        else
            File.WriteAllText(Path.Combine(made, VocabularyFile),
                ((Characters)encoding).Vocabulary.Characters, new UTF8Encoding(false));
        var format = FormatOf(encoding.Size);
        using var text = new LongText(AskedToWrite, texts, cancel) { End = first };
        long Part(string name) => TokenFile.WriteShards(Path.Combine(made, name), Encoded(text, encoding, progress),
            format, options.ShardTokens);
        long train = Part(TrainPart), validation = 0;
        text.End = long.MaxValue;
        if (options.Validation > 0) validation = Part(ValidationPart);
        else
        {
            foreach (string file in Directory.GetFiles(Path.Combine(made, TrainPart)))
                File.Move(file, Path.Combine(made, Path.GetFileName(file)));
            Directory.Delete(Path.Combine(made, TrainPart));
        }
        return new(count, train, validation, encoding.Size, encoding.Unit);
    }

    static void Check(IReadOnlyList<string> texts, string folder, TokenTextOptions options)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (string.IsNullOrWhiteSpace(folder) || folder.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"{AskedToWrite}: '{Printable.Path(folder)}' is no path: give that of a "
                + "folder");
        if (texts.Count == 0) throw new ArgumentException($"{AskedToWrite}: no text is named: give one or more");
        if (texts.Contains("-") && texts.Count > 1)
            throw new ArgumentException($"{AskedToWrite}: the standard input (-) is read alone: name no other text");
        (string Name, bool Given)[] choices = [("tokenizer", options.Tokenizer is not null),
            ("vocabulary", options.Vocabulary is not null), ("characters", options.Characters is not null)];
        string[] ways = [.. choices.Where(way => way.Given).Select(way => way.Name)];
        if (ways.Length > 1)
            throw new ArgumentException($"{AskedToWrite}: {string.Join(" and ", ways)}: give one of them");
        bool ofTiktoken = options.Tokenizer is { } file && IsTiktoken(file);
        if (ofTiktoken != options.Pattern is not null)
            throw new ArgumentException($"{AskedToWrite}: {(ofTiktoken ? $"{Printable.Path(options.Tokenizer!)} does "
                + "not say where texts are cut: give the pattern, such as cl100k" : "a pattern is for a tokenizer that "
                + "ends in .tiktoken: leave it out")}");
        if (options.Validation is not (>= 0 and <= 0.9))
            throw new ArgumentException($"{AskedToWrite}: validation "
                + $"{options.Validation.ToString(CultureInfo.InvariantCulture)}: give a number in [0, 0.9]");
        if (options.Vocabulary is < 256 or > 1_000_000)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{AskedToWrite}: vocabulary "
                + $"{options.Vocabulary:N0}: give a whole number from 256 to 1,000,000"));
        if (options.ShardTokens < 1)
            throw new ArgumentException($"{AskedToWrite}: {options.ShardTokens} tokens a file: give 1 or more");
        if (Path.Exists(Path.TrimEndingDirectorySeparator(folder)))
            throw new IOException($"{AskedToWrite}: '{Printable.Path(folder)}' is there already: give another folder, "
                + "or take it away first");
    }

    static bool IsTiktoken(string path) =>
        Path.GetExtension(path).Equals(".tiktoken", StringComparison.OrdinalIgnoreCase);

    /// <summary>The encoding that is named; null where it is made of the text.</summary>
    static LanguageEncoding? Given(TokenTextOptions options)
    {
        if (options.Tokenizer is { } path)
            return new Tokens(options.Pattern is { } pattern ? BpeTokenizer.ReadTiktoken(path, pattern)
                : BpeTokenizer.Read(path));
        if (options.Characters is not { } from) return null;
        string file = Directory.Exists(from) ? Path.Combine(from, VocabularyFile) : from;
        if (File.Exists(file) || file == from) return new Characters(ReadVocabulary(AskedToWrite, file));
        return SavedLanguageModel.Load(from).Encoding is Characters own ? own
            : throw new ArgumentException($"{AskedToWrite}: {Printable.Path(from)} is a run on tokens: give it as "
                + "tokenizer");
    }

    /// <summary>How many characters there are, and which.</summary>
    static (long Count, BitArray Seen) Survey((string Path, string Name)[] texts, Vocabulary? known,
        CancellationToken cancel)
    {
        var seen = new BitArray(MostRunes);
        using var text = new LongText(AskedToWrite, texts, cancel);
        char[] buffer = new char[1 << 14];
        char high = '\0';
        while (text.Read(buffer) is var count and > 0)
        {
            for (int i = 0; i < count; i++)
            {
                char c = buffer[i];
                if (char.IsHighSurrogate(c))
                {
                    high = c;
                    continue;
                }
                var rune = char.IsLowSurrogate(c) ? new Rune(high, c) : new Rune(c);
                if (seen[rune.Value]) continue;
                seen[rune.Value] = true;
                if (known?.Contains(rune) == false)
                    RefuseUnknown(rune, known, text.Name, text.Line - buffer.AsSpan(i..count).Count('\n'));
            }
        }
        return (text.Characters, seen);
    }

    static void RefuseUnknown(Rune rune, Vocabulary known, string name, long line)
    {
        string shown = Printable.Of(rune.ToString());
        throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{AskedToWrite}: '{name}', line "
            + $"{line:N0}: {(shown == rune.ToString() ? $"'{shown}' (U+{rune.Value:X4})" : $"U+{rune.Value:X4}")} is "
            + $"none of the {known.Size:N0} characters of the vocabulary: leave it out, or give a vocabulary with it"));
    }

    static string Distinct(BitArray seen)
    {
        var characters = new StringBuilder();
        for (int i = 0; i < MostRunes; i++) if (seen[i]) characters.Append(new Rune(i).ToString());
        return characters.ToString();
    }

    static Tokens Trained((string Path, string Name)[] texts, long first, int size, CancellationToken cancel)
    {
        using var text = new LongText(AskedToWrite, texts, cancel) { End = first };
        return new(BpeTokenizer.Train(TextPieces.Of(text, PieceCharacters), size));
    }

    /// <summary>The ids of a text up to its end, piece by piece; as many pieces as there are processors are encoded at
    /// a time.</summary>
    static IEnumerable<int[]> Encoded(LongText text, LanguageEncoding encoding, IProgress<long>? progress)
    {
        foreach (string[] pieces in TextPieces.Of(text, PieceCharacters).Chunk(Environment.ProcessorCount))
        {
            int[][] ids = new int[pieces.Length][];
            Parallel.For(0, pieces.Length, i => ids[i] = encoding.Encode(pieces[i]));
            foreach (int[] piece in ids) yield return piece;
            progress?.Report(text.Characters);
        }
    }

    static void CopyInput(string path)
    {
        using var input = Console.OpenStandardInput();
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        input.CopyTo(file);
    }
}
