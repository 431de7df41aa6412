using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>How the loops of formulas are compiled.</summary>
static class Compiled
{
    /// <summary>
    /// By itself, and in full at the first call. Drawn into its caller, a loop would find the compiler's budget for
    /// inlining spent, and call its formula's additions one by one; and a loop over millions of numbers is no place
    /// to wait for better code.
    /// </summary>
    public const MethodImplOptions ForItself = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;
}
