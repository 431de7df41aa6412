using System.Globalization;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Metrics;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tables;

/// <summary>A table, divided and encoded, to train a model on that predicts its target.</summary>
sealed class TableData : TaskData
{
    // Of few rows every gradient is checked; as many outputs are measured at once.
    const int TinyRows = 12, FewRows = 8, BatchToMeasure = 4096;

    readonly TableEncoding _encoding;
    readonly Tensor? _classWeights;
    readonly Lazy<Tensor> _test;

    public TableData(TableSource table, Split<int[]> rows) : base(table.Name, table.Sha256)
    {
        (Table, Rows, Piped) = (table, rows, table.Piped);
        var encoder = TableEncoder.Fit(table.Table.Take(rows.Train), [.. table.Inputs, .. table.Constants],
            table.Profile.Kinds, standardise: table.Options.Standardise);
        TrainInputs = encoder.Encode(table.Table.Take(rows.Train));
        ValidationInputs = encoder.Encode(table.Table.Take(rows.Validation));
        _test = new(() => encoder.Encode(table.Table.Take(rows.Test)));
        double[] train = [.. Of(table.Values, rows.Train)];
        double mean = train.Length == 0 ? 0 : train.Average(),
            std = Math.Sqrt(train.Sum(y => (y - mean) * (y - mean)) / Math.Max(1, train.Length));
        double[] x = TrainInputs.To(DType.Float64).ToArray<double>(), means = new double[encoder.Columns.Count];
        for (int i = 0; i < x.Length; i++) means[i % means.Length] += x[i] / rows.Train.Length;
        _encoding = new(encoder, new(table.Target, table.Task, table.Classes, mean, std > 0 ? std : 1, table.Unit),
            means);
        if (!IsRegression && table.Options.ClassWeights)
            ClassWeights = Data.ClassWeights.Balanced([.. Of(table.Labels, rows.Train)], table.Classes.Count);
        Measure = TableMeasure.Of(table);
        _classWeights = ClassWeights is null ? null
            : Tensor.From([.. ClassWeights.Select(weight => (float)weight)], [ClassWeights.Count]);
    }

    public override TaskKind Kind => TaskKind.Table;

    public override Preprocessing Preprocessing => _encoding;

    public TableEncoding Encoding => _encoding;

    /// <summary>The whole table.</summary>
    public TableSource Table { get; }

    /// <summary>Which rows are for what.</summary>
    public Split<int[]> Rows { get; }

    public Tensor TrainInputs { get; }

    public Tensor ValidationInputs { get; }

    public Tensor TestInputs => _test.Value;

    public IReadOnlyList<double>? ClassWeights { get; }

    /// <summary>What should be known of the table and of how it is divided, a sentence each.</summary>
    public IReadOnlyList<string> Warnings => [.. Table.Profile.Warn(Remedy), .. TableCopies.Warn(Table, Rows),
        .. Without(Rows.Train, "learned from", "it is never predicted"),
        .. Without(Rows.Test, "tested with", "how well it is found is not known")];

    /// <summary>What models are compared by.</summary>
    public TableMeasure Measure { get; }

    public bool IsRegression => Table.Task == TableTask.Regression;

    static string Remedy(CsvRemedy remedy) => remedy.Kind switch
    {
        CsvRemedyKind.MissingValues => $"name it by --missing {Shell.Quote(Printable.Of(remedy.Value, 40))}",
        CsvRemedyKind.DecimalMark => $"--culture {(remedy.Value == "," ? "de" : "en")}",
        _ => remedy.ToString(),
    };

