using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// The softmax of a row, of which only the first numbers may be open: the others have a probability of
/// 0, whatever they hold.
/// </summary>
static unsafe class SoftmaxRow
{
    /// <summary>The definition: y = exp(s x) / Σ exp(s x) over the open numbers, 0 beyond.</summary>
    public static void Naive<T>(ReadOnlySpan<T> x, Span<T> y, int open, T scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = T.Zero;
        for (int i = 0; i < open; i++) sum += T.Exp(scale * x[i]);
        for (int i = 0; i < y.Length; i++) y[i] = i < open ? T.Exp(scale * x[i]) / sum : T.Zero;
    }

    /// <summary>
    /// As <see cref="Naive"/>, of exp(s x − max s x): the largest exponent is 0, so nothing overflows. y may be x.
    /// </summary>
    public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int open, T scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* from = x, to = y)
        {
            if (Avx512F.IsSupported) Forward<Wide<T>, T>(ref *from, ref *to, open, scale);
            else Forward<Plain<T>, T>(ref *from, ref *to, open, scale);
        }
        y[open..].Clear();
    }

    /// <summary>ds = scale p (dp − ⟨dp, p⟩), in place of dp, for the open numbers; 0 beyond.</summary>
    public static void Backward<T>(ReadOnlySpan<T> p, Span<T> dp, int open, T scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* probabilities = p, d = dp)
        {
            if (Avx512F.IsSupported) Backward<Wide<T>, T>(ref *probabilities, ref *d, open, scale);
            else Backward<Plain<T>, T>(ref *probabilities, ref *d, open, scale);
        }
        dp[open..].Clear();
    }

    [MethodImpl(Compiled.ForItself)]
    static void Forward<V, T>(ref T x, ref T y, int n, T scale) where V : struct, IMasked<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0, left = n % V.Count, whole = n - left;
        V s = V.All(scale), least = V.All(T.NegativeInfinity), top = least;
        for (; i < whole; i += V.Count) top = V.Max(top, V.Load(ref x, i) * s);
        if (left > 0) top = V.Max(top, V.First(left, V.LoadFirst(ref x, i, left) * s, least));

        V shift = V.All(top.Largest()), sum = V.Of(0), last = default;
        for (i = 0; i < whole; i += V.Count)
        {
            var e = Exponentials.Exp(V.Load(ref x, i) * s - shift);
            e.Store(ref y, i);
            sum += e;
        }
        if (left > 0)
        {
            last = V.First(left, Exponentials.Exp(V.LoadFirst(ref x, i, left) * s - shift), V.Of(0));
            sum += last;
        }

        var inverse = V.All(T.One / sum.Sum());
        for (i = 0; i < whole; i += V.Count) (V.Load(ref y, i) * inverse).Store(ref y, i);
        if (left > 0) (last * inverse).StoreFirst(ref y, i, left);
    }

    [MethodImpl(Compiled.ForItself)]
    static void Backward<V, T>(ref T p, ref T dp, int n, T scale) where V : struct, IMasked<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0, left = n % V.Count, whole = n - left;
        var dots = V.Of(0);
        for (; i < whole; i += V.Count) dots = V.MultiplyAdd(V.Load(ref p, i), V.Load(ref dp, i), dots);
        if (left > 0) dots = V.MultiplyAdd(V.LoadFirst(ref p, i, left), V.LoadFirst(ref dp, i, left), dots);

        V dot = V.All(dots.Sum()), s = V.All(scale);
        for (i = 0; i < whole; i += V.Count) (s * V.Load(ref p, i) * (V.Load(ref dp, i) - dot)).Store(ref dp, i);
        if (left > 0)
            (s * V.LoadFirst(ref p, i, left) * (V.LoadFirst(ref dp, i, left) - dot)).StoreFirst(ref dp, i, left);
    }
}
