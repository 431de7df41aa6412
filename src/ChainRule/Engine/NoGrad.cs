namespace ChainRule;

/// <summary>
/// While one is open on this thread, ops compute and remember nothing: for evaluation, sampling and writing parameters.
/// <code>using (NoGrad.Begin()) Console.WriteLine(model.Forward(x));</code>
/// </summary>
public readonly ref struct NoGrad
{
    // Those that are open on this thread, by number: in whatever order they end, and however often, recording
    // is on when none is left.
    [ThreadStatic]
    static List<long>? s_open;

    [ThreadStatic]
    static long s_last;

    readonly long _number;

    NoGrad(long number) => _number = number;

    /// <summary>Refused by the compiler: it would begin nothing.</summary>
    [Obsolete("new NoGrad() begins nothing: write NoGrad.Begin()", error: true)]
    public NoGrad() => Throw.Invalid("no grad: new NoGrad() begins nothing: write NoGrad.Begin()");

    internal static bool IsOn => s_open is { Count: > 0 };

    /// <summary>Stops recording until it ends; they nest, and the order in which they end does not matter.</summary>
    public static NoGrad Begin()
    {
        var begun = new NoGrad(++s_last);
        (s_open ??= []).Add(begun._number);
        return begun;
    }

    /// <summary>
    /// Records until it ends, whatever is open: for explanations, which compute with graphs of their own.
    /// </summary>
    internal static Suspended Suspend()
    {
        var open = s_open;
        s_open = null;
        return new(open);
    }

    /// <summary>Ends it; recording goes on where no other is open.</summary>
    public void Dispose() => s_open?.Remove(_number);

    internal readonly ref struct Suspended(List<long>? open)
    {
        public void Dispose() => s_open = open;
    }
}
