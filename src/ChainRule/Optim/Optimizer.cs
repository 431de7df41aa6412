using System.Globalization;
using System.Numerics;

namespace ChainRule.Optim;

/// <summary>
/// Changes parameters along their gradients, to lower the loss:
/// <code>
/// var optimizer = new AdamW(model.Parameters(), learningRate: 1e-3);
/// optimizer.ZeroGrad();
/// loss.Backward();
/// optimizer.Step();
/// </code>
/// A new optimiser overrides <see cref="Update"/>, which sees one parameter at a time, and names what it remembers of
/// it. Gradients are only read, never changed. All memory is taken in the constructor, outside of any
/// <see cref="Scope"/>: <see cref="Step"/> allocates nothing.
/// </summary>
public abstract class Optimizer
{
    readonly Tensor[] _parameters;
    readonly Entry[] _entries;
    readonly string[] _names;
    readonly Tensor _steps = Count();
    double _learningRate;

    /// <param name="parameters">What to change: leaves that require a gradient, each once.</param>
    /// <param name="learningRate">The learning rate: a number, which may be changed later, or a schedule,
    /// which decides alone.</param>
    /// <param name="weightDecay">How strongly parameters are pulled towards 0.</param>
    /// <param name="decays">Which parameters the decay applies to, such as <c>p => p.Rank >= 2</c> for matrices only;
    /// if null, all do.</param>
    /// <param name="state">Names of what is remembered for each number of each parameter, such as
    /// <c>momentum</c>.</param>
    /// <exception cref="ArgumentException">No parameters, or one that cannot be trained; a learning rate or decay that
    /// is negative or not finite.</exception>
    protected Optimizer(IEnumerable<Tensor> parameters, Schedule learningRate, double weightDecay,
        Func<Tensor, bool>? decays, params string[] state)
    {
        Throw.IfNull(parameters, Name);
        Throw.IfNull(state, Name);
        Throw.IfNull(learningRate, Name);
        if (learningRate.Number is { } number) LearningRate = number;
        else (Schedule, _learningRate) = (learningRate, learningRate.LearningRate(0));
        Setting.NotNegative(Name, "weight decay", weightDecay);
        _parameters = [.. parameters];
        if (_parameters.Length == 0)
            Throw.Argument($"{Name}: there are no parameters: give at least one tensor to train", nameof(parameters));
        _names = state;
        _entries = new Entry[_parameters.Length];
        for (int i = 0; i < _parameters.Length; i++)
        {
            var w = _parameters[i];
            Check(w, i);
            var kept = Array.ConvertAll(state, _ => new Tensor(Slot.Make(w.Shape, w.DType, zeroed: true, owner: null)));
            _entries[i] = new(w, kept, Count(), decays is null || decays(w) ? weightDecay : 0);
        }
    }

    /// <summary>
    /// The learning rate: how far a step goes. Where the optimiser has a <see cref="Schedule"/>, it is that of the step
    /// made last (before the first, of the first), and cannot be set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is negative or not finite.</exception>
    /// <exception cref="InvalidOperationException">Set where a schedule decides.</exception>
    public double LearningRate
    {
        get => _learningRate;
        set
        {
            if (Schedule is not null)
                Throw.Invalid($"{Name}: the learning rate is set to {value}, and it follows a schedule: change the "
                    + "schedule, or make the optimiser with a number");
            _learningRate = Setting.NotNegative(Name, "learning rate", value);
        }
    }

    /// <summary>
    /// The schedule that decides the learning rate, by <see cref="Steps"/>; null where it is a number.
    /// </summary>
    public Schedule? Schedule { get; }

