using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tables;

/// <summary>A table to make a map of: all its rows are learned from, and the map is measured on them.</summary>
sealed class MapData : TaskData
{
    internal const string Topographic = "topographicError", Purity = "purity", UnitsName = "units";

    const string Wanted = "a CSV file with a header";

    const int MostRows = 100_000, Few = 8, Tiny = 5;

    readonly MapEncoding _encoding;

    MapData(string name, string sha256, Table table, MapOptions options) : base(name, sha256)
    {
        (Table, Target) = (table, options.Target);
        var named = options.Table.For(table.Columns);
        var ignored = TableOptions.NamesOf(named.Ignore);
        var (categories, numbers) = (TableOptions.NamesOf(named.Categories), TableOptions.NamesOf(named.Numbers));
        foreach (var (option, names) in ((string, IReadOnlyList<string>)[])[("ignore", ignored),
            ("categories", categories), ("numbers", numbers), ("target", Target is null ? [] : [Target])])
            foreach (string column in names) Check(option, column);
        string[] left = [.. table.Columns.Where(column => column != Target && !ignored.Contains(column))];
        if (left.Length == 0)
            throw new InvalidDataException($"csv '{name}': no column is left to make a map of: ignore fewer");
        var kinds = categories.Select(column => (column, ColumnKind.Category))
            .Concat(numbers.Select(column => (column, ColumnKind.Number))).Where(one => left.Contains(one.column));
        _encoding = new(TableEncoder.Fit(table, left, kinds.ToDictionary(one => one.column, one => one.Item2)));
        Inputs = _encoding.Encoder.Encode(table, DType.Float64);
        Labels = Target is null ? null : MapTarget.Of(name, table, Target);
    }

    public override TaskKind Kind => TaskKind.Map;

    public override Preprocessing Preprocessing => _encoding;

    /// <summary>How the columns became numbers.</summary>
    public TableEncoder Encoder => _encoding.Encoder;

    public Table Table { get; }

    /// <summary>The rows as the map sees them.</summary>
    public Tensor Inputs { get; }

    /// <summary>The column that is drawn on the map; null if none is.</summary>
    public string? Target { get; }

    /// <summary>What that column holds.</summary>
    public MapTarget? Labels { get; }

    public static MapData Open(string? path, MapOptions options)
    {
        const string Asked = "map";
        options.Check(Asked);
        if (path is null)
        {
            byte[] drawn = Encoding.UTF8.GetBytes(HousePrices.CreateCsv());
            using var embedded = new MemoryStream(drawn);
            return new("house prices", Hash(drawn), Csv.Read(embedded), options);
        }
        var (name, bytes, piped) = Corpus.ReadAll(Asked, path, Wanted);
        Table table;
        using (var stream = new MemoryStream(bytes))
            table = piped ? Csv.Read(stream, options.Table.Csv) : Csv.Read(path, options.Table.Csv);
        name = Printable.Of(name, 80);
        if (table.Rows is < 2 or > MostRows)
            throw new InvalidDataException($"csv '{name}': {Printable.Count(table.Rows, "row")}: a map is made of 2 "
                + $"to {MostRows:N0}");
        return new(name, Hash(bytes), table, options) { Piped = piped ? bytes : null };
    }

    internal override RunConfig Complete(RunConfig config)
    {
        config = config.Complete();
        var sizes = ((KohonenMapOptions)config.Sizes).For(Table.Rows);
        var (plan, training) = (Recipe.Find(Kind, config.Model).For(Kind), config.Training);
        if (config.Steps != plan.Steps)
            throw new ArgumentException($"map: steps {config.Steps:N0}: a map goes through all rows a number of times: "
                + "give --epochs");
        var usual = plan.Training with { EvalEvery = training.EvalEvery,
            LearningRate = sizes.Online ? training.LearningRate : plan.Training.LearningRate };
        if (training != usual)
            throw new ArgumentException(training.LearningRate != usual.LearningRate
                ? $"map: learning rate {Setting.Text(training.LearningRate)}: the batch form has none: leave it "
                    + "out, or give --online too"
                : "map: Kohonen's rule is trained with no other settings than the learning rate of the online form and "
                    + "evalEvery, which counts epochs: leave the others out");
        if (training.LearningRate > 1)
            throw new ArgumentException($"map: learning rate {Setting.Text(training.LearningRate)}: give a "
                + "number above 0, 1 at most");
        sizes.CheckRadius();
        int perEpoch = sizes.Online ? Table.Rows : 1;
        if ((long)sizes.Epochs * perEpoch > int.MaxValue)
            throw new ArgumentException($"map: {Printable.Count(sizes.Epochs, "epoch")} of "
                + $"{Printable.Count(perEpoch, "row")} are more than "
                + $"{int.MaxValue:N0} steps: give fewer");
        long between = Math.Min(int.MaxValue, (long)training.EvalEvery!.Value * perEpoch);
        return config with { Sizes = sizes, Steps = sizes.Epochs * perEpoch,
            Training = training with { EvalEvery = (int)between } };
    }

