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
    readonly (Module Module, bool Training)[] _modes;
    readonly bool _leftInEvaluation;
    readonly Dataset<TX, TY> _rows, _measured;

    public Subject(Trainer<TX, TY> trainer, DiagnoseOptions options)
    {
        (_trainer, _options, _start) = (trainer, options, TrainerState.Of(trainer));
        _gradients = [.. trainer.Model.State().Values.Concat(trainer.Optimizer.Parameters).Distinct()
            .Select(w => (w, w.Slot.Grad))];
        // Gradients of the user's are kept as they are: branches have their own.
        foreach (var (w, _) in _gradients) w.Slot.Grad = null;
        _groups = trainer.Optimizer.Groups;
        bool training = trainer.Model.Training;
        _leftInEvaluation = !training;
        if (!training) trainer.Model.Train();
        _modes = [.. trainer.Model.NamedModules().Select(m => (m.Value, m.Value.Training))];
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
        if (_leftInEvaluation) Model.Eval();
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
            var score = Evaluate(_measured, variation);
            (branch.After, branch.Accuracy, branch.BalancedAccuracy) = (score.Loss, score.Accuracy, score.Balanced);
            branch.AfterReshaped = score.Reshaped;
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
        // A forward pass of the user's own may change modes.
        foreach (var (module, training) in _modes) module.Training = training;
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
        if (v.Change.Length == 0 || v.Reversed || v.Measured) Updates.Measure(Optimizer, branch, v.Reversed);
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

    static TX Changed(TX x, Variation v) => v.Inputs is { } change && x is Tensor t ? (TX)(object)change(t) : x;

    void FirstPass(Variation v)
    {
        using var quiet = NoGrad.Begin();
        using var scope = Scope.Begin("diagnosis");
        var (x, y) = _rows.Read(Enumerable.Range(0, Math.Min(_rows.Count, 100)).ToArray());
        _ = LossOf(x, y, v);
    }
}