    /// <summary>
    /// Gives some of the parameters a learning rate of their own, as a factor that <see cref="LearningRate"/> is
    /// multiplied by, and a weight decay of their own: <c>optimizer.Group(trunk.Parameters(), learningRateFactor:
    /// 0.1)</c> trains what was trained before ten times slower than a new head. A schedule goes on deciding
    /// <see cref="LearningRate"/> for all. PyTorch's parameter groups.
    /// </summary>
    /// <param name="parameters">Parameters of this optimiser.</param>
    /// <param name="learningRateFactor">What the learning rate is multiplied by: 0 or more.</param>
    /// <param name="weightDecay">Their weight decay; as it was if null.</param>
    /// <exception cref="ArgumentException">One is not trained by this optimiser, or a setting is outside of its range;
    /// nothing was changed.</exception>
    public void Group(IEnumerable<Tensor> parameters, double learningRateFactor = 1, double? weightDecay = null)
    {
        Throw.IfNull(parameters, $"{Name}: group");
        Setting.NotNegative(Name, "learning-rate factor", learningRateFactor);
        if (weightDecay is { } decay) Setting.NotNegative(Name, "weight decay", decay, nameof(weightDecay));
        int[] places = [.. parameters.Select(w => Array.IndexOf(_parameters, w) is var at and >= 0 ? at : Unknown(w))];
        foreach (int i in places)
            _entries[i] = _entries[i] with
                { LearningRateFactor = learningRateFactor, Decay = weightDecay ?? _entries[i].Decay };
    }

    /// <summary>What is trained, in the order given.</summary>
    public IReadOnlyList<Tensor> Parameters => _parameters;

    /// <summary>How often <see cref="Step"/> was called.</summary>
    public int Steps => (int)_steps.Item();

    /// <summary>
    /// Everything that training continues from, apart from the parameters and the learning rate: <c>0.momentum</c> is
    /// the momentum of parameter 0, <c>0.step</c> how often it was updated, and <c>Sgd.step</c> is <see cref="Steps"/>.
    /// These are the optimiser's own tensors, which the next step changes: Clone() to keep.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State
    {
        get
        {
            yield return new($"{Name}.step", _steps);
            for (int i = 0; i < _entries.Length; i++)
            {
                yield return new($"{i}.step", _entries[i].Steps);
                for (int k = 0; k < _names.Length; k++) yield return new($"{i}.{_names[k]}", _entries[i].State[k]);
            }
        }
    }

    /// <summary>The factor of the learning rate and the weight decay of each parameter.</summary>
    internal IReadOnlyList<(double LearningRateFactor, double WeightDecay)> Groups
    {
        get => Array.ConvertAll(_entries, static entry => (entry.LearningRateFactor, entry.Decay));
        set
        {
            for (int i = 0; i < _entries.Length; i++)
                _entries[i] = _entries[i] with
                    { LearningRateFactor = value[i].LearningRateFactor, Decay = value[i].WeightDecay };
        }
    }

    string Name => GetType().Name;

    /// <summary>Copies a saved <see cref="State"/>, so that training continues bit for bit.</summary>
    /// <exception cref="ArgumentException">The state is of another optimiser, or of other shapes or number types;
    /// nothing was changed.</exception>
    public void Load(IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        LoadReport.LoadAll(Name, State, state);
        if (Schedule is not null) _learningRate = Schedule.LearningRate(Math.Max(0, Steps - 1));
    }

    /// <summary>Remembers nothing, as before its first step, but for how many steps a schedule is to go by.</summary>
    internal void Begin(Tensor steps) =>
        Load(State.Select((one, i) => KeyValuePair.Create(one.Key, i == 0 ? steps
            : Tensor.Zeros(one.Value.Shape, one.Value.DType))));

    /// <summary>
    /// Updates every parameter that a backward pass has reached since its gradient was cleared. Others stay as they
    /// are, and what is remembered of them too: no gradient is not a gradient of 0, which would decay them and let them
    /// coast on their momentum.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// A gradient holds NaN or infinity, another optimiser has stepped along it, or no backward pass has ever reached
    /// any parameter; nothing was changed.
    /// </exception>
    public void Step() => StepNamed(null);

    /// <summary>As <see cref="Step"/>, for a caller who knows what parameters are called.</summary>
    internal void StepNamed(Func<Tensor, string?>? nameOf)
    {
        CheckGradients(nameOf);
        if (Schedule is not null) _learningRate = Schedule.LearningRate(Steps);
        foreach (var entry in _entries)
        {
            var w = entry.W.Slot;
            if (w.Grad is not { } g) continue;
            entry.Steps.Write<double>()[0]++;
            var work = new Work(this, entry);
            DTypes.Run(w.DType, ref work);
            g.Stepped = this;
        }
        _steps.Write<double>()[0]++;
    }