    // As a prior does, the decay counts for less the more rows there are.
    internal override RunConfig Complete(RunConfig config)
    {
        config = config.Complete();
        int rows = Rows.Train.Length;
        if (SolvedModels.WhyNot(config.Model, Table) is { } why) throw new ArgumentException(why);
        if (config.Steps > 0 && Recipe.Find(Kind, config.Model).IsSolved(Kind))
            throw new ArgumentException($"fit: steps {config.Steps:N0}: the model {config.Model} is solved at once and "
                + "makes no steps: leave the steps out, or take mlp or rbf");
        var plan = Recipe.Find(Kind, config.Model).For(Kind);
        double decay = Math.Round(Math.Min(1, 500.0 / rows), 3);
        var usual = plan.Training.Complete(config.Steps, TrainingSettings.MostBetweenTables);
        // A run that was saved has the decay that was left open.
        if (config.Training.WeightDecay == decay) usual = usual with { WeightDecay = decay };
        if (plan.Steps == 0 && config.Training != usual && Setting.Of(typeof(TrainingSettings)).First(setting =>
            !Equals(setting.ValueIn(config.Training), setting.ValueIn(usual))) is var ignored)
            throw new ArgumentException($"fit: {ignored.Name} {Setting.Text(ignored.ValueIn(config.Training))}: the "
                + $"model {config.Model} is solved at once, and no setting of training counts: leave it out, or take "
                + "mlp or rbf");
        return config with
        {
            Sizes = config.Sizes is TableMlpOptions mlp ? mlp.For(rows, _encoding.Encoder.Columns.Count)
                : config.Sizes,
            Training = config.Training with
                { WeightDecay = config.Training.WeightDecay ?? decay },
        };
    }

    public static TableData Open(string? path, TableOptions options)
    {
        var table = TableSource.Open(path, options);
        PositiveClass.CheckThreshold(table);
        TableFolds.CheckGroup(table);
        TableFolds.Check(table);
        return new(table, table.Split());
    }

    internal override int? Validated => Rows.Validation.Length;

    public override string Describe(Module model)
    {
        string task = IsRegression ? "regression" : $"classification, {Table.Classes.Count} classes";
        return string.Create(CultureInfo.InvariantCulture, $"{Printable.Count(Table.Table.Rows, "row")} ({Source}): "
            + $"{Rows.Train.Length:N0} to train, {Rows.Validation.Length:N0} to validate, {Rows.Test.Length:N0} to "
            + $"test; target '{Printable.Of(Table.Target, 40)}': {task}; {Counted(Table.Inputs.Count, "column")}, "
            + $"encoded as {Counted(_encoding.Encoder.Columns.Count, "number")}");
        static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
    }

    public override ITrainer CreateTrainer(TrainingSetup setup) => IsRegression
        ? CreateTrainer(setup, Shuffled(setup, Tensors(Rows.Train)), setup.Model.Forward, MeanSquaredError,
            Tensors(Rows.Validation), RSquared(), train: Tensors(Rows.Train))
        : CreateTrainer(setup, Shuffled(setup, Ids(Rows.Train)), setup.Model.Forward, CrossEntropy,
            Ids(Rows.Validation), ("accuracy", (logits, y) => logits.Accuracy(y)), train: Ids(Rows.Train));

    public override string? DescribeExample(BatchLoss batch, int row)
    {
        var x = batch switch
        {
            BatchLoss<Tensor, Tensor> { Inputs: var inputs } => inputs,
            BatchLoss<Tensor, Ids> { Inputs: var inputs } => inputs,
            _ => default(Tensor?),
        };
        return x is { } rows && RowOf(TrainInputs, rows, row) is { } found
            ? string.Create(CultureInfo.InvariantCulture, $"row {Rows.Train[found] + 1:N0} of the table") : null;
    }

    public override Evaluation Evaluate(Module model, ulong seed)
    {
        var (validation, threshold) = Validate(model);
        var test = Score(model, TestInputs, Rows.Test, threshold);
        // Of a class that has no validation row, or of equal targets, some are not defined.
        var metrics = validation.Metrics.Where(one => double.IsFinite(one.Value)).ToDictionary();
        if (threshold is { } found) metrics[TableModel.ThresholdName] = found;
        return new(Score(model, TrainInputs, Rows.Train).Loss, validation.Loss, test.Loss, metrics, [])
        {
            Details = new Dictionary<string, JsonElement>
                { ["test"] = RunFile.Element(test.Metrics) },
        };
    }

