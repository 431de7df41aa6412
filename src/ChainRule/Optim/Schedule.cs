using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Optim;

/// <summary>
/// The learning rate as a function of the step, and of nothing else: training that is taken up again at a step needs no more than its number.
/// It is given to the optimiser in the place of a number:
/// <code>
/// var optimizer = new AdamW(model.Parameters(), Schedule.Cosine(peak: 6e-4, floor: 6e-5, warmup: 100, total: 5000));
/// </code>
/// A plain number is a schedule that stays. What depends on how training goes is <see cref="ReduceOnPlateau"/>.
/// </summary>
public abstract record Schedule
{
    /// <summary>The rate of a step, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    public double Rate(int step) => At(Setting.AtLeast("rate", "step", step, 0));

    /// <summary>η(t), for a step t of 0 or more.</summary>
    protected abstract double At(int t);

    /// <summary>The rate where it is the same at every step; null where it changes.</summary>
    internal virtual double? Number => null;

    /// <summary>η(t) = rate: see <see cref="Constant"/>.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Constant is its name.")]
    public static implicit operator Schedule(double learningRate) => new ConstantRate(learningRate);

    /// <summary>η(t) = rate.</summary>
    public static Schedule Constant(double rate) => new ConstantRate(NotNegative("constant", "rate", rate));

    /// <summary>η(t) = rate · γ^⌊t / every⌋: multiplied by γ after each so many steps. PyTorch's StepLR.</summary>
    public static Schedule Step(double rate, int every, double gamma = 0.1) =>
        new StepRate(NotNegative("step", "rate", rate), AtLeast("step", "every", every, 1), NotNegative("step", "gamma", gamma));

    /// <summary>One rate, then others from given steps on: <c>Piecewise(0.1, (100_000, 0.01))</c> is 0.1 in steps 0 … 99,999, then 0.01.</summary>
    /// <exception cref="ArgumentException">The steps do not rise from above 0.</exception>
    public static Schedule Piecewise(double rate, params (int From, double Rate)[] changes)
    {
        NotNegative("piecewise", "rate", rate);
        Throw.IfNull(changes, "piecewise schedule");
        int last = 0;
        foreach (var (from, next) in changes)
        {
            if (from <= last) Throw.Argument($"piecewise schedule: a change at step {from} after one at {last}: give steps that rise from 1 or more");
            NotNegative("piecewise", $"rate from step {from}", next);
            last = from;
        }
        return new PiecewiseRate(rate, [.. changes]);
    }

    /// <summary>η(t) = from + (to − from) · min(t, steps) / steps: a straight line, then level. PyTorch's LinearLR, but with two rates.</summary>
    public static Schedule Linear(double from, double to, int steps) =>
        new LinearRate(NotNegative("linear", "from", from), NotNegative("linear", "to", to), AtLeast("linear", "steps", steps, 1));

    /// <summary>
    /// A straight rise to the peak during warm-up, then half a cosine down to the floor, which stays. With W = warmup and T = total:
    /// <code>
    /// η(t) = peak · (t + 1) / (W + 1)                                       t &lt; W
    /// η(t) = floor + (peak − floor) · (1 + cos π (t − W) / (T − W)) / 2     W ≤ t ≤ T
    /// </code>
    /// nanoGPT's rule; cosine: Loshchilov and Hutter, "SGDR", 2016 (arXiv:1608.03983).
    /// </summary>
    /// <param name="peak">The rate at the end of warm-up.</param>
    /// <param name="floor">The rate from step T on.</param>
    /// <param name="warmup">W, below T; 0 for none.</param>
    /// <param name="total">T.</param>
    /// <param name="fromZero">Whether warm-up is t / W, which begins with a step of rate 0, as nanoGPT's first form did.</param>
    /// <exception cref="ArgumentException">Warm-up leaves no steps for the cosine, or a setting is outside of its range.</exception>
    public static Schedule Cosine(double peak, double floor, int warmup, int total, bool fromZero = false)
    {
        if (warmup < 0 || warmup >= total)
            Throw.Argument($"cosine schedule: warmup {warmup} of {total} steps: give 0 or more, and fewer than there are steps");
        return new CosineRate(NotNegative("cosine", "peak", peak), NotNegative("cosine", "floor", floor), warmup, total, fromZero);
    }

