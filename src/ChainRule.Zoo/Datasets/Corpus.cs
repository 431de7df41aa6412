using System.Globalization;
using System.Security.Cryptography;
using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Datasets;

/// <summary>
/// What a language model is trained on: characters, and windows of them to learn from and to measure by.
/// Windows have a context, and what they should lead to is what follows each of their characters, or the last
/// alone: every step or not.
/// </summary>
public abstract class Corpus : TaskData
{
    const string MostVariable = "CHAINRULE_MAX_BYTES";

    private protected Corpus(string source, byte[] bytes, LanguageEncoding encoding)
        : this(source, Convert.ToHexStringLower(SHA256.HashData(bytes)), encoding)
    {
    }

    private protected Corpus(string source, string sha256, LanguageEncoding encoding) : base(source, sha256) =>
        Encoding = encoding;

    /// <summary>
    /// The most bytes that are read of a file or a pipe: <see cref="TextFile.MostBytes"/>, unless the environment
    /// variable CHAINRULE_MAX_BYTES gives another number.
    /// </summary>
    public static long MostBytes =>
        long.TryParse(Environment.GetEnvironmentVariable(MostVariable), NumberStyles.None, CultureInfo.InvariantCulture,
            out long most) ? most : TextFile.MostBytes;

    /// <summary>What makes ids of it.</summary>
    public LanguageEncoding Encoding { get; }

    /// <summary>The characters that occur.</summary>
    /// <exception cref="InvalidOperationException">It is read as tokens.</exception>
    public Vocabulary Vocabulary => Encoding is Characters characters ? characters.Vocabulary
        : throw new InvalidOperationException("corpus: it is read as tokens, and has no vocabulary of characters: take "
            + "its Encoding");

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => Encoding;

    internal override DataOptions Kept(DataOptions options) =>
        Encoding is Tokens ? new TextOptions(RunFolder.TokenizerFile) : options;

    internal override void KeepIn(string folder)
    {
        if (Encoding is Tokens tokens) tokens.Tokenizer.Save(Path.Combine(folder, RunFolder.TokenizerFile));
    }

    /// <summary>How many characters and how many bytes an id stands for, on average over what is validated with.
    /// </summary>
    private protected virtual (double Characters, double Bytes) PerId => (1, double.NaN);

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

    /// <inheritdoc/>
    public override string Describe(Module model)
    {
        var language = (LanguageModel)model;
        return Describe(language.Context, language.PredictsEveryPosition);
    }

    /// <inheritdoc/>
    public override string Describe(HistoryPoint point) => string.Create(CultureInfo.InvariantCulture,
        $"perplexity {Information.Perplexity(point.ValidationLoss),5:0.00}  bits "
            + $"{Information.Bits(point.ValidationLoss) / PerId.Characters:0.000}");

    /// <inheritdoc/>
    public override ITrainer CreateTrainer(TrainingSetup setup)
    {
        var model = (LanguageModel)setup.Model;
        var validation = ValidationSample(model.Context, model.PredictsEveryPosition);
        return CreateTrainer(setup,
            Batches(model.Context, model.PredictsEveryPosition, setup.Training.BatchSize, setup.Seed),
            model.Forward, (logits, y) => logits.CrossEntropy(y), validate: () => model.Loss(validation));
    }

    /// <inheritdoc/>
    public override string? DescribeExample(BatchLoss batch, int row)
    {
        if (batch is not BatchLoss<Ids, Ids>(var x, var y, _, _)) return null;
        int context = x.Count / x.Shape[0], next = y.Count / y.Shape[0];
        string window = Encoding.Decode(x.Span.Slice(row * context, context));
        // Behind the end of a name the targets are ignored.
        int[] targets = [.. y.Span.Slice(row * next, next).ToArray().Where(id => id >= 0)];
        string follows = targets.Length == 0 ? "" : next == 1
            ? $", which '{Printable.Of(Encoding.Decode(targets))}' follows"
            : $", whose next {Encoding.Unit}s are '{Printable.Of(Encoding.Decode(targets), 80)}'";
        return $"the window '{Printable.Of(window, 80)}'{follows}";
    }

