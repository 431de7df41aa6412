using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>
/// A cell of a recurrent layer: what one step does with the sums W x and W′ h₋, for one row of a batch; H numbers wide.
/// A step keeps a row of <see cref="Kept"/> · H numbers for the backward pass, which begins with these sums. Sizes and
/// places are in units of H.
/// </summary>
interface ICell
{
    /// <summary>How many times H rows W and W′ have.</summary>
    static abstract int Gates { get; }

    /// <summary>Where the sums W′ h₋ begin: 0 where they are added to W x.</summary>
    static abstract int Recurrent { get; }

    /// <summary>How much a step keeps.</summary>
    static abstract int Kept { get; }

    /// <summary>Where h begins in what a step keeps.</summary>
    static abstract int Hidden { get; }

    /// <summary>Where c begins in what a step keeps; −1 for a cell without one.</summary>
    static abstract int Memory { get; }

    /// <summary>Whether h₋ reaches h along another way than W′.</summary>
    static abstract bool Skips { get; }

    /// <summary>From the sums at the beginning of what is kept to h, and c.</summary>
    /// <param name="kept">What the step keeps.</param>
    /// <param name="bias">As long as the sums: what is added to them.</param>
    /// <param name="h">h₋, of the step before.</param>
    /// <param name="c">c₋; empty for a cell without one.</param>
    void Forward<T>(Span<T> kept, ReadOnlySpan<T> bias, ReadOnlySpan<T> h, ReadOnlySpan<T> c)
        where T : unmanaged, INumber<T>;

    /// <summary>From dL/dh and dL/dc to the derivatives of the sums, and of what came from the step before.</summary>
    /// <param name="kept">What forward kept.</param>
    /// <param name="h">h₋.</param>
    /// <param name="c">c₋.</param>
    /// <param name="dy">dL/dh by the output.</param>
    /// <param name="dh">dL/dh by the step after; afterwards, where the cell <see cref="Skips"/>, dL/dh₋ but for what
    /// goes through W′.</param>
    /// <param name="dc">dL/dc by the step after; dL/dc₋ afterwards.</param>
    /// <param name="dz">The derivatives of the sums.</param>
    void Backward<T>(ReadOnlySpan<T> kept, ReadOnlySpan<T> h, ReadOnlySpan<T> c, ReadOnlySpan<T> dy, Span<T> dh,
        Span<T> dc, Span<T> dz)
        where T : unmanaged, INumber<T>;
}
