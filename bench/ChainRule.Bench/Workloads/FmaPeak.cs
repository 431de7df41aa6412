using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ChainRule.Kernels;

namespace ChainRule.Bench.Workloads;

/// <summary>
/// What the machine can multiply and add at most: fused multiply-adds of float32 in registers, the widest there are, on
/// every thread, in chains enough to hide how long one takes. No product of matrices can be faster.
/// </summary>
sealed class FmaPeak : Workload
{
    // Two units that take four cycles need eight chains; twelve leave room for slower ones, and fit sixteen
    // registers with the two factors.
    const int Chains = 12, Turns = 2_000_000;

    // No chain may be known to stay what it is.
    static float s_kept = 0.5f;

    public override double Flops => 2.0 * Chains * Turns * Compute.Threads * (Vector512.IsHardwareAccelerated ? 16 : 8);

    public override void Step()
    {
        if (Compute.Threads == 1) Chain();
        else
            Parallel.For(0, Compute.Threads, new ParallelOptions { MaxDegreeOfParallelism = Compute.Threads },
                _ => Chain());
    }

    public override double[] Check() => [];

    static void Chain()
    {
        float end = Vector512.IsHardwareAccelerated ? Widest() : Wide();
        Volatile.Write(ref s_kept, end);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    static float Widest()
    {
        Vector512<float> x = Vector512.Create(s_kept), y = Vector512.Create(0.25f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int turn = 0; turn < Turns; turn++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l) / (16 * Chains);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    static float Wide()
    {
        Vector256<float> x = Vector256.Create(s_kept), y = Vector256.Create(0.25f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int turn = 0; turn < Turns; turn++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            i = Vector256.FusedMultiplyAdd(i, x, y);
            j = Vector256.FusedMultiplyAdd(j, x, y);
            k = Vector256.FusedMultiplyAdd(k, x, y);
            l = Vector256.FusedMultiplyAdd(l, x, y);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l) / (8 * Chains);
    }
}
