namespace ChainRule.Data;

/// <summary>
/// Rows to make batches of, which need not be in memory: they are read when a batch asks for them. A
/// <see cref="Dataset{TX, TY}"/> is one, and so is what a program reads from wherever its data are.
/// </summary>
public interface IRowSource<TX, TY> where TX : IRows<TX> where TY : IRows<TY>
{
    /// <summary>How many rows there are.</summary>
    int Count { get; }

    /// <summary>The rows asked for, in that order.</summary>
    /// <param name="rows">Numbers of 0 to <see cref="Count"/> − 1; one may come again.</param>
    Batch<TX, TY> Read(ReadOnlySpan<int> rows);
}
