using ChainRule.Randomness;

namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY>
{
    // Those before it are computed too, since they draw numbers.
    const int MostBatches = 100_000;

    BatchLoss ITrainer.NextLoss(int batch) => NextLoss(batch);

    /// <summary>
    /// The loss of the batch that the next step will see, with its graph, as that step will compute it, with the very
    /// same units dropped: what <see cref="Explaining"/> explains. Nothing is changed by it: no step is made, and the
    /// batch comes again. The gradient of the graph is that of the loss, before it is clipped.
    /// </summary>
    /// <param name="batch">Which batch: 0 is the next one. With <see cref="GradientAccumulation"/> the next step is
    /// made of the batches 0, 1, … below it; others are batches of later steps, seen by the model as it is now. With
    /// <see cref="Shards"/> they are shards: 0 is the first of the next step.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of the batch is negative, or above 100,000.</exception>
    /// <exception cref="InvalidOperationException">This trainer is training on another thread.</exception>
    public BatchLoss<TX, TY> NextLoss(int batch = 0)
    {
        if (batch is < 0 or > MostBatches)
            Throw.OutOfRange($"next loss: batch {batch}: give 0, the next one, to {MostBatches:N0}", nameof(batch));
        if (Volatile.Read(ref _trains) is not 0 and var thread && thread != Environment.CurrentManagedThreadId)
            Throw.Invalid("next loss: this trainer is training on another thread, and the model is in its hands: ask "
                + "from Stepped or Evaluated, or after the end of that Fit");
        byte[] place = Batches.SaveState();
        RandomSource[] generators = [.. Generators.Values.Concat(Model.Generators().Select(one => one.Value))
            .Distinct()];
        byte[][] drawn = [.. generators.Select(rng => rng.GetState())];
        // It puts the modes back; before the first step the model may still be as after an evaluation.
        using var mode = Model.Training ? null : Model.InEvaluation();
        if (!Model.Training) Model.Train();
        using var journal = Journal.Begin();
        try
        {
            if (Shards > 0) return LossOfShard(batch);
            for (int i = 0; i < batch; i++)
            {
                using var quiet = NoGrad.Begin();
                using var scope = Scope.Begin("a batch before");
                var (x, y) = Batches.Next();
                _loss(x, y);
            }
            var (inputs, targets) = Batches.Next();
            Tensor? output = _forward?.Invoke(inputs);
            return new(inputs, targets, output is { } made ? _lossOfOutput!(made, targets) : _loss(inputs, targets),
                output);
        }
        finally
        {
            Batches.RestoreState(place);
            for (int i = 0; i < generators.Length; i++) generators[i].SetState(drawn[i]);
        }
    }

    /// <summary>
    /// Makes steps again that were made before, from an earlier state of the same training: afterwards the trainer
    /// stands where it stood after that step, bit for bit. Evaluations are not measured again, but taken from what was
    /// recorded; nothing is saved, and nobody is told of the steps.
    /// </summary>
    /// <param name="step">The step to go to.</param>
    /// <param name="recorded">The evaluations that were made then.</param>
    /// <exception cref="ArgumentOutOfRangeException">The trainer is beyond that step.</exception>
    /// <exception cref="InvalidOperationException">The steps do not come out as they were recorded, or this trainer is
    /// training already.</exception>
    public void Replay(int step, IEnumerable<HistoryPoint> recorded)
    {
        Throw.IfNull(recorded, "replay");
        if (step < Step)
            Throw.OutOfRange($"replay: step {step:N0}, and the trainer stands at step {Step:N0}: restore an earlier "
                + "state first", nameof(step));
        CheckSettings();
        if (Interlocked.CompareExchange(ref _trains, Environment.CurrentManagedThreadId, 0) != 0)
            Throw.Invalid("replay: this trainer is training already: wait for the end of that Fit");
        try
        {
            var points = recorded.ToDictionary(point => point.Step);
            if (!Model.Training) Model.Train();
            CheckParameters();
            CheckShards();
            _checkedAt = -1;
            if (History.Points.Count == 0 && points.TryGetValue(Step, out var first)) Recall(first);
            while (Step < step)
            {
                double value = StepOnce();
                Recent = (Recent.Sum + value, Recent.Count + 1);
                if (points.TryGetValue(Step, out var point)) Recall(point);
            }
        }
        finally
        {
            Volatile.Write(ref _trains, 0);
        }
    }

    // An evaluation that was measured before.
    void Recall(HistoryPoint point)
    {
        double training = Recent.Count == 0 ? double.NaN : Recent.Sum / Recent.Count;
        if (!training.Equals(point.TrainLoss))
            Throw.Invalid($"replay: the training loss at step {Step:N0} comes out as {training:R} and was recorded as "
                + $"{point.TrainLoss:R}: these steps were made by another version of the program, or on another kind "
                + "of processor: go back on the machine, and with the version, that they were made with");
        if (Step > 0) Plateau?.Step(point.Validated ? point.ValidationLoss : training);
        Recent = default;
        History.Add(point);
    }
}
