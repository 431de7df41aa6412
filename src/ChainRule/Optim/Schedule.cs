using System.Runtime.CompilerServices;
using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Optim;

/// <summary>
/// The learning rate as a function of the step, and of nothing else: training that is taken up again at a step needs no
/// more than its number. It is given to the optimiser in the place of a number:
/// <code>
/// var cosine = Schedule.Cosine(maxLearningRate: 6e-4, minLearningRate: 6e-5, warmup: 100, total: 5000);
/// var optimizer = new AdamW(model.Parameters(), cosine);
/// </code>
/// A plain number is a schedule that stays. What depends on how training goes is <see cref="ReduceOnPlateau"/>.
/// </summary>
public abstract record Schedule
{
    /// <summary>The learning rate of a step, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    public double LearningRate(int step) => At(Setting.AtLeast("learning rate", "step", step, 0));

    /// <summary>η(t), for a step t of 0 or more.</summary>
    protected abstract double At(int t);

    /// <summary>The learning rate where it is the same at every step; null where it changes.</summary>
    internal virtual double? Number => null;

    /// <summary>η(t) = learningRate: see <see cref="Constant"/>.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Constant is its name.")]
    public static implicit operator Schedule(double learningRate) => new ConstantRate(learningRate);

    /// <summary>η(t) = learningRate.</summary>
    public static Schedule Constant(double learningRate) =>
        new ConstantRate(NotNegative("constant", "learning rate", learningRate));

    /// <summary>η(t) = learningRate · γ^⌊t / every⌋: multiplied by γ every this many steps. PyTorch's StepLR.</summary>
    public static Schedule Step(double learningRate, int every, double gamma = 0.1) =>
        new StepRate(NotNegative("step", "learning rate", learningRate), AtLeast("step", "every", every, 1),
            NotNegative("step", "gamma", gamma));

    /// <summary>
    /// One learning rate, then others from given steps on: <c>Piecewise(0.1, (100_000, 0.01))</c> is 0.1 in steps 0 …
    /// 99,999, then 0.01.
    /// </summary>
    /// <exception cref="ArgumentException">The steps do not rise from above 0.</exception>
    public static Schedule Piecewise(double learningRate, params (int From, double LearningRate)[] changes)
    {
        NotNegative("piecewise", "learning rate", learningRate);
        Throw.IfNull(changes, "piecewise schedule");
        int last = 0;
        foreach (var (from, next) in changes)
        {
            if (from <= last)
                Throw.Argument($"piecewise schedule: a change at step {from} after one at {last}: give steps that rise "
                    + "from 1 or more", nameof(changes));
            NotNegative("piecewise", $"learning rate from step {from}", next);
            last = from;
        }
        return new PiecewiseRate(learningRate, [.. changes]);
    }

    /// <summary>
    /// η(t) = from + (to − from) · min(t, steps) / steps: a straight line, then level. PyTorch's LinearLR, but with
    /// two learning rates.
    /// </summary>
    public static Schedule Linear(double from, double to, int steps) =>
        new LinearRate(NotNegative("linear", "from", from), NotNegative("linear", "to", to),
            AtLeast("linear", "steps", steps, 1));

    /// <summary>
    /// A straight rise to the peak during warm-up, then half a cosine down to the minimum, which stays. With
    /// W = warmup and T = total:
    /// <code lang="math">
    /// η(t) = max · (t + 1) / (W + 1)                                     t &lt; W
    /// η(t) = min + (max − min) · (1 + cos π (t − W) / (T − W)) / 2     W ≤ t ≤ T
    /// </code>
    /// nanoGPT's rule; cosine: Loshchilov and Hutter, "SGDR", 2016 (arXiv:1608.03983).
    /// </summary>
    /// <param name="maxLearningRate">The learning rate at the end of warm-up.</param>
    /// <param name="minLearningRate">The learning rate from step T on.</param>
    /// <param name="warmup">W, below T; 0 if there is none.</param>
    /// <param name="total">T.</param>
    /// <param name="fromZero">Whether warm-up is t / W, which begins with a step of learning rate 0, as
    /// nanoGPT's first form did.</param>
    /// <exception cref="ArgumentException">Warm-up leaves no steps for the cosine, or a setting is outside
    /// of its range.</exception>
    public static Schedule Cosine(double maxLearningRate, double minLearningRate, int warmup, int total,
        bool fromZero = false)
    {
        if (warmup < 0 || warmup >= total)
            Throw.Argument($"cosine schedule: warmup {warmup} of {total} steps: give 0 or more, and fewer than there "
                + "are steps", nameof(warmup));
        return new CosineRate(NotNegative("cosine", "maximum learning rate", maxLearningRate),
            NotNegative("cosine", "minimum learning rate", minLearningRate), warmup, total, fromZero);
    }

