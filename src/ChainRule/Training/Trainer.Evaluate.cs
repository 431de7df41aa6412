using ChainRule.Data;

namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY>
{
    const int ValidationBatch = 1024;

    bool IsValidated => Validate is not null || Validation is not null;

    /// <summary>
    /// The loss over a data set, in evaluation mode, batch by batch; the model is left as it was. Each batch
    /// counts by the terms that its loss is a mean over, so that the size of the batches makes no difference;
    /// losses that are sums are added up.
    /// </summary>
    /// <exception cref="ArgumentException">There is nothing to average over.</exception>
    /// <exception cref="InvalidOperationException">This trainer is training on another thread.</exception>
    public double Evaluate(IRowSource<TX, TY> dataset, int batchSize = ValidationBatch) =>
        PassOver(dataset, batchSize, withLoss: true, withMetrics: false).Loss;

    /// <summary>
    /// Every one of the <see cref="Metrics"/> and <see cref="BatchMetrics"/> over a data set, in evaluation mode: the
    /// mean over the rows, whatever the size of the batches; the model is left as it was.
    /// </summary>
    /// <exception cref="ArgumentException">The data set has no rows.</exception>
    /// <exception cref="InvalidOperationException">This trainer is training on another thread.</exception>
    public IReadOnlyDictionary<string, double> Measure(IRowSource<TX, TY> dataset, int batchSize = ValidationBatch)
    {
        CheckMetrics();
        return PassOver(dataset, batchSize, withLoss: false, withMetrics: true).Metrics;
    }

    (double Loss, IReadOnlyDictionary<string, double> Metrics) PassOver(IRowSource<TX, TY> dataset, int batchSize,
        bool withLoss, bool withMetrics)
    {
        CheckRows(dataset);
        Data.Batches.CheckSize(batchSize);
        if (Volatile.Read(ref _trains) is not 0 and var thread && thread != Environment.CurrentManagedThreadId)
            Throw.Invalid("evaluate: this trainer is training on another thread, and the model is in its hands: "
                + "evaluate from Stepped or Evaluated, or after the end of that Fit");
        using var undisturbed = Model.Undisturbed();
        using var quiet = NoGrad.Begin();
        string[] names = withMetrics ? [.. Metrics.Keys, .. BatchMetrics.Keys] : [];
        // For each batch: loss, terms, metrics. Workers share the batches out, and each adds all up in their order.
        int width = 2 + names.Length, count = (dataset.Count - 1) / batchSize + 1;
        double[] found = new double[width * count];
        var group = Volatile.Read(ref _trains) != 0 ? _shards?.Group : null;
        int own = group is null ? 0 : Share(group.Rank), end = group is null ? count : Share(group.Rank + 1);
        for (int i = own; i < end; i++)
        {
            using var scope = Scope.Begin("evaluation");
            var (x, y) = dataset.Read([.. Enumerable.Range(i * batchSize,
                Math.Min(batchSize, dataset.Count - i * batchSize))]);
            var of = found.AsSpan(width * i, width);
            Tensor? output = _forward is null || (!withLoss && Metrics.Count == 0) ? null : _forward(x);
            if (withLoss) (of[0], of[1]) = LossOf(x, y, output);
            if (!withMetrics) continue;
            int at = 2;
            foreach (var metric in Metrics.Values) of[at++] = metric(output!.Value, y) * x.Shape[0];
            foreach (var metric in BatchMetrics.Values) of[at++] = metric(x, y) * x.Shape[0];
        }
        group?.Gather(found.AsSpan(), [.. Enumerable.Range(0, group.Size + 1).Select(rank => width * Share(rank))]);
        double[] sums = new double[width];
        for (int i = 0; i < found.Length; i++) sums[i % width] += found[i];
        bool isSum = found.Length > 1 && found[1] < 0;
        if (withLoss && sums[1] == 0)
            Throw.Argument("evaluate: nothing in the data set counts, every target being ignored: there is nothing to "
                + "average over");
        return (isSum ? sums[0] : sums[0] / sums[1],
            names.Select((name, i) => KeyValuePair.Create(name, sums[2 + i] / dataset.Count)).ToDictionary());

        int Share(int rank) => (int)((long)rank * count / group!.Size);
    }

    // Times the terms that it is a mean over, and these; or the sum that it is, and −1.
    (double Loss, double Terms) LossOf(TX x, TY y, Tensor? output)
    {
        using var tally = LossTally.Begin();
        double value = (output is { } made ? _lossOfOutput!(made, y) : _loss(x, y)).Item(), weight = Terms(tally, x, y);
        if (LossTerms is null && tally.IsSum) return (value, -1);
        return weight > 0 ? (value * weight, weight) : default;
    }

    HistoryPoint MeasureNow()
    {
        double validation = double.NaN;
        var metrics = HistoryPoint.NoMetrics;
        if (Validate is not null)
        {
            using var mode = Model.InEvaluation();
            using var quiet = NoGrad.Begin();
            validation = Validate();
        }
        bool measures = Metrics.Count + BatchMetrics.Count > 0;
        if (Validation is not null && (Validate is null || measures))
        {
            var (loss, measured) = PassOver(Validation, ValidationBatch, withLoss: Validate is null,
                withMetrics: measures);
            if (Validate is null) validation = loss;
            if (measures) metrics = TrainingSample is null ? measured : WithTraining(measured);
        }
        CheckParameters();
        if (Checkpoint is not null) Checkpoint.CheckNumbers(Model, Step);
        double training = Recent.Count == 0 ? double.NaN : Recent.Sum / Recent.Count;
        if (Step > 0) Plateau?.Step(IsValidated ? validation : training);
        var point = new HistoryPoint(Step, training, validation, Optimizer.LearningRate)
        {
            Validated = IsValidated, Metrics = metrics,
        };
        Recent = default;
        bool best = History.Add(point);
        Save(best);
        Evaluated?.Invoke(point);
        return point;
    }

    Dictionary<string, double> WithTraining(IReadOnlyDictionary<string, double> measured)
    {
        var both = measured.ToDictionary();
        foreach (var (name, value) in PassOver(TrainingSample!, ValidationBatch, withLoss: false, withMetrics: true)
            .Metrics) both[$"training{char.ToUpperInvariant(name[0])}{name[1..]}"] = value;
        return both;
    }

    // What a loss is a mean over.
    double Terms(LossTally tally, TX x, TY y)
    {
        double terms = LossTerms?.Invoke(x, y) ?? tally.Terms(x.Shape[0]);
        if (!(terms >= 0 && double.IsFinite(terms)))
            Throw.Invalid(
                $"evaluate: the loss of a batch is said to be over {terms} terms: LossTerms must give 0 or more");
        return terms;
    }

    static void CheckRows(IRowSource<TX, TY> dataset)
    {
        Throw.IfNull(dataset, "evaluate");
        if (dataset.Count == 0)
            Throw.Argument("evaluate: the data set has no rows: there is nothing to average over", nameof(dataset));
    }
}
