namespace ChainRule;

/// <summary>
/// Something with rows along axis 0 that a batch can be picked from: a <see cref="Tensor"/> or <see cref="Ids"/>.
/// </summary>
public interface IRows<TSelf> where TSelf : IRows<TSelf>
{
    /// <summary>The sizes of the axes; axis 0 counts the rows.</summary>
    Shape Shape { get; }

    /// <summary>A copy of the rows asked for, in that order. A gradient flows through it where one is wanted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is not there.</exception>
    TSelf Rows(ReadOnlySpan<int> rows);
}