    /// <summary>
    /// η(t) = min + (learningRate − min) · (1 + cos π t / steps) / 2: after <c>steps</c> steps it rises again.
    /// PyTorch's CosineAnnealingLR.
    /// </summary>
    public static Schedule CosineAnnealing(double learningRate, int steps, double minLearningRate = 0) =>
        new AnnealingRate(NotNegative("cosine annealing", "learning rate", learningRate),
            NotNegative("cosine annealing", "minimum learning rate", minLearningRate),
            AtLeast("cosine annealing", "steps", steps, 1));

    /// <summary>η(t) = learningRate · γᵗ. PyTorch's ExponentialLR.</summary>
    public static Schedule Exponential(double learningRate, double gamma) =>
        new StepRate(NotNegative("exponential", "learning rate", learningRate), 1,
            NotNegative("exponential", "gamma", gamma));

    /// <summary>
    /// η(t) = learningRate · factor(t), for any factor. PyTorch's LambdaLR. The factor must depend on the step alone.
    /// </summary>
    public static Schedule Lambda(double learningRate, Func<int, double> factor)
    {
        Throw.IfNull(factor, "lambda schedule");
        return new LambdaRate(NotNegative("lambda", "learning rate", learningRate), factor);
    }

    /// <summary>
    /// Half a cosine from the learning rate down to the minimum, again and again: over T steps first, then
    /// over T · growth, T · growth² … PyTorch's CosineAnnealingWarmRestarts; Loshchilov and Hutter, "SGDR",
    /// 2016 (arXiv:1608.03983).
    /// </summary>
    /// <param name="learningRate">The learning rate that each cosine begins with.</param>
    /// <param name="period">T, the steps of the first cosine.</param>
    /// <param name="growth">How many times longer each cosine is than the one before: 1 or more.</param>
    /// <param name="minLearningRate">The learning rate that each goes down to.</param>
    public static Schedule WarmRestarts(double learningRate, int period, int growth = 1, double minLearningRate = 0) =>
        new RestartsRate(NotNegative("warm restarts", "learning rate", learningRate),
            NotNegative("warm restarts", "minimum learning rate", minLearningRate),
            AtLeast("warm restarts", "period", period, 1), AtLeast("warm restarts", "growth", growth, 1));

    /// <summary>
    /// One schedule after another, each counting its steps from 0: <c>Sequential(Schedule.Linear(0, 0.1, 100), (100,
    /// Schedule.Exponential(0.1, 0.99)))</c> rises for 100 steps and then decays. PyTorch's SequentialLR.
    /// </summary>
    /// <exception cref="ArgumentException">The steps do not rise from above 0.</exception>
    public static Schedule Sequential(Schedule first, params (int From, Schedule Next)[] parts)
    {
        Throw.IfNull(first, "sequential schedule");
        Throw.IfNull(parts, "sequential schedule");
        int last = 0;
        foreach (var (from, next) in parts)
        {
            if (next is null)
                Throw.Argument($"sequential schedule: the part from step {from} is null: give a schedule",
                    nameof(parts));
            if (from <= last)
                Throw.Argument($"sequential schedule: a part from step {from} after one from {last}: give steps that "
                    + "rise from 1 or more", nameof(parts));
            last = from;
        }
        return new SequentialRate(first, [.. parts]);
    }

