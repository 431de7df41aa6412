using System.Globalization;
using ChainRule.Distributed;
using ChainRule.Training;

namespace ChainRule.Zoo.Runs;

/// <summary>What a worker's time went into between two evaluations.</summary>
/// <param name="Computing">Seconds a step in which it computed.</param>
/// <param name="Waiting">Seconds a step in which it waited for others.</param>
/// <param name="Sent">Bytes a step that it sent.</param>
public sealed record WorkerTime(double Computing, double Waiting, double Sent);

/// <summary>The workers of a run up to a step, since the evaluation before it.</summary>
/// <param name="Step">The step.</param>
/// <param name="Workers">One for each worker, in their order.</param>
public sealed record WorkerTimes(int Step, IReadOnlyList<WorkerTime> Workers)
{
    // Others wait for who is so much slower than most.
    const double Slow = 1.5;

    /// <summary>The worker that the others wait for; null if they are alike.</summary>
    public int? Straggler
    {
        get
        {
            if (Workers.Count < 2) return null;
            int slowest = Enumerable.Range(0, Workers.Count).MaxBy(rank => Workers[rank].Computing);
            double[] others = [.. Workers.Where((_, rank) => rank != slowest).Select(one => one.Computing).Order()];
            return Workers[slowest].Computing > Slow * others[others.Length / 2] ? slowest : null;
        }
    }

    /// <summary>In a line.</summary>
    public override string ToString()
    {
        if (Workers is [var alone])
            return string.Create(CultureInfo.InvariantCulture, $"1 worker: a step computes {1000
                * alone.Computing:0.0} ms");
        string line = string.Create(CultureInfo.InvariantCulture,
            $"{Workers.Count} workers: a step computes {Range(one => one.Computing)}, waits "
            + $"{Range(one => one.Waiting)}, sends {Workers.Average(one => one.Sent) / 1e6:0.00} MB each");
        return Straggler is not { } slow ? line : string.Create(CultureInfo.InvariantCulture,
            $"{line}; the others wait for worker {slow}, which takes {Workers[slow].Computing
                / Workers.Where((_, rank) => rank != slow).Average(one => one.Computing):0.0} times as long");
    }

    string Range(Func<WorkerTime, double> of)
    {
        double[] ms = [.. Workers.Select(one => 1000 * of(one)).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{ms[0]:0.0} to {ms[^1]:0.0} ms");
    }
}

/// <summary>Adds up what the workers' time goes into, from one evaluation to the next.</summary>
sealed class WorkerWatch
{
    readonly ITrainer _trainer;
    readonly List<(double Computing, double Waiting)> _sums = [];
    long[] _sentBefore = [];
    int _steps;

    /// <param name="trainer">What trains.</param>
    /// <param name="measured">Called at every evaluation of a run that is trained by several.</param>
    public WorkerWatch(ITrainer trainer, Action<WorkerTimes> measured)
    {
        _trainer = trainer;
        trainer.Stepped += (_, _) => Add();
        trainer.Evaluated += point =>
        {
            if (_steps > 0) measured(Take(point.Step));
        };
    }

    void Add()
    {
        var times = _trainer.WorkerTimes;
        if (times.Count == 0) return;
        // A group of another size begins anew.
        if (_sums.Count != times.Count)
        {
            _sums.Clear();
            _sums.AddRange(new (double, double)[times.Count]);
            (_steps, _sentBefore) = (0, [.. times.Select(one => one.BytesSent)]);
            return;
        }
        for (int i = 0; i < times.Count; i++)
            _sums[i] = (_sums[i].Computing + times[i].SecondsComputing, _sums[i].Waiting + times[i].SecondsWaiting);
        _steps++;
    }

    WorkerTimes Take(int step)
    {
        var times = _trainer.WorkerTimes;
        var taken = new WorkerTimes(step, [.. _sums.Select((sum, i) => new WorkerTime(sum.Computing / _steps,
            sum.Waiting / _steps, (double)(times[i].BytesSent - _sentBefore[i]) / _steps))]);
        for (int i = 0; i < _sums.Count; i++) _sums[i] = default;
        (_steps, _sentBefore) = (0, [.. times.Select(one => one.BytesSent)]);
        return taken;
    }
}
