using ChainRule.Kernels;

namespace ChainRule;

/// <summary>The op of every element-wise function of one number.</summary>
readonly struct Map<F>(F f) : IOp where F : struct, IUnary
{
    void IOp.Forward<T>(Frame<T> frame) => MapLoop.Forward(f, frame.X(), frame.Y);

    void IOp.Backward<T>(Frame<T> frame)
    {
        if (frame.Wants()) MapLoop.Backward(f, frame.X(), frame.Y, frame.DY, frame.DX(0, out bool first), first);
    }
}

public readonly partial struct Tensor
{
    static Tensor Map<F>(F f, Tensor x) where F : struct, IUnary => ChainRule.Op.Run(new Map<F>(f), x.Shape, x);
}
