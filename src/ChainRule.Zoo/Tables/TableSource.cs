using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChainRule.Data;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Tables;

/// <summary>A table that was read for a target: its rows, what its columns are, and how its rows are divided.</summary>
sealed class TableSource
{
    const string Wanted = "a CSV file with a header";

    // What is drawn is the same in every run: another seed divides it otherwise.
    const ulong DrawnSeed = 1;

    const int FewestRows = 10, FewestToTrain = 5, MostClasses = 1000;

    // The classes in alphabetical order: which of two is positive changes nothing of how rows are divided.
    int[] _alphabetical = [];

    TableSource(string name, string sha256, Table all, TableOptions options)
    {
        options = options.For(all.Columns);
        (Name, Sha256, Options) = (name, sha256, options);
        string target = options.Target ?? throw new ArgumentException($"fit: which column of {name} is to be "
            + $"predicted? Name it by --target: there are {Printable.List([.. all.Columns], 30)}");
        foreach (var (option, columns) in ((string, IReadOnlyList<string>)[])[("target", [target]),
            ("ignore", Ignored), ("categories", TableOptions.NamesOf(options.Categories)),
            ("numbers", TableOptions.NamesOf(options.Numbers)),
            ("group", One(options.Group)), ("timeOrder", One(options.TimeOrder))])
            foreach (string column in columns) CheckColumn(all, option, column);
        if (Ignored.Contains(target) || target == options.Group || target == options.TimeOrder)
            throw new ArgumentException($"fit: the target '{Printable.Of(target, 40)}' cannot be ignored, a group or "
                + "the order in time as well: name another column there");
        string?[] goals = all.Texts(target);
        int[] known = [.. Enumerable.Range(0, all.Rows).Where(i => goals[i] is not null)];
        Lines = [.. known.Select(i => i + 1)];
        (All, RowsWithoutTarget) = (all.Take(known), all.Rows - known.Length);
        if (known.Length < FewestRows)
            throw new InvalidDataException($"csv '{Printable.Of(name, 80)}': {known.Length} "
                + $"{(known.Length == 1 ? "row has" : "rows have")} the target '{Printable.Of(target, 40)}': give "
                + $"{FewestRows} or more, to learn from some and test with others");
        string[] apart = [.. One(options.Group), .. One(options.TimeOrder)];
        Table = All.Select([.. All.Columns.Except(Ignored)]);
        Profile = TableProfile.Of(Table, target, Kinds(), [.. apart.Where(Table.Columns.Contains)]);
        (Task, TaskReason) = options.Task is { } asked ? (asked, "as it was asked for")
            : (Profile.TargetTask!.Value, Profile.TaskReason + OtherTask());
        if (Task == TableTask.Regression) Values = [.. Table.Numbers(target, Unit).Select(number => number!.Value)];
        else ReadClasses(target);
        Inputs = [.. Profile.Inputs.Where(column => !apart.Contains(column))];
        if (Task == TableTask.Regression && (options.ClassWeights || options.Threshold is not null
            || options.Positive is not null))
            throw new InvalidDataException($"csv '{Printable.Of(name, 80)}': class weights, thresholds and a positive "
                + $"class are for classes, and the target '{Printable.Of(target, 40)}' is a number: leave them out, or "
                + "ask for classes by --task classification");
        if (Inputs.Count == 0)
            throw new InvalidDataException($"csv '{Printable.Of(name, 80)}': no column is left to learn from beside "
                + $"the target '{Printable.Of(target, 40)}': {WhyNoInputs()}: give a table with others");
    }

    /// <summary>What the data is called.</summary>
    public string Name { get; }

    public string Sha256 { get; }

    public byte[]? Piped { get; private init; }

    public TableOptions Options { get; }

    /// <summary>Every column, of the rows that have a target.</summary>
    public Table All { get; }

    /// <summary>The same rows without the columns that are ignored.</summary>
    public Table Table { get; }

    public TableProfile Profile { get; }

    public int RowsWithoutTarget { get; }

    /// <summary>The number of each row in the file, from 1.</summary>
    public IReadOnlyList<int> Lines { get; }

    public string Target => Options.Target!;

    public TableTask Task { get; }

    public string TaskReason { get; }

    /// <summary>What stands beside the target's numbers, such as $; empty if nothing does.</summary>
    public string Unit => Profile.Target!.Unit;

    /// <summary>The columns that are learned from.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>Columns that say the same in every row, and are left out for it.</summary>
    public IEnumerable<string> Constants => Profile.Columns.Where(column => column != Profile.Target
        && column.Kind == ColumnKind.Constant).Select(column => column.Name);

    /// <summary>The target of each row, if it is a number; else empty.</summary>
    public double[] Values { get; } = [];

    /// <summary>The class of each row, if it is a class; else empty.</summary>
    public int[] Labels { get; private set; } = [];

    public IReadOnlyList<string> Classes { get; private set; } = [];

    public IReadOnlyList<string> Ignored => TableOptions.NamesOf(Options.Ignore);

