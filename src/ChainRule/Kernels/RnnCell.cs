using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>The cell of a simple recurrent network: h = tanh z or max(z, 0). A step keeps h alone.</summary>
readonly struct RnnCell(bool relu) : ICell
{
    /// <summary>Whether the nonlinearity is ReLU and not tanh.</summary>
    public bool IsRelu => relu;

    static int ICell.Gates => 1;

    static int ICell.Recurrent => 0;

    static int ICell.Kept => 1;

    static int ICell.Hidden => 0;

    static int ICell.Memory => -1;

    static bool ICell.Skips => false;

    void ICell.Forward<T>(Span<T> kept, ReadOnlySpan<T> bias, ReadOnlySpan<T> h, ReadOnlySpan<T> c)
    {
        for (int j = 0; j < kept.Length; j += Vector<T>.Count)
        {
            var z = Tail.From<T>(kept, j) + Tail.From(bias, j);
            Tail.To(relu ? Piecewise.AtLeast(0, new Plain<T>(z)).Value : Lanes.Tanh(z), kept, j);
        }
    }

    /// <summary>dz = dh (1 − h²), or dh where h > 0.</summary>
    void ICell.Backward<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> h, ReadOnlySpan<T> c, ReadOnlySpan<T> dy, Span<T> dh,
        Span<T> dc, Span<T> dz)
    {
        for (int j = 0; j < kept.Length; j += Vector<T>.Count)
        {
            var y = new Plain<T>(Tail.From(kept, j));
            var local = relu ? Piecewise.OrNaN(y, Piecewise.Step(Plain<T>.Greater(y, 0))) : 1 - y * y;
            Tail.To((Tail.From(dy, j) + Tail.From<T>(dh, j)) * local.Value, dz, j);
        }
    }
}
