using System.Diagnostics.CodeAnalysis;
using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Errors;
using ChainRule.Layers;
using ChainRule.Metrics;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tables;

/// <summary>
/// A trained model of a table, ready to be used. Any number of threads may use one at once.
/// <code>
/// var model = ChainRule.Zoo.Tables.TableModel.Load("runs/table-mlp");
/// var price = model.Predict(new { Size = 80, District = "Harbour", Garden = true });
/// Console.WriteLine(price.Value);
/// </code>
/// </summary>
public sealed class TableModel
{
    internal const string ThresholdName = "threshold";

    // Of a row, as of ten thousand: what is forwarded at once.
    const int Most = 4096;

    readonly Module _model;
    readonly Predictor _predictor;
    readonly TableEncoding _encoding;
    readonly TableOptions _options;
    readonly double _threshold;

    TableModel(Module model, TableEncoding encoding, TableOptions options, double threshold) =>
        (_model, _predictor, _encoding, _options, _threshold) =
            (model, model.ToPredictor(), encoding, options, threshold);

    /// <summary>The columns that a row must have.</summary>
    public IReadOnlyList<string> Columns => _encoding.Encoder.Inputs;

    /// <summary>What is predicted.</summary>
    public TableTarget Target => _encoding.Target;

    /// <summary>The names of the classes; empty of a regression.</summary>
    public IReadOnlyList<string> Classes => Target.Classes;

    /// <summary>Of two classes, the one that ROC-AUC, PR-AUC, precision, recall, F1 and the threshold are of: the
    /// second of <see cref="Classes"/>; else null.</summary>
    public string? Positive => Classes.Count == 2 ? Classes[1] : null;

    /// <summary>Of two classes, the positive one is predicted from this probability on.</summary>
    public double Threshold => _threshold;

    /// <summary>Reads the best model of a run's folder.</summary>
    /// <exception cref="ArgumentException">The run is on no table.</exception>
    /// <exception cref="InvalidDataException">There is no model yet, or a file is damaged.</exception>
    public static TableModel Load(string folder)
    {
        var run = RunFolder.Open(folder);
        var task = TrainingTask.Of(run.Settings.Kind);
        if (task.Kind != TaskKind.Table)
            throw new RefusedArgumentException($"predict: {Printable.Path(folder)} is a run on {task.Name}, and rows "
                + $"of a table are predicted by a run of '{Shell.Tool} fit': {task.NextCommand(folder)}",
                nameof(folder));
        var saved = SavedModel.Load(folder);
        var options = (TableOptions)RunConfig.Of(run).Options;
        // Predictions are computed in double, so that contributions sum to them.
        saved.Model.To(DType.Float64);
        double threshold = run.ReadSummary()?.Metrics.TryGetValue(ThresholdName, out double found) == true ? found
            : options.FixedThreshold ?? 0.5;
        var model = new TableModel(saved.Model, (TableEncoding)saved.Preprocessing, options, threshold);
        // What a first pass finds out of the model, the threads that follow only read.
        model.Outputs(Tensor.Zeros([1, .. saved.Preprocessing.Shape.Input.Span], DType.Float64));
        return model;
    }

    /// <summary>
    /// Reads a file as the training file was read: culture, separator, encoding, words for missing values, header and
    /// lines above it.
    /// </summary>
    /// <inheritdoc cref="Csv.Read(string, CsvOptions)" path="/exception"/>
    /// <param name="path">The file.</param>
    /// <param name="otherwise">What is otherwise in this file, of the options that the training file was read with:
    /// <c>own => own with { SkipLines = 0 }</c>.</param>
    public Table Read(string path, Func<TableOptions, TableOptions>? otherwise = null) =>
        Csv.Read(path, (otherwise?.Invoke(_options) ?? _options).Csv);

    /// <summary>How many lines above the training file's header or first row were passed over.</summary>
    public int SkippedLines => _options.SkipLines;

    /// <summary>The prediction for a row.</summary>
    /// <param name="row">
    /// An object whose properties are the columns (<c>MedianIncome</c> is the column <c>median_income</c>), such as
    /// <c>new { Size = 80, Garden = true }</c>, or a dictionary. Properties that the model did not learn from are
    /// passed over; null says that a value is missing, as NaN and the training file's words for missing values
    /// do. In a native program its type must be known where this is called: of an <c>object</c> no property is kept.
    /// </param>
    /// <exception cref="ArgumentException">The row lacks a column, or a value is no field or is
    /// infinite.</exception>
    /// <exception cref="InvalidDataException">A value is not what the column held in training.</exception>
    public TablePrediction Predict<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TRow>(
        TRow row) where TRow : notnull
    {
        ArgumentNullException.ThrowIfNull(row);
        return row is Table table && table.Rows == 1 ? Predict(table)[0]
            : Predict(TableRow.Of(Columns, row, _options.Csv))[0];
    }

    /// <summary>The prediction for each row of a table, whose columns may stand in any order.</summary>
    /// <exception cref="InvalidDataException">It lacks a column, or a field is not what the column held in
    /// training.</exception>
    public IReadOnlyList<TablePrediction> Predict(Table rows)
    {
        double[] outputs = Outputs(_encoding.Encoder.Encode(rows, DType.Float64));
        int columns = Math.Max(1, Classes.Count);
        return [.. Enumerable.Range(0, rows.Rows).Select(i => Of(outputs.AsSpan(i * columns, columns)))];
    }

