using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>The op of every element-wise function of two numbers, with broadcasting by numpy's rule: axes are matched from the back, and a size of 1 stretches.</summary>
readonly struct Zip<F>(F f) : IOp where F : struct, IBinary
{
    double IOp.Placed => f.Placed;

    void IOp.Forward<T>(Frame<T> frame) =>
        ZipLoop.Each(f, frame.X(0), frame.XShape(0).Span, frame.X(1), frame.XShape(1).Span, frame.Y, frame.YShape.Span);

    void IOp.Backward<T>(Frame<T> frame)
    {
        if (frame.Wants(0)) Add(new InA(f), frame, 0, 1);
        if (frame.Wants(1)) Add(new InB(f), frame, 1, 0);
    }

    void Add<S, T>(S slope, Frame<T> frame, int a, int b) where S : struct, ILocal where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // What was broadcast is a sum, and a sum starts from 0.
        bool first = false;
        var da = frame.XShape(a).Elements == frame.YShape.Elements ? frame.DX(a, out first) : frame.DX(a);
        if (!f.Passes || da.Length != frame.DY.Length)
            ZipLoop.AddSlope(slope, frame.X(a), frame.XShape(a).Span, frame.X(b), frame.XShape(b).Span, frame.DY, frame.YShape.Span, da, first);
        else MapLoop.Pass(frame.DY, da, first);
    }

    readonly struct InA(F f) : ILocal
    {
        Vector<T> ILocal.Of<T>(Vector<T> a, Vector<T> b) => f.SlopeA(a, b);
    }

    readonly struct InB(F f) : ILocal
    {
        Vector<T> ILocal.Of<T>(Vector<T> b, Vector<T> a) => f.SlopeB(a, b);
    }
}

public readonly partial struct Tensor
{
    static Tensor Zip<F>(F f, Tensor a, Tensor b) where F : struct, IBinary =>
        ChainRule.Op.Run(new Zip<F>(f), Broadcast(OpName.Of<Zip<F>>(), a.Shape, b.Shape), a, b);

    /// <summary>The shape that two shapes broadcast to, or what lies before their last few axes.</summary>
    static Shape Broadcast(string op, Shape a, Shape b, int last = 0)
    {
        if (last == 0 && a == b) return a;
        Span<int> sizes = stackalloc int[Math.Max(a.Rank, b.Rank) - last];
        for (int i = 1; i <= sizes.Length; i++)
        {
            int p = i + last <= a.Rank ? a[^(i + last)] : 1, q = i + last <= b.Rank ? b[^(i + last)] : 1;
            if (p != q && p != 1 && q != 1) Throw.Broadcast(op, a, b, sizes.Length - i, p, q);
            sizes[^i] = p == 1 ? q : p;
        }
        return Shape.Create(sizes);
    }
}
