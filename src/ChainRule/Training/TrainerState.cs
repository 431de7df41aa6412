using ChainRule.Data;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Training;

/// <summary>
/// Everything that training goes on from: parameters and buffers, optimiser, plateau, generators, position
/// in the data, history.
/// </summary>
sealed class TrainerState
{
    const string Where = "training", Points = "history", Place = "batches", Measured = "metric.";

    // Step, training loss, validation loss, rate, and whether there was a validation; the last is missing
    // in files of version 0.1.
    const int Columns = 5, OldColumns = 4;

    readonly List<KeyValuePair<string, Tensor>> _tensors = [];
    readonly Dictionary<string, byte[]> _bytes = [];
    readonly List<HistoryPoint> _history = [];
    int _step, _recentCount;
    double _recentSum, _rate;

    TrainerState() { }

    /// <summary>Where a trainer stands.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="copied">Whether the numbers are copied, or are the trainer's own, to be written at once.</param>
    public static TrainerState Of<TX, TY>(Trainer<TX, TY> trainer, bool copied = true) where TX : IRows<TX>
        where TY : IRows<TY>
    {
        var state = new TrainerState
        {
            _step = trainer.Step, _recentSum = trainer.Recent.Sum, _recentCount = trainer.Recent.Count,
            _rate = trainer.Optimizer.LearningRate,
        };
        state.Add("model.", trainer.Model.StateDict(), copied);
        // An optimiser that has made no step remembers zeros: they need no copy, which is twice as large as the model.
        if (!copied || trainer.Optimizer.Steps > 0) state.Add("optimizer.", trainer.Optimizer.State, copied);
        state.Add("plateau.", trainer.Plateau?.State ?? [], copied);
        state._bytes[Place] = trainer.Batches.SaveState();
        foreach (var (name, rng) in Generators(trainer)) state._bytes[name] = rng.GetState();
        state._history.AddRange(trainer.History.Points);
        return state;
    }

    /// <summary>What was saved.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or is no trainer's checkpoint.</exception>
    public static TrainerState Read(string path) => Read(Safetensors.Open(path), path);

    /// <inheritdoc cref="Read(string)"/>
    public static TrainerState Read(Stream stream) => Read(Safetensors.Read(stream), "stream");

    static TrainerState Read(SafetensorsFile file, string path)
    {
        if (!file.Contains(Where))
            Throw.Data($"resume: {Printable.Path(path)} is not a trainer's checkpoint: it says nothing of where "
                + "training stood: give the last.safetensors that a trainer wrote");
        double[] where = Numbers(file, path, Where, 4), points = Numbers(file, path, Points);
        int columns = file.ShapeOf(Points) is { Rank: 2 } shape && shape[1] is Columns or OldColumns
            ? file.ShapeOf(Points)[1] : 0;
        if (columns == 0) Damaged(path, $"'{Points}' is {file.ShapeOf(Points)}");
        var state = new TrainerState
        {
            _step = Whole(path, where[0]), _recentSum = where[1], _recentCount = Whole(path, where[2]),
            _rate = where[3],
        };
        var metrics = file.Names.Where(name => name.StartsWith(Measured, StringComparison.Ordinal))
            .ToDictionary(name => name[Measured.Length..], name => Numbers(file, path, name, points.Length / columns));
        for (int i = 0; i < points.Length; i += columns)
        {
            int at = i / columns;
            var point = new HistoryPoint(Whole(path, points[i]), points[i + 1], points[i + 2], points[i + 3])
            {
                Metrics = metrics.Count == 0 ? HistoryPoint.NoMetrics
                    : metrics.ToDictionary(one => one.Key, one => one.Value[at]),
            };
            state._history.Add(columns == Columns ? point with { Validated = points[i + 4] != 0 } : point);
        }
        foreach (string name in file.Names)
        {
            if (file.DTypeOf(name) == "U8") state._bytes.Add(name, file.Bytes(name));
            else if (name is not (Where or Points) && !name.StartsWith(Measured, StringComparison.Ordinal))
                state._tensors.Add(new(name, file.Tensor(name)));
        }
        return state;
    }

    public void Write(string path, IReadOnlyDictionary<string, string>? metadata) =>
        Safetensors.Write(path, Tensors(), metadata, _bytes);

    public void Write(Stream stream, IReadOnlyDictionary<string, string>? metadata) =>
        Safetensors.Write(stream, Tensors(), metadata, _bytes);

    List<KeyValuePair<string, Tensor>> Tensors()
    {
        double[] points = new double[_history.Count * Columns];
        for (int i = 0; i < _history.Count; i++)
        {
            var p = _history[i];
            ((ReadOnlySpan<double>)[p.Step, p.TrainLoss, p.ValidationLoss, p.LearningRate, p.Validated ? 1 : 0]).CopyTo(
                points.AsSpan(i * Columns));
        }
        return
        [
            .. _tensors,
            new(Where, Tensor.From<double>(_step, _recentSum, _recentCount, _rate)),
            new(Points, Tensor.From(points, [_history.Count, Columns])),
            .. MetricColumns(),
        ];
    }