    /// <summary>
    /// Half a cosine up to the peak, and half a cosine down to almost nothing, which stays: from max / divFactor, by
    /// the peak at step pctStart · total − 1, to max / (divFactor · finalDivFactor) at step total − 1. PyTorch's
    /// OneCycleLR, for the learning rate alone. Smith and Topin, "Super-convergence", 2017 (arXiv:1708.07120).
    /// </summary>
    /// <param name="maxLearningRate">The greatest learning rate.</param>
    /// <param name="total">How many steps there are.</param>
    /// <param name="pctStart">The fraction of steps that goes up, from 0 to 1.</param>
    /// <param name="divFactor">How many times smaller than the peak the first learning rate is.</param>
    /// <param name="finalDivFactor">How many times smaller than the first learning rate the last is.</param>
    /// <exception cref="ArgumentException">A setting is outside of its range.</exception>
    public static Schedule OneCycle(double maxLearningRate, int total, double pctStart = 0.3, double divFactor = 25,
        double finalDivFactor = 1e4)
    {
        if (!(pctStart >= 0 && pctStart <= 1))
            Throw.OutOfRange($"one-cycle schedule: pctStart {pctStart}: give a fraction from 0 to 1", nameof(pctStart));
        if (!(divFactor > 0))
            Throw.OutOfRange($"one-cycle schedule: divFactor {divFactor}: give a number above 0", nameof(divFactor));
        if (!(finalDivFactor > 0))
            Throw.OutOfRange($"one-cycle schedule: finalDivFactor {finalDivFactor}: give a number above 0",
                nameof(finalDivFactor));
        return new OneCycleRate(NotNegative("one-cycle", "maximum learning rate", maxLearningRate),
            AtLeast("one-cycle", "total", total, 2), pctStart, divFactor, finalDivFactor);
    }

    /// <summary>Half a cosine from one learning rate to another, as the fraction of the way goes from 0 to 1.</summary>
    static double HalfCosine(double from, double to, double fraction) =>
        to + (from - to) * (1 + Math.Cos(Math.PI * fraction)) / 2;

    static double NotNegative(string schedule, string name, double x,
        [CallerArgumentExpression(nameof(x))] string parameter = "") =>
        Setting.NotNegative($"{schedule} schedule", name, x, parameter);

    static int AtLeast(string schedule, string name, int x, int least,
        [CallerArgumentExpression(nameof(x))] string parameter = "") =>
        Setting.AtLeast($"{schedule} schedule", name, x, least, parameter);

    sealed record ConstantRate(double Value) : Schedule
    {
        internal override double? Number => Value;

        protected override double At(int t) => NotNegative("constant", "learning rate", Value);
    }

    sealed record StepRate(double Initial, int Every, double Gamma) : Schedule
    {
        protected override double At(int t) => Initial * Math.Pow(Gamma, t / Every);
    }

    sealed record PiecewiseRate(double Initial, (int From, double LearningRate)[] Changes) : Schedule
    {
        protected override double At(int t)
        {
            double learningRate = Initial;
            foreach (var change in Changes)
                if (t >= change.From) learningRate = change.LearningRate;
            return learningRate;
        }
    }

    sealed record LinearRate(double Initial, double Last, int Steps) : Schedule
    {
        protected override double At(int t) => t < Steps ? Initial + (Last - Initial) * t / Steps : Last;
    }

    sealed record CosineRate(double Max, double Min, int Warmup, int Total, bool FromZero) : Schedule
    {
        protected override double At(int t)
        {
            if (t < Warmup) return FromZero ? Max * t / Warmup : Max * (t + 1) / (Warmup + 1);
            return t > Total ? Min : HalfCosine(Max, Min, (double)(t - Warmup) / (Total - Warmup));
        }
    }

    sealed record AnnealingRate(double Initial, double Min, int Steps) : Schedule
    {
        protected override double At(int t) => HalfCosine(Initial, Min, (double)t / Steps);
    }

    sealed record LambdaRate(double Initial, Func<int, double> Factor) : Schedule
    {
        protected override double At(int t) => NotNegative("lambda", $"learning rate of step {t}", Initial * Factor(t));
    }

    sealed record RestartsRate(double Initial, double Min, int Period, int Growth) : Schedule
    {
        protected override double At(int t)
        {
            long left = Growth == 1 ? t % Period : t, period = Period;
            for (; left >= period; period *= Growth) left -= period;
            return HalfCosine(Initial, Min, (double)left / period);
        }
    }

    sealed record SequentialRate(Schedule Initial, (int From, Schedule Next)[] Parts) : Schedule
    {
        protected override double At(int t)
        {
            var (from, now) = (0, Initial);
            foreach (var part in Parts)
                if (t >= part.From) (from, now) = part;
            return now.LearningRate(t - from);
        }
    }

    sealed record OneCycleRate(double Max, int Total, double PctStart, double DivFactor, double FinalDivFactor)
        : Schedule
    {
        protected override double At(int t)
        {
            double first = Max / DivFactor, last = first / FinalDivFactor, top = PctStart * Total - 1;
            t = Math.Min(t, Total - 1);
            return t < top ? HalfCosine(first, Max, t / top)
                : t == top ? Max : HalfCosine(Max, last, (t - top) / (Total - 1 - top));
        }
    }
}
