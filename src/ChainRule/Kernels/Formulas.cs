using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>
/// An element-wise function of one number: value and slope, side by side. Fields are attributes. One loop, <see cref="MapLoop"/>, serves all.
/// </summary>
interface IUnary
{
    /// <summary>y = f(x).</summary>
    void Map<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>dy/dx, from x and y, whichever is at hand.</summary>
    Vector<T> Slope<T>(Vector<T> x, Vector<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>
/// An element-wise function of two numbers, y = f(a, b), with its two slopes. One loop,
/// <see cref="ZipLoop"/>, serves all, with broadcasting.
/// </summary>
interface IBinary : ILocal
{
    /// <summary>A number that f gives as it is, such as the value of a masked fill; 0 for none.</summary>
    double Placed => 0;

    /// <summary>Whether both slopes are 1: dy goes on as it is.</summary>
    bool Passes => false;

    /// <summary>∂y/∂a.</summary>
    Vector<T> SlopeA<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>∂y/∂b.</summary>
    Vector<T> SlopeB<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>A vector function of two numbers: a value or a slope, whichever the loop is to compute.</summary>
interface ILocal
{
    Vector<T> Of<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>A vector function of one number, for the formulas that no library has.</summary>
interface ILane
{
    Vector<T> Of<T>(Vector<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>As <see cref="ILane"/>, for a formula that computes so much that the widest vectors pay.</summary>
interface IWideLane
{
    V Of<V>(V x) where V : struct, INumbers<V>;
}

/// <summary>As <see cref="IUnary.Slope"/>, for a slope that computes so much that the widest vectors pay.</summary>
interface IWideSlope
{
    V Slope<V>(V x, V y) where V : struct, INumbers<V>;
}
