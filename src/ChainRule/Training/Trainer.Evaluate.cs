using ChainRule.Data;

namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY>
{
    bool IsValidated => Validate is not null || Validation is not null;

    /// <summary>
    /// The loss over a data set, in evaluation mode, batch by batch; the model is left as it was. Each batch counts by the terms that its loss is a mean over,
    /// so that the size of the batches makes no difference; losses that are sums are added up.
    /// </summary>
    /// <exception cref="ArgumentException">There is nothing to average over.</exception>
    public double Evaluate(Dataset<TX, TY> dataset, int batchSize = 1024)
    {
        CheckRows(dataset);
        using var undisturbed = Model.Undisturbed();
        using var quiet = NoGrad.Begin();
        double sum = 0, terms = 0;
        foreach (var (x, y) in Data.Batches.InOrder(dataset, batchSize))
        {
            using var scope = Scope.Begin("evaluation");
            using var tally = LossTally.Begin();
            double value = _loss(x, y).Item(), weight = Terms(tally, x, y);
            if (LossTerms is null && tally.IsSum) (sum, terms) = (sum + value, 1);
            else if (weight > 0) (sum, terms) = (sum + value * weight, terms + weight);
        }
        if (terms == 0) Throw.Argument("evaluate: nothing in the data set counts, every target being ignored: there is nothing to average over");
        return sum / terms;
    }

    /// <summary>
    /// Every one of the <see cref="Metrics"/> over a data set, in evaluation mode: the mean over the rows, whatever the size of the batches; the model is left
    /// as it was.
    /// </summary>
    /// <exception cref="ArgumentException">The data set has no rows.</exception>
    public IReadOnlyDictionary<string, double> Measure(Dataset<TX, TY> dataset, int batchSize = 1024)
    {
        CheckRows(dataset);
        using var undisturbed = Model.Undisturbed();
        using var quiet = NoGrad.Begin();
        var sums = Metrics.ToDictionary(metric => metric.Key, _ => 0.0);
        foreach (var (x, y) in Data.Batches.InOrder(dataset, batchSize))
        {
            using var scope = Scope.Begin("evaluation");
            foreach (var (name, metric) in Metrics) sums[name] += metric(x, y) * x.Shape[0];
        }
        foreach (string name in Metrics.Keys) sums[name] /= dataset.Count;
        return sums;
    }

    void EvaluateNow()
    {
        double validation = double.NaN;
        if (Validate is not null)
        {
            using var mode = Model.InEvaluation();
            using var quiet = NoGrad.Begin();
            validation = Validate();
        }
        else if (Validation is not null) validation = Evaluate(Validation);
        CheckParameters();
        if (Checkpoint is not null) Checkpoint.CheckNumbers(Model, Step);
        double training = Recent.Count == 0 ? double.NaN : Recent.Sum / Recent.Count;
        if (Step > 0) Plateau?.Step(IsValidated ? validation : training);
        var point = new HistoryPoint(Step, training, validation, Optimizer.LearningRate)
        {
            Validated = IsValidated, Metrics = Metrics.Count == 0 ? HistoryPoint.NoMetrics : Measure(Validation!),
        };
        Recent = default;
        bool best = History.Add(point);
        if (best) Checkpoint?.SaveBest(this);
        Checkpoint?.SaveLast(this);
        Evaluated?.Invoke(point);
    }

    // What a loss is a mean over.
    double Terms(LossTally tally, TX x, TY y)
    {
        double terms = LossTerms?.Invoke(x, y) ?? tally.Terms(x.Shape[0]);
        if (!(terms >= 0 && double.IsFinite(terms))) Throw.Invalid($"evaluate: the loss of a batch is said to be over {terms} terms: LossTerms must give 0 or more");
        return terms;
    }

    static void CheckRows(Dataset<TX, TY> dataset)
    {
        Throw.IfNull(dataset, "evaluate");
        if (dataset.Count == 0) Throw.Argument("evaluate: the data set has no rows: there is nothing to average over", nameof(dataset));
    }
}