    public override string Describe(HistoryPoint point) => string.Join(", ", point.Metrics.Select(one =>
        string.Create(CultureInfo.InvariantCulture, $"{Setting.Words(one.Key)} {one.Value:0.0000}")));

    public override IEnumerable<string> Report(RunSummary summary)
    {
        string main = Measure.Name;
        double test = RunFile.Read<Dictionary<string, double>>(summary.Details["test"])![main];
        double validation = summary.Metrics.GetValueOrDefault(main, double.NaN);
        yield return $"{main} {TableVerdict.Shown(validation)} on validation data, {TableVerdict.Shown(test)} on test "
            + "data";
    }

    public override TrialSetup CreateTrial(Recipe recipe, ulong seed)
    {
        var plan = recipe.For(Kind);
        var (model, tiny) = (recipe.Build(plan.Sizes, Preprocessing.Shape, new TorchRandom(seed)),
            recipe.Build(recipe.Tiny, Preprocessing.Shape, new TorchRandom(seed)));
        tiny.To(DType.Float64);
        int[] few = [.. Rows.Train.Take(FewRows)], some = [.. Rows.Train.Take(TinyRows)];
        Tensor Loss(Module network, int[] rows)
        {
            var x = _encoding.Encoder.Encode(Table.Table.Take(rows), network.Parameters()[0].DType);
            return IsRegression ? MeanSquaredError(network.Forward(x), Tensors(rows).Targets.To(x.DType))
                : CrossEntropy(network.Forward(x), Ids(rows).Targets);
        }
        return new(model, () => Loss(model, [.. Rows.Train.Take(plan.Training.BatchSize)]),
            IsRegression ? null : Table.Classes.Count, () => Loss(model, few), 0, tiny, () => Loss(tiny, some));
    }

    /// <summary>How good a model is on validation rows, and the threshold that the options ask for, which is chosen
    /// there where they do not say it; null means 0.5.</summary>
    public (TableScore Score, double? Threshold) Validate(Module model) => Validate(Outputs(model, ValidationInputs));

    /// <inheritdoc cref="Validate(Module)"/>
    public (TableScore Score, double? Threshold) Validate(double[] outputs)
    {
        double? threshold = Threshold(outputs);
        return (Score(outputs, Rows.Validation, threshold), threshold);
    }

    /// <summary>How good a model is on some rows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The rows, encoded.</param>
    /// <param name="rows">Which they are.</param>
    /// <param name="threshold">Of two classes, the positive one is predicted from this probability on.</param>
    public TableScore Score(Module model, Tensor x, int[] rows, double? threshold = null) =>
        Score(Outputs(model, x), rows, threshold);

    /// <summary>How good predictions are: numbers in the target's unit, or a probability of each class.</summary>
    public TableScore Score(double[] outputs, int[] rows, double? threshold = null) => IsRegression
        ? TableScore.OfNumbers(outputs, [.. Of(Table.Values, rows)], _encoding.Target.Std)
        : TableScore.OfClasses(outputs, [.. Of(Table.Labels, rows)], Table.Classes,
            threshold ?? Table.Options.FixedThreshold ?? 0.5, ClassWeights);

    double? Threshold(double[] outputs)
    {
        if (Table.Classes.Count != 2) return null;
        if (Table.Options.FixedThreshold is { } number) return number;
        if (Table.Options.Threshold is not { } criterion) return null;
        double[] scores = [.. outputs.Where((_, i) => i % 2 == 1)];
        int[] actual = [.. Of(Table.Labels, Rows.Validation)];
        if (actual.Distinct().Count() < 2) return null;
        double found = (criterion == TableOptions.F1 ? DecisionThreshold.ByF1(scores, actual)
            : DecisionThreshold.ByYouden(scores, actual)).Threshold;
        return double.IsFinite(found) ? found : null;
    }

