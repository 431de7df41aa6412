using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>A line of the cache, as wide as the widest vector: a vector that lies across two is read twice.</summary>
static class CacheLine
{
    const int Bytes = 64;

    /// <summary>How many numbers a line holds.</summary>
    public static int Length<T>() where T : unmanaged => Bytes / Unsafe.SizeOf<T>();

    /// <summary>How many numbers to leave out for the next to begin a line; the array must not move.</summary>
    public static unsafe int Begin<T>(T[] numbers) where T : unmanaged
    {
        fixed (T* first = numbers) return (int)(-(nint)first & (Bytes - 1)) / Unsafe.SizeOf<T>();
    }
}
