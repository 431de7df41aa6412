using System.Globalization;
using ChainRule.Optim;

namespace ChainRule.Diagnostics;

/// <summary>
/// Which learning rate? Trains through learning rates from far too small to far too large, one step each, equally
/// spaced in their logarithm. Where the loss still falls fast, just before it turns, lies a learning rate to begin
/// with; where it climbs, the learning rate is too high.
/// <code>
/// var optimizer = new Sgd(model.Parameters());
/// var sweep = LearningRateSweep.Run(() => model.Forward(x).CrossEntropy(y), optimizer, from: 1e-3, to: 1);
/// optimizer.LearningRate = sweep.Best;
/// </code>
/// </summary>
/// <remarks>
/// Smith, "Cyclical learning rates for training neural networks", 2015 (arXiv:1506.01186); makemore part 2.
/// </remarks>
public static class LearningRateSweep
{
    /// <summary>
    /// Trains one step a learning rate, and puts the parameters, the optimiser, and all that the loss wrote in place,
    /// such as running statistics, back as they were; what it drew from generators stays drawn. A loss or a gradient
    /// that is NaN or infinite ends the sweep: its learning rate is too high.
    /// </summary>
    /// <param name="loss">Computes the loss of the next batch.</param>
    /// <param name="optimizer">Holds the parameters, and changes them.</param>
    /// <param name="from">The first learning rate.</param>
    /// <param name="to">The last learning rate, above the first.</param>
    /// <param name="steps">How many learning rates, and so how many steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">The learning rates do not rise from above 0, or there are fewer
    /// than 2 steps.</exception>
    public static LearningRateSweepResult Run(Func<Tensor> loss, Optimizer optimizer, double from = 1e-3, double to = 1,
        int steps = 1000)
    {
        Throw.IfNull(loss, "learning-rate sweep");
        Throw.IfNull(optimizer, "learning-rate sweep");
        if (!(from > 0 && to > from && double.IsFinite(to)))
            Throw.OutOfRange($"learning-rate sweep: from {from} to {to}: give rates that rise from above 0",
                nameof(from));
        if (steps < 2)
            Throw.OutOfRange($"learning-rate sweep: {steps} steps: give 2 or more, one for each rate", nameof(steps));
        double rate = optimizer.LearningRate;
        if (optimizer.Schedule is not null)
            Throw.Argument($"learning-rate sweep: the learning rate of {optimizer.GetType().Name} follows a schedule: "
                + "give an optimiser that was made with a number",
                nameof(optimizer));
        var journal = Journal.Begin();
        KeyValuePair<string, Tensor>[] state =
            [.. optimizer.State.Select(s => KeyValuePair.Create(s.Key, s.Value.Clone()))];
        List<double> rates = [], losses = [];
        try
        {
            for (int i = 0; i < steps; i++)
            {
                using var step = Scope.Begin("learning-rate sweep");
                optimizer.LearningRate = from * Math.Pow(to / from, (double)i / (steps - 1));
                var l = loss();
                rates.Add(optimizer.LearningRate);
                losses.Add(l.Item());
                if (!double.IsFinite(losses[^1])) break;
                optimizer.ZeroGrad();
                l.Backward();
                if (optimizer.HasBadGradient()) break;
                optimizer.Step();
            }
        }
        finally
        {
            journal.Dispose();
            optimizer.Load(state);
            optimizer.ZeroGrad();
            optimizer.LearningRate = rate;
        }
        return new(rates, losses);
    }
}

/// <summary>The loss at each learning rate of a sweep; prints as a verdict.</summary>
/// <param name="LearningRates">The learning rates, rising; those after the loss was no longer
/// finite were not tried.</param>
/// <param name="Losses">The loss of the batch that was then trained on with that learning rate.</param>
public sealed record LearningRateSweepResult(IReadOnlyList<double> LearningRates, IReadOnlyList<double> Losses)
{
    /// <summary>
    /// The losses without the chatter of small batches: each the mean of those within a twentieth of the sweep on
    /// either side; fewer at the ends, so that both sides have as many. One that is not finite is left as it is.
    /// </summary>
    public IReadOnlyList<double> Smoothed { get; } = Smooth(Losses);

    /// <summary>
    /// The learning rate at the bottom of the valley of the smoothed losses; a loss that is not finite is no bottom.
    /// </summary>
    /// <exception cref="InvalidOperationException">No loss is finite.</exception>
    public double Best
    {
        get
        {
            if (!IsFinite)
                Throw.Invalid($"learning-rate sweep: the loss is {Losses[0]} before any step, so no rate is the best: "
                    + "look for its cause with NanWatch");
            return LearningRates[Bottom];
        }
    }

    /// <summary>Whether there is a valley: the smoothed loss fell by a twentieth or more, and rose again.</summary>
    public bool Passed => Fell && Bottom < Losses.Count - 1;

    bool IsFinite => Losses.Count > 0 && double.IsFinite(Smoothed[0]);

    bool Fell => Smoothed[0] - Smoothed[Bottom] > Math.Abs(Smoothed[0]) / 20;

    int Bottom
    {
        get
        {
            int bottom = 0;
            for (int i = 1; i < Smoothed.Count; i++) if (Smoothed[i] < Smoothed[bottom]) bottom = i;
            return bottom;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"learning-rate sweep: {LearningRates[0]:0.##e-0} to {LearningRates[^1]:0.##e-0} in {LearningRates.Count} "
        + $"steps, loss {Smoothed[0]:0.0000}, lowest {Smoothed[Bottom]:0.0000}: {Verdict}");

    string Verdict =>
        !IsFinite ? "the loss is not finite before any step: find the op with NanWatch"
        : Passed ? string.Create(CultureInfo.InvariantCulture, $"the valley lies at {Best:0.0e-0}")
        : Fell ? "it still falls at the end: sweep to higher rates"
        : Bottom == 0 && !(Smoothed[^1] <= Smoothed[0]) ? "it only rises: sweep from lower rates"
        : "there is no valley: sweep further, or no gradient comes through";

    static double[] Smooth(IReadOnlyList<double> losses)
    {
        Throw.IfNull(losses, "learning-rate sweep", parameter: nameof(Losses));
        int reach = losses.Count / 20;
        double[] smoothed = new double[losses.Count];
        // The loss that ended the sweep is no part of any mean.
        int finite = 0;
        while (finite < losses.Count && double.IsFinite(losses[finite])) finite++;
        for (int i = finite; i < smoothed.Length; i++) smoothed[i] = losses[i];
        for (int i = 0; i < finite; i++)
        {
            int side = Math.Min(reach, Math.Min(i, finite - 1 - i));
            for (int k = i - side; k <= i + side; k++) smoothed[i] += losses[k];
            smoothed[i] /= 2 * side + 1;
        }
        return smoothed;
    }
}
