namespace ChainRule.Data;

/// <summary>Inputs and what they should lead to: row i of the one belongs to row i of the other.</summary>
public sealed class Dataset<TX, TY> : IRowSource<TX, TY> where TX : IRows<TX> where TY : IRows<TY>
{
    /// <exception cref="ArgumentException">One of them has no rows to count, or they differ in how
    /// many they have.</exception>
    public Dataset(TX inputs, TY targets)
    {
        Throw.IfNull(inputs, "dataset");
        Throw.IfNull(targets, "dataset");
        Shape x = inputs.Shape, y = targets.Shape;
        if (x.Rank == 0 || y.Rank == 0)
            Throw.Argument($"dataset: inputs {x} and targets {y}: a single number has no rows: give each at least one "
                + "axis", nameof(inputs));
        if (x[0] != y[0])
            Throw.Argument($"dataset: inputs {x} and targets {y}: {x[0]} rows and {y[0]} rows do not pair: give one "
                + "target for each input",
                nameof(inputs));
        (Inputs, Targets) = (inputs, targets);
    }

    public TX Inputs { get; }

    public TY Targets { get; }

    /// <summary>How many rows there are; 0 is allowed, but no batch can be drawn from it.</summary>
    public int Count => Inputs.Shape[0];

    /// <summary>A copy of the rows asked for, in that order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is not there.</exception>
    public Dataset<TX, TY> Take(ReadOnlySpan<int> rows) => new(Inputs.Rows(rows), Targets.Rows(rows));

    public override string ToString() => $"dataset of {Count} rows: inputs {Inputs.Shape}, targets {Targets.Shape}";

    /// <inheritdoc/>
    public Batch<TX, TY> Read(ReadOnlySpan<int> rows) => new(Inputs.Rows(rows), Targets.Rows(rows));
}

/// <summary>Makes a <see cref="Dataset{TX, TY}"/> whose types the compiler finds itself.</summary>
public static class Dataset
{
    /// <inheritdoc cref="Dataset{TX, TY}(TX, TY)"/>
    public static Dataset<TX, TY> From<TX, TY>(TX inputs, TY targets) where TX : IRows<TX> where TY : IRows<TY> =>
        new(inputs, targets);
}

/// <summary>The rows of one step.</summary>
public readonly record struct Batch<TX, TY>(TX Inputs, TY Targets) where TX : IRows<TX> where TY : IRows<TY>;
