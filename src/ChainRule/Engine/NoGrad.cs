namespace ChainRule;

/// <summary>
/// While one is open on this thread, ops compute and remember nothing: for evaluation, sampling and writing parameters.
/// <code>using (NoGrad.Begin()) { … }</code>
/// </summary>
public readonly ref struct NoGrad
{
    [ThreadStatic]
    static int s_depth;

    internal static bool IsOn => s_depth > 0;

    /// <summary>Stops recording until the closing brace; braces nest.</summary>
    public static NoGrad Begin()
    {
        s_depth++;
        return default;
    }

    /// <summary>Records again: called by the closing brace.</summary>
    public void Dispose() => s_depth--;
}
