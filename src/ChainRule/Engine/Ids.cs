using System.Numerics;
using ChainRule.Randomness;

namespace ChainRule;

/// <summary>Integers with a shape: tokens, labels, indices. Nothing differentiates through them.</summary>
public sealed class Ids : IRows<Ids>
{
    // Arrays of 2^k ids that a scope took back on this thread, to be handed out again.
    [ThreadStatic]
    static Stack<int[]>?[]? s_free;

    readonly Ids? _whole;
    int[]? _values;
    ScopeFrame? _owner;

    Ids(int[] values, Shape shape, ScopeFrame? owner = null)
    {
        (_values, Shape, Count, _owner) = (values, shape, shape.Elements, owner);
        owner?.Add(this);
    }

    Ids(Ids whole, Shape shape) => (_whole, Shape, Count) = (whole, shape, shape.Elements);

    /// <summary>The sizes of the axes, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>How many ids there are.</summary>
    public int Count { get; }

    /// <summary>The ids, row by row, to read.</summary>
    /// <exception cref="InvalidOperationException">They were picked in a scope which has ended.</exception>
    public ReadOnlySpan<int> Span
    {
        get
        {
            int[]? values = (_whole ?? this)._values;
            if (values is null)
                Throw.Invalid($"these ids of {Shape} were picked in a scope which has ended, and they are gone: Keep() "
                    + "what must outlive the scope");
            return values.AsSpan(0, Count);
        }
    }

