using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Layers;

namespace ChainRule.Diagnosing;

sealed partial class Subject<TX, TY>
{
    // Batches whose activations are looked at, and rows of one block of the data set.
    const int Passes = 4, BlockRows = 100, StreamRows = 2000;

    // What any model of some size memorises in a branch.
    const int FewRows = 32;

    /// <summary>All evidence that there is.</summary>
    public Evidence Look()
    {
        var branch = Train(new(""), _options.Steps);
        var recorder = FirstBatches(out var loss, out int batch, out var gradients);
        var modes = LookAtModes(branch);
        bool ended = Optimizer.Schedule is not null
            && Curve.HasEnded(_trainer.History.Points, Optimizer.LearningRate);
        var (largest, factor, atLargest) = LargestRate(ended);
        return new()
        {
            Step = _trainer.Step, Optimizer = Optimizer.GetType().Name, LearningRate = Optimizer.LearningRate,
            LargestRate = largest, LargestFactor = factor, AtLargestRate = atLargest, Ended = ended,
            ClipNorm = _trainer.ClipNorm, BatchSize = batch, History = [.. _trainer.History.Points],
            Parameters = Parameters.Of(Model, Optimizer, gradients, branch.Updates),
            Layers = recorder.Layers, Activations = recorder.Activations,
            Loss = loss,
            Modes = modes, Data = LookAtData(), Base = branch, Memorised = Memorise,
        };
    }

    // A learning rate that is too low for it says nothing of the model: the least of several is what is left.
    double Memorise() => ((double[])[1, 10, 100, 1e3, 1e4]).Select(factor => Train(
            new Variation("few rows") { Drawing = Drawing.Few, LearningRate = factor }, _options.Steps))
        .Min(branch => branch.BrokeAt is null && branch.Losses[0] > 0 ? branch.Losses[^1] / branch.Losses[0] : 1);

    // The largest learning rate of a schedule, where the branch is far below it, and a branch with that.
    (double LearningRate, double Factor, Branch? Branch) LargestRate(bool ended)
    {
        if (Optimizer.Schedule is not { } schedule) return (Optimizer.LearningRate, 1, null);
        double now = Enumerable.Range(0, _options.Steps).Max(i => schedule.LearningRate(Optimizer.Steps + i));
        double largest = ended ? _trainer.History.Points.Max(p => p.LearningRate)
            : Enumerable.Range(0, 100).Max(i => schedule.LearningRate(Optimizer.Steps + i * 100));
        if (!(now > 0) || largest <= 2 * now) return (Math.Max(now, largest), 1, null);
        return (largest, largest / now, Train(new Variation("the largest learning rate")
            { LearningRate = largest / now, Measured = true }, _options.Steps));
    }

    Recorder FirstBatches(out LossEvidence loss, out int batch,
        out IReadOnlyDictionary<Tensor, GradientFlowResult> gradients)
    {
        using var recorder = new Recorder(Model);
        try
        {
            batch = 0;
            loss = new(double.NaN, "", 0);
            Dictionary<Tensor, GradientFlowResult> flow = [];
            List<double> scales = [];
            for (int pass = 0; pass < Passes; pass++)
            {
                using var scope = Scope.Begin("diagnosis");
                var (x, y) = _trainer.Batches.Next();
                recorder.Again();
                var output = _trainer.ForwardPass?.Invoke(x);
                recorder.InLoss = true;
                var given = output is { } o ? _trainer.OutputLoss!(o, y) : _trainer.BatchLoss(x, y);
                recorder.InLoss = false;
                scales.Add(given.Item() / (PlainLoss(recorder, output, y) ?? double.NaN));
                if (pass > 0) continue;
                batch = x.Shape[0];
                loss = FirstLoss(recorder, given.Item(), output);
                if (given.RequiresGrad) given.Backward();
                var named = Model.Trained();
                var lines = GradientFlow.Of(named).Lines;
                for (int i = 0; i < named.Length; i++) flow[named[i].Value] = lines[i];
            }
            // A factor is one that all batches have.
            if (scales.Max() - scales.Min() < 1e-3 * Math.Abs(scales.Average()))
                loss = loss with { Factor = scales.Average() };
            gradients = flow;
            return recorder;
        }
        finally
        {
            Restore();
        }
    }

    static LossEvidence FirstLoss(Recorder recorder, double value, Tensor? output) =>
        new(value, recorder.LossOp, recorder.Classes)
        {
            OfProbabilities = recorder.OfProbabilities, OfNoLogarithms = recorder.OfNoLogarithms,
            KnowsOutput = output is not null, Output = output?.Shape ?? [], Broadcast = recorder.Broadcast,
            LastOp = output is { } o ? LastActivation(o)?.Op ?? "" : "",
            OutputsAreProbabilities = output is { Rank: 2 } two
                && Recorder.AreProbabilities(two.To(DType.Float64).ToArray<double>(), two.Shape[1]),
        };

    // The mean loss without a factor: of labels the cross-entropy itself, because that of a sum is one op as well.
    static double? PlainLoss(Recorder recorder, Tensor? output, TY y)
    {
        if (recorder.LossOp != "cross entropy" || output is not { Rank: 2 } logits || y is not Ids { Shape.Rank: 1 } ids
            || recorder.OfProbabilities) return recorder.PlainLoss;
        using var quiet = NoGrad.Begin();
        return logits.CrossEntropy(ids).Item();
    }

