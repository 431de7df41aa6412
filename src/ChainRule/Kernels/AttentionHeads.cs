using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Kernels;

/// <summary>
/// Self-attention head by head, where queries, keys and values of all heads lie side by side in rows of 3C numbers. Queries are taken a few at a time;
/// where attention is causal no product reaches beyond the last key that these may see, which saves half the work of long sequences.
/// </summary>
/// <param name="Batch">B.</param>
/// <param name="Steps">T.</param>
/// <param name="Width">C, the numbers of all heads together.</param>
/// <param name="Heads">How many share them.</param>
/// <param name="Causal">Whether a step sees only itself and those before it.</param>
/// <param name="Scale">What logits are multiplied by.</param>
readonly record struct AttentionHeads(int Batch, int Steps, int Width, int Heads, bool Causal, double Scale)
{
    /// <summary>How many queries are taken at a time.</summary>
    public const int Block = 16;

    // Below this many multiply-adds a thread costs more to wake than it saves.
    const long ThreadWorth = 1 << 19;

    /// <summary>The width of a head.</summary>
    public int Size => Width / Heads;

    /// <summary>The width of a step's queries, keys and values.</summary>
    public int Row => 3 * Width;

    /// <summary>
    /// The stride of a transpose [size, steps]: a cache line more than it needs, because rows that begin a power of two apart fall into the same places
    /// of a cache.
    /// </summary>
    public int Spread => (Steps + 15) / 16 * 16 + 16;

    /// <summary>How many logits a head has.</summary>
    public int Logits => Steps * Steps;

    /// <summary>Of each head p = softmax(scale q kᵀ), kept for the way back, and y = (p m) v; without m where it is empty.</summary>
    public unsafe void Forward<T>(ReadOnlySpan<T> qkv, ReadOnlySpan<T> m, Span<T> p, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Steps == 0) return;
        fixed (T* masks = m, shares = p)
            ForRows.Run(Batch * Heads, 1, 2L * Logits * Size, ThreadWorth, qkv, default, y, new AttentionForward<T>(this, masks, shares));
    }

    /// <summary>dqkv (+)= … of each head: dp = (dy vᵀ) m, ds = scale p (dp − ⟨dp, p⟩), dq = ds k, dk = dsᵀ q, dv = (p m)ᵀ dy.</summary>
    public unsafe void Backward<T>(ReadOnlySpan<T> qkv, ReadOnlySpan<T> m, ReadOnlySpan<T> p, ReadOnlySpan<T> dy, Span<T> dqkv, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Steps == 0) return;
        fixed (T* masks = m, shares = p)
            ForRows.Run(Batch * Heads, 1, 5L * Logits * Size, ThreadWorth, qkv, dy, dqkv, new AttentionBackward<T>(this, masks, shares, add));
    }

    /// <summary>How many all heads of the batch have.</summary>
    public int Numbers => Batch * Heads * Logits;

    /// <summary>Where a head begins in rows of a width.</summary>
    public int At(int head, int row) => head / Heads * Steps * row + head % Heads * Size;

    /// <summary>How many of its queries a block has.</summary>
    public int Count(int first) => Math.Min(Block, Steps - first);

    /// <summary>How many keys the queries of a block reach.</summary>
    public int Reach(int first) => Causal ? first + Count(first) : Steps;

    /// <summary>How many keys one query sees.</summary>
    public int Open(int query) => Causal ? query + 1 : Steps;
}

/// <summary>The way forward of a range of heads.</summary>
readonly unsafe struct AttentionForward<T>(AttentionHeads s, T* masks, T* shares) : IRowWork<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run(int from, int to, ReadOnlySpan<T> qkv, ReadOnlySpan<T> none, Span<T> y)
    {
        ReadOnlySpan<T> m = new(masks, masks is null ? 0 : s.Numbers);
        Span<T> p = new(shares, s.Numbers);
        T[] room = ArrayPool<T>.Shared.Rent(s.Size * s.Spread + AttentionHeads.Block * s.Steps);
        Span<T> keys = room.AsSpan(0, s.Size * s.Spread), masked = room.AsSpan(keys.Length, AttentionHeads.Block * s.Steps);
        for (int head = from; head < to; head++)
        {
            var q = qkv[s.At(head, s.Row)..];
            Moves.Transpose(s.Steps, s.Size, q[s.Width..], s.Row, keys, s.Spread);
            for (int first = 0; first < s.Steps; first += AttentionHeads.Block)
            {
                int count = s.Count(first), reach = s.Reach(first), at = head * s.Logits + first * s.Steps;
                var logits = p.Slice(at, count * s.Steps);
                HeadProduct.Multiply(count, s.Size, reach, new Factor<T>(q[(first * s.Row)..], s.Row), new Factor<T>(keys, s.Spread), logits, s.Steps, add: false);
                for (int i = 0; i < count; i++)
                {
                    var row = logits.Slice(i * s.Steps, reach);
                    SoftmaxRow.Forward(row, row, s.Open(first + i), T.CreateTruncating(s.Scale));
                    if (!m.IsEmpty) TensorPrimitives.Multiply(row, m.Slice(at + i * s.Steps, reach), masked[(i * s.Steps)..]);
                }
                var weights = new Factor<T>(m.IsEmpty ? logits : masked, s.Steps);
                var values = new Factor<T>(q[(2 * s.Width)..], s.Row);
                HeadProduct.Multiply(count, reach, s.Size, weights, values, y[(s.At(head, s.Width) + first * s.Width)..], s.Width, add: false);
            }
        }
        ArrayPool<T>.Shared.Return(room);
    }
}

