using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Optim;

namespace ChainRule.Diagnosing;

/// <summary>A training loop of the user's own, of which a step can be made and no more is known.</summary>
sealed class LoopSubject : ISubject, IDisposable
{
    readonly Module _model;
    readonly Optimizer _optimizer;
    readonly Func<double> _step;
    readonly (Tensor Now, Tensor Before)[] _state;
    readonly (Tensor W, Slot? Grad)[] _gradients;
    readonly (Randomness.RandomSource Rng, byte[] State)[] _generators;
    readonly IReadOnlyList<(double LearningRateFactor, double WeightDecay)> _groups;
    readonly double _learningRate;

    public LoopSubject(Module model, Optimizer optimizer, Func<double> step)
    {
        (_model, _optimizer, _step) = (model, optimizer, step);
        Tensor[] all = [.. model.State().Values.Concat(optimizer.Parameters).Distinct()];
        _state = [.. all.Concat(optimizer.State.Select(one => one.Value)).Select(x => (x, x.Detach().Clone()))];
        _gradients = [.. all.Select(w => (w, w.Slot.Grad))];
        _generators = [.. model.Generators().Select(one => (one.Value, one.Value.GetState()))];
        (_groups, _learningRate) = (optimizer.Groups, optimizer.LearningRate);
        DropGradients();
    }

    public string Measure => "mean loss of the last quarter of the steps";

    public void Dispose()
    {
        Restore();
        foreach (var (w, grad) in _gradients) w.Slot.Grad = grad;
    }

    /// <summary>All evidence that there is.</summary>
    public Evidence Look(int steps)
    {
        var branch = Train(new(""), steps);
        var (first, met, gradients) = FirstSteps();
        return new()
        {
            Optimizer = _optimizer.GetType().Name, LearningRate = _optimizer.LearningRate,
            LargestRate = _optimizer.LearningRate, Base = branch,
            Step = _optimizer.Steps, MetOldGradients = met,
            Parameters = Parameters.Of(_model, _optimizer, gradients, branch.Updates),
            Layers = first.Layers, Activations = first.Activations,
            Loss = new(branch.Losses[0], first.LossOp, first.Classes)
                { OfProbabilities = first.OfProbabilities, OfNoLogarithms = first.OfNoLogarithms },
        };
    }

    public Branch Train(Variation variation, int steps)
    {
        var branch = new Branch { Updates = [.. _optimizer.Parameters.Select(_ => new List<double>())] };
        try
        {
            variation.Before?.Invoke(_model);
            if (variation.Initialised || variation.LastLayer is not null) return Unable(branch);
            _optimizer.Groups = variation.Regrouped(_optimizer, _groups);
            for (int step = 0; step < steps && branch.BrokeAt is null; step++) Step(variation, branch, step);
            branch.After = branch.TrainingAfter = branch.Last;
            branch.Before = branch.Losses[0];
            return branch;
        }
        finally
        {
            variation.After?.Invoke(_model);
            Restore();
        }
    }

    // What needs a forward pass without a step cannot be tried here.
    static Branch Unable(Branch branch)
    {
        branch.BrokeAt = 0;
        return branch;
    }

    void Step(Variation v, Branch branch, int step)
    {
        if (v.ZeroGrad) _optimizer.ZeroGrad();
        var moved = new Updates.Around(_optimizer);
        double loss;
        try
        {
            loss = _step();
        }
        catch (DivergedException e)
        {
            (loss, branch.BrokeIn) = (double.NaN, e.Message);
        }
        branch.Losses.Add(loss);
        if (!double.IsFinite(loss)) branch.BrokeAt = step;
        else moved.Done(branch, v.Reversed);
    }

    (Recorder Recorder, bool Met, IReadOnlyDictionary<Tensor, GradientFlowResult> Gradients) FirstSteps()
    {
        using var recorder = new Recorder(_model) { Cleared = _optimizer.Parameters };
        try
        {
            bool met = false;
            Dictionary<Tensor, GradientFlowResult> flow = [];
            for (int step = 0; step < 2; step++)
            {
                recorder.Again();
                recorder.InBackward = false;
                _ = _step();
                met |= recorder.MetGradients;
                if (step > 0) continue;
                var named = _model.Trained();
                var lines = GradientFlow.Of(named).Lines;
                for (int i = 0; i < named.Length; i++) flow[named[i].Value] = lines[i];
            }
            return (recorder, met, flow);
        }
        catch (DivergedException)
        {
            return (recorder, false, new Dictionary<Tensor, GradientFlowResult>());
        }
        finally
        {
            Restore();
        }
    }

    void Restore()
    {
        using (NoGrad.Begin()) foreach (var (now, before) in _state) now.CopyInPlace(before);
        foreach (var (rng, state) in _generators) rng.SetState(state);
        _optimizer.Groups = _groups;
        if (_optimizer.Schedule is null) _optimizer.LearningRate = _learningRate;
        DropGradients();
    }

    // A step of the user's own may keep gradients from one step to the next: each branch begins without.
    void DropGradients()
    {
        foreach (var (w, _) in _gradients) w.Slot.Grad = null;
    }
}
