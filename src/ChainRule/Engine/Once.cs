namespace ChainRule;

/// <summary>
/// An op that can be gone back through, but not for the gradient of a gradient: third derivatives, and types within
/// types without end, stop here.
/// </summary>
readonly struct Once<TOp>(TOp op) : IOp where TOp : struct, IOp
{
    void IOp.Forward<T>(Frame<T> f) => op.Forward(f);

    void IOp.Backward<T>(Frame<T> f) => op.Backward(f);
}
