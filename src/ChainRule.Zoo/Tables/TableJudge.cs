using System.Globalization;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Metrics;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Tables;

/// <summary>
/// Judges a model of a table on the rows that it never saw, compares it, and finds out what it goes by: makes a
/// <see cref="TableReport"/>.
/// </summary>
sealed class TableJudge(TableData data, Module model, RunConfig config)
{
    const int MostTestRows = 10_000, MostShuffledRows = 2_000, MostDependenceRows = 500, MostDependence = 6,
        MostPoints = 20, MostCategories = 12, WorstRows = 10, MostRocPoints = 400;

    readonly TableSource _table = data.Table;
    readonly int[] _test = data.Rows.Test;

    /// <summary>Makes the report, without folds.</summary>
    /// <param name="threshold">Of two classes, the positive one is predicted from this probability on.</param>
    /// <param name="choice">Which models were tried before, if there were several.</param>
    public TableReport Report(double? threshold, ModelChoice? choice)
    {
        var score = data.Score(model, data.TestInputs, _test, threshold);
        var (models, verdict) = Compared(score, choice);
        var importance = Importance(score);
        return new()
        {
            Data = _table.Name,
            Rows = _table.Table.Rows,
            RowsWithoutTarget = _table.RowsWithoutTarget,
            Target = _table.Target,
            Task = _table.Task,
            TaskReason = _table.TaskReason,
            Classes = _table.Classes,
            Columns = [.. TableColumns.Of(data)],
            Warnings = data.Warnings,
            Split = new(data.Rows.Train.Length, data.Rows.Validation.Length, _test.Length, _table.How),
            Model = config.Model,
            Parameters = model.ParameterCount,
            Findings = config.Sizes switch
            {
                PerceptronOptions rule => [.. NeuronFindings.OfPerceptron(data, SolvedModels.Perceptron(data, rule))],
                NeuronOptions => [NeuronFindings.OfNeuron(data, SolvedModels.Perceptron(data, new(Passes: 1)))],
                _ => [],
            },
            Weights = TableWeights.Of(model, data),
            Verdict = verdict,
            Models = models,
            MainMetric = data.Measure.Name,
            Positive = _table.Classes.Count == 2 ? _table.Classes[1] : null,
            Chosen = choice?.Reason,
            Test = Rows(score),
            Classification = score.Classification is { } report ? Details(score, report, threshold) : null,
            Importance = importance,
            ImportanceUnit = data.IsRegression ? "increase of the root mean squared error" : "increase of the log loss",
            Dependence = [.. importance.Take(MostDependence).Select(Dependence)],
            Worst = Worst(score),
            Settings = config.Flat().ToDictionary(one => one.Key.Name, one => Setting.Text(one.Value)),
            Seed = config.Seed,
        };
    }

    /// <summary>The scores of the baseline and of a linear model on some rows.</summary>
    public static (TableScore Baseline, TableScore Linear) Simple(TableData data, Tensor x, int[] rows)
    {
        var table = data.Table;
        double[] lines;
        if (data.IsRegression)
        {
            var line = SolvedModels.Regression(data, new LinearOptions().Penalty);
            lines = [.. line.Predict(x.To(DType.Float64)).ToArray<double>()
                .Select(y => y * data.Encoding.Target.Std + data.Encoding.Target.Mean)];
            return (data.Score([.. rows.Select(_ => data.Encoding.Target.Mean)], rows), data.Score(lines, rows));
        }
        double[] frequencies = new double[table.Classes.Count];
        foreach (int row in data.Rows.Train) frequencies[table.Labels[row]] += 1.0 / data.Rows.Train.Length;
        var logistic = SolvedModels.Logistic(data, new LinearOptions().Penalty);
        double[] Probabilities(Tensor of) => logistic.Probabilities(of.To(DType.Float64)).ToArray<double>();
        lines = Probabilities(x);
        // It chooses its threshold as the model does: on validation rows.
        double? threshold = data.Validate(Probabilities(data.ValidationInputs)).Threshold;
        // The most frequent class is predicted whatever the model's threshold is.
        return (data.Score([.. rows.SelectMany(_ => frequencies)], rows, 0.5), data.Score(lines, rows, threshold));
    }

