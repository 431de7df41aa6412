using System.Diagnostics;

namespace ChainRule.Lab.Playground;

/// <summary>
/// Makes steps on a thread of its own while the playground plays, in slices between which requests are answered. It
/// rests while nobody has looked for a while, as a tab in the background, and goes on when somebody does.
/// </summary>
sealed class Player : IDisposable
{
    // A slice must be short beside a frame, and long beside the beginning of a Fit.
    static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(8), s_patience = TimeSpan.FromSeconds(2);

    readonly Lock _gate = new(), _waking = new();
    readonly AutoResetEvent _woken = new(false);
    Thread? _thread;
    Timeline? _line;
    volatile int _waiting;
    volatile bool _playing, _ended;
    long _looked, _measured;
    double _perSecond, _credit;
    int _measuredStep;

    public bool Playing => _playing;

    /// <summary>Steps a second lately, while it plays.</summary>
    public double StepsPerSecond { get; private set; }

    /// <summary>Does something with the training while no step is being made.</summary>
    public T With<T>(Func<Timeline?, T> work)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            lock (_gate)
            {
                _looked = Stopwatch.GetTimestamp();
                return work(_line);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            Wake();
        }
    }

    /// <summary>Takes another training.</summary>
    public void Take(Timeline line) => With(_ =>
    {
        (_line, _playing, StepsPerSecond) = (line, false, 0);
        return true;
    });

    public void Play(double stepsPerSecond) => With(line =>
    {
        (_perSecond, _credit, _playing) = (stepsPerSecond, 0, line is { Broken: null });
        (_measured, _measuredStep) = (Stopwatch.GetTimestamp(), line?.Step ?? 0);
        // Where there are no threads, the host gives time.
        if (OperatingSystem.IsBrowser() || _thread is not null) return true;
        _thread = new(Run) { IsBackground = true, Name = "playground" };
        _thread.Start();
        return true;
    });

    public void Pause() => With(_ => _playing = false);

    /// <summary>Makes the steps of a slice, where there is no thread to make them, and says when more are due; null if
    /// none is.</summary>
    public TimeSpan? Slice()
    {
        if (Rests) return null;
        Advance(_line!);
        return Due;
    }

    public void Dispose()
    {
        lock (_waking)
        {
            _ended = true;
            _woken.Set();
        }
        if (!OperatingSystem.IsBrowser()) _thread?.Join();
        _woken.Dispose();
    }

    // Whoever asks while it is ended, such as for the memory that all sessions take, wakes nobody.
    void Wake()
    {
        lock (_waking)
            if (!_ended) _woken.Set();
    }

    void Run()
    {
        while (!_ended)
        {
            // Who waits goes first: a lock alone is not fair.
            while (_waiting > 0 && !_ended) Thread.Yield();
            bool rests;
            lock (_gate)
            {
                rests = Rests;
                if (!rests) Advance(_line!);
            }
            if (rests) _woken.WaitOne();
            else if (Due > TimeSpan.Zero) _woken.WaitOne(Due);
        }
    }

    bool Rests => !_playing || Stopwatch.GetElapsedTime(_looked) > s_patience;

    TimeSpan Due => _perSecond > 0 && _credit < 1 ? TimeSpan.FromSeconds(Math.Min(0.01, 1 / _perSecond))
        : TimeSpan.Zero;

    void Advance(Timeline line)
    {
        long began = Stopwatch.GetTimestamp();
        int to = int.MaxValue;
        if (_perSecond > 0)
        {
            // Of a late slice no more is made up for than a tenth of a second.
            _credit = Math.Min(_credit + _perSecond * SinceLast(began), Math.Max(1, _perSecond / 10));
            to = line.Step + (int)_credit;
            _credit -= (int)_credit;
        }
        line.Advance(to, () => _waiting > 0 || _ended || Stopwatch.GetElapsedTime(began) > s_slice);
        if (line.Broken is not null) _playing = false;
        var since = Stopwatch.GetElapsedTime(_measured);
        if (since.TotalSeconds < 0.5) return;
        StepsPerSecond = (line.Step - _measuredStep) / since.TotalSeconds;
        (_measured, _measuredStep) = (Stopwatch.GetTimestamp(), line.Step);
    }

    long _last;

    double SinceLast(long now)
    {
        double seconds = _last == 0 ? 0.01 : Stopwatch.GetElapsedTime(_last, now).TotalSeconds;
        _last = now;
        return seconds;
    }
}