    /// <summary>η(t) = floor + (rate − floor) · (1 + cos π t / steps) / 2: after so many steps it rises again. PyTorch's CosineAnnealingLR.</summary>
    public static Schedule CosineAnnealing(double rate, int steps, double floor = 0) =>
        new AnnealingRate(NotNegative("cosine annealing", "rate", rate), NotNegative("cosine annealing", "floor", floor),
            AtLeast("cosine annealing", "steps", steps, 1));

    /// <summary>η(t) = rate · γᵗ. PyTorch's ExponentialLR.</summary>
    public static Schedule Exponential(double rate, double gamma) =>
        new StepRate(NotNegative("exponential", "rate", rate), 1, NotNegative("exponential", "gamma", gamma));

    /// <summary>η(t) = rate · factor(t), for any factor. PyTorch's LambdaLR. The factor must depend on the step alone.</summary>
    public static Schedule Lambda(double rate, Func<int, double> factor)
    {
        Throw.IfNull(factor, "lambda schedule");
        return new LambdaRate(NotNegative("lambda", "rate", rate), factor);
    }

    /// <summary>
    /// Half a cosine from the rate down to the floor, again and again: over T steps first, then over T · growth, T · growth² … PyTorch's
    /// CosineAnnealingWarmRestarts; Loshchilov and Hutter, "SGDR", 2016 (arXiv:1608.03983).
    /// </summary>
    /// <param name="rate">The rate that each cosine begins with.</param>
    /// <param name="period">T, the steps of the first cosine.</param>
    /// <param name="growth">How many times longer each cosine is than the one before: 1 or more.</param>
    /// <param name="floor">The rate that each goes down to.</param>
    public static Schedule WarmRestarts(double rate, int period, int growth = 1, double floor = 0) =>
        new RestartsRate(NotNegative("warm restarts", "rate", rate), NotNegative("warm restarts", "floor", floor),
            AtLeast("warm restarts", "period", period, 1), AtLeast("warm restarts", "growth", growth, 1));

    /// <summary>
    /// One schedule after another, each counting its steps from 0: <c>Sequential(Schedule.Linear(0, 0.1, 100), (100, Schedule.Exponential(0.1, 0.99)))</c>
    /// rises for 100 steps and then decays. PyTorch's SequentialLR.
    /// </summary>
    /// <exception cref="ArgumentException">The steps do not rise from above 0.</exception>
    public static Schedule Sequential(Schedule first, params (int From, Schedule Next)[] parts)
    {
        Throw.IfNull(first, "sequential schedule");
        Throw.IfNull(parts, "sequential schedule");
        int last = 0;
        foreach (var (from, next) in parts)
        {
            if (next is null) Throw.Argument($"sequential schedule: the part from step {from} is null: give a schedule");
            if (from <= last) Throw.Argument($"sequential schedule: a part from step {from} after one from {last}: give steps that rise from 1 or more");
            last = from;
        }
        return new SequentialRate(first, [.. parts]);
    }

