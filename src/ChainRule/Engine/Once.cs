namespace ChainRule;

/// <summary>
/// An op that can be gone back through, but not for the gradient of a gradient: third derivatives, and types within
/// types without end, stop here.
/// </summary>
readonly struct Once<TOp>(TOp op) : IOp where TOp : struct, IOp
{
    OpText IOp.Text => op.Text;

    Tensor[]? IOp.Unfold(ReadOnlySpan<Tensor> x) => op.Unfold(x);

    bool IOp.Reaches<T>(Frame<T> f, int i, int at, List<LocalDerivative> found) => op.Reaches(f, i, at, found);

    bool IOp.Reads<T>(Frame<T> f, int at, List<LocalDerivative> found) => op.Reads(f, at, found);

    void IOp.Forward<T>(Frame<T> f) => op.Forward(f);

    void IOp.Backward<T>(Frame<T> f) => op.Backward(f);
}
