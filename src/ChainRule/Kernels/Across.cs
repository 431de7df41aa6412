using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>The largest lane of a vector, by halves.</summary>
static class Across
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Largest<T>(Vector256<T> v) where T : unmanaged =>
        Largest(Vector128.MaxNative(v.GetLower(), v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Largest<T>(Vector128<T> v) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            var pairs = Vector128.MaxNative(v.AsSingle(),
                Vector128.Shuffle(v.AsSingle(), Vector128.Create(2, 3, 0, 1)));
            return Vector128.MaxNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2)))
                .As<float, T>().ToScalar();
        }
        return Vector128.MaxNative(v.AsDouble(), Vector128.Shuffle(v.AsDouble(), Vector128.Create(1L, 0)))
            .As<double, T>().ToScalar();
    }
}
