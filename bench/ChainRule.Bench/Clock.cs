namespace ChainRule.Bench;

/// <summary>Warms a workload up, finds how many steps make a round, and times rounds.</summary>
sealed class Clock
{
    // Long enough for the runtime to have compiled the loops a second time, with what it has learned by then.
    const int WarmSteps = 60;
    const double WarmSeconds = 0.5, LongestWarmUp = 5, RoundSeconds = 0.3;

    readonly Workload _work;
    readonly TimeProvider _time;
    readonly List<double> _rounds = [];

    public Clock(Workload work, TimeProvider? time = null)
    {
        (_work, _time) = (work, time ?? TimeProvider.System);
        long start = _time.GetTimestamp();
        double seconds = 0;
        for (int steps = 0; (steps < WarmSteps || seconds < WarmSeconds) && seconds < LongestWarmUp; steps++)
        {
            work.Step();
            seconds = _time.GetElapsedTime(start).TotalSeconds;
        }
        Steps = 1;
        Steps = (int)Math.Max(1, Math.Round(RoundSeconds / Math.Max(Time(), 1e-7)));
    }

    /// <summary>How many steps make a round.</summary>
    public int Steps { get; }

    /// <summary>Seconds a step, round by round.</summary>
    public IReadOnlyList<double> Rounds => _rounds;

    /// <summary>Bytes that a step of the last round allocated on its own thread.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Times one more round.</summary>
    public double Round()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        double seconds = Time();
        AllocatedBytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Steps;
        _rounds.Add(seconds);
        return seconds;
    }

    double Time()
    {
        long start = _time.GetTimestamp();
        for (int i = 0; i < Steps; i++) _work.Step();
        return _time.GetElapsedTime(start).TotalSeconds / Steps;
    }
}