    /// <summary>The id at a flat index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public int this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count)
                Throw.OutOfRange($"place {index} of ids {Shape}: {Throw.Run("places", Count)}", nameof(index));
            return Span[index];
        }
    }

    /// <summary>A copy of these ids under a shape that holds as many.</summary>
    public static Ids From(ReadOnlySpan<int> values, Shape shape)
    {
        if (values.Length != shape.Elements)
            Throw.Argument($"ids: {values.Length} ids do not fill {shape}, which holds {shape.Elements}",
                nameof(values));
        return new(values.ToArray(), shape);
    }

    /// <summary>A vector of these ids.</summary>
    public static Ids From(params int[] values)
    {
        Throw.IfNull(values, "ids");
        return new([.. values], [values.Length]);
    }

    /// <summary>Uniform integers in [low, high): torch's <c>randint</c>, draw for draw.</summary>
    public static Ids Random(Shape shape, int low, int high, RandomSource rng)
    {
        Throw.IfNull(rng, "random ids");
        int[] values = new int[shape.Elements];
        rng.Integers(values, low, high);
        return new(values, shape);
    }

    /// <summary>0 … count − 1 in random order: torch's <c>randperm</c>, draw for draw.</summary>
    public static Ids Permutation(int count, RandomSource rng)
    {
        Throw.IfNull(rng, "permutation");
        if (count < 0) Throw.OutOfRange($"permutation of {count} ids: give 0 or more", nameof(count));
        Shape shape = [count];
        int[] values = new int[count];
        rng.Permutation(values);
        return new(values, shape);
    }

    /// <summary>The same ids under another shape that holds as many; nothing is copied.</summary>
    public Ids Reshape(Shape shape)
    {
        if (shape.Elements != Count)
            Throw.Argument($"reshape: ids of {Shape} do not fill {shape}: {Count} ids for {shape.Elements} places",
                nameof(shape));
        return new(_whole ?? this, shape);
    }

    /// <summary>Whether these are the ids of another one, perhaps under another shape: not equal ones, the same.
    /// </summary>
    public bool IsReshapeOf(Ids other)
    {
        Throw.IfNull(other, "ids");
        return (_whole ?? this) == (other._whole ?? other);
    }

    /// <summary>Takes ids that were picked in an open <see cref="Scope"/> out of it, so that they outlive it.</summary>
    public Ids Keep()
    {
        (_whole ?? this)._owner = null;
        return this;
    }

    /// <inheritdoc/>
    public Ids Rows(ReadOnlySpan<int> rows)
    {
        if (Shape.Rank == 0) Throw.Argument("rows: a single id has no rows");
        int width = Shape[0] == 0 ? 0 : Count / Shape[0];
        var owner = ScopeFrame.Current;
        int count = Shape.With(0, rows.Length).Elements;
        int[] values = owner is null ? new int[count] : Rent(count);
        var all = Span;
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)Shape[0])
                Throw.OutOfRange($"rows: row {rows[i]} of ids {Shape}: {Throw.Run("rows", Shape[0])}", nameof(rows));
            all.Slice(rows[i] * width, width).CopyTo(values.AsSpan(i * width));
        }
        return new(values, Shape.With(0, rows.Length), owner);
    }

    /// <summary>
    /// Windows (slices) of a vector of ids, each of the same length, as they lie one after another from their starts:
    /// [starts, length].
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A window reaches beyond the vector.</exception>
    public Ids Windows(ReadOnlySpan<int> starts, int length)
    {
        if (Shape.Rank != 1 || length < 0)
            Throw.Argument($"windows of {length} of ids {Shape}: give a vector of ids, and a length of 0 or more",
                nameof(length));
        var owner = ScopeFrame.Current;
        if ((long)starts.Length * length > Array.MaxLength)
            Throw.Argument($"windows: {starts.Length:N0} of {length:N0} ids are {(long)starts.Length * length:N0}: at "
                + $"most {Array.MaxLength:N0} can be held: take fewer at a time",
                nameof(starts));
        int[] values = owner is null ? new int[starts.Length * length] : Rent(starts.Length * length);
        var all = Span;
        for (int i = 0; i < starts.Length; i++)
        {
            if (starts[i] < 0 || starts[i] > Count - length)
                Throw.OutOfRange($"windows of {length} of ids {Shape}: one that starts at {starts[i]} does not lie "
                    + $"within: starts run from 0 to {Count - length}",
                    nameof(starts));
            all.Slice(starts[i], length).CopyTo(values.AsSpan(i * length));
        }
        return new(values, [starts.Length, length], owner);
    }

    /// <summary>Ids of a shape that the caller writes before anybody reads them; a scope that is open takes them back.
    /// </summary>
    internal static Ids Blank(Shape shape, out Span<int> values)
    {
        var owner = ScopeFrame.Current;
        int[] made = owner is null ? new int[shape.Elements] : Rent(shape.Elements);
        values = made.AsSpan(0, shape.Elements);
        return new(made, shape, owner);
    }

    /// <summary>Whether all ids are 0 or more, and below a bound.</summary>
    internal bool AreBelow(int bound)
    {
        bound = Math.Max(0, bound);
        foreach (int id in Span) if ((uint)id >= (uint)bound) return false;
        return true;
    }

    /// <summary>Refuses ids that are negative or not below a bound, naming the first.</summary>
    internal void CheckBelow(int bound, string asked, string parameter = "ids")
    {
        var ids = Span;
        bound = Math.Max(0, bound);
        for (int i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)bound)
                Throw.OutOfRange($"{asked}: id {ids[i]} at place {i} of {Shape}: {Throw.Run("ids", bound)}", parameter);
        }
    }

    public override string ToString() =>
        $"ids {Shape} [{string.Join(", ", Span[..Math.Min(Count, 16)].ToArray())}{(Count > 16 ? ", …" : "")}]";

    /// <summary>Gives the ids back at the end of a scope, unless they were kept.</summary>
    internal void TakeBack(ScopeFrame scope)
    {
        if (_owner != scope) return;
        int k = BitOperations.Log2((uint)_values!.Length);
        ((s_free ??= new Stack<int[]>?[31])[k] ??= new Stack<int[]>()).Push(_values);
        (_values, _owner) = (null, null);
    }

    static int[] Rent(int count)
    {
        int k = BitOperations.Log2((uint)Math.Max(1, count - 1)) + 1;
        return (s_free ??= new Stack<int[]>?[31])[k] is { Count: > 0 } list ? list.Pop() : new int[1 << k];
    }
}