    /// <summary>Reads a file, the standard input, or the table that comes with ChainRule.</summary>
    public static TableSource Open(string? path, TableOptions options)
    {
        if (path is null)
        {
            var drawing = options.Drawn;
            string csv = drawing == TableDrawing.Houses ? HousePrices.CreateCsv(rows: options.Rows)
                : DrawnTable.CreateCsv(drawing, options.Rows, options.Noise, DrawnSeed);
            byte[] text = Encoding.UTF8.GetBytes(csv);
            using var embedded = new MemoryStream(text);
            return new(drawing == TableDrawing.Houses ? "house prices" : Setting.Text(drawing), Hash(text),
                ChainRule.Data.Csv.Read(embedded),
                options with { Target = options.Target ?? DrawnTable.TargetOf(drawing) });
        }
        if (options.Drawn != TableDrawing.Houses)
            throw new ArgumentException($"fit: --drawn {Setting.Text(options.Drawn)} does not go with "
                + $"{Printable.Path(path)}: give one of them");
        if (options.Rows != new TableOptions().Rows || options.Noise is not null)
            throw new ArgumentException($"fit: --{(options.Noise is null ? "rows" : "noise")} is of a table that is "
                + $"drawn, and does not go with {Printable.Path(path)}: leave it out");
        var (name, bytes, piped) = Corpus.ReadAll("fit", path, Wanted);
        Table table;
        using (var stream = new MemoryStream(bytes))
            table = piped ? ChainRule.Data.Csv.Read(stream, options.Csv) : ChainRule.Data.Csv.Read(path, options.Csv);
        if (table.Rows == 0)
            throw new InvalidDataException($"csv '{Printable.Of(name, 80)}': there is a header and no row below it: "
                + "give a table with rows to learn from");
        return new(Printable.Of(name, 80), Hash(bytes), table, options) { Piped = piped ? bytes : null };
    }

    /// <summary>The rows to train, to validate and to test with.</summary>
    public Split<int[]> Split()
    {
        double train = (double)(1 - (decimal)Options.Test - (decimal)Options.Validation);
        var rows = Divide([.. Enumerable.Range(0, Table.Rows)], train, Options.Validation);
        if (rows.Train.Length == 0 || rows.Validation.Length == 0 || rows.Test.Length == 0)
            throw new InvalidDataException($"fit: of {Table.Rows:N0} rows {rows.Train.Length:N0} are left to train, "
                + $"{rows.Validation.Length:N0} to validate and {rows.Test.Length:N0} to test with"
                + (Options.Group is { } group ? $", since rows of one '{Printable.Of(group, 40)}' stay together" : "")
                + ": give more rows, or other fractions");
        if (rows.Train.Length < FewestToTrain)
            throw new InvalidDataException($"fit: of {Table.Rows:N0} rows {rows.Train.Length:N0} "
                + $"{(rows.Train.Length == 1 ? "is" : "are")} left to train with, beside {rows.Validation.Length:N0} "
                + $"to validate and {rows.Test.Length:N0} to test with: give {FewestToTrain} or more to train with, by "
                + "more rows, or by a smaller --test or --validation");
        if (Options.TrainRows is not { } most || most >= rows.Train.Length) return rows;
        // They lie evenly over all; of classes over each, so that they are as frequent as before.
        int[] sorted = Task == TableTask.Classification ? [.. rows.Train.OrderBy(row => _alphabetical[row])]
            : rows.Train;
        return rows with { Train = [.. Enumerable.Range(0, most).Select(i =>
            sorted[(int)((long)i * sorted.Length / most)])] };
    }

    /// <summary>How rows are divided, in words.</summary>
    public string How => Options.TimeOrder is { } time ? $"by '{Printable.Of(time, 40)}', the latest rows to test with"
        : Options.Group is { } group ? $"at random, rows of one '{Printable.Of(group, 40)}' in one part"
        : Task == TableTask.Classification ? "at random, each class as often in each part" : "at random";

    /// <summary>The folds; the part that each trains on has a validation part of its own.</summary>
    public IReadOnlyList<Split<int[]>> Folds()
    {
        int k = Options.Folds;
        ulong seed = Options.UsedSeed;
        var folds = Options.TimeOrder is not null ? ChainRule.Data.Split.ForwardKFold(Times(), k)
            : Options.Group is { } group ? ChainRule.Data.Split.GroupKFold(Groups(group), k, seed)
            : Task == TableTask.Classification ? ChainRule.Data.Split.StratifiedKFold(_alphabetical, k, seed)
            : ChainRule.Data.Split.KFold(Table.Rows, k, seed);
        // Of what is left to learn from, as much as of the whole.
        double validation = Options.Validation / (1 - Options.Test);
        return [.. folds.Select(fold =>
        {
            var inner = Divide(fold.Train, 1 - validation, validation);
            return new Split<int[]>(inner.Train, [.. inner.Validation, .. inner.Test], fold.Validation);
        })];
    }

