using System.Globalization;
using ChainRule.Optim;

namespace ChainRule.Diagnostics;

/// <summary>
/// Which learning rate? Trains through rates from far too small to far too large, one step each, equally spaced in their logarithm. Where the
/// loss still falls fast, just before it turns, lies a rate to begin with; where it climbs, the rate is too high.
/// <code>
/// var sweep = LearningRateSweep.Run(() => Loss(Batch()), new Sgd(model.Parameters()), from: 1e-3, to: 1);
/// optimizer.Rate = sweep.Best;
/// </code>
/// </summary>
/// <remarks>Smith, "Cyclical learning rates for training neural networks", 2015 (arXiv:1506.01186); makemore part 2.</remarks>
public static class LearningRateSweep
{
    /// <summary>Trains one step a rate, and puts the parameters and the optimiser back as they were; what the loss drew stays drawn.</summary>
    /// <param name="loss">Computes the loss of the next batch.</param>
    /// <param name="optimizer">Holds the parameters, and changes them.</param>
    /// <param name="from">The first rate.</param>
    /// <param name="to">The last rate, above the first.</param>
    /// <param name="steps">How many rates, and so how many steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rates do not rise from above 0, or there are fewer than 2 steps.</exception>
    public static LearningRateSweepResult Run(Func<Tensor> loss, Optimizer optimizer, double from = 1e-3, double to = 1, int steps = 1000)
    {
        if (!(from > 0 && to > from && double.IsFinite(to))) Throw.OutOfRange($"learning-rate sweep: from {from} to {to}: give rates that rise from above 0");
        if (steps < 2) Throw.OutOfRange($"learning-rate sweep: {steps} steps: give 2 or more, one for each rate");
        double rate = optimizer.Rate;
        Tensor[] parameters = [.. optimizer.Parameters.Select(w => w.Detach().Clone())];
        KeyValuePair<string, Tensor>[] state = [.. optimizer.State.Select(s => KeyValuePair.Create(s.Key, s.Value.Clone()))];
        List<double> rates = [], losses = [];
        try
        {
            for (int i = 0; i < steps; i++)
            {
                using var step = Scope.Begin("learning-rate sweep");
                optimizer.Rate = from * Math.Pow(to / from, (double)i / (steps - 1));
                var l = loss();
                rates.Add(optimizer.Rate);
                losses.Add(l.Item());
                if (!double.IsFinite(losses[^1])) break;
                optimizer.ZeroGrad();
                l.Backward();
                optimizer.Step();
            }
        }
        finally
        {
            for (int i = 0; i < parameters.Length; i++) optimizer.Parameters[i].CopyInPlace(parameters[i]);
            optimizer.Load(state);
            optimizer.ZeroGrad();
            optimizer.Rate = rate;
        }
        return new(rates, losses);
    }
}

/// <summary>The loss at each rate of a sweep; prints as a verdict.</summary>
/// <param name="Rates">The rates, rising; those after the loss was no longer finite were not tried.</param>
/// <param name="Losses">The loss of the batch that was then trained on with that rate.</param>
public sealed record LearningRateSweepResult(IReadOnlyList<double> Rates, IReadOnlyList<double> Losses)
{
    /// <summary>
    /// The losses without the chatter of small batches: each the mean of those within a twentieth of the sweep on either side; fewer at the ends,
    /// so that both sides have as many.
    /// </summary>
    public IReadOnlyList<double> Smoothed { get; } = Smooth(Losses);

    /// <summary>The rate at the bottom of the valley of the smoothed losses.</summary>
    public double Best => Rates[Bottom];

    /// <summary>Whether there is a valley: the smoothed loss fell by a twentieth or more, and rose again.</summary>
    public bool Passed => Fell && Bottom < Losses.Count - 1;

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
        $"learning-rate sweep: {Rates[0]:0.##e-0} to {Rates[^1]:0.##e-0} in {Rates.Count} steps, loss {Smoothed[0]:0.0000}, lowest {Smoothed[Bottom]:0.0000}: {Verdict}");

    string Verdict =>
        Passed ? string.Create(CultureInfo.InvariantCulture, $"the valley lies at {Best:0.0e-0}")
        : Fell ? "it still falls at the end: sweep to higher rates"
        : Bottom == 0 && !(Smoothed[^1] <= Smoothed[0]) ? "it only rises: sweep from lower rates"
        : "there is no valley: sweep further, or no gradient comes through";

    static double[] Smooth(IReadOnlyList<double> losses)
    {
        int reach = losses.Count / 20;
        var smoothed = new double[losses.Count];
        for (int i = 0; i < smoothed.Length; i++)
        {
            int side = Math.Min(reach, Math.Min(i, smoothed.Length - 1 - i));
            for (int k = i - side; k <= i + side; k++) smoothed[i] += losses[k];
            smoothed[i] /= 2 * side + 1;
        }
        return smoothed;
    }
}
