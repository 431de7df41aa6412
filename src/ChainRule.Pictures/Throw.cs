using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Pictures;

/// <summary>Every error is one sentence: what was asked, what disagrees, what would do.</summary>
static class Throw
{
    [DoesNotReturn]
    public static void Argument(string message) => throw new ArgumentException(message);
}
