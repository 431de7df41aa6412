namespace ChainRule.Kernels;

/// <summary>
/// A factor of a product: its numbers row by row, the beginnings of rows a stride apart, read as they lie or as
/// their transpose. A stride above the row's length makes it part of a wider matrix, such as one head of
/// attention, without a copy.
/// </summary>
readonly ref struct Factor<T>(ReadOnlySpan<T> numbers, int stride, bool transposed = false)
{
    public ReadOnlySpan<T> Numbers { get; } = numbers;

    public int Stride { get; } = stride;

    public bool Transposed { get; } = transposed;

    /// <summary>How far the next row lies behind each, where that is not always a stride; rows may overlap.</summary>
    public int[]? Steps { get; init; }

    /// <summary>Whether the numbers were laid out by <see cref="Gemm.Pack"/>.</summary>
    public bool Packed { get; init; }
}
