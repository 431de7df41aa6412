using System.Buffers;
using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// Keys and values of the steps of one sequence, with room for more. Keys stand head by head as columns, [heads · size,
/// room], so that products with a query run along the steps; values as rows, [room, heads · size].
/// </summary>
sealed class AttentionMemory(int heads, int size)
{
    // A multiple of the widest vector, and no power of two: rows that begin one apart share places of a cache.
    const int FirstRoom = 80;

    Array? _keys, _values;
    int _room;

    /// <summary>How many steps are known.</summary>
    public int Steps { get; private set; }

    /// <summary>The numbers of all heads together.</summary>
    public int Width => heads * size;

    /// <summary>Adds a step.</summary>
    public void Add<T>(ReadOnlySpan<T> key, ReadOnlySpan<T> value) where T : unmanaged
    {
        if (Steps == _room) Grow<T>();
        var keys = (T[])_keys!;
        for (int i = 0; i < key.Length; i++) keys[i * _room + Steps] = key[i];
        value.CopyTo(((T[])_values!).AsSpan(Steps * Width));
        Steps++;
    }

    /// <summary>y = softmax(scale q kᵀ) v for each head of one step's queries.</summary>
    public void Attend<T>(ReadOnlySpan<T> q, T scale, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Whole vectors: what is behind the last step is 0, and open to nobody.
        int reach = (Steps + 15) / 16 * 16;
        T[] rented = ArrayPool<T>.Shared.Rent(reach);
        var logits = rented.AsSpan(0, reach);
        ReadOnlySpan<T> keys = (T[])_keys!, values = (T[])_values!;
        for (int head = 0; head < heads; head++)
        {
            int at = head * size;
            HeadProduct.Multiply(1, size, reach, new Factor<T>(q.Slice(at, size), size),
                new Factor<T>(keys[(at * _room)..], _room), logits, reach, add: false);
            SoftmaxRow.Forward(logits, logits, Steps, scale);
            HeadProduct.Multiply(1, Steps, size, new Factor<T>(logits, reach), new Factor<T>(values[at..], Width),
                y.Slice(at, size), size, add: false);
        }
        ArrayPool<T>.Shared.Return(rented);
    }

    /// <summary>All keys and all values as they are known elsewhere, [heads, steps, size] each.</summary>
    public void CopyTo<T>(Span<T> keys, Span<T> values) where T : unmanaged
    {
        ReadOnlySpan<T> k = (T[])_keys!, v = (T[])_values!;
        for (int head = 0; head < heads; head++)
        {
            for (int step = 0; step < Steps; step++)
            {
                int to = (head * Steps + step) * size, at = head * size;
                v.Slice(step * Width + at, size).CopyTo(values[to..]);
                for (int i = 0; i < size; i++) keys[to + i] = k[(at + i) * _room + step];
            }
        }
    }

    void Grow<T>() where T : unmanaged
    {
        int room = Math.Max(FirstRoom, 2 * _room);
        T[] keys = new T[Width * room], values = new T[Width * room];
        if (_keys is T[] known)
        {
            for (int i = 0; i < Width; i++) known.AsSpan(i * _room, Steps).CopyTo(keys.AsSpan(i * room));
            ((T[])_values!).AsSpan(0, Steps * Width).CopyTo(values);
        }
        (_keys, _values, _room) = (keys, values, room);
    }
}

/// <summary>
/// Adds steps to what is known of sequences, one after another, and lets each ask all up to itself.
/// </summary>
/// <param name="qkv">[sequences, steps, 3 · width].</param>
/// <param name="y">[sequences, steps, width]; null where they are only added.</param>
readonly struct AttentionBehind(Slot qkv, Slot? y, AttentionMemory[] known, double scale) : INumeric
{
    public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = known[0].Width, steps = qkv.Shape[1];
        ReadOnlySpan<T> rows = qkv.Span<T>();
        for (int i = 0; i < known.Length * steps; i++)
        {
            var memory = known[i / steps];
            var row = rows.Slice(i * 3 * width, 3 * width);
            memory.Add(row.Slice(width, width), row[(2 * width)..]);
            if (y is not null)
                memory.Attend(row[..width], T.CreateTruncating(scale), y.Span<T>().Slice(i * width, width));
        }
    }
}

/// <summary>What is known of sequences of one length, as tensors [sequences, heads, steps, size].</summary>
readonly struct KnownSteps(AttentionMemory[] known, Slot keys, Slot values) : INumeric
{
    public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int each = keys.Count / known.Length;
        for (int i = 0; i < known.Length; i++)
            known[i].CopyTo(keys.Span<T>().Slice(i * each, each), values.Span<T>().Slice(i * each, each));
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// Attention in several heads of steps, [sequences, new steps, 3 · width], behind those that are known of each
    /// sequence, to which they are added. No gradient flows.
    /// </summary>
    internal Tensor AttentionBehind(AttentionMemory[] known, int heads, double scale)
    {
        bool begins = Shape[1] > 1 && Array.TrueForAll(known, static one => one.Steps == 0);
        // What begins is computed as a whole.
        var y = begins ? Attention(heads, causal: true, new() { Scale = scale })
            : new Tensor(Slot.Make(Shape.With(2, Shape[2] / 3), DType));
        var work = new AttentionBehind(Slot, begins ? null : y.Slot, known, scale);
        DTypes.Run(DType, ref work);
        return y;
    }

    /// <summary>What is known of sequences of one length, [sequences, heads, steps, size] each.</summary>
    internal static (Tensor Keys, Tensor Values) Known(AttentionMemory[] known, int heads, DType dtype)
    {
        Shape shape = [known.Length, heads, known[0].Steps, known[0].Width / heads];
        Slot keys = Slot.Make(shape, dtype), values = Slot.Make(shape, dtype);
        var work = new KnownSteps(known, keys, values);
        DTypes.Run(dtype, ref work);
        return (new(keys), new(values));
    }
}