    (ModelScore[] Models, string[] Verdict) Compared(TableScore score, ModelChoice? choice)
    {
        var (baseline, linear) = Simple(data, data.TestInputs, _test);
        var (validation, _) = data.Validate(model);
        string mean = data.IsRegression ? "mean" : "majority";
        List<ModelScore> models =
        [
            new(config.Model, Recipes.Recipe.Find(Tasks.TaskKind.Table, config.Model).Summary, validation.Metrics,
                score.Metrics, IsThis: true),
            new(mean, data.IsRegression ? "the mean of the training rows, for every row"
                : "the most frequent class, for every row", new Dictionary<string, double>(), baseline.Metrics),
        ];
        if (config.Model != "linear")
        {
            var tried = choice?.Tried.FirstOrDefault(one => one.Name == "linear");
            models.Add(new("linear", data.IsRegression ? "ridge regression, penalty 1"
                : "logistic regression, penalty 1",
                tried?.Validation ?? new Dictionary<string, double>(), linear.Metrics));
        }
        foreach (var one in choice?.Tried ?? [])
            if (one.Name != config.Model && one.Name != "linear")
                models.Add(new(one.Name, Recipes.Recipe.Find(Tasks.TaskKind.Table, one.Name).Summary, one.Validation,
                    one.Test));
        return ([.. models], [.. TableVerdict.Of(config.Model, data, score, baseline, linear, _test.Length,
            byFolds: _table.Options.Folds > 0, chosen: choice is not null)]);
    }

    TestRows Rows(TableScore score)
    {
        int step = (_test.Length + MostTestRows - 1) / MostTestRows, classes = _table.Classes.Count;
        int[] shown = [.. Enumerable.Range(0, _test.Length).OrderBy(i => _test[i]).Where((_, i) => i % step == 0)];
        return new([.. shown.Select(i => _table.Lines[_test[i]])], [.. shown.Select(i => score.Actual[i])],
            [.. shown.Select(i => score.Predicted[i])], classes == 0 ? []
                : [.. shown.Select(i => score.Outputs.AsSpan(i * classes, classes).ToArray())]);
    }