    /// <summary>Whether a gradient holds NaN or infinity.</summary>
    internal bool HasBadGradient() =>
        Array.Exists(_entries, static entry => entry.W.Slot.Grad is { } g && !g.IsFinite());

    /// <summary>Forgets all gradients, for the next backward pass to start from nothing.</summary>
    public void ZeroGrad()
    {
        foreach (var w in _parameters) w.ZeroGrad();
    }

    /// <summary>What it is, of how much: <c>AdamW of 4 parameters, learning rate 0.001, after 100 steps</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name} of {_parameters.Length} parameter{(_parameters.Length == 1 ? "" : "s")}, learning rate "
            + $"{LearningRate:G4}, after {Steps} step{(Steps == 1 ? "" : "s")}");

    /// <summary>The formula: overwrites one parameter's numbers, and what is remembered of them.</summary>
    protected abstract void Update<T>(Parameter<T> p) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    // All of them before the first is used, so that a step is made whole or not at all.
    void CheckGradients(Func<Tensor, string?>? nameOf)
    {
        bool any = false;
        for (int i = 0; i < _entries.Length; i++)
        {
            if (_entries[i].W.Slot.Grad is not { } g) continue;
            any = true;
            if (!g.IsFinite()) RefuseNumbers(i, g, nameOf);
            if (g.Stepped is { } other && other != this)
                Throw.Invalid($"{Name}: {Called(i, nameOf)} was already stepped by another optimiser "
                    + $"({other.GetType().Name}) along this gradient: give each parameter to one optimiser, or call "
                    + "ZeroGrad() and Backward() between their steps");
        }
        if (!any && Array.TrueForAll(_entries, static entry => entry.Steps.Item() == 0))
            Throw.Invalid($"{Name}: step: no backward pass has reached any of the {_entries.Length} parameters: call "
                + "Backward() on a loss that is computed from them, and make the optimiser from the parameters of the "
                + "model that computes it");
    }

    void RefuseNumbers(int i, Slot g, Func<Tensor, string?>? nameOf)
    {
        int at = 0;
        while (double.IsFinite(DTypes.Read(g, at))) at++;
        Throw.Diverged(
            $"{Name}: the gradient of {Called(i, nameOf)} is {DTypes.Read(g, at)} at place {at}: find the op "
            + "that made it with NanWatch, clip the gradients, or lower the learning rate; no parameter was changed");
    }

    string Called(int i, Func<Tensor, string?>? nameOf) =>
        $"{(nameOf?.Invoke(_parameters[i]) is { } name ? $"'{name}'" : $"parameter {i}")}, {_parameters[i].Shape},";

    // Counted in float64, which is whole up to 2⁵³, so that counts are saved like everything else.
    static Tensor Count() => new(Slot.Make([], DType.Float64, zeroed: true, owner: null));

    void Check(Tensor w, int i)
    {
        if (!w.IsLeaf)
            Throw.Argument($"{Name}: parameter {i}, {w.Shape}, is the result of '{w.Op}': give the leaves it was "
                + "computed from", "parameters");
        if (!w.RequiresGrad)
            Throw.Argument($"{Name}: parameter {i}, {w.Shape}, requires no gradient: call RequireGrad() on it, or "
                + "leave it out", "parameters");
        int first = Array.IndexOf(_parameters, w);
        if (first < i)
            Throw.Argument($"{Name}: parameters {first} and {i}, {w.Shape}, are the same tensor: give it once",
                "parameters");
    }

    int Unknown(Tensor w)
    {
        Throw.Argument($"{Name}: group: a tensor {w.Shape} is none of the {_parameters.Length} parameters: give "
            + "parameters that the optimiser was made with",
            "parameters");
        return -1;
    }

    sealed record Entry(Tensor W, Tensor[] State, Tensor Steps, double Decay, double LearningRateFactor = 1);

    readonly struct Work(Optimizer optimizer, Entry entry) : INumeric
    {
        void INumeric.Run<T>()
        {
            var w = entry.W.WritableSlot("update");
            optimizer.Update(new Parameter<T>(w, w.Grad!, entry.State,
                optimizer.LearningRate * entry.LearningRateFactor, entry.Decay, (int)entry.Steps.Item()));
        }
    }
}
