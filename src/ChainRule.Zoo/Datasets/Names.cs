using System.Globalization;
using ChainRule.Data;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Datasets;

/// <summary>
/// First names, one a line: what a character-level model learns to invent. Every name becomes examples of a context of characters and the
/// character that follows; '.' marks the beginning and the end.
/// </summary>
public sealed class Names : Corpus
{
    /// <summary>The character before the first and after the last of a name.</summary>
    public const char Boundary = '.';

    const string Resource = "ChainRule.Zoo.Datasets.firstnames.txt";

    // The order of the lectures: with the published names, the split is the lectures' own.
    const int SplitSeed = 42;

    // One name in ten is for validation, and there must be one.
    const int Fewest = 10;

    // Longer than any name: who gives such a line gave another kind of file.
    const int Longest = 100;

    Names(string source, byte[] bytes) : this(source, bytes, Lines(source, bytes))
    {
    }

    Names(string source, byte[] bytes, string[] names) : base(source, bytes, Vocabulary.Of(names, Boundary))
    {
        new PythonRandom(SplitSeed).Shuffle<string>(names);
        All = names;
    }

    /// <inheritdoc/>
    public override CorpusKind Kind => CorpusKind.Names;

    /// <summary>All names, in the order that the split uses.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>The 8,279 names that come with ChainRule, of many languages, in the letters a to z.</summary>
    public static Names Embedded()
    {
        using var stream = typeof(Names).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new("embedded", bytes);
    }

    /// <summary>The names of a text file, one a line, UTF-8.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It holds no text, too few names, or a line that is no name.</exception>
    public static Names FromFile(string path)
    {
        byte[] bytes = ReadAll("names", path, "a text file with one name a line");
        return new(Path.GetFileName(path), bytes);
    }

    /// <summary>
    /// Examples for training (80 % of the names), validation (10 %) and test (10 %): inputs [examples, context] and the next character [examples].
    /// </summary>
    public Split<Dataset<Ids, Ids>> Examples(int context)
    {
        var rows = Split.Rows(All.Count);
        return new(Windows(rows.Train, context), Windows(rows.Validation, context), Windows(rows.Test, context));
    }

    /// <summary>
    /// The same for a model that says at every step what follows: inputs [rows, context] are the boundary and a name, filled up with boundaries, and
    /// targets [rows, context] what follows each, filled up with −1, which does not count. A name longer than that goes on in further rows, which begin
    /// with the half that was read before; every character is predicted once.
    /// </summary>
    public Split<Dataset<Ids, Ids>> Sequences(int context)
    {
        var rows = Split.Rows(All.Count);
        return new(Rows(rows.Train, context), Rows(rows.Validation, context), Rows(rows.Test, context));
    }

    /// <inheritdoc/>
    public override Batches<Ids, Ids> Batches(int context, bool everyStep, int size, ulong seed) => Data.Batches.Shuffled(Parts(context, everyStep).Train, size, seed);

    /// <inheritdoc/>
    public override Dataset<Ids, Ids> Watched(int context, bool everyStep) => Parts(context, everyStep).Validation;

    /// <inheritdoc/>
    public override Split<Dataset<Ids, Ids>?> Measured(int context, bool everyStep)
    {
        var (train, validation, test) = Parts(context, everyStep);
        return new(train, validation, test);
    }

    /// <inheritdoc/>
    public override Dataset<Ids, Ids> Pairs() => Examples(1).Train;

    /// <inheritdoc/>
    public override string Describe(int context, bool everyStep)
    {
        var (train, validation, test) = Parts(context, everyStep);
        return string.Create(CultureInfo.InvariantCulture,
            $"{All.Count:N0} names ({Source}): {train.Count:N0} examples to train, {validation.Count:N0} to validate, {test.Count:N0} to test");
    }

    Split<Dataset<Ids, Ids>> Parts(int context, bool everyStep) => everyStep ? Sequences(context) : Examples(context);

    Dataset<Ids, Ids> Rows(int[] names, int context)
    {
        List<int> x = [], y = [];
        foreach (int row in names)
        {
            int[] ids = [0, .. Vocabulary.Encode(All[row]), 0];
            for (int done = 0; done < ids.Length - 1;)
            {
                int from = Math.Max(0, done - context / 2), end = Math.Min(from + context, ids.Length - 1);
                for (int i = from; i < from + context; i++)
                {
                    x.Add(i < end ? ids[i] : 0);
                    y.Add(i >= done && i < end ? ids[i + 1] : -1);
                }
                done = end;
            }
        }
        return Dataset.From(Ids.From([.. x], [y.Count / context, context]), Ids.From([.. y], [y.Count / context, context]));
    }

    Dataset<Ids, Ids> Windows(int[] rows, int context)
    {
        int count = rows.Sum(row => All[row].Length + 1), at = 0;
        var (x, y) = (new int[count * context], new int[count]);
        foreach (int row in rows)
        {
            int[] name = Vocabulary.Encode(All[row]);
            for (int i = 0; i <= name.Length; i++, at++)
            {
                // Before the name stand boundaries, which are id 0.
                for (int k = Math.Max(0, context - i); k < context; k++) x[at * context + k] = name[i - context + k];
                y[at] = i < name.Length ? name[i] : 0;
            }
        }
        return Dataset.From(Ids.From(x, [count, context]), Ids.From(y));
    }

    static string[] Lines(string source, byte[] bytes)
    {
        string[] lines = Decode(bytes).Split('\n', StringSplitOptions.TrimEntries);
        CheckText(source, lines);
        string[] names = [.. lines.Where(line => line.Length > 0)];
        if (names.Length < Fewest) throw new InvalidDataException($"names: {source} holds {names.Length} names: give at least {Fewest}, for training, validation and test");
        return names;
    }

    static void CheckText(string source, string[] lines)
    {
        // All lines before any is looked at as a name: of a picture, it helps nobody to hear that its first line holds a dot.
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Any(c => char.IsControl(c) || c == '\uFFFD'))
                throw new InvalidDataException($"names: line {i + 1} of {source} is not readable text: give a UTF-8 text file with one name a line");
        }
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > Longest)
                throw new InvalidDataException($"names: line {i + 1} of {source} has {lines[i].Length:N0} characters, and a name has at most {Longest}: give one name a line");
            if (lines[i].Contains(Boundary))
                throw new InvalidDataException($"names: '{lines[i]}' in line {i + 1} of {source} holds '{Boundary}', which marks the end of a name: take it out");
            if (lines[i].Any(char.IsSurrogate))
                throw new InvalidDataException($"names: '{lines[i]}' in line {i + 1} of {source} holds a character beyond U+FFFF, such as an emoji: take it out");
        }
    }
}
