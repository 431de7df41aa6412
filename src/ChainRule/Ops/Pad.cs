using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>What stands around numbers that are padded: around a b c d, for two places, …</summary>
public enum PaddingMode
{
    /// <summary>Zeros: 0 0 | a b c d | 0 0.</summary>
    Zeros,

    /// <summary>The numbers mirrored at the last one, which is not repeated: c b | a b c d | c b.</summary>
    Reflect,

    /// <summary>The last number again and again: a a | a b c d | d d.</summary>
    Replicate,

    /// <summary>The numbers from the other end: c d | a b c d | a b.</summary>
    Circular,
}

/// <summary>
/// y = x with places before and after along an axis, which hold zeros or numbers of x; dx gets dy back from each
/// place that holds it.
/// </summary>
readonly struct Pad(int size, int inner, int before, int after, PaddingMode mode) : IOp
{
    (string Name, object Value)[] IOp.Attributes =>
    [
        ("size", size), ("inner", inner), ("before", before), ("after", after), ("mode", mode)
    ];

    OpText IOp.Text => new("y = x with places around it", "dx = Σ dy over the places that hold x");

    Linearity IOp.Linearity => Linearity.Jointly;

    int Total => before + size + after;

    int Whole => size * inner;

    int Inner => inner;

    int Before => before;

    int Borders => before + after;

    void IOp.Forward<T>(Frame<T> f) => Run(f.X(), f.Y, new Padded<T>(this));

    void IOp.Backward<T>(Frame<T> f)
    {
        if (f.RequiresGrad()) Run(f.DY, f.DX(), new Added<T>(this));
    }

    void Run<T, TWork>(ReadOnlySpan<T> from, Span<T> to, TWork work) where T : unmanaged
        where TWork : struct, IRowWork<T>
    {
        int row = Total * inner, rows = row == 0 ? 0 : Math.Max(from.Length, to.Length) / row;
        if (rows > 0) ForRows.Run(rows, 1, row, ForRows.Numbers, from, default, to, work);
    }

    /// <summary>Which place of x a place of y holds; −1 for a zero.</summary>
    int Source(int place)
    {
        int at = place - before;
        if (at >= 0 && at < size) return at;
        return mode switch
        {
            PaddingMode.Reflect => at < 0 ? -at : 2 * (size - 1) - at,
            PaddingMode.Replicate => Math.Clamp(at, 0, size - 1),
            PaddingMode.Circular => at < 0 ? at + size : at - size,
            _ => -1,
        };
    }

    /// <summary>The n-th place of y that is padding.</summary>
    int Border(int n) => n < before ? n : n + size;

    readonly struct Padded<T>(Pad s) : IRowWork<T> where T : unmanaged
    {
        public void Run(int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> none, Span<T> y)
        {
            for (int row = from; row < to; row++)
            {
                ReadOnlySpan<T> source = x.Slice(row * s.Whole, s.Whole);
                var target = y.Slice(row * s.Total * s.Inner, s.Total * s.Inner);
                source.CopyTo(target[(s.Before * s.Inner)..]);
                for (int n = 0; n < s.Borders; n++)
                {
                    int place = s.Border(n), at = s.Source(place);
                    var padded = target.Slice(place * s.Inner, s.Inner);
                    if (at < 0) padded.Clear();
                    else source.Slice(at * s.Inner, s.Inner).CopyTo(padded);
                }
            }
        }
    }

    readonly struct Added<T>(Pad s) : IRowWork<T> where T : unmanaged, INumber<T>
    {
        public void Run(int from, int to, ReadOnlySpan<T> dy, ReadOnlySpan<T> none, Span<T> dx)
        {
            for (int row = from; row < to; row++)
            {
                var source = dy.Slice(row * s.Total * s.Inner, s.Total * s.Inner);
                var target = dx.Slice(row * s.Whole, s.Whole);
                TensorPrimitives.Add(target, source.Slice(s.Before * s.Inner, s.Whole), target);
                for (int n = 0; n < s.Borders; n++)
                {
                    int place = s.Border(n), at = s.Source(place);
                    if (at < 0) continue;
                    var sum = target.Slice(at * s.Inner, s.Inner);
                    TensorPrimitives.Add(sum, source.Slice(place * s.Inner, s.Inner), sum);
                }
            }
        }
    }
}

public readonly partial struct Tensor
{
    /// <summary>This with places added before and after along an axis: zeros, or numbers of its own.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="before">How many places are added before the first: 0 or more.</param>
    /// <param name="after">How many are added after the last.</param>
    /// <param name="mode">What they hold.</param>
    /// <exception cref="ArgumentException">A count is negative, or there are too few numbers to mirror
    /// or to repeat.</exception>
    public Tensor Pad(int axis, int before, int after, PaddingMode mode = PaddingMode.Zeros)
    {
        var shape = Shape;
        int at = shape.Axis(axis, "pad"), size = shape[at], inner = 1, most = Math.Max(before, after);
        if (before < 0 || after < 0)
            Throw.Argument($"pad axis {axis} of {shape} by {before} and {after}: give 0 or more", nameof(before));
        if (!Enum.IsDefined(mode))
            Throw.OutOfRange($"pad: {(int)mode} is no padding mode: give one of PaddingMode", nameof(mode));
        int needed = most == 0 || mode == PaddingMode.Zeros ? 0
            : mode == PaddingMode.Reflect ? most + 1 : mode == PaddingMode.Circular ? most : 1;
        if (size < needed)
            Throw.Argument($"pad axis {axis} of {shape} by {before} and {after}: {mode} needs {needed} numbers, and "
                + $"there are {size}: pad less, or by zeros",
                nameof(mode));
        long padded = (long)before + size + after;
        if (padded > Array.MaxLength)
            Throw.Argument($"pad axis {axis} of {shape} by {before} and {after}: {padded:N0} numbers are more than a "
                + "tensor holds: pad less",
                nameof(before));
        foreach (int width in shape.Span[(at + 1)..]) inner *= width;
        return ChainRule.Op.Run(new Pad(size, inner, before, after, mode), shape.With(at, (int)padded), this);
    }
}