    /// <summary>
    /// Half a cosine up to the peak, and half a cosine down to almost nothing, which stays: from peak / divide, by the peak at step rise · total − 1,
    /// to peak / divide / finalDivide at step total − 1. PyTorch's OneCycleLR, for the rate alone. Smith and Topin, "Super-convergence", 2017
    /// (arXiv:1708.07120).
    /// </summary>
    /// <param name="peak">The greatest rate.</param>
    /// <param name="total">How many steps there are.</param>
    /// <param name="rise">The share of steps that goes up, from 0 to 1.</param>
    /// <param name="divide">How many times smaller than the peak the first rate is.</param>
    /// <param name="finalDivide">How many times smaller than the first rate the last is.</param>
    /// <exception cref="ArgumentException">A setting is outside of its range.</exception>
    public static Schedule OneCycle(double peak, int total, double rise = 0.3, double divide = 25, double finalDivide = 1e4)
    {
        if (!(rise >= 0 && rise <= 1)) Throw.OutOfRange($"one-cycle schedule: rise {rise}: give a share from 0 to 1");
        if (!(divide > 0)) Throw.OutOfRange($"one-cycle schedule: divide {divide}: give a number above 0");
        if (!(finalDivide > 0)) Throw.OutOfRange($"one-cycle schedule: final divide {finalDivide}: give a number above 0");
        return new OneCycleRate(NotNegative("one-cycle", "peak", peak), AtLeast("one-cycle", "total", total, 2), rise, divide, finalDivide);
    }

    /// <summary>Half a cosine from one rate to another, as the share of the way goes from 0 to 1.</summary>
    static double Bend(double from, double to, double share) => to + (from - to) * (1 + Math.Cos(Math.PI * share)) / 2;

    static double NotNegative(string schedule, string name, double x) => Setting.NotNegative($"{schedule} schedule", name, x);

    static int AtLeast(string schedule, string name, int x, int least) => Setting.AtLeast($"{schedule} schedule", name, x, least);

    sealed record ConstantRate(double Value) : Schedule
    {
        internal override double? Number => Value;

        protected override double At(int t) => NotNegative("constant", "rate", Value);
    }

    sealed record StepRate(double First, int Every, double Gamma) : Schedule
    {
        protected override double At(int t) => First * Math.Pow(Gamma, t / Every);
    }

    sealed record PiecewiseRate(double First, (int From, double Rate)[] Changes) : Schedule
    {
        protected override double At(int t)
        {
            double rate = First;
            foreach (var change in Changes)
                if (t >= change.From) rate = change.Rate;
            return rate;
        }
    }

    sealed record LinearRate(double First, double Last, int Steps) : Schedule
    {
        protected override double At(int t) => t < Steps ? First + (Last - First) * t / Steps : Last;
    }

    sealed record CosineRate(double Peak, double Floor, int Warmup, int Total, bool FromZero) : Schedule
    {
        protected override double At(int t)
        {
            if (t < Warmup) return FromZero ? Peak * t / Warmup : Peak * (t + 1) / (Warmup + 1);
            return t > Total ? Floor : Bend(Peak, Floor, (double)(t - Warmup) / (Total - Warmup));
        }
    }

    sealed record AnnealingRate(double First, double Floor, int Steps) : Schedule
    {
        protected override double At(int t) => Bend(First, Floor, (double)t / Steps);
    }

    sealed record LambdaRate(double First, Func<int, double> Factor) : Schedule
    {
        protected override double At(int t) => NotNegative("lambda", $"rate of step {t}", First * Factor(t));
    }

    sealed record RestartsRate(double First, double Floor, int Period, int Growth) : Schedule
    {
        protected override double At(int t)
        {
            long left = Growth == 1 ? t % Period : t, period = Period;
            for (; left >= period; period *= Growth) left -= period;
            return Bend(First, Floor, (double)left / period);
        }
    }

    sealed record SequentialRate(Schedule First, (int From, Schedule Next)[] Parts) : Schedule
    {
        protected override double At(int t)
        {
            var (from, now) = (0, First);
            foreach (var part in Parts)
                if (t >= part.From) (from, now) = part;
            return now.Rate(t - from);
        }
    }

    sealed record OneCycleRate(double Peak, int Total, double Rise, double Divide, double FinalDivide) : Schedule
    {
        protected override double At(int t)
        {
            double first = Peak / Divide, last = first / FinalDivide, top = Rise * Total - 1;
            t = Math.Min(t, Total - 1);
            return t < top ? Bend(first, Peak, t / top) : t == top ? Peak : Bend(Peak, last, (t - top) / (Total - 1 - top));
        }
    }
}
