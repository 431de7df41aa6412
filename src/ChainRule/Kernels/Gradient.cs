namespace ChainRule.Kernels;

/// <summary>A gradient that a kernel reaches all of; empty where it is not wanted.</summary>
/// <param name="numbers">Where it stands.</param>
/// <param name="adds">Whether the kernel must add to what is there; it stores if not.</param>
readonly ref struct Gradient<T>(Span<T> numbers, bool adds)
{
    public Span<T> Numbers { get; } = numbers;

    public bool Adds { get; } = adds;

    /// <summary>From a place on.</summary>
    public Gradient<T> From(int at) => new(Numbers.IsEmpty ? Numbers : Numbers[at..], Adds);
}
