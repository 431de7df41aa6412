using ChainRule.Randomness;

namespace ChainRule;

/// <summary>Integers with a shape: tokens, labels, indices. Nothing differentiates through them.</summary>
public sealed class Ids : IRows<Ids>
{
    readonly int[] _values;

    Ids(int[] values, Shape shape) => (_values, Shape) = (values, shape);

    /// <summary>The sizes of the axes, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>How many ids there are.</summary>
    public int Count => _values.Length;

    /// <summary>The ids, row by row, to read.</summary>
    public ReadOnlySpan<int> Span => _values;

    /// <summary>The id at a flat index.</summary>
    public int this[int index] => _values[index];

    /// <summary>A copy of these ids under a shape that holds as many.</summary>
    public static Ids From(ReadOnlySpan<int> values, Shape shape)
    {
        if (values.Length != shape.Elements) Throw.Argument($"ids: {values.Length} ids do not fill {shape}, which holds {shape.Elements}");
        return new(values.ToArray(), shape);
    }

    /// <summary>A vector of these ids.</summary>
    public static Ids From(params int[] values) => new([.. values], [values.Length]);

    /// <summary>Uniform integers in [low, high): torch's <c>randint</c>, draw for draw.</summary>
    public static Ids Random(Shape shape, int low, int high, TorchRandom rng)
    {
        var values = new int[shape.Elements];
        rng.Integers(values, low, high);
        return new(values, shape);
    }

    /// <summary>0 … count − 1 in random order: torch's <c>randperm</c>, draw for draw.</summary>
    public static Ids Permutation(int count, TorchRandom rng)
    {
        var values = new int[count];
        rng.Permutation(values);
        return new(values, [count]);
    }

    /// <summary>The same ids under another shape that holds as many; nothing is copied.</summary>
    public Ids Reshape(Shape shape)
    {
        if (shape.Elements != Count) Throw.Argument($"reshape: ids of {Shape} do not fill {shape}: {Count} ids for {shape.Elements} places");
        return new(_values, shape);
    }

    /// <inheritdoc/>
    public Ids Rows(ReadOnlySpan<int> rows)
    {
        if (Shape.Rank == 0) Throw.Argument("rows: a single id has no rows");
        int width = Shape[0] == 0 ? 0 : Count / Shape[0];
        var values = new int[rows.Length * width];
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)Shape[0]) Throw.OutOfRange($"rows: row {rows[i]} of ids {Shape}: {Throw.Run("rows", Shape[0])}");
            _values.AsSpan(rows[i] * width, width).CopyTo(values.AsSpan(i * width));
        }
        return new(values, Shape.With(0, rows.Length));
    }

    /// <summary>Refuses ids that are negative or not below a bound, naming the first.</summary>
    public void CheckBelow(int bound, string asked)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            if ((uint)_values[i] >= (uint)bound)
                Throw.OutOfRange($"{asked}: id {_values[i]} at place {i} of {Shape}: {Throw.Run("ids", bound)}");
        }
    }

    public override string ToString() => $"ids {Shape} [{string.Join(", ", _values.Take(16))}{(Count > 16 ? ", …" : "")}]";
}
