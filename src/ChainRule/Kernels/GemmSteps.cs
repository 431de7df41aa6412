using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>How far a row of B lies behind the one before.</summary>
interface IGemmSteps
{
    /// <summary>From the row at a depth to the next.</summary>
    nint After(int depth);
}

/// <summary>Always as far.</summary>
readonly struct Evenly(nint step) : IGemmSteps
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint After(int depth) => step;
}

/// <summary>As a list says: rows of B may be parts of one another.</summary>
/// <param name="steps">As many as B has rows.</param>
/// <param name="first">At which depth of the list a tile begins.</param>
readonly struct Listed(int[] steps, int first) : IGemmSteps
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint After(int depth) => Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(steps), first + depth);
}
