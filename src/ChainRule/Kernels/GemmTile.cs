using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// The innermost part of a product: a tile of C held in registers while A and B stream past. 8 rows by 3 vectors fill
/// the 32 registers of AVX-512, 4 by 3 the 16 of everything else; narrower ones finish a row.
/// </summary>
static class GemmTile
{
    /// <summary>How many rows a tile has.</summary>
    public const int Rows = 8;

    /// <summary>How many vectors wide a tile is at most.</summary>
    public const int Vectors = 3;

    /// <summary>
    /// How many multiply-adds follow one another in a chain: longer ones err more, and shorter ones go
    /// to C and back more often.
    /// </summary>
    public const int Chain = 128;

    /// <summary>
    /// c[0..H, 0..R] = (start or 0) + Σ_p a[r, p] · b[p, …]: for each number chains of fused multiply-adds over p,
    /// whose sums are added in order.
    /// </summary>
    /// <param name="k">The depth.</param>
    /// <param name="a">a[0, 0]; rows lie rowStep apart, the depth depthStep.</param>
    /// <param name="b">b[0, 0].</param>
    /// <param name="steps">How far apart the depth of b lies.</param>
    /// <param name="c">c[0, 0]; rows lie cStep apart.</param>
    /// <param name="add">Whether there is a start.</param>
    /// <param name="start">What the sums are added to: c itself, or one row for all, as startStep says.</param>
    /// <param name="startStep">How far apart the rows of the start lie.</param>
    /// <param name="last">How many numbers of the last vector there are, where the edge is cut.</param>
    public static void Run<H, R, V, M, T, S>(int k, ref T a, nint rowStep, nint depthStep, ref T b, S steps, ref T c,
        nint cStep, bool add, ref T start, nint startStep, int last)
        where H : struct, IHeight where R : struct, IGemmRow<R, V, M, T> where V : struct where M : struct
        where T : unmanaged where S : struct, IGemmSteps
    {
        Part<H, R, V, M, T, S>(k, ref a, rowStep, depthStep, ref b, steps, ref c, cStep, add, ref start,
            startStep, last);
        if (H.Rows < Rows || InOnePart<R, V, M, T>()) return;
        Part<H, R, V, M, T, S>(k, ref Unsafe.Add(ref a, 4 * rowStep), rowStep, depthStep, ref b, steps,
            ref Unsafe.Add(ref c, 4 * cStep), cStep, add, ref Unsafe.Add(ref start, 4 * startStep), startStep, last);
    }

    // Whether 8 rows fit the registers, or 4 at a time. The compiler knows it for each type, and
    // drops what is not asked for.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool InOnePart<R, V, M, T>() where R : struct, IGemmRow<R, V, M, T> where V : struct where M : struct
        where T : unmanaged =>
        Unsafe.SizeOf<V>() == 64 || R.Vectors == 1;

    [MethodImpl(Compiled.ForItself)]
    static void Part<H, R, V, M, T, S>(int k, ref T a, nint rowStep, nint depthStep, ref T b, S steps, ref T c,
        nint cStep, bool add, ref T start, nint startStep, int last)
        where H : struct, IHeight where R : struct, IGemmRow<R, V, M, T> where V : struct where M : struct
        where T : unmanaged where S : struct, IGemmSteps
    {
        var edge = R.Edge(last);
        ref T lower = ref Unsafe.Add(ref a, 4 * rowStep);
        nint row3 = 3 * rowStep;
        bool two = H.Rows >= 2, four = H.Rows >= 4, eight = H.Rows >= Rows && InOnePart<R, V, M, T>();
        for (int p = 0; p < k;)
        {
            R c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default,
                c6 = default, c7 = default;
            for (int end = Math.Min(k, p + Chain); p < end; p++)
            {
                var row = R.Load(ref b, edge);
                c0.Add(R.All(a), row);
                if (two) c1.Add(R.All(Unsafe.Add(ref a, rowStep)), row);
                if (four)
                {
                    c2.Add(R.All(Unsafe.Add(ref a, 2 * rowStep)), row);
                    c3.Add(R.All(Unsafe.Add(ref a, row3)), row);
                }
                a = ref Unsafe.Add(ref a, depthStep);
                if (eight)
                {
                    c4.Add(R.All(lower), row);
                    c5.Add(R.All(Unsafe.Add(ref lower, rowStep)), row);
                    c6.Add(R.All(Unsafe.Add(ref lower, 2 * rowStep)), row);
                    c7.Add(R.All(Unsafe.Add(ref lower, row3)), row);
                    lower = ref Unsafe.Add(ref lower, depthStep);
                }
                b = ref Unsafe.Add(ref b, steps.After(p));
            }
            if (add)
            {
                c0.Add(R.Load(ref start, edge));
                if (two) c1.Add(R.Load(ref Unsafe.Add(ref start, startStep), edge));
                if (four)
                {
                    c2.Add(R.Load(ref Unsafe.Add(ref start, 2 * startStep), edge));
                    c3.Add(R.Load(ref Unsafe.Add(ref start, 3 * startStep), edge));
                }
            }
            c0.Store(ref c, edge);
            if (two) c1.Store(ref Unsafe.Add(ref c, cStep), edge);
            if (four)
            {
                c2.Store(ref Unsafe.Add(ref c, 2 * cStep), edge);
                c3.Store(ref Unsafe.Add(ref c, 3 * cStep), edge);
            }
            if (eight && add)
            {
                c4.Add(R.Load(ref Unsafe.Add(ref start, 4 * startStep), edge));
                c5.Add(R.Load(ref Unsafe.Add(ref start, 5 * startStep), edge));
                c6.Add(R.Load(ref Unsafe.Add(ref start, 6 * startStep), edge));
                c7.Add(R.Load(ref Unsafe.Add(ref start, 7 * startStep), edge));
            }
            if (eight)
            {
                c4.Store(ref Unsafe.Add(ref c, 4 * cStep), edge);
                c5.Store(ref Unsafe.Add(ref c, 5 * cStep), edge);
                c6.Store(ref Unsafe.Add(ref c, 6 * cStep), edge);
                c7.Store(ref Unsafe.Add(ref c, 7 * cStep), edge);
            }
            add = true;
            start = ref c;
            startStep = cStep;
        }
    }
}

/// <summary>How many rows a tile has: a constant for the compiler, which leaves out what others need.</summary>
interface IHeight
{
    static abstract int Rows { get; }
}

/// <summary>EightRows: a whole tile.</summary>
readonly struct EightRows : IHeight
{
    public static int Rows => GemmTile.Rows;
}

/// <summary>Four of the last rows.</summary>
readonly struct FourRows : IHeight
{
    public static int Rows => 4;
}

/// <summary>Two of the last rows.</summary>
readonly struct TwoRows : IHeight
{
    public static int Rows => 2;
}

/// <summary>One row alone.</summary>
readonly struct OneRow : IHeight
{
    public static int Rows => 1;
}
