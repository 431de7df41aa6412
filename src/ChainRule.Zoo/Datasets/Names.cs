using System.Buffers;
using System.Globalization;
using ChainRule.Data;
using ChainRule.Randomness;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Datasets;

/// <summary>
/// First names, one a line: what a character-level model learns to invent. Every name becomes examples of a
/// context of characters and the character that follows. A mark, '.' if no name holds one, stands before the
/// beginning and after the end.
/// </summary>
public sealed class Names : Corpus
{
    /// <summary>The usual <see cref="Mark"/>.</summary>
    public const char Boundary = '.';

    // No name holds it, since lines are names: the mark where a name holds the usual one.
    const char LineEnd = '\n';

    const string Resource = "ChainRule.Zoo.Datasets.firstnames.txt";

    // The order of the lectures: with the published names, the split is the lectures' own.
    const int SplitSeed = 42;

    // One name in ten is for validation, and there must be one.
    const int Fewest = 10;

    // Control characters, and what a damaged conversion left.
    static readonly SearchValues<char> s_unreadable =
        SearchValues.Create([.. Enumerable.Range(0, char.MaxValue).Select(c => (char)c).Where(char.IsControl),
            '\uFFFD']);

    // Longer than any name: who gives such a line gave another kind of file.
    const int Longest = 100;

    Names(string source, byte[] bytes, string[] names, char mark) : base(source, bytes,
        new Characters(Vocabulary.Of(names, mark)))
    {
        Mark = mark;
        new PythonRandom(SplitSeed).Shuffle<string>(names);
        All = names;
    }

    /// <inheritdoc/>
    public override TaskKind Kind => TaskKind.Names;

    /// <summary>
    /// The character before the first and after the last of a name; its id is 0. Where none was chosen it is '.', or,
    /// if a name holds that, the line feed, which none holds.
    /// </summary>
    public char Mark { get; }

