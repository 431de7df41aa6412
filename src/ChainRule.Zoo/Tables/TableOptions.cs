using System.ComponentModel;
using System.Text;
using ChainRule.Data;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tables;

/// <summary>How a table is read and divided, and what is predicted of it.</summary>
/// <param name="Target">The column that is predicted.</param>
/// <param name="Task">What it is; if null, it is found out.</param>
/// <param name="Ignore">Columns that nothing is learned from: names, separated by commas.</param>
/// <param name="Categories">Columns of numbers that are categories, such as codes.</param>
/// <param name="Numbers">Columns that are numbers and are learned from, such as one that seems to number the
/// rows.</param>
/// <param name="Group">A column whose rows of one value stay in one part.</param>
/// <param name="TimeOrder">A date or number: the latest rows are the test part. Nothing is learned from it.</param>
/// <param name="Folds">How many folds the model is judged by beside the test part; 0 to use none.</param>
/// <param name="ClassWeights">Whether each class counts as much as any other in training.</param>
/// <param name="Threshold">Of two classes, the probability from which on the positive one is predicted: a number, or
/// <c>f1</c> or <c>youden</c>, to choose it on validation data.</param>
/// <param name="Positive">Of two classes, the one that ROC-AUC, PR-AUC, precision, recall, F1 and the threshold are of:
/// the second in all that is said of the classes; if null, the second in alphabetical order.</param>
/// <param name="Culture">How numbers and dates are written.</param>
/// <param name="Header">Whether the first line names the columns; if null, it does, unless it looks like a row.</param>
/// <param name="SkipLines">How many lines stand above the header.</param>
/// <param name="Separator">What separates fields: a character, <c>tab</c> or <c>space</c>; found out if null.</param>
/// <param name="Missing">Words that mean a missing value, beside the empty field, NA, NaN and ?: separated by
/// commas.</param>
/// <param name="Encoding">The encoding's name, such as <c>windows-1252</c>; if null, it is found out.</param>
/// <param name="Standardise">Whether numbers become (x − mean) / standard deviation, as a network needs them.</param>
/// <param name="TrainRows">How many of the rows to train with are used; if null, all.</param>
/// <param name="Drawn">What is drawn where no table is given.</param>
/// <param name="Rows">How many rows are drawn.</param>
/// <param name="Noise">The standard deviation of the noise of what is drawn; if null, its usual one.</param>
/// <param name="Test">The fraction of rows that the model is judged by.</param>
/// <param name="Validation">The fraction of rows that training is stopped by.</param>
/// <param name="SplitSeed">The seed of the split; if null, that of the run.</param>
public sealed record TableOptions(
    [Description("Column to predict [default: that of the table that comes with ChainRule]")] string? Target = null,
    [Description("What the target is: regression or classification [default: found out, and said why]")]
    TableTask? Task = null,
    [Description("Columns to learn nothing from"), Names] string? Ignore = null,
    [Description("Columns of numbers that are categories, such as codes"), Names] string? Categories = null,
    [Description("Columns to read as numbers and to learn from, such as codes, or numbers that seem to count the rows"),
        Names] string? Numbers = null,
    [Description("Column, such as a patient, whose rows of one value stay in one part")] string? Group = null,
    [Description("Column of dates or numbers: the earliest rows are learned from, the latest tested with")]
    string? TimeOrder = null,
    [Description("Judge the model by this many folds too: mean and standard deviation, 2 to 20 of them "
        + "[default: 0, none]")] int Folds = 0,
    [Description("Let each class count as much as any other in training")] bool ClassWeights = false,
    [Description("Of two classes, predict the positive one from this probability on: a number, or f1 or youden to "
        + "choose it on validation data [default: 0.5]")] string? Threshold = null,
    [Description("Of two classes, the one that ROC-AUC, PR-AUC, precision, recall, F1 and the threshold are of "
        + "[default: the second in alphabetical order]")] string? Positive = null,
    [Description("How numbers and dates are written, such as de or en-US [default: found out]")]
    string? Culture = null,
    [Description("Whether the first line names the columns [default: true, unless it looks like a row]")]
    bool? Header = null,
    [Description("Lines to pass over above the header"), Limits(0)] int SkipLines = 0,
    [Description("What separates fields: a character, tab or space [default: found out]")] string? Separator = null,
    [Description("Words that mean a missing value [default: none beside the empty field, NA, NaN and ?]"),
        Names("WORD")]
    string? Missing = null,
    [Description("Encoding of the file, such as windows-1252 [default: found out: UTF-8, UTF-16 or UTF-32]")]
    string? Encoding = null,
    [Description("Standardise numbers: (x - mean) / standard deviation [default: true]")] bool Standardise = true,
    [Description("Train with this many rows at most [default: all that are not validated or tested with]"), Limits(5)]
    int? TrainRows = null,
    [Description("What is drawn where no table is given: houses, moons, circles, spirals, xor, wave "
        + "[default: houses]")]
    TableDrawing Drawn = TableDrawing.Houses,
    [Description("How many rows are drawn [default: 2000]"), Limits(20, 1_000_000)] int Rows = 2000,
    [Description("Standard deviation of the noise of what is drawn [default: that of the drawing]"), Limits(0, 100)]
    double? Noise = null,
    [Description("Fraction of rows to test with [default: 0.2]"), Limits(0, 0.8, AboveLeast = true)]
    double Test = 0.2,
    [Description("Fraction of rows to validate with [default: 0.1]"), Limits(0, 0.5, AboveLeast = true)]
    double Validation = 0.1,
    [Description("Seed of the split [default: that of --seed]")] ulong? SplitSeed = null) : DataOptions
{
    internal ulong UsedSeed => SplitSeed ?? Runs.RunConfig.UsualSeed;

    const int MostFolds = 20;

    /// <summary>The criteria that a threshold may be chosen by.</summary>
    internal const string F1 = "f1", Youden = "youden";

    /// <inheritdoc/>
    public override void Check(string asked)
    {
        base.Check(asked);
        if (Folds is not (0 or (>= 2 and <= MostFolds)))
            throw new ArgumentException($"{asked}: folds {Folds}: give 2 to {MostFolds}, or 0 to use none");
        if (Test + Validation > 0.9)
            throw new ArgumentException(
                $"{asked}: test {Setting.Text(Test)} and validation {Setting.Text(Validation)}: "
                + "leave at least a tenth of the rows to train with");
        if (Group is not null && TimeOrder is not null)
            throw new ArgumentException($"{asked}: --group and --time-order both divide the rows: give one of them");
        if (Threshold is not null && FixedThreshold is null && Threshold is not (F1 or Youden))
            throw new ArgumentException($"{asked}: threshold {Printable.Of(Threshold, 40)}: give a number in (0, 1), "
                + $"{F1} or {Youden}");
        if (Drawn == TableDrawing.Houses && Noise is { } noise)
            throw new ArgumentException($"{asked}: noise {Setting.Text(noise)}: the prices of houses have a noise of "
                + "their own: leave it out, or take another drawing");
        if (NamesOf(Numbers).Intersect(NamesOf(Categories)).FirstOrDefault() is { } both)
            throw new ArgumentException($"{asked}: column '{Printable.Of(both, 40)}' is named among numbers and among "
                + "categories: name it in one of them");
        _ = Csv;
    }

    /// <summary>The threshold, if it is a number.</summary>
    internal double? FixedThreshold => double.TryParse(Threshold, System.Globalization.NumberStyles.Float,
        System.Globalization.CultureInfo.InvariantCulture, out double number) && number is > 0 and < 1 ? number : null;

    /// <summary>How the file is written.</summary>
    /// <exception cref="ArgumentException">The culture, the separator or the encoding is none that is known
    /// here.</exception>
    internal CsvOptions Csv
    {
        get
        {
            var written = Culture is null ? new() : CsvOptions.ForCulture(Culture);
            return written with
            {
                Header = Header,
                SkipLines = SkipLines,
                Separator = SeparatorOf(Separator),
                Encoding = EncodingOf(Encoding),
                MissingValues = [.. written.MissingValues, .. NamesOf(Missing)],
            };
        }
    }

    static char? SeparatorOf(string? name) => name switch
    {
        null => null,
        "tab" or "\\t" or "\t" => '\t',
        "space" or " " => ' ',
        [var mark] when !char.IsLetterOrDigit(mark) && !char.IsControl(mark) && !char.IsSurrogate(mark)
            && mark != '"' => mark,
        _ => throw new ArgumentException($"separator {Printable.Of(name, 40)}: give one character that stands in no "
            + "field, such as , or ; or |, or tab or space"),
    };

    // Bytes that are none of the encoding's are refused, as those of UTF-8 are.
    static Encoding? EncodingOf(string? name)
    {
        if (name is null) return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback,
                DecoderFallback.ExceptionFallback)
                ?? System.Text.Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback,
                    DecoderFallback.ExceptionFallback);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"encoding {Printable.Of(name, 40)}: there is none of that name: give one such "
                + "as utf-8, utf-16, windows-1252, iso-8859-2, shift_jis or gb18030", e);
        }
    }

    /// <summary>Names as they are written in one text: separated by commas, one that holds a comma between
    /// quotes.</summary>
    /// <param name="names">The names; one that begins with a quote stands between quotes already.</param>
    public static string ListOf(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return string.Join(',', names.Select(name => name.Contains(',', StringComparison.Ordinal)
            && !name.StartsWith('"') ? $"\"{name}\"" : name));
    }

    /// <summary>The same options for a table of these columns: <c>a,b</c> names two of them where none is called
    /// so.</summary>
    internal TableOptions For(IReadOnlyList<string> columns)
    {
        string? Split(string? list) => list is null ? null : ListOf([.. NamesOf(list).SelectMany(name =>
        {
            IReadOnlyList<string> parts = NamesOf(name);
            return !columns.Contains(name) && parts.All(columns.Contains) ? parts : [name];
        })]);
        return this with { Ignore = Split(Ignore), Categories = Split(Categories), Numbers = Split(Numbers) };
    }

    /// <summary>Names that are separated by commas; one that holds a comma stands between quotes.</summary>
    internal static IReadOnlyList<string> NamesOf(string? list) => [.. Parts(list).Distinct()];

    /// <summary>The same of names that are known, as often as they stand there: one that holds commas needs no quotes
    /// where its parts are no names themselves.</summary>
    internal static IReadOnlyList<string> NamesAmong(string list, IReadOnlyList<string> known)
    {
        string[] parts = [.. Parts(list)];
        List<string> names = [];
        for (int at = 0, next; at < parts.Length; at = next)
        {
            next = at + 1;
            if (!known.Contains(parts[at]))
                for (int end = at + 2; end <= parts.Length; end++)
                    if (known.Contains(string.Join(',', parts[at..end]))) next = end;
            names.Add(string.Join(',', parts[at..next]));
        }
        return names;
    }

    static IReadOnlyList<string> Parts(string? list)
    {
        if (string.IsNullOrWhiteSpace(list)) return [];
        List<string> names = [];
        int at = 0;
        while (at < list.Length)
        {
            while (at < list.Length - 1 && list[at] == ' ') at++;
            bool quoted = list[at] == '"';
            int end = list.IndexOf(quoted ? '"' : ',', at + (quoted ? 1 : 0));
            if (end < 0) end = list.Length;
            names.Add(list[(quoted ? at + 1 : at)..end].Trim());
            at = quoted ? list.IndexOf(',', Math.Min(end, list.Length - 1)) is >= 0 and var next ? next + 1
                : list.Length : end + 1;
        }
        return [.. names.Where(name => name.Length > 0)];
    }
}
