namespace ChainRule;

/// <summary>
/// While one is open on this thread, ops compute and remember nothing: for evaluation, sampling and writing parameters.
/// <code>using (NoGrad.Begin()) { … }</code>
/// </summary>
public readonly ref struct NoGrad
{
    [ThreadStatic]
    static bool s_on;

    readonly bool _outer;

    NoGrad(bool outer) => _outer = outer;

    internal static bool IsOn => s_on;

    /// <summary>Stops recording until the closing brace; braces nest.</summary>
    public static NoGrad Begin()
    {
        var brace = new NoGrad(s_on);
        s_on = true;
        return brace;
    }

    /// <summary>Records again: called by the closing brace.</summary>
    public void Dispose() => s_on = _outer;
}