    ModeEvidence LookAtModes(Branch branch)
    {
        var norms = Model.NamedModules()
            .Where(m => m.Value is Layers.BatchNorm or Layers.LayerNorm or GroupNorm or RmsNorm)
            .SelectMany(m => m.Value.NamedParameters().Select(p => m.Key.Length == 0 ? p.Key : $"{m.Key}.{p.Key}"));
        var (still, byForward) = NotTraining();
        double dropout = Model.NamedModules().Max(m => (m.Value as Dropout)?.Probability ?? 0);
        return new(TwoEvaluations(), OutputsOfOthers(), still, dropout,
            Model.NamedModules().Any(m => m.Value is Layers.BatchNorm), norms.ToHashSet())
        {
            Losses = (branch.Last, branch.TrainingAfter), ByForward = byForward,
        };
    }

    // Layers that are in evaluation mode in training, and whether the forward pass put them there.
    (string[] Names, bool ByForward) NotTraining()
    {
        try
        {
            using var undisturbed = Model.Undisturbed();
            Restore();
            string[] given = Still();
            Model.Train();
            FirstPass(new(""));
            string[] left = Still();
            return (given.Union(left).ToArray(), left.Length > 0);
        }
        finally
        {
            Restore();
        }

        string[] Still() => [.. Model.NamedModules()
            .Where(m => m.Value is Dropout or Layers.BatchNorm && !m.Value.Training)
            .Select(m => $"'{m.Key}' ({m.Value.GetType().Name})")];
    }

    // The trainer's own way to validate, or else the loss in evaluation mode: twice on the same rows.
    (double, double)? TwoEvaluations()
    {
        bool leftTraining = false;
        double Once()
        {
            using var undisturbed = Model.Undisturbed();
            using var quiet = NoGrad.Begin();
            if (_trainer.Validate is { } own)
            {
                double value = own();
                leftTraining |= Model.Training;
                return value;
            }
            var (x, y) = _measured.Read(Enumerable.Range(0, Math.Min(100, _measured.Count)).ToArray());
            using var scope = Scope.Begin("diagnosis");
            return _trainer.BatchLoss(x, y).Item();
        }

        try
        {
            // Undisturbed puts generators back: a draw between makes what depends on them differ.
            double first = Once();
            foreach (var (_, rng) in Model.Generators()) _ = rng.NextDouble();
            double second = Once();
            return leftTraining ? (first, double.NaN) : first.Equals(second) ? null : (first, second);
        }
        finally
        {
            Restore();
        }
    }

    // How far what comes out for the first row depends on the rows beside it, in evaluation mode.
    double OutputsOfOthers()
    {
        if (_trainer.ForwardPass is not { } forward || _measured.Count < 8) return 0;
        using var undisturbed = Model.Undisturbed();
        using var quiet = NoGrad.Begin();
        using var scope = Scope.Begin("diagnosis");
        int half = Math.Min(32, _measured.Count / 2);
        double[] few = First(Enumerable.Range(0, half)), others = First(Enumerable.Range(half, half).Prepend(0));
        double size = Math.Sqrt(few.Average(x => x * x));
        double apart = Math.Sqrt(few.Zip(others, (a, b) => (a - b) * (a - b)).Average());
        return size > 0 ? apart / size : 0;

        double[] First(IEnumerable<int> rows)
        {
            var y = forward(_measured.Read(rows.ToArray()).Inputs);
            double[] all = y.To(DType.Float64).ToArray<double>();
            return all[..(all.Length / y.Shape[0])];
        }
    }

    DataEvidence? LookAtData()
    {
        if (Matrix(_rows.Inputs) is not { } x) return null;
        bool validated = _trainer.Validation is { Count: > 0 };
        return new()
        {
            Inputs = x, InputsAreIds = _rows.Inputs is Ids, Labels = LabelsOf(_rows.Targets),
            Targets = _rows.Targets is Tensor ? Matrix(_rows.Targets) : null, Stream = Stream(),
            ValidationInputs = validated ? Matrix(_measured.Inputs) ?? [] : [],
            ValidationLabels = validated ? LabelsOf(_measured.Targets) : null,
            ValidationTargets = validated && _measured.Targets is Tensor ? Matrix(_measured.Targets) : null,
            Block = _trainer.Batches.Source is { } source && source.Count > _options.Rows ? BlockRows : int.MaxValue,
        };
    }

    static int[]? LabelsOf(TY y) => y is Ids { Shape.Rank: 1 } ids ? ids.Span.ToArray() : null;

    static double[][]? Matrix<T>(T rows)
    {
        double[] all;
        int count;
        if (rows is Tensor t) (all, count) = (t.To(DType.Float64).ToArray<double>(), t.Shape[0]);
        else if (rows is Ids ids) (all, count) = ([.. ids.Span.ToArray().Select(id => (double)id)], ids.Shape[0]);
        else return null;
        return count == 0 ? [] : [.. all.Chunk(Math.Max(1, all.Length / count))];
    }
}
