using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using ChainRule.Data;

namespace ChainRule.Zoo.Datasets;

/// <summary>The kinds of data that a language model is trained on.</summary>
[JsonConverter(typeof(LowerCase<CorpusKind>))]
public enum CorpusKind
{
    /// <summary>Many short texts, each with a beginning and an end: <see cref="Names"/>.</summary>
    Names,

    /// <summary>One long text: <see cref="PlainText"/>.</summary>
    Text,
}

/// <summary>
/// What a language model is trained on: characters, and windows of them to learn from and to measure by.
/// Windows have a context, and what they should lead to is what follows each of their characters, or the last
/// alone: every step or not.
/// </summary>
public abstract class Corpus
{
    const string MostVariable = "CHAINRULE_MAX_BYTES";

    private protected Corpus(string source, byte[] bytes, Vocabulary vocabulary) =>
        (Source, Sha256, Vocabulary) = (source, Convert.ToHexStringLower(SHA256.HashData(bytes)), vocabulary);

    /// <summary>
    /// The most bytes that are read of a file or a pipe: <see cref="TextFile.MostBytes"/>, unless the environment
    /// variable CHAINRULE_MAX_BYTES gives another number.
    /// </summary>
    public static long MostBytes =>
        long.TryParse(Environment.GetEnvironmentVariable(MostVariable), NumberStyles.None, CultureInfo.InvariantCulture,
            out long most) ? most : TextFile.MostBytes;

    /// <summary>How a kind is called on the command line.</summary>
    public static string Word(CorpusKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>What kind of data it is.</summary>
    public abstract CorpusKind Kind { get; }

    /// <summary>Where it comes from: a file's name, or "embedded".</summary>
    public string Source { get; }

    /// <summary>The characters that occur.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>
    /// The bytes that it was made of, where they came through a pipe and cannot be read again; else null.
    /// </summary>
    internal byte[]? Piped { get; private protected init; }

    /// <summary>The hash of the file, so that a run can tell whether it goes on with the same data.</summary>
    public string Sha256 { get; }

    /// <summary>What is trained on, without end.</summary>
    public abstract Batches<Ids, Ids> Batches(int context, bool everyPosition, int batchSize, ulong seed);

    /// <summary>What is measured while training goes on: always the same, and not long.</summary>
    public abstract Dataset<Ids, Ids> ValidationSample(int context, bool everyPosition);

    /// <summary>What is measured in the end; the test part is null where there is none.</summary>
    public abstract Split<Dataset<Ids, Ids>?> EvaluationSets(int context, bool everyPosition);

    /// <summary>Every character that is trained on and the one that follows it: [pairs, 1] and [pairs].</summary>
    public abstract Dataset<Ids, Ids> Pairs();

    /// <summary>How much there is of it, in a line.</summary>
    public abstract string Describe(int context, bool everyPosition);

    /// <summary>
    /// Opens a file, or what there is without one: the embedded names, or the Shakespeare that was fetched.
    /// </summary>
    /// <param name="kind">What it is read as.</param>
    /// <param name="path">The file; <c>-</c> is the standard input, which like any pipe is read to its end.</param>
    /// <param name="lineFeeds">Whether every line end of a text becomes a line feed; runs of earlier versions kept
    /// them as they are.</param>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not such data.</exception>
    public static Corpus Open(CorpusKind kind, string? path, bool lineFeeds = true) => (kind, path) switch
    {
        (CorpusKind.Names, null) => Names.Embedded(),
        (CorpusKind.Names, _) => Names.FromFile(path),
        (_, null) => PlainText.FromFile(PlainText.Shakespeare(), lineFeeds),
        _ => PlainText.FromFile(path, lineFeeds),
    };

    /// <summary>
    /// Reads a whole file, or a pipe to its end; what it should have been ends the sentence of whatever goes wrong.
    /// </summary>
    private protected static (string Name, byte[] Bytes, bool Piped) ReadAll(string asked, string path, string wanted)
    {
        const string Raise = $"give a shorter one, or allow more by the environment variable {MostVariable}";
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException(
                $"{asked}: {(path is null ? "path is null" : $"'{Printable.Path(path)}' is no path")}: give {wanted}");
        if (path == "-")
        {
            using var input = Console.OpenStandardInput();
            return ("standard input", Filled(TextFile.Bytes(asked, "standard input", input, MostBytes, Raise),
                "standard input"), true);
        }
        if (Directory.Exists(path))
            throw new InvalidDataException($"{asked}: {Printable.Path(path)} is a folder: give {wanted}");
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            // A name under these leads to another pipe or file each time.
            bool piped = !stream.CanSeek || Path.GetFullPath(path) is var full
                && (full.StartsWith("/dev/", StringComparison.Ordinal)
                    || full.StartsWith("/proc/", StringComparison.Ordinal));
            string name = Path.GetFileName(path);
            byte[] bytes = Filled(TextFile.Bytes(asked, path, stream, MostBytes, Raise),
                piped ? Printable.Path(path) : Printable.Of(name, 80));
            return (piped ? "pipe" : name, bytes, piped);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"{asked}: there is no file {Printable.Path(path)}: give {wanted}", path,
                e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException
            || e is IOException && !e.Message.StartsWith(asked, StringComparison.Ordinal))
        {
            throw new IOException($"{asked}: {Printable.Path(path)} cannot be read ({Files.Why(e)}): give {wanted}", e);
        }

        byte[] Filled(byte[] bytes, string name) =>
            bytes.Length > 0 ? bytes : throw new InvalidDataException($"{asked}: {name} is empty: give {wanted}");
    }
}
