namespace ChainRule;

/// <summary>
/// An op that can be gone back through, but not for the gradient of a gradient: third derivatives, and types within
/// types without end, stop here. Of the op it calls only what the op implements itself: a default method of the
/// interface would box it, and the ahead-of-time compiler then compiles its gradient, the gradient of that, and so on.
/// </summary>
readonly struct Once<TOp>(TOp op) : IOp where TOp : struct, IOp
{
    OpText IOp.Text => op.Text;

    bool IOp.Reaches<T>(Frame<T> f, int i, int at, List<LocalDerivative> found) => op.Reaches(f, i, at, found);

    bool IOp.Reads<T>(Frame<T> f, int at, List<LocalDerivative> found) => op.Reads(f, at, found);

    void IOp.Forward<T>(Frame<T> f) => op.Forward(f);

    void IOp.Backward<T>(Frame<T> f) => op.Backward(f);
}
