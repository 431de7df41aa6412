using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Training;

namespace ChainRule.Diagnosing;

/// <summary>A trainer that is diagnosed: branches of its training are made, and it is put back to the bit.</summary>
sealed partial class Subject<TX, TY> : ISubject, IDisposable where TX : IRows<TX> where TY : IRows<TY>
{
    const int MeasuredAtOnce = 250;

    readonly Trainer<TX, TY> _trainer;
    readonly DiagnoseOptions _options;
    readonly TrainerState _start;
    readonly (Tensor W, Slot? Grad)[] _gradients;
    readonly IReadOnlyList<(double LearningRateFactor, double WeightDecay)> _groups;
    readonly bool _training;
    readonly Module[] _evaluating;
    readonly Dataset<TX, TY> _rows, _measured;

    public Subject(Trainer<TX, TY> trainer, DiagnoseOptions options)
    {
        (_trainer, _options, _start) = (trainer, options, TrainerState.Of(trainer));
        _gradients = [.. trainer.Model.State().Values.Concat(trainer.Optimizer.Parameters).Distinct()
            .Select(w => (w, w.Slot.Grad))];
        // Gradients of the user's are kept as they are: branches have their own.
        foreach (var (w, _) in _gradients) w.Slot.Grad = null;
        (_groups, _training) = (trainer.Optimizer.Groups, trainer.Model.Training);
        if (!_training) trainer.Model.Train();
        _evaluating = [.. trainer.Model.NamedModules().Select(m => m.Value).Where(m => !m.Training)];
        _rows = SomeRows();
        _measured = trainer.Validation is { Count: > 0 } validation ? Some(validation) : _rows;
    }

    public string Measure => _trainer.Validation is { Count: > 0 } ? "validation loss" : "training loss";

    Module Model => _trainer.Model;

    Optimizer Optimizer => _trainer.Optimizer;

    public void Dispose()
    {
        Restore();
        foreach (var (w, grad) in _gradients) w.Slot.Grad = grad;
        if (!_training) Model.Eval();
    }

    public Branch Train(Variation variation, int steps)
    {
        var branch = new Branch { Updates = [.. Optimizer.Parameters.Select(_ => new List<double>())] };
        try
        {
            variation.Before?.Invoke(Model);
            if (variation.Train) Model.Train();
            if (variation.Initialised) LayerInit.Run(Model, () => FirstPass(variation), _trainer.OutputLoss is null);
            if (variation.LastLayer is { } factor) LayerInit.ScaleLast(Model, () => FirstPass(variation), factor);
            Optimizer.Groups = variation.Regrouped(Optimizer, _groups);
            var second = Second(variation);
            var batches = Drawn(variation);
            branch.Before = Evaluate(_measured, variation).Loss;
            for (int step = 0; step < steps && branch.BrokeAt is null; step++)
                Step(variation, batches, second, branch, step);
            (branch.After, branch.Accuracy, branch.BalancedAccuracy) = Evaluate(_measured, variation);
            if (variation.Change.Length == 0)
                branch.TrainingAfter = Evaluate(_rows, variation).Loss;
            return branch;
        }
        finally
        {
            variation.After?.Invoke(Model);
            Restore();
        }
    }

    void Restore()
    {
        foreach (var module in _evaluating) if (module.Training) module.Eval();
        _start.Restore(_trainer, own: true);
        Optimizer.Groups = _groups;
        foreach (var (w, _) in _gradients) w.Slot.Grad = null;
    }

    // What the optimiser does not hold is trained by one of the same kind and learning rate.
    Optimizer? Second(Variation v) => v.Also.Count == 0 ? null
        : Optimizer is Sgd ? new Sgd(v.Also, Optimizer.LearningRate) : new Adam(v.Also, Optimizer.LearningRate);