    /// <summary>All names, in the order that the split uses.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>The 8,279 names that come with ChainRule, of many languages, in the letters a to z.</summary>
    public static Names Embedded()
    {
        using var stream = typeof(Names).Assembly.GetManifestResourceStream(Resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new("embedded", bytes, Lines("embedded", bytes), Boundary);
    }

    /// <summary>
    /// The names of a text file, one a line, in UTF-8, or in UTF-16 with its mark; lines end in LF, CR LF or CR.
    /// </summary>
    /// <param name="path">The file; <c>-</c> is the standard input.</param>
    /// <param name="mark">What marks the end of a name; null for the usual one: see <see cref="Mark"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It holds no text, too few names, or a line that is no name.</exception>
    public static Names FromFile(string path, char? mark = null)
    {
        var (source, bytes, piped) = ReadAll("names", path, "a text file with one name a line");
        source = Printable.Of(source, 80);
        string[] names = Lines(source, bytes);
        bool Held(char c) => names.Any(name => name.Contains(c, StringComparison.Ordinal));
        if (mark is { } chosen && Held(chosen))
            throw new ArgumentException(
                $"names: '{Printable.Of(names.First(name => name.Contains(chosen, StringComparison.Ordinal)))}' of "
                + $"{source} holds the mark '{Printable.Of($"{chosen}")}', which is to stand at the end of a name: "
                + "choose another, or none");
        return new(source, bytes, names, mark ?? (Held(Boundary) ? LineEnd : Boundary))
            { Piped = piped ? bytes : null };
    }

    /// <summary>
    /// Examples for training (80 % of the names), validation (10 %) and test (10 %): inputs [examples, context] and the
    /// next character [examples].
    /// </summary>
    public Split<Dataset<Ids, Ids>> Examples(int context)
    {
        var rows = Split.Rows(All.Count);
        return new(Windows(rows.Train, context), Windows(rows.Validation, context), Windows(rows.Test, context));
    }

    /// <summary>
    /// The same for a model that says at every step what follows: inputs [rows, context] are the start/end token and a
    /// name, filled up with such tokens, and targets [rows, context] what follows each, filled up with −1, which does
    /// not count. A name longer than that goes on in further rows, which begin with the half that was read before;
    /// every character is predicted once.
    /// </summary>
    public Split<Dataset<Ids, Ids>> Sequences(int context)
    {
        var rows = Split.Rows(All.Count);
        return new(Rows(rows.Train, context), Rows(rows.Validation, context), Rows(rows.Test, context));
    }

    /// <inheritdoc/>
    public override Batches<Ids, Ids> Batches(int context, bool everyPosition, int batchSize, ulong seed) =>
        Data.Batches.Shuffled(Parts(context, everyPosition).Train, batchSize, seed);

    /// <inheritdoc/>
    public override Dataset<Ids, Ids> ValidationSample(int context, bool everyPosition) =>
        Parts(context, everyPosition).Validation;

    /// <inheritdoc/>
    public override Split<Dataset<Ids, Ids>?> EvaluationSets(int context, bool everyPosition)
    {
        var (train, validation, test) = Parts(context, everyPosition);
        return new(train, validation, test);
    }

    /// <inheritdoc/>
    public override Dataset<Ids, Ids> Pairs() => Examples(1).Train;

    /// <inheritdoc/>
    public override string Describe(int context, bool everyPosition)
    {
        var (train, validation, test) = Parts(context, everyPosition);
        return string.Create(CultureInfo.InvariantCulture,
            $"{All.Count:N0} names ({Source}): {train.Count:N0} examples to train, {validation.Count:N0} to validate, "
                + $"{test.Count:N0} to test");
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Show(RunSummary summary) => summary.Samples.Select(name => $"  {name}").Prepend(
        string.Create(CultureInfo.InvariantCulture, $"{summary.Samples.Count} generated names, none of them in the "
            + $"data (temperature {Samples.Temperature}):"));

    /// <summary>How many names there are, and of what characters.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture,
            $"{All.Count:N0} names ({Source}) of {Vocabulary.Size - 1} characters");

    Split<Dataset<Ids, Ids>> Parts(int context, bool everyPosition) =>
        everyPosition ? Sequences(context) : Examples(context);

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
        return Dataset.From(Ids.From([.. x], [y.Count / context, context]),
            Ids.From([.. y], [y.Count / context, context]));
    }

    Dataset<Ids, Ids> Windows(int[] rows, int context)
    {
        int[][] encoded = Array.ConvertAll(rows, row => Vocabulary.Encode(All[row]));
        int count = encoded.Sum(name => name.Length + 1), at = 0;
        var (x, y) = (new int[count * context], new int[count]);
        foreach (int[] name in encoded)
        {
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
        string[] lines = TextFile.WithLineFeeds(TextFile.Decode($"names '{source}'", bytes)).Split('\n',
            StringSplitOptions.TrimEntries);
        for (int i = 0; i < lines.Length; i++) CheckName(source, i + 1, lines[i]);
        string[] names = [.. lines.Where(line => line.Length > 0)];
        if (names.Length < Fewest)
        {
            throw new InvalidDataException($"names: {source} holds {names.Length} "
                + $"name{(names.Length == 1 ? "" : "s")}: give at least {Fewest}, for training, validation and test");
        }
        return names;
    }

    static void CheckName(string source, int line, string name)
    {
        if (name.Contains('\t'))
            throw new InvalidDataException($"names: line {line} of {source} holds a tab, as a table does "
                + $"('{Printable.Of(name, 40)}'): give the names alone, one a line");
        int at = name.AsSpan().IndexOfAny(s_unreadable);
        if (at >= 0)
            throw new InvalidDataException($"names: line {line} of {source} holds the character "
                + $"'{Printable.Of($"{name[at]}")}', which no name holds: give a UTF-8 text file with one name a line");
        if (name.Length > Longest && name.EnumerateRunes().Count() is > Longest and var length)
            throw new InvalidDataException($"names: line {line} of {source} has {length:N0} characters, and a name has "
                + $"at most {Longest}: give one name a line");
    }
}
