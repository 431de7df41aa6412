using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ChainRule;

/// <summary>
/// The sizes of a tensor's axes, outermost first: <c>[32, 27]</c> is 32 rows of 27. <c>[]</c> is a single number.
/// Written as a collection: <c>Tensor.Zeros([32, 27])</c>.
/// </summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
[SuppressMessage("Naming", "CA1710",
    Justification = "A shape is read axis by axis, but it is the field's noun, not a collection type.")]
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The most axes a tensor can have.</summary>
    public const int MaxRank = 16;

    // A network has a few dozen shapes and asks for them at every step: what was asked for lately is shared, so
    // that a step makes none anew.
    const int Recent = 256;

    [ThreadStatic]
    static int[]?[]? s_recent;

    readonly int[]? _axes;

    Shape(int[] axes) => _axes = axes;

    /// <summary>How many axes there are; 0 for a single number.</summary>
    public int Rank => Axes.Length;

    /// <summary>How many numbers a tensor of this shape holds: the product of the sizes.</summary>
    public int Elements
    {
        get
        {
            int n = 1;
            foreach (int size in Axes) n *= size;
            return n;
        }
    }

    /// <summary>The sizes, outermost first.</summary>
    public ReadOnlySpan<int> Span => Axes;

    /// <summary>The size of an axis: 0 is the outermost, ^1 the innermost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int this[Index axis]
    {
        get
        {
            int[] axes = Axes;
            int at = axis.GetOffset(axes.Length);
            if ((uint)at >= (uint)axes.Length) NoAxis(axis);
            return axes[at];
        }
    }

    int[] Axes => _axes ?? [];

    /// <summary>A shape of these sizes, each 0 or more; their product must fit an array.</summary>
    /// <exception cref="ArgumentException">A size is negative, or the product passes 2³¹.</exception>
    public static Shape Create(ReadOnlySpan<int> sizes)
    {
        if (sizes.Length > MaxRank)
            Throw.Argument($"shape {Text(sizes)}: {sizes.Length} axes: a tensor has at most {MaxRank}", nameof(sizes));
        long n = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] < 0)
                Throw.Argument($"shape {Text(sizes)}: axis {i} is {sizes[i]}: sizes are 0 or more", nameof(sizes));
            n *= sizes[i];
            if (n > Array.MaxLength)
                Throw.Argument($"shape {Text(sizes)}: more than {Array.MaxLength:N0} numbers: one tensor cannot hold "
                    + "them", nameof(sizes));
        }
        return new(Kept(sizes));
    }

    /// <summary>Two runs of sizes, one behind the other.</summary>
    public static Shape Join(ReadOnlySpan<int> front, ReadOnlySpan<int> back)
    {
        Span<int> sizes = stackalloc int[front.Length + back.Length];
        front.CopyTo(sizes);
        back.CopyTo(sizes[front.Length..]);
        return Create(sizes);
    }

    /// <summary>The same sizes, one of them replaced.</summary>
    /// <exception cref="ArgumentException">There is no such axis, or the size is negative.</exception>
    public Shape With(int axis, int size)
    {
        Span<int> sizes = stackalloc int[Rank];
        Axes.CopyTo(sizes);
        sizes[Axis(axis, "shape with another size")] = size;
        return Create(sizes);
    }

    /// <summary>
    /// An axis counted from the front, whether it was given from the front (0 …) or from the back (−1 …).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    internal int Axis(int axis, string asked, [CallerArgumentExpression(nameof(axis))] string parameter = "")
    {
        if (axis < -Rank || axis >= Rank)
            Throw.OutOfRange(Rank == 0 ? $"{asked}: axis {axis} of a single number: it has no axes"
                                       : $"{asked}: axis {axis} of {this}: axes run from {-Rank} to {Rank - 1}",
                                           parameter);
        return axis < 0 ? axis + Rank : axis;
    }

    public ReadOnlySpan<int>.Enumerator GetEnumerator() => Span.GetEnumerator();

    public bool Equals(Shape other) => Span.SequenceEqual(other.Span);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int size in Axes) hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>As written: <c>[32, 27]</c>.</summary>
    public override string ToString() => Text(Axes);

    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    public static implicit operator Shape(int[] sizes) => Create(sizes);

    void NoAxis(Index axis) => Throw.OutOfRange($"shape {this}: there is no axis {axis}: it has {Rank}", nameof(axis));

    /// <summary>The sizes as an array that nobody writes: one made lately, or a new one.</summary>
    static int[] Kept(ReadOnlySpan<int> sizes)
    {
        uint hash = (uint)sizes.Length;
        foreach (int size in sizes) hash = hash * 0x9E3779B1 + (uint)size;
        ref int[]? place = ref (s_recent ??= new int[]?[Recent])[(hash ^ hash >> 16) % Recent];
        if (place is null || !sizes.SequenceEqual(place)) place = sizes.ToArray();
        return place;
    }

    static string Text(ReadOnlySpan<int> sizes) => $"[{string.Join(", ", sizes.ToArray())}]";
}
