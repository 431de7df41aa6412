using System.Security.Cryptography;
using System.Text;
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
/// What a language model is trained on: characters, and windows of them to learn from and to measure by. Windows have a context, and what they should
/// lead to is what follows each of their characters, or the last alone: every step or not.
/// </summary>
public abstract class Corpus
{
    private protected Corpus(string source, byte[] bytes, Vocabulary vocabulary) =>
        (Source, Sha256, Vocabulary) = (source, Convert.ToHexStringLower(SHA256.HashData(bytes)), vocabulary);

    /// <summary>How a kind is called on the command line.</summary>
    public static string Word(CorpusKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>What kind of data it is.</summary>
    public abstract CorpusKind Kind { get; }

    /// <summary>Where it comes from: a file's name, or "embedded".</summary>
    public string Source { get; }

    /// <summary>The characters that occur.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The hash of the file, so that a run can tell whether it goes on with the same data.</summary>
    public string Sha256 { get; }

    /// <summary>What is trained on, without end.</summary>
    public abstract Batches<Ids, Ids> Batches(int context, bool everyStep, int size, ulong seed);

    /// <summary>What is measured while training goes on: always the same, and not long.</summary>
    public abstract Dataset<Ids, Ids> Watched(int context, bool everyStep);

    /// <summary>What is measured in the end; the test part is null where there is none.</summary>
    public abstract Split<Dataset<Ids, Ids>?> Measured(int context, bool everyStep);

    /// <summary>Every character that is trained on and the one that follows it: [pairs, 1] and [pairs].</summary>
    public abstract Dataset<Ids, Ids> Pairs();

    /// <summary>How much there is of it, in a line.</summary>
    public abstract string Describe(int context, bool everyStep);

    /// <summary>Opens a file, or what there is without one: the embedded names, or the Shakespeare that was fetched.</summary>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not such data.</exception>
    public static Corpus Open(CorpusKind kind, string? path) => (kind, path) switch
    {
        (CorpusKind.Names, null) => Names.Embedded(),
        (CorpusKind.Names, _) => Names.FromFile(path),
        (_, null) => PlainText.FromFile(PlainText.Shakespeare()),
        _ => PlainText.FromFile(path),
    };

    /// <summary>Reads a whole file; what it should have been ends the sentence of whatever goes wrong.</summary>
    private protected static byte[] ReadAll(string asked, string path, string wanted)
    {
        if (Directory.Exists(path)) throw new InvalidDataException($"{asked}: {path} is a folder: give {wanted}");
        if (!File.Exists(path)) throw new FileNotFoundException($"{asked}: there is no file {path}: give {wanted}");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{asked}: {path} cannot be read ({e.Message.TrimEnd('.')}): give {wanted}", e);
        }
    }

    private protected static string Decode(byte[] bytes) => Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
}