/// <summary>The way back of a range of heads.</summary>
readonly unsafe struct AttentionBackward<T>(AttentionHeads s, T* masks, T* shares, bool add) : IRowWork<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run(int from, int to, ReadOnlySpan<T> qkv, ReadOnlySpan<T> dy, Span<T> dqkv)
    {
        ReadOnlySpan<T> m = new(masks, masks is null ? 0 : s.Numbers), p = new(shares, s.Numbers);
        T[] room = ArrayPool<T>.Shared.Rent(s.Size * s.Spread + (m.IsEmpty ? 1 : 2) * s.Logits);
        Span<T> values = room.AsSpan(0, s.Size * s.Spread), ds = room.AsSpan(values.Length, s.Logits), masked = room.AsSpan(values.Length + s.Logits);
        for (int head = from; head < to; head++)
        {
            var q = qkv[s.At(head, s.Row)..];
            var k = q[s.Width..];
            var dq = dqkv[s.At(head, s.Row)..];
            var dHead = dy[s.At(head, s.Width)..];
            var kept = p.Slice(head * s.Logits, s.Logits);
            Moves.Transpose(s.Steps, s.Size, q[(2 * s.Width)..], s.Row, values, s.Spread);
            for (int first = 0; first < s.Steps; first += AttentionHeads.Block)
            {
                int count = s.Count(first), reach = s.Reach(first);
                var rows = ds.Slice(first * s.Steps, count * s.Steps);
                var slopes = new Factor<T>(dHead[(first * s.Width)..], s.Width);
                HeadProduct.Multiply(count, s.Size, reach, slopes, new Factor<T>(values, s.Spread), rows, s.Steps, add: false);
                for (int i = 0; i < count; i++)
                {
                    int at = (first + i) * s.Steps;
                    var row = kept.Slice(at, reach);
                    var d = ds.Slice(at, reach);
                    if (!m.IsEmpty)
                    {
                        var mask = m.Slice(head * s.Logits + at, reach);
                        TensorPrimitives.Multiply(d, mask, d);
                        TensorPrimitives.Multiply(row, mask, masked[at..]);
                    }
                    SoftmaxRow.Backward(row, d, s.Open(first + i), T.CreateTruncating(s.Scale));
                }
                HeadProduct.Multiply(count, reach, s.Size, new Factor<T>(rows, s.Steps), new Factor<T>(k, s.Row), dq[(first * s.Row)..], s.Row, add);
            }
            KeysAndValues(ds, m.IsEmpty ? kept : masked, q, dHead, dq);
        }
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>A block of keys is asked by all queries from its own on: of those in its own block that do not see it yet, ds and p are 0.</summary>
    void KeysAndValues(ReadOnlySpan<T> ds, ReadOnlySpan<T> weights, ReadOnlySpan<T> q, ReadOnlySpan<T> dy, Span<T> dq)
    {
        for (int key = 0; key < s.Steps; key += AttentionHeads.Block)
        {
            int count = s.Count(key), from = s.Causal ? key : 0, at = from * s.Steps + key, queries = s.Steps - from;
            Factor<T> slopes = new(ds[at..], s.Steps, transposed: true), shown = new(weights[at..], s.Steps, transposed: true);
            HeadProduct.Multiply(count, queries, s.Size, slopes, new(q[(from * s.Row)..], s.Row), dq[(s.Width + key * s.Row)..], s.Row, add);
            HeadProduct.Multiply(count, queries, s.Size, shown, new(dy[(from * s.Width)..], s.Width), dq[(2 * s.Width + key * s.Row)..], s.Row, add);
        }
    }
}