    /// <summary>What a model predicts: numbers in the target's unit, or a probability of each class, row by
    /// row.</summary>
    public double[] Outputs(Module model, Tensor x)
    {
        using var mode = model.InEvaluation();
        using var quiet = NoGrad.Begin();
        double[] outputs = new double[x.Shape[0] * Math.Max(1, Table.Classes.Count)];
        for (int from = 0, at = 0; from < x.Shape[0]; from += BatchToMeasure)
        {
            using var scope = Scope.Begin("measure");
            int[] rows = [.. Enumerable.Range(from, Math.Min(BatchToMeasure, x.Shape[0] - from))];
            var y = model.Forward(x.Rows(rows)).To(DType.Float64);
            double[] numbers = (IsRegression ? y * _encoding.Target.Std + _encoding.Target.Mean : y.Softmax())
                .ToArray<double>();
            numbers.CopyTo(outputs, at);
            at += numbers.Length;
        }
        return outputs;
    }

    /// <summary>Rows as inputs and standardised targets [rows, 1].</summary>
    public Dataset<Tensor, Tensor> Tensors(int[] rows) => new(Inputs(rows), Tensor.From([.. Of(Table.Values, rows)
        .Select(y => (float)((y - _encoding.Target.Mean) / _encoding.Target.Std))], [rows.Length, 1]));

    /// <summary>Rows as inputs and classes.</summary>
    public Dataset<Tensor, Ids> Ids(int[] rows) => new(Inputs(rows), ChainRule.Ids.From([.. Of(Table.Labels, rows)]));

    Tensor Inputs(int[] rows) => rows == Rows.Train ? TrainInputs : rows == Rows.Validation ? ValidationInputs
        : _encoding.Encoder.Encode(Table.Table.Take(rows));

    static IEnumerable<T> Of<T>(T[] values, int[] rows) => values.Length == 0 ? [] : rows.Select(row => values[row]);

    // Of several networks that are trained side by side, the outputs stand one under the other.
    static Tensor MeanSquaredError(Tensor y, Tensor target) => y.MseLoss(y.Shape[0] == target.Shape[0] ? target
        : Tensor.Concat(0, [.. Enumerable.Repeat(target, y.Shape[0] / target.Shape[0])]));

    Tensor CrossEntropy(Tensor logits, Ids y) => logits.CrossEntropy(logits.Shape[0] == y.Count ? y
        : ChainRule.Ids.From([.. Enumerable.Repeat(y.Span.ToArray(), logits.Shape[0] / y.Count).SelectMany(one =>
            one)]),
        weights: _classWeights);

    // R² is 1 − MSE / variance, so that the mean over batches is that of the whole.
    (string, Metric<Tensor>) RSquared()
    {
        double[] y = Tensors(Rows.Validation).Targets.To(DType.Float64).ToArray<double>();
        double mean = y.Average(), variance = y.Average(one => (one - mean) * (one - mean));
        return (TableMeasure.RSquared, (output, target) =>
            1 - MeanSquaredError(output, target).Item() / Math.Max(variance, double.Epsilon));
    }

    IEnumerable<string> Without(int[] rows, string what, string follows)
    {
        var occur = Of(Table.Labels, rows).ToHashSet();
        return Table.Classes.Where((_, c) => !occur.Contains(c)).Select(name =>
            $"no row of the class '{Printable.Of(name, 40)}' is {what}: {follows}");
    }

    static Batches<Tensor, TY> Shuffled<TY>(TrainingSetup setup, Dataset<Tensor, TY> train) where TY : IRows<TY> =>
        Batches.Shuffled(train, Math.Min(setup.Training.BatchSize, train.Count), setup.Seed);
}