    /// <inheritdoc/>
    public override Evaluation Evaluate(Module model, ulong seed)
    {
        var language = (LanguageModel)model;
        var (train, validation, test) = EvaluationSets(language.Context, language.PredictsEveryPosition);
        double loss = language.Loss(validation!);
        var metrics = new Dictionary<string, double>
        {
            ["perplexity"] = Information.Perplexity(loss),
            ["bitsPerCharacter"] = Information.Bits(loss) / PerId.Characters,
        };
        if (Encoding is Tokens)
            (metrics["natsPerCharacter"], metrics["bitsPerByte"], metrics["charactersPerToken"]) =
                (loss / PerId.Characters, Information.Bits(loss) / PerId.Bytes, PerId.Characters);
        return new(language.Loss(train!), loss, test is null ? null : language.Loss(test),
            metrics, Samples.Of(language, this, seed));
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Report(RunSummary summary)
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"on validation data a perplexity of {summary.Metrics["perplexity"]:0.00}{(Encoding is Tokens
                ? " a token" : "")}, and {summary.Metrics["bitsPerCharacter"]:0.000} bits a character");
        if (Encoding is Tokens)
            yield return string.Create(CultureInfo.InvariantCulture, $"to compare with a model of characters: "
                + $"{summary.Metrics["natsPerCharacter"]:0.0000} nats a character, and "
                + $"{summary.Metrics["bitsPerByte"]:0.000} bits a byte; a token has "
                + $"{summary.Metrics["charactersPerToken"]:0.00} characters");
    }

    /// <inheritdoc/>
    public override TrialSetup CreateTrial(Recipe recipe, ulong seed)
    {
        const int Few = 8;
        var (shape, plan) = (Preprocessing.Shape, recipe.For(Kind));
        var model = (LanguageModel)recipe.Build(plan.Sizes, shape, new TorchRandom(seed));
        var (x, y) = Batches(model.Context, model.PredictsEveryPosition, plan.Training.BatchSize, seed).Next();
        var tiny = (LanguageModel)recipe.Build(recipe.Tiny, shape, new TorchRandom(seed));
        tiny.To(DType.Float64);
        var (tinyX, tinyY) = Batches(tiny.Context, tiny.PredictsEveryPosition, Few, seed).Next();
        // As many characters to memorise, whether a row has one or many.
        int[] rows = [.. Enumerable.Range(0, model.PredictsEveryPosition ? Few : x.Shape[0])];
        var (fewX, fewY) = (x.Rows(rows), y.Rows(rows));
        return new(model, () => model.Forward(x).CrossEntropy(y), shape.Outputs,
            () => model.Forward(fewX).CrossEntropy(fewY), Floor(model, fewX, fewY),
            tiny, () => tiny.Forward(tinyX).CrossEntropy(tinyY));
    }

    /// <summary>
    /// The theoretical minimum of the loss, for any model that sees, of each row, what stands before the target.
    /// </summary>
    static double Floor(LanguageModel model, Ids x, Ids y)
    {
        if (!model.PredictsEveryPosition) return Overfit.Floor(x, y);
        int steps = x.Shape[1];
        List<int> seen = [], targets = [];
        for (int i = 0; i < y.Count; i++)
        {
            if (y[i] < 0) continue;
            targets.Add(y[i]);
            for (int t = 0; t < steps; t++) seen.Add(t <= i % steps ? x[i - i % steps + t] : -1);
        }
        return Overfit.Floor(Ids.From([.. seen], [targets.Count, steps]), Ids.From([.. targets]));
    }

    /// <summary>
    /// Reads a whole file, or a pipe to its end; what it should have been ends the sentence of whatever goes wrong.
    /// </summary>
    internal static (string Name, byte[] Bytes, bool Piped) ReadAll(string asked, string path, string wanted)
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