    ClassificationDetails Details(TableScore score, ClassificationReport report, double? threshold)
    {
        var confusion = report.Confusion;
        int classes = _table.Classes.Count;
        int[][] counts = [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
        for (int i = 0; i < _test.Length; i++) counts[(int)score.Actual[i]][(int)score.Predicted[i]]++;
        bool binary = classes == 2;
        RocPoints[] curves = [.. Enumerable.Range(binary ? 1 : 0, binary ? 1 : Math.Min(classes, 20))
            .Where(c => counts[c].Sum() is > 0 and var own && own < _test.Length).Select(Roc)];
        string reason = !binary ? "of several classes the most probable is predicted"
            : _table.Options.FixedThreshold is not null ? "as it was asked for"
            : _table.Options.Threshold is { } criterion && threshold is not null
                ? $"chosen on validation data by {(criterion == TableOptions.F1 ? "F1" : "Youden's J")}"
            : "the usual one";
        return new(counts, [.. _table.Classes.Select((name, c) => new ClassScore(name, confusion.Of(c).Precision,
            confusion.Of(c).Recall, confusion.Of(c).F1, counts[c].Sum()))], curves,
            [.. report.Reliability.Bins.Where(bin => bin.Rows > 0)
                .Select(bin => new ReliabilityPoint(bin.MeanProbability, bin.Fraction, bin.Rows))],
            binary ? threshold ?? 0.5 : null, reason, data.ClassWeights);

        RocPoints Roc(int c)
        {
            var curve = RocCurve.Of([.. Enumerable.Range(0, _test.Length).Select(i => score.Outputs[i * classes + c])],
                [.. score.Actual.Select(y => (int)y == c ? 1 : 0)]);
            int count = curve.Thresholds.Count, step = (count + MostRocPoints - 1) / MostRocPoints;
            int[] shown = [.. Enumerable.Range(0, count).Where(i => i % step == 0 || i == count - 1)];
            return new(_table.Classes[c], [.. shown.Select(i => curve.FalsePositiveRates[i])],
                [.. shown.Select(i => curve.TruePositiveRates[i])], curve.Area);
        }
    }

    ColumnImportance[] Importance(TableScore score)
    {
        if (_test.Length < 2) return [];
        int[] places = Evenly(_test.Length, MostShuffledRows), rows = [.. places.Select(place => _test[place])];
        return ImportantColumns.Of(model, data.TestInputs.Rows(places),
            [.. data.Encoding.Encoder.Columns.Select(column => column.Source)],
            x => Error(data.Score(model, x, rows)), config.Seed);
    }

    double Error(TableScore score) => score.Metrics[data.IsRegression ? "RMSE" : "log loss"];

    /// <summary>The predictions for test rows in which one column has everywhere what it has in some row.</summary>
    ColumnDependence Dependence(ColumnImportance of)
    {
        int[] rows = Evenly(_test.Length, MostDependenceRows);
        var table = _table.Table.Take(_test);
        var encoded = data.Encoding.Encoder.Columns;
        int[] own = [.. encoded.Index().Where(one => one.Item.Source == of.Column).Select(one => one.Index)];
        string?[] texts = table.Texts(of.Column);
        var profile = _table.Profile.Columns.First(column => column.Name == of.Column);
        var kind = profile.Kind;
        int output = _table.Classes.Count == 0 ? 0 : 1;
        if (_table.Classes.Count > 2)
            output = data.Encoding.Target.Classes.Index().MaxBy(one => _table.Labels.Count(y => y == one.Index)).Index;
        var x = data.TestInputs;
        double?[]? numbers = kind == ColumnKind.Number ? table.Numbers(of.Column, profile.Unit) : null;
        float[] sample = x.Rows(rows).ToArray<float>(), all = x.ToArray<float>();
        int width = encoded.Count, classes = Math.Max(1, _table.Classes.Count);
        return new(of.Column, _table.Classes.Count == 0 ? _table.Target : $"probability of {_table.Classes[output]}",
            [.. Values().Select(At)]);

        // Rows that have the values to show: quantiles of numbers and dates, the most frequent of categories.
        IEnumerable<int> Values()
        {
            int[] known = [.. Enumerable.Range(0, texts.Length).Where(i => texts[i] is not null)];
            if (kind is ColumnKind.Number or ColumnKind.Date)
            {
                int by = kind == ColumnKind.Number ? own[0] : own[^1] - (encoded[own[^1]].Name.EndsWith("missing",
                    StringComparison.Ordinal) ? 1 : 0);
                int[] sorted = [.. known.OrderBy(i => all[i * width + by]).DistinctBy(i => all[i * width + by])];
                return Evenly(sorted.Length, MostPoints).Select(place => sorted[place]);
            }
            return known.GroupBy(i => texts[i]).OrderByDescending(same => same.Count()).Take(MostCategories)
                .OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => same.First());
        }

        DependencePoint At(int row)
        {
            float[] set = [.. sample];
            for (int i = 0; i < rows.Length; i++)
                foreach (int c in own) set[i * width + c] = all[row * width + c];
            double[] y = data.Outputs(model, Tensor.From(set, [rows.Length, width]));
            double[] sorted = [.. Enumerable.Range(0, rows.Length).Select(i => y[i * classes + output]).Order()];
            int tenth = (sorted.Length - 1) / 10;
            return new(texts[row]!, numbers?[row], sorted.Average(), sorted[tenth], sorted[^(tenth + 1)]);
        }
    }

    WorstRow[] Worst(TableScore score)
    {
        int classes = _table.Classes.Count;
        double Size(int i) => classes == 0 ? Math.Abs(score.Predicted[i] - score.Actual[i])
            : score.Predicted[i] == score.Actual[i] ? -1 : score.Outputs[i * classes + (int)score.Predicted[i]];
        int[] worst = [.. Enumerable.Range(0, _test.Length).Where(i => Size(i) >= 0).OrderByDescending(Size)
            .ThenBy(i => _test[i]).Take(WorstRows)];
        var fields = _table.All.Take([.. worst.Select(i => _test[i])]);
        string?[][] texts = [.. fields.Columns.Select(fields.Texts)];
        string Say(double y) => classes == 0 ? y.ToString("G7", CultureInfo.InvariantCulture) : _table.Classes[(int)y];
        return [.. worst.Select((i, place) => new WorstRow(_table.Lines[_test[i]], Say(score.Actual[i]),
            Say(score.Predicted[i]), classes == 0 ? score.Actual[i] - score.Predicted[i] : Size(i),
            fields.Columns.Select((name, c) => (name, text: texts[c][place] ?? ""))
                .ToDictionary(one => one.name, one => one.text)))];
    }

    // Evenly over a range, at most a given number of places.
    static int[] Evenly(int count, int most) => count <= most ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, most).Select(i => (int)((long)i * (count - 1) / (most - 1)))];
}
