using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace ChainRule;

/// <summary>
/// Numbers with a shape, and the graph of how they were computed. Row-major and contiguous; float32 for training,
/// float64 for gradient checks.
/// <code>
/// var w = Tensor.Randn([27, 27], rng).RequireGrad();
/// var loss = x.MatMul(w).CrossEntropy(targets);
/// loss.Backward();            // w.Grad is dL/dw
/// </code>
/// A tensor is a handle of two words: copying one copies no numbers. It needs no disposing. Every method that computes
/// makes a new tensor; the few that write in place say so in their names. Ops and their formulas stand in the Ops
/// folder, one file a family.
/// </summary>
public readonly partial struct Tensor : IEquatable<Tensor>, IRows<Tensor>
{
    readonly Slot? _slot;
    readonly int _stamp;

    internal Tensor(Slot slot) => (_slot, _stamp) = (slot, slot.Stamp);

    internal Slot Slot
    {
        get
        {
            if (_slot is null)
                Throw.Invalid(
                    "this tensor was never given a value: make one with Tensor.Zeros, Tensor.From, Tensor.Randn …");
            if (_slot.Stamp != _stamp)
                Throw.Invalid("this tensor was made in a scope which has ended, and its numbers are gone: Keep() what "
                    + "must outlive the scope");
            return _slot;
        }
    }

    /// <summary>Whether this handle was ever given a value; a default one refuses everything else.</summary>
    public bool Exists => _slot is not null;

    /// <summary>The sizes of the axes, outermost first.</summary>
    public Shape Shape => Slot.Shape;

    /// <summary>How many axes there are.</summary>
    public int Rank => Slot.Shape.Rank;

    /// <summary>How many numbers there are.</summary>
    public int Count => Slot.Count;

    /// <summary>The number type.</summary>
    public DType DType => Slot.DType;

    /// <summary>
    /// Whether a backward pass should compute dL/d(this): asked for by <see cref="RequireGrad"/>, inherited by what is
    /// computed from it.
    /// </summary>
    public bool RequiresGrad => Slot.RequiresGrad;

    /// <summary>Whether it was made by hand and not computed from something that requires a gradient.</summary>
    public bool IsLeaf => Slot.Producer is null;

    /// <summary>The op that computed it, such as <c>tanh</c>; empty for a leaf.</summary>
    public string Op => Slot.Producer?.Op ?? "";

    /// <summary>The tensors it was computed from; none for a leaf.</summary>
    public IReadOnlyList<Tensor> Parents =>
        Slot.Producer is { } producer ? Array.ConvertAll(producer.Inputs.ToArray(), static x => new Tensor(x)) : [];

    /// <summary>
    /// Whether the handle still names numbers: it was given a value, and the scope that made it has not ended.
    /// </summary>
    internal bool IsLive => _slot is not null && _slot.Stamp == _stamp;

    /// <summary>
    /// Whether a backward pass has reached it since <see cref="ZeroGrad"/>. No gradient is not a gradient of 0: an
    /// optimiser leaves it alone.
    /// </summary>
    public bool HasGrad => Slot.Grad is not null;

    /// <summary>dL/d(this): every backward pass adds to it until <see cref="ZeroGrad"/>.</summary>
    /// <exception cref="InvalidOperationException">There is none: no backward pass has reached it, or none since
    /// <see cref="ZeroGrad"/>.</exception>
    public Tensor Grad
    {
        get
        {
            var slot = Slot;
            if (slot.Grad is null)
                Throw.Invalid(slot.RequiresGrad ? $"grad of {slot.Shape}: no backward pass has reached this tensor: "
                    + "call Backward() on a loss computed from it"
                                         : $"grad of {slot.Shape}: this tensor requires no gradient: call "
                                             + "RequireGrad() before computing with it");
            return new(slot.Grad);
        }
    }

    /// <summary>Asks for dL/d(this), or stops asking. Only for leaves: what is computed inherits the wish.</summary>
    public Tensor RequireGrad(bool requiresGrad = true)
    {
        var slot = Slot;
        if (slot.Producer is { } producer)
            Throw.Invalid($"require grad of {slot.Shape}: it is the result of '{producer.Op}' and inherits the wish "
                + "from its inputs: Detach() it to start anew");
        slot.RequiresGrad = requiresGrad;
        if (requiresGrad) slot.Role = Role.Parameter;
        return this;
    }

    /// <summary>Forgets the gradient, so that the next backward pass starts from nothing.</summary>
    public void ZeroGrad() => Slot.ClearGrad();

    /// <summary>
    /// Adds dL/dx to the gradient of every tensor that this one, L, was computed from. L is a single number, or
    /// <paramref name="seed"/> gives dL/d(this).
    /// </summary>
    /// <param name="seed">The gradient to start from, of this shape; 1 for a single number.</param>
    /// <param name="keepGraph">Whether a second backward pass may go through the same graph.</param>
    /// <exception cref="InvalidOperationException">There is no graph, it was used before, or something in it was
    /// overwritten.</exception>
    public void Backward(Tensor? seed = null, bool keepGraph = false)
    {
        var slot = Slot;
        if (seed is null && slot.Count != 1)
            Throw.Invalid($"backward of {slot.Shape}: {slot.Count} numbers have no single gradient: take a Sum() or "
                + "Mean(), or give the gradient to start from");
        if (seed is { } given && (given.Shape != slot.Shape || given.DType != slot.DType))
            Throw.Argument($"backward of {slot.Shape} ({slot.DType}): the gradient to start from is {given.Shape} "
                + $"({given.DType}): both must be alike",
                nameof(seed));
        BackwardPass.From(slot, seed?.Slot.Copy(slot.Owner), keepGraph);
    }

    /// <summary>The same numbers, cut from the graph: no gradient flows through it. Nothing is copied.</summary>
    public Tensor Detach() => new(Slot.Reshaped(Slot.Shape));

    /// <summary>
    /// Takes the tensor out of the open <see cref="Scope"/>, so that it outlives it. It is cut from the graph: keep
    /// what backward needs after Backward().
    /// </summary>
    public Tensor Keep()
    {
        Slot.Keep();
        return this;
    }

    /// <summary>
    /// A copy of the numbers in the given type. Gradients flow through it, in the type of what they reach.
    /// </summary>
    public Tensor To(DType dtype)
    {
        var slot = Slot;
        var to = Slot.Make(slot.Shape, dtype);
        DTypes.Convert(slot, to);
        if (slot.RequiresGrad && !NoGrad.IsOn) Conversion.Record(slot, to);
        return new(to);
    }

    /// <summary>The single number of a tensor that holds one.</summary>
    public double Item()
    {
        if (Count != 1)
            Throw.Invalid(
                $"item of {Shape}: it holds {Count} numbers, not one: index it, or reduce it with Sum() or Mean()");
        return DTypes.Read(Slot, 0);
    }

    /// <summary>The number at an index, one for each axis; negative counts from the end of the axis.</summary>
    [System.Runtime.CompilerServices.IndexerName("At")]
    public double this[params ReadOnlySpan<int> index] => DTypes.Read(Slot, Flat(index));

    /// <summary>The numbers, row by row, to read.</summary>
    /// <typeparam name="T">float or double, as <see cref="DType"/> says.</typeparam>
    public ReadOnlySpan<T> Read<T>() where T : unmanaged, INumber<T>
    {
        Check<T>("read");
        return Slot.Span<T>();
    }

    /// <summary>
    /// The numbers, row by row, to write in place. Only a leaf can be written; a graph that has read it already
    /// refuses to go backward. Write at once: what is written later, through a span taken before a forward
    /// pass, no graph can notice.
    /// </summary>
    /// <typeparam name="T">float or double, as <see cref="DType"/> says.</typeparam>
    public Span<T> Write<T>() where T : unmanaged, INumber<T>
    {
        Check<T>("write");
        return WritableSlot("write").Span<T>();
    }

    /// <summary>Copies the numbers, row by row.</summary>
    public T[] ToArray<T>() where T : unmanaged, INumber<T> => Read<T>().ToArray();

    /// <summary>Two handles are equal when they are handles on the same tensor.</summary>
    public bool Equals(Tensor other) => ReferenceEquals(_slot, other._slot) && _stamp == other._stamp;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Tensor other && Equals(other);

    public override int GetHashCode() =>
        HashCode.Combine(_slot is null ? 0 : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(_slot), _stamp);

    const string Ambiguous = "== and != compare handles, while + - * / work number by number. Say which is meant: "
        + "a.IsSame(b) asks whether both are the same tensor, a.EqualTo(b) and a.NotEqualTo(b) give 1 where numbers "
        + "are equal, or differ, and 0 elsewhere.";

    /// <summary>Whether both are handles on the same numbers, whatever these are.</summary>
    public bool IsSame(Tensor other) => Equals(other);

    /// <summary>
    /// The same as <see cref="IsSame"/>, and the compiler warns of it: unlike <c>+ − · /</c>, it does not work number
    /// by number. For a mask of equal numbers take <see cref="EqualTo(Tensor)"/>; to compare contents,
    /// <c>a.Read&lt;float&gt;().SequenceEqual(b.Read&lt;float&gt;())</c>.
    /// </summary>
    [Obsolete(Ambiguous)]
    public static bool operator ==(Tensor a, Tensor b) => a.Equals(b);

    /// <summary>
    /// Whether they are handles on different numbers, and the compiler warns of it; number by number it is
    /// <see cref="NotEqualTo(Tensor)"/>.
    /// </summary>
    [Obsolete(Ambiguous)]
    public static bool operator !=(Tensor a, Tensor b) => !a.Equals(b);

    /// <summary>The slot, for in-place writing: counted, so that a graph that read the old numbers can tell.</summary>
    internal Slot WritableSlot(string asked)
    {
        var slot = Slot;
        if (slot.Producer is { } producer)
            Throw.Invalid($"{asked} {slot.Shape} in place: it is the result of '{producer.Op}' and part of a graph: "
                + "write into a Detach().Clone()");
        Journal.Record(slot);
        slot.Storage.Version++;
        return slot;
    }

    void Check<T>(string asked)
    {
        if (DTypes.Of<T>(asked) != DType)
            Throw.Argument($"{asked}: a {DType} tensor was asked for {typeof(T).Name}: convert it with To(), or ask "
                + "for its own type");
    }

    int Flat(ReadOnlySpan<int> index)
    {
        var shape = Shape;
        if (index.Length != shape.Rank)
            Throw.Argument($"index [{string.Join(", ", index.ToArray())}] of {shape}: {index.Length} numbers for "
                + $"{shape.Rank} axes: give one for each",
                nameof(index));
        int flat = 0;
        for (int axis = 0; axis < index.Length; axis++)
        {
            int size = shape[axis], at = index[axis] < 0 ? index[axis] + size : index[axis];
            if ((uint)at >= (uint)size)
                Throw.OutOfRange($"index [{string.Join(", ", index.ToArray())}] of {shape}: axis {axis} has {size} "
                    + $"places, and {index[axis]} is not one of them",
                    nameof(index));
            flat = flat * size + at;
        }
        return flat;
    }
}