    Split<int[]> Divide(int[] among, double train, double validation)
    {
        ulong seed = Options.UsedSeed;
        Split<int[]> parts;
        if (Options.TimeOrder is not null)
        {
            double[] times = Times();
            parts = ChainRule.Data.Split.ByTime([.. among.Select(row => times[row])], train, validation);
        }
        else if (Options.Group is { } group)
        {
            int[] groups = Groups(group);
            parts = ChainRule.Data.Split.Groups([.. among.Select(row => groups[row])], train, validation, seed);
        }
        else
        {
            parts = Task == TableTask.Classification
                ? ChainRule.Data.Split.Stratified([.. among.Select(row => _alphabetical[row])], train, validation, seed)
                : ChainRule.Data.Split.Rows(among.Length, train, validation, seed);
        }
        int[] Of(int[] places) => Array.ConvertAll(places, place => among[place]);
        return new(Of(parts.Train), Of(parts.Validation), Of(parts.Test));
    }

    double[] Times()
    {
        string column = Options.TimeOrder!;
        string?[] texts = All.Texts(column);
        if (Array.FindIndex(texts, text => text is null) is >= 0 and var row)
            throw new InvalidDataException($"fit: row {Lines[row]:N0} has no '{Printable.Of(column, 40)}', by which "
                + "the rows are to be ordered in time: complete it, or take that row out");
        if (All.IsNumeric(column)) return [.. All.Numbers(column).Select(number => number!.Value)];
        var encoder = TableEncoder.Fit(All, [column]);
        int day = encoder.Columns.Index().FirstOrDefault(
            one => one.Item.Name.EndsWith("day number", StringComparison.Ordinal), (-1, default)).Index;
        if (day < 0)
            throw new InvalidDataException($"fit: the column '{Printable.Of(column, 40)}' holds neither dates nor "
                + "numbers, and rows cannot be ordered in time by it: name another by --time-order");
        double[] numbers = encoder.Encode(All, DType.Float64).ToArray<double>();
        return [.. Enumerable.Range(0, All.Rows).Select(i => numbers[i * encoder.Columns.Count + day])];
    }

    int[] Groups(string column) => All.Labels(column, missing: "").Ids.Span.ToArray();

    void ReadClasses(string target)
    {
        var (ids, names) = Table.Classes(target);
        (Labels, Classes) = (ids.Span.ToArray(), names);
        if (names.Count > MostClasses || names.Count > 20 && names.Count > Table.Rows / 2)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"fit: the target '{Printable.Of(target, 40)}' has {names.Count:N0} classes in {Table.Rows:N0} rows: ")
                + $"give one of at most {MostClasses:N0} classes, each of several rows, or of numbers");
        _alphabetical = Labels;
        (Labels, Classes) = PositiveClass.Order(target, Options.Positive, Classes, Labels);
    }

    /// <summary>Why a column is left out, and which option keeps it.</summary>
    public static string WhyLeftOut(ColumnProfile profile) => profile.Reason + (profile.Kind switch
    {
        ColumnKind.Identifier when profile.Examples.All(IsNumber) => ": --numbers keeps it",
        ColumnKind.Identifier => ": --categories keeps it",
        _ => "",
    });

    static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    // What is known of columns before they are looked at. Names of groups are not judged as numbers or dates.
    Dictionary<string, ColumnKind> Kinds()
    {
        var kinds = TableOptions.NamesOf(Options.Categories).ToDictionary(one => one, _ => ColumnKind.Category);
        foreach (string column in TableOptions.NamesOf(Options.Numbers)) kinds[column] = ColumnKind.Number;
        if (Options.Task == TableTask.Classification) kinds[Target] = ColumnKind.Category;
        if (Options.Group is { } group) kinds[group] = ColumnKind.Category;
        return kinds.Where(one => !Ignored.Contains(one.Key)).ToDictionary();
    }

    string OtherTask() => !Profile.IsTaskOpen ? ""
        : Profile.TargetTask == TableTask.Regression ? "; --task classification takes them as classes"
        : "; --task regression takes them as numbers";

    string WhyNoInputs()
    {
        string[] why = [.. All.Columns.Where(column => column != Target).Select(column =>
            $"'{Printable.Of(column, 30)}' is left out, " + (Ignored.Contains(column) ? "as --ignore asks"
                : column == Options.Group ? "as --group asks" : column == Options.TimeOrder ? "as --time-order asks"
                : WhyLeftOut(Profile.Columns.First(one => one.Name == column))))];
        return why.Length == 0 ? "there are no others"
            : string.Join("; ", why.Take(5)) + (why.Length > 5 ? $"; and {why.Length - 5:N0} more" : "");
    }

    static void CheckColumn(Table table, string option, string column)
    {
        if (table.Columns.Contains(column)) return;
        string meant = Nearest.To(column, table.Columns) is { } near
            ? $"did you mean '{Printable.Of(near, 40)}'? There "
            : "there ";
        throw new ArgumentException($"fit: {Setting.Words(option)} '{Printable.Of(column, 40)}': the table has no such "
            + $"column: {meant}are {Printable.List([.. table.Columns], 30)}");
    }

    static IReadOnlyList<string> One(string? column) => column is null ? [] : [column];

    static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
