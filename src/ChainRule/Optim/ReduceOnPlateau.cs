using System.Globalization;

namespace ChainRule.Optim;

/// <summary>Settings of <see cref="ReduceOnPlateau"/>.</summary>
public sealed record ReduceOnPlateauOptions
{
    /// <summary>What the learning rate is multiplied by, in [0, 1).</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>How many metrics in a row may fail to improve.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>By what fraction a metric must beat the best to count.</summary>
    public double Threshold { get; init; } = 1e-4;

    /// <summary>How many metrics do not count after the learning rate was lowered.</summary>
    public int Cooldown { get; init; }

    /// <summary>The least learning rate.</summary>
    public double MinLearningRate { get; init; }

    /// <summary>Whether more is better, as with an accuracy.</summary>
    public bool Maximize { get; init; }
}

/// <summary>
/// Lowers an optimiser's learning rate where a metric, such as the validation loss, stops improving. A metric improves
/// where it is below best − threshold · |best|, or above best + threshold · |best| where more is better; NaN never
/// does. After more than <c>patience</c> in a row that do not, the learning rate becomes max(learningRate · factor,
/// minLearningRate), and the next <c>cooldown</c> of them do not count. A change of less than 10⁻⁸ is not made.
/// PyTorch's ReduceLROnPlateau.
/// <code>
/// var plateau = new ReduceOnPlateau(optimizer, new() { Factor = 0.5, Patience = 3 });
/// plateau.Step(validationLoss);
/// </code>
/// </summary>
public sealed class ReduceOnPlateau
{
    readonly double _factor, _threshold, _floor;
    readonly int _patience, _cooldown;
    readonly bool _maximize;
    readonly Optimizer _optimizer;

    // [learning rate, best metric, how many in a row without improvement, how many that will not count]
    readonly Tensor _state = new(Slot.Make([4], DType.Float64, zeroed: true, owner: null));

    /// <param name="optimizer">Whose learning rate is lowered: a number, from which it begins.</param>
    /// <param name="options">When, and by how much; if null, as <see cref="ReduceOnPlateauOptions"/> begins.</param>
    /// <exception cref="ArgumentException">A setting is outside of its range, or the optimiser has
    /// a schedule.</exception>
    public ReduceOnPlateau(Optimizer optimizer, ReduceOnPlateauOptions? options = null)
    {
        options ??= new();
        const string Name = nameof(ReduceOnPlateau);
        Throw.IfNull(optimizer, Name);
        if (optimizer.Schedule is not null)
            Throw.Argument($"{Name}: the learning rate of {optimizer.GetType().Name} follows a schedule, and a plateau "
                + "would lower it too: make the optimiser with a number",
                nameof(optimizer));
        _optimizer = optimizer;
        _factor = Setting.BelowOne(Name, "factor", options.Factor, nameof(options));
        _patience = Setting.AtLeast(Name, "patience", options.Patience, 0, nameof(options));
        _threshold = Setting.NotNegative(Name, "threshold", options.Threshold, nameof(options));
        _cooldown = Setting.AtLeast(Name, "cooldown", options.Cooldown, 0, nameof(options));
        _floor = Setting.NotNegative(Name, "minimum learning rate", options.MinLearningRate, nameof(options));
        _maximize = options.Maximize;
        Best = _maximize ? double.NegativeInfinity : double.PositiveInfinity;
    }

    /// <summary>The learning rate of the optimiser, as it stands.</summary>
    public double LearningRate => _optimizer.LearningRate;

    /// <summary>Whether it is this optimiser's learning rate that is lowered.</summary>
    internal bool Lowers(Optimizer optimizer) => optimizer == _optimizer;

    /// <summary>
    /// Everything that it continues from, in the form of <see cref="Optimizer.State"/>; the tensor is its own:
    /// Clone() to keep.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State
    {
        get
        {
            Saved = LearningRate;
            return [new(nameof(ReduceOnPlateau), _state)];
        }
    }

    ref double Saved => ref _state.Slot.Span<double>()[0];

    ref double Best => ref _state.Slot.Span<double>()[1];

    ref double Waited => ref _state.Slot.Span<double>()[2];

    ref double Cooling => ref _state.Slot.Span<double>()[3];

    /// <summary>Takes the next value of the metric; one that is NaN is no improvement.</summary>
    /// <returns>The learning rate to go on with.</returns>
    public double Step(double metric)
    {
        if (Improves(metric)) (Best, Waited) = (metric, 0);
        else Waited++;

        if (Cooling > 0)
        {
            Cooling--;
            Waited = 0;
        }
        if (Waited > _patience)
        {
            double next = Math.Max(LearningRate * _factor, _floor);
            if (LearningRate - next > 1e-8) _optimizer.LearningRate = next;
            (Cooling, Waited) = (_cooldown, 0);
        }
        return LearningRate;
    }

    // By a factor, as PyTorch does, whose factor below 0 would call a metric better that is worse.
    bool Improves(double metric)
    {
        if (double.IsInfinity(Best)) return _maximize ? metric > Best : metric < Best;
        bool away = Best < 0 != _maximize;
        double bound = Best * (away ? 1 + _threshold : 1 - _threshold);
        return _maximize ? metric > bound : metric < bound;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture,
            $"plateau of patience {_patience}: learning rate {LearningRate}, best {Best}");

    /// <summary>Copies a saved <see cref="State"/>.</summary>
    /// <exception cref="ArgumentException">It is the state of something else.</exception>
    public void Load(IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        LoadReport.LoadAll(nameof(ReduceOnPlateau), State, state);
        _optimizer.LearningRate = Saved;
    }
}