    void Step(Variation v, Batches<TX, TY> batches, Optimizer? second, Branch branch, int step)
    {
        using var scope = Scope.Begin("diagnosis");
        Optimizer.ZeroGrad();
        second?.ZeroGrad();
        double sum = 0;
        int parts = _trainer.GradientAccumulation;
        for (int i = 0; i < parts; i++)
        {
            var (x, y) = batches.Next();
            var l = LossOf(x, y, v);
            sum += l.Item();
            if (double.IsFinite(sum)) l.Backward();
            if (double.IsFinite(sum) && !Optimizer.HasBadGradient()) continue;
            branch.BrokeAt = step;
            branch.Losses.Add(double.NaN);
            if (v.Change.Length == 0) branch.BrokeIn = FirstOp(x, y, v);
            return;
        }
        if (parts > 1) Clip.Scale(Optimizer.Parameters, 1.0 / parts);
        branch.Losses.Add(sum / parts);
        double norm = Clip.Norm(Optimizer.Parameters, double.PositiveInfinity);
        branch.GradientNorms.Add(norm);
        if (v.ClipNorm is { } limit) Clip.Norm(Optimizer.Parameters, limit);
        else if (_trainer.ClipNorm is { } own && !v.NoClipping) Clip.Norm(Optimizer.Parameters, own);
        if (!Optimizer.Parameters.Any(w => w.HasGrad)) return;
        if (v.Change.Length == 0 || v.Reversed) Updates.Measure(Optimizer, branch, v.Reversed);
        else Optimizer.Step();
        if (second is not null && v.Also.Any(w => w.HasGrad)) second.Step();
    }

    string? FirstOp(TX x, TY y, Variation v)
    {
        Optimizer.ZeroGrad();
        try
        {
            using var watch = NanWatch.Begin();
            LossOf(x, y, v).Backward();
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }

    Tensor LossOf(TX x, TY y, Variation v)
    {
        var given = Changed(x, v);
        if (v.Loss != LossChange.None || v.Targets is not null)
        {
            var output = _trainer.ForwardPass!(given);
            if (v.Targets is { } t && y is Tensor numbers)
                return _trainer.OutputLoss!(output, (TY)(object)((numbers - t.Mean) / t.Std));
            return v.Loss == LossChange.OfLogarithm ? _trainer.OutputLoss!((output + 1e-12).Log(), y)
                : output.CrossEntropy((Ids)(object)y);
        }
        return _trainer.BatchLoss(given, y);
    }

    static TX Changed(TX x, Variation v) => v.Inputs is { } change && x is Tensor t ? (TX)(object)change(t) : x;

    void FirstPass(Variation v)
    {
        using var quiet = NoGrad.Begin();
        using var scope = Scope.Begin("diagnosis");
        var (x, y) = _rows.Batch(Enumerable.Range(0, Math.Min(_rows.Count, 100)).ToArray());
        _ = LossOf(x, y, v);
    }

    (double Loss, double Accuracy, double Balanced) Evaluate(Dataset<TX, TY> rows, Variation v)
    {
        using var undisturbed = Model.Undisturbed();
        using var quiet = NoGrad.Begin();
        double sum = 0;
        var counts = new Dictionary<int, (int Right, int Of)>();
        foreach (var (x, y) in Batches.InOrder(rows, MeasuredAtOnce))
        {
            using var scope = Scope.Begin("diagnosis");
            var given = Changed(x, v);
            if (_trainer.ForwardPass is not { } forward)
            {
                sum += LossOf(x, y, v).Item() * x.Shape[0];
                continue;
            }
            var output = forward(given);
            if (v.Targets is { } t) output = output * t.Std + t.Mean;
            else if (v.Loss == LossChange.OfLogarithm) output = (output + 1e-12).Log();
            var loss = v.Loss == LossChange.CrossEntropy ? output.CrossEntropy((Ids)(object)y)
                : _trainer.OutputLoss!(output, y);
            sum += loss.Item() * x.Shape[0];
            if (y is Ids labels && labels.Shape.Rank == 1 && output.Rank == 2 && output.Shape[1] > 1)
                Count(output, labels, counts);
        }
        int of = counts.Values.Sum(c => c.Of);
        return (sum / rows.Count, of == 0 ? double.NaN : counts.Values.Sum(c => c.Right) / (double)of,
            of == 0 ? double.NaN : counts.Values.Average(c => c.Right / (double)c.Of));
    }

    static void Count(Tensor output, Ids labels, Dictionary<int, (int Right, int Of)> counts)
    {
        var chosen = output.ArgMax(1);
        for (int i = 0; i < labels.Count; i++)
        {
            var (right, of) = counts.GetValueOrDefault(labels[i]);
            counts[labels[i]] = (right + (chosen[i] == labels[i] ? 1 : 0), of + 1);
        }
    }
}
