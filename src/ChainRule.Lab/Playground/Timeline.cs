using ChainRule.Training;

namespace ChainRule.Lab.Playground;

/// <summary>A weight that was changed by hand, after a step.</summary>
/// <param name="Step">How many steps had been made.</param>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Index">Which of its numbers, counted row by row.</param>
/// <param name="Value">What it was set to; null if it was left.</param>
/// <param name="Frozen">Whether it stays as it is from then on; null if that was left.</param>
public sealed record WeightChange(int Step, string Parameter, int Index, float? Value, bool? Frozen);

/// <summary>The losses over all points after a step.</summary>
public readonly record struct CurvePoint(int Step, double Train, double Test);

/// <summary>
/// A training that can be at any of its steps: states are kept on the way, thinned out as they become many, and the
/// steps after one are made again, to the same bits. What was changed by hand is changed again where it was.
/// </summary>
sealed class Timeline
{
    const int MostStates = 64, MostPoints = 400;
    const long MostBytes = 64L << 20;

    readonly SortedList<int, byte[]> _states = [];
    readonly List<CurvePoint> _curve = [];
    readonly List<WeightChange> _changes = [];
    readonly Dictionary<(Tensor W, int Index), float> _frozen = [];
    readonly Dictionary<string, Tensor> _parameters;
    int _keepEvery = 1, _measureEvery = 1, _to;
    Func<bool> _stops = () => false;

    public Timeline(PlaygroundTraining training)
    {
        Training = training;
        _parameters = training.Parameters.ToDictionary(one => one.Key, one => one.Value);
        training.Trainer.Stepped += (step, loss) => AfterStep(step, loss);
        Measure();
        Keep();
    }

    public PlaygroundTraining Training { get; }

    public int Step => Trainer.Step;

    /// <summary>The last step that was ever made on this line.</summary>
    public int Furthest { get; private set; }

    /// <summary>The loss of the last batch; NaN before the first.</summary>
    public double BatchLoss { get; private set; } = double.NaN;

    public IReadOnlyList<CurvePoint> Curve => _curve;

    public IReadOnlyList<WeightChange> Changes => _changes;

    /// <summary>Numbers that do not move, as name and index.</summary>
    public IEnumerable<(string Parameter, int Index)> Frozen =>
        _frozen.Keys.Select(key => (_parameters.First(one => one.Value.IsSame(key.W)).Key, key.Index));

    /// <summary>Why no further step can be made; null if one can.</summary>
    public string? Broken { get; private set; }

    /// <summary>Bytes of the states that are kept.</summary>
    public long Memory => _states.Values.Sum(state => (long)state.Length);

    ITrainer Trainer => Training.Trainer;

    /// <summary>Makes steps until that many have been made, or it is told to stop, or the loss diverges.</summary>
    public void Advance(int to, Func<bool> stops)
    {
        if (Broken is not null || to <= Step) return;
        (_to, _stops) = (to, stops);
        try
        {
            Trainer.Fit(int.MaxValue);
        }
        catch (DivergedException e)
        {
            Broken = e.Message;
        }
    }

    /// <summary>Goes to a step that was made before.</summary>
    /// <exception cref="ArgumentException">It was not.</exception>
    public void GoTo(int step)
    {
        if (step < 0 || step > Furthest)
            Throw.Argument($"playground: step {step:N0}: give one from 0 to {Furthest:N0}, which were made");
        int from = _states.Keys.Last(kept => kept <= step);
        if (step < Step || from > Step) Restore(from);
        Advance(step, () => false);
    }

    /// <summary>Changes a weight now; what came after this step on the line is forgotten.</summary>
    /// <exception cref="ArgumentException">There is no such weight, or the value is not finite.</exception>
    public void Change(string parameter, int index, float? value, bool? frozen)
    {
        if (!_parameters.TryGetValue(parameter, out var w))
            Throw.Argument($"playground: there is no parameter '{Printable.Of(parameter)}': choose one of "
                + Printable.List([.. _parameters.Keys]));
        if (index < 0 || index >= w.Count)
            Throw.Argument($"playground: {parameter} has {Printable.Count(w.Count, "number")}, and none is {index}");
        if (value is { } number && !float.IsFinite(number))
            Throw.Argument($"playground: {parameter} cannot be {number}: give a finite number");
        Forget();
        _changes.Add(new(Step, parameter, index, value, frozen));
        Apply(_changes[^1]);
        Broken = null;
        _curve.RemoveAll(point => point.Step == Step);
        Measure();
        Keep();
    }

    void AfterStep(int step, double loss)
    {
        BatchLoss = loss;
        foreach (var ((w, index), value) in _frozen) w.Write<float>()[index] = value;
        foreach (var change in _changes)
            if (change.Step == step) Apply(change);
        if (step > Furthest)
        {
            Furthest = step;
            if (step % _measureEvery == 0) Measure();
            if (step % _keepEvery == 0) Keep();
        }
        if (step >= _to || _stops()) Training.Stop();
    }

    void Apply(WeightChange change)
    {
        var w = _parameters[change.Parameter];
        if (change.Value is { } value) w.Write<float>()[change.Index] = value;
        var key = (w, change.Index);
        if (change.Frozen == false) _frozen.Remove(key);
        else if (change.Frozen == true || _frozen.ContainsKey(key)) _frozen[key] = w.Read<float>()[change.Index];
    }

    void Forget()
    {
        Furthest = Step;
        _changes.RemoveAll(change => change.Step > Step);
        _curve.RemoveAll(point => point.Step > Step);
        foreach (int later in _states.Keys.Where(kept => kept >= Step).ToArray()) _states.Remove(later);
    }

    void Restore(int from)
    {
        using var state = new MemoryStream(_states[from]);
        Trainer.Resume(state);
        (Broken, BatchLoss) = (null, double.NaN);
        _frozen.Clear();
        // What is frozen stands in the state already.
        foreach (var change in _changes.Where(change => change.Step <= from)) Apply(change with { Value = null });
    }

    void Measure()
    {
        _curve.Add(new(Step, Training.Loss(ofTest: false), Training.Loss(ofTest: true)));
        if (_curve.Count <= MostPoints) return;
        _measureEvery *= 2;
        _curve.RemoveAll(point => point.Step % _measureEvery != 0);
    }

    void Keep()
    {
        using var state = new MemoryStream();
        Trainer.SaveLast(state);
        _states[Step] = state.ToArray();
        while (_states.Count > 2 && (_states.Count > MostStates || Memory > MostBytes))
        {
            _keepEvery *= 2;
            foreach (int between in _states.Keys.Where(kept => kept % _keepEvery != 0).ToArray())
                _states.Remove(between);
        }
    }
}
