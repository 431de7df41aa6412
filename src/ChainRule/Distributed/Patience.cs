using System.Diagnostics;

namespace ChainRule.Distributed;

/// <summary>
/// How a worker waits. What is about to come is met by a few turns of a loop, where each worker has a processor; what
/// takes longer by letting other threads run; and from a millisecond on by sleeping, so that several workers on one
/// processor do not take each other's time.
/// </summary>
/// <param name="workers">How many workers share this machine's processors.</param>
sealed class Patience(int workers)
{
    const int Turns = 100;

    static readonly TimeSpan s_yielding = TimeSpan.FromMilliseconds(1);

    readonly int _turns = workers <= Environment.ProcessorCount ? Turns : 0;
    int _times;
    long _since;

    /// <summary>Something moved: what comes next may be about to come.</summary>
    public void Renew() => _times = 0;

    /// <summary>One turn.</summary>
    public void Wait()
    {
        if (_times < _turns)
        {
            _times++;
            Thread.SpinWait(20);
            return;
        }
        if (_times == _turns)
        {
            _times++;
            _since = Stopwatch.GetTimestamp();
        }
        Thread.Sleep(Stopwatch.GetElapsedTime(_since) < s_yielding ? 0 : 1);
    }
}