    public override string Describe(Module model)
    {
        var map = ((KohonenMap)model).Read();
        return string.Create(CultureInfo.InvariantCulture, $"{Source}: {Printable.Count(Table.Rows, "row")}, "
            + $"{Printable.Count(Encoder.Columns.Count, "number")} of each; a "
            + $"{map}{(map.Toroidal ? ", toroidal" : "")}");
    }

    public override ITrainer CreateTrainer(TrainingSetup setup)
    {
        var map = (KohonenMap)setup.Model;
        var rows = new Dataset<Tensor, Ids>(Inputs, Ids.From([.. Enumerable.Range(0, Table.Rows)]));
        Trainer<Tensor, Ids> trainer = null!;
        return trainer = new(map, new Sgd(map.Parameters(), map.Rate(setup.Training.LearningRate, Table.Rows)),
            Batches.Shuffled(rows, map.IsOnline ? 1 : Table.Rows, setup.Seed),
            (x, _) => map.Loss(map.IsOnline ? x : Inputs, map.Radius(trainer.Step, Table.Rows)))
        {
            Validate = () => map.Read().QuantizationError(Inputs),
            Validation = rows,
            BatchMetrics = { [Topographic] = (x, _) => map.Read().TopographicError(x) },
            EvaluateEvery = setup.Training.EvalEvery!.Value,
            Checkpoint = setup.Checkpoint,
            Generators = setup.Generators,
        };
    }

    // The batch form looks at all rows, in the order of the table, whatever the batch holds.
    public override string? DescribeExample(BatchLoss batch, int row)
    {
        if (batch is not BatchLoss<Tensor, Ids> { Targets: var rows }) return null;
        int at = rows.Count == Table.Rows ? row : rows.Span[row];
        string label = Target is not null && Table.Texts(Target)[at] is { } text
            ? $", whose {Printable.Of(Target, 40)} is {Printable.Of(text, 40)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"row {at + 1:N0} of the table{label}");
    }

    public override Evaluation Evaluate(Module model, ulong seed)
    {
        var made = new TableMap(this, ((KohonenMap)model).Read());
        double error = made.Map.QuantizationError(Inputs);
        var metrics = new Dictionary<string, double> { [Topographic] = made.Map.TopographicError(Inputs) };
        if (made.Classes.Count > 0) metrics[Purity] = made.Purity;
        return new(error, error, null, metrics, []) { Details = new Dictionary<string, JsonElement>
            { [UnitsName] = RunFile.Element(made.Units) } };
    }

    public override string Describe(HistoryPoint point) => point.Metrics.TryGetValue(Topographic, out double torn)
        ? string.Create(CultureInfo.InvariantCulture, $"topographic error {torn:0.0000}") : "";

    public override IEnumerable<string> Report(RunSummary summary) => [];

    public override TrialSetup CreateTrial(Recipe recipe, ulong seed)
    {
        KohonenMap Model(ModelOptions sizes)
        {
            var map = (KohonenMap)recipe.Build(sizes, Preprocessing.Shape, new TorchRandom(seed));
            recipe.Begin(sizes, map, this);
            return map;
        }
        Tensor Rows(int count) => Inputs.Rows([.. Enumerable.Range(0, Math.Min(count, Table.Rows))]);
        var (model, tiny) = (Model(recipe.For(Kind).Sizes), Model(recipe.Tiny));
        return new(model, () => model.Loss(Inputs, 1), null, () => model.Loss(Rows(Few), 1), 0, tiny,
            () => tiny.Loss(Rows(Tiny), 1));
    }

    static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    void Check(string option, string column)
    {
        if (Table.Columns.Contains(column)) return;
        string meant = Nearest.To(column, Table.Columns) is { } near
            ? $"did you mean '{Printable.Of(near, 40)}'? There " : "there ";
        throw new ArgumentException($"map: {option} '{Printable.Of(column, 40)}': the table has no such column: {meant}"
            + $"are {Printable.List([.. Table.Columns], 30)}");
    }
}
