namespace ChainRule.Lab.Why;

/// <summary>
/// The first derivation of a process takes ten times as long as the next, since its code is compiled then. A room asks
/// one of itself, aside, as soon as somebody comes in.
/// </summary>
sealed class FirstQuestion(Action ask)
{
    int _asked;

    /// <summary>Asks, if nobody has; where there are no threads, the visitor's own question is the first.</summary>
    public void Ask()
    {
        if (OperatingSystem.IsBrowser() || Interlocked.Exchange(ref _asked, 1) == 1) return;
        new Thread(() => ask()) { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "lab" }.Start();
    }
}
