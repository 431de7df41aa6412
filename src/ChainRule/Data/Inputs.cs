namespace ChainRule.Data;

/// <summary>
/// Two inputs of one model, row by row: what a <see cref="Dataset{TX, TY}"/> and its batches hold in
/// the place of one tensor.
/// <code>
/// var data = Dataset.From(Inputs.Of(pixels, words), labels);
/// var batches = Batches.Shuffled(data, 32, seed: 1);
/// var ((image, caption), label) = batches.Next();
/// </code>
/// For more, or for names, write a record that implements <see cref="IRows{TSelf}"/>.
/// </summary>
public sealed record Inputs<T1, T2> : IRows<Inputs<T1, T2>> where T1 : IRows<T1> where T2 : IRows<T2>
{
    internal Inputs(T1 first, T2 second)
    {
        Inputs.Check(first.Shape, second.Shape, "second");
        (First, Second) = (first, second);
    }

    /// <summary>The first input.</summary>
    public T1 First { get; }

    /// <summary>The second input.</summary>
    public T2 Second { get; }

    /// <summary>How many rows there are: <c>[rows]</c>.</summary>
    public Shape Shape => [First.Shape[0]];

    /// <inheritdoc/>
    public Inputs<T1, T2> Rows(ReadOnlySpan<int> rows) => new(First.Rows(rows), Second.Rows(rows));

    /// <summary>As a pair.</summary>
    public void Deconstruct(out T1 first, out T2 second) => (first, second) = (First, Second);
}

/// <summary>Three inputs of one model, row by row: see <see cref="Inputs{T1, T2}"/>.</summary>
public sealed record Inputs<T1, T2, T3> : IRows<Inputs<T1, T2, T3>> where T1 : IRows<T1> where T2 : IRows<T2>
    where T3 : IRows<T3>
{
    internal Inputs(T1 first, T2 second, T3 third)
    {
        Inputs.Check(first.Shape, second.Shape, "second");
        Inputs.Check(first.Shape, third.Shape, "third");
        (First, Second, Third) = (first, second, third);
    }

    /// <summary>The first input.</summary>
    public T1 First { get; }

    /// <summary>The second input.</summary>
    public T2 Second { get; }

    /// <summary>The third input.</summary>
    public T3 Third { get; }

    /// <summary>How many rows there are: <c>[rows]</c>.</summary>
    public Shape Shape => [First.Shape[0]];

    /// <inheritdoc/>
    public Inputs<T1, T2, T3> Rows(ReadOnlySpan<int> rows) =>
        new(First.Rows(rows), Second.Rows(rows), Third.Rows(rows));

    /// <summary>As a triple.</summary>
    public void Deconstruct(out T1 first, out T2 second, out T3 third) =>
        (first, second, third) = (First, Second, Third);
}

/// <summary>Joins several inputs of one model.</summary>
public static class Inputs
{
    /// <summary>Two inputs: row i of the one belongs to row i of the other.</summary>
    /// <exception cref="ArgumentException">One has no rows to count, or they differ in how many they have.</exception>
    public static Inputs<T1, T2> Of<T1, T2>(T1 first, T2 second) where T1 : IRows<T1> where T2 : IRows<T2>
    {
        Throw.IfNull(first, "inputs");
        Throw.IfNull(second, "inputs");
        return new(first, second);
    }

    /// <summary>Three inputs: row i of the one belongs to row i of the others.</summary>
    /// <exception cref="ArgumentException">One has no rows to count, or they differ in how many they have.</exception>
    public static Inputs<T1, T2, T3> Of<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IRows<T1>
        where T2 : IRows<T2> where T3 : IRows<T3>
    {
        Throw.IfNull(first, "inputs");
        Throw.IfNull(second, "inputs");
        Throw.IfNull(third, "inputs");
        return new(first, second, third);
    }

    internal static void Check(Shape first, Shape other, string name)
    {
        if (first.Rank == 0 || other.Rank == 0)
            Throw.Argument($"inputs: the first is {first} and the {name} is {other}: a single number has no rows: give "
                + "each at least one axis",
                nameof(first));
        if (first[0] != other[0])
            Throw.Argument($"inputs: the first is {first} and the {name} is {other}: {first[0]} rows and {other[0]} "
                + "rows do not pair: give equally many",
                nameof(first));
    }
}