    // One for each metric that was ever measured; NaN where a point has none of that name.
    IEnumerable<KeyValuePair<string, Tensor>> MetricColumns() =>
        from name in _history.SelectMany(point => point.Metrics.Keys).Distinct()
        let values = _history.Select(point => point.Metrics.TryGetValue(name, out double value) ? value : double.NaN)
        select KeyValuePair.Create(Measured + name, Tensor.From([.. values]));

    /// <summary>
    /// Sets a trainer to where this one stood. Where it throws, the trainer may be half set: restore
    /// what it was before.
    /// </summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="own">Whether this state is the trainer's own, to be put back whatever it holds.</param>
    /// <param name="branch">Whether the trainer's settings stand over the saved ones.</param>
    public void Restore<TX, TY>(Trainer<TX, TY> trainer, bool own = false, bool branch = false)
        where TX : IRows<TX> where TY : IRows<TY>
    {
        trainer.Model.LoadStateDict(Part("model."), strict: !own);
        Load(trainer.Optimizer, own, branch);
        if (trainer.Plateau is { } plateau) plateau.Load(Part("plateau."));
        else if (Part("plateau.").Any())
            Throw.Argument("resume: the checkpoint is of a trainer with a plateau, and this one has none: give it the "
                + "same settings",
            nameof(trainer));
        var generators = Generators(trainer);
        foreach (var (name, rng) in generators)
        {
            if (!_bytes.TryGetValue(name, out byte[]? bytes))
                Throw.Argument($"resume: the checkpoint holds no state of '{name}': make the model, and name the "
                    + "generators, as they were when it was saved");
            rng.SetState(bytes);
        }
        if (_bytes.Keys.FirstOrDefault(name => name != Place && !generators.ContainsKey(name)) is { } unknown)
            Throw.Argument($"resume: the checkpoint holds '{unknown}', which this trainer does not have: make the "
                + "model, and name the generators, as they were when it was saved",
                nameof(trainer));
        if (!_bytes.TryGetValue(Place, out byte[]? place))
            Throw.Argument("resume: the checkpoint does not say how far the batches had come: save it anew");
        if (!branch || BatchPlace.IsAlike(place, trainer.Batches.SaveState())) trainer.Batches.RestoreState(place);

        trainer.Step = _step;
        trainer.Recent = (_recentSum, _recentCount);
        if (trainer.Optimizer.Schedule is null && !branch) trainer.Optimizer.LearningRate = _rate;
        trainer.History.Clear();
        foreach (var point in _history) trainer.History.Add(point);
    }

    // Another optimiser, which a branch may have, begins with nothing remembered; its schedule goes on where it was.
    void Load(Optimizer optimizer, bool isOwn, bool branch)
    {
        KeyValuePair<string, Tensor>[] saved = [.. Part("optimizer.")];
        if (isOwn && saved.Length == 0)
        {
            optimizer.Begin(Tensor.From<double>(0).Reshape([]));
            return;
        }
        string own = optimizer.State.First().Key;
        if (branch && saved.All(one => one.Key != own)
            && Array.Find(saved, one => !char.IsAsciiDigit(one.Key[0])) is { Value: { Count: 1 } steps })
            optimizer.Begin(steps);
        else optimizer.Load(saved);
    }

    /// <summary>The generators that were named, and those that modules hold, each once.</summary>
    static Dictionary<string, RandomSource> Generators<TX, TY>(Trainer<TX, TY> trainer) where TX : IRows<TX>
        where TY : IRows<TY>
    {
        var named = trainer.Generators.ToDictionary(one => $"generator.{one.Key}", one => one.Value);
        foreach (var (name, rng) in trainer.Model.Generators())
            if (!named.ContainsValue(rng)) named[$"generator of {name}"] = rng;
        return named;
    }

    static double[] Numbers(SafetensorsFile file, string path, string name, int? count = null)
    {
        if (!file.Contains(name)) Damaged(path, $"'{name}' is not there");
        if (file.DTypeOf(name) != "F64") Damaged(path, $"'{name}' is {file.DTypeOf(name)}");
        double[] numbers = file.Tensor(name).ToArray<double>();
        if (count is { } wanted && numbers.Length != wanted) Damaged(path, $"'{name}' is {file.ShapeOf(name)}");
        return numbers;
    }

    static int Whole(string path, double x)
    {
        if (!(x >= 0 && x <= int.MaxValue && x == Math.Floor(x))) Damaged(path, $"a count in it is {x}");
        return (int)x;
    }

    static void Damaged(string path, string how) =>
        Throw.Data($"resume: {path} is not what a trainer saved, because {how}: save it anew, or start again");

    IEnumerable<KeyValuePair<string, Tensor>> Part(string prefix) =>
        from one in _tensors where one.Key.StartsWith(prefix,
            StringComparison.Ordinal) select KeyValuePair.Create(one.Key[prefix.Length..], one.Value);

    void Add(string prefix, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool copied)
    {
        foreach (var (name, tensor) in tensors)
            _tensors.Add(new(prefix + name, copied ? tensor.Detach().Clone() : tensor));
    }
}