    /// <summary>What of a table was missing or never seen in training, and what is done about it, a sentence
    /// each.</summary>
    /// <inheritdoc cref="Predict(Table)" path="/exception"/>
    public IReadOnlyList<string> Remarks(Table rows) => _encoding.Encoder.Remarks(rows);

    /// <summary>
    /// Why each row is predicted so: what every column adds to the prediction for the mean of the training rows, by
    /// <see cref="IntegratedGradients"/>. The contributions sum to the difference, to 1e-6 of it.
    /// </summary>
    /// <inheritdoc cref="Predict(Table)" path="/exception"/>
    public IReadOnlyList<TableExplanation> Explain(Table rows)
    {
        var x = _encoding.Encoder.Encode(rows, DType.Float64);
        int width = x.Shape[1], columns = Math.Max(1, Classes.Count);
        double[] outputs = Outputs(x), mean = [.. _encoding.MeanRow];
        double[] baseline = Outputs(Tensor.From(mean, [1, width]));
        var answers = new Answers(_model, Target);
        TableExplanation[] explained = new TableExplanation[rows.Rows];
        // Rows that are explained by one output go together.
        foreach (var same in Enumerable.Range(0, rows.Rows)
            .GroupBy(i => Explained(outputs.AsSpan(i * columns, columns))))
        {
            int[] own = [.. same];
            double[] parts = IntegratedGradients.Of(answers, x.Rows(own), Tensor.From(mean, [width]), same.Key, 1e-9)
                .ToArray<double>();
            for (int i = 0; i < own.Length; i++)
            {
                var sums = Columns.ToDictionary(column => column, _ => 0.0);
                for (int c = 0; c < width; c++)
                    sums[_encoding.Encoder.Columns[c].Source] += parts[i * width + c] * answers.Scale;
                explained[own[i]] = new(Classes.Count == 0 ? Target.Name : $"probability of {Classes[same.Key]}",
                    outputs[own[i] * columns + same.Key], baseline[same.Key], sums);
            }
        }
        return explained;
    }

    /// <summary>How good the model is on the rows whose target is known; others are counted and left out.</summary>
    /// <exception cref="InvalidDataException">The table lacks a column, or the target holds what it did not in
    /// training.</exception>
    public TableEvaluation Evaluate(Table rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (!rows.Columns.Contains(Target.Name))
            throw new InvalidDataException($"evaluate: the table has no column '{Printable.Of(Target.Name, 40)}', "
                + $"which the model predicts: it has {Printable.List([.. rows.Columns], 20)}");
        string?[] goals = rows.Texts(Target.Name);
        int[] known = [.. Enumerable.Range(0, rows.Rows).Where(i => goals[i] is not null)];
        if (known.Length == 0)
            throw new InvalidDataException($"evaluate: no row has a '{Printable.Of(Target.Name, 40)}' to compare with");
        var table = rows.Take(known);
        double[] outputs = Outputs(_encoding.Encoder.Encode(table, DType.Float64));
        return Target.Task == TableTask.Regression
            ? new(RegressionReport.Of(outputs,
                [.. table.Numbers(Target.Name, Target.Unit ?? "").Select(y => y!.Value)]), null,
                rows.Rows - known.Length)
            : new(null, ClassificationReport.Of(outputs, table.Classes(Target.Name, Classes).Ids.Span, Classes,
                _threshold), rows.Rows - known.Length);
    }

    TablePrediction Of(ReadOnlySpan<double> outputs)
    {
        if (Classes.Count == 0) return new(outputs[0], null, []);
        int found = Classification.Predicted(outputs, 1, _threshold)[0];
        return new(outputs[found], Classes[found], outputs.ToArray());
    }

    // Of two classes the positive one, of more the predicted one.
    int Explained(ReadOnlySpan<double> outputs) => Classes.Count == 2 ? 1
        : Classes.Count == 0 ? 0 : Classification.Predicted(outputs, 1, _threshold)[0];

    double[] Outputs(Tensor x)
    {
        using var quiet = NoGrad.Begin();
        double[] outputs = new double[x.Shape[0] * Math.Max(1, Classes.Count)];
        for (int from = 0, at = 0; from < x.Shape[0]; from += Most)
        {
            using var scope = Scope.Begin("predict");
            var part = x.Shape[0] <= Most ? x
                : x.Rows([.. Enumerable.Range(from, Math.Min(Most, x.Shape[0] - from))]);
            var y = _predictor.Predict(part);
            double[] numbers = (Classes.Count == 0 ? y * Target.Std + Target.Mean : y.Softmax()).ToArray<double>();
            numbers.CopyTo(outputs, at);
            at += numbers.Length;
        }
        return outputs;
    }

    /// <summary>What is explained: probabilities, or standardised numbers.</summary>
    sealed class Answers(Module model, TableTarget target) : Module
    {
        readonly Module _network = model;

        /// <summary>What 1 of its outputs is in the unit of the prediction.</summary>
        public double Scale => target.Classes.Count == 0 ? target.Std : 1;

        protected override Tensor Compute(Tensor x) =>
            target.Classes.Count == 0 ? _network.Forward(x) : _network.Forward(x).Softmax();
    }
}
