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

/// <summary>As <see cref="Map{F}"/>, of a function whose slope is worth the widest vectors.</summary>
readonly struct WideMap<F>(F f) : IOp where F : struct, IUnary, IWideSlope
{
    void IOp.Forward<T>(Frame<T> frame) => MapLoop.Forward(f, frame.X(), frame.Y);

    void IOp.Backward<T>(Frame<T> frame)
    {
        if (frame.Wants()) MapLoop.WideBackward(f, frame.X(), frame.Y, frame.DY, frame.DX(0, out bool first), first);
    }
}

public readonly partial struct Tensor
{
    static Tensor WideMap<F>(F f, Tensor x) where F : struct, IUnary, IWideSlope => ChainRule.Op.Run(new WideMap<F>(f), x.Shape, x);

    static Tensor Map<F>(F f, Tensor x) where F : struct, IUnary => ChainRule.Op.Run(new Map<F>(f), x.Shape, x);
}
