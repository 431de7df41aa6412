using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Kernels;

/// <summary>
/// Attention head by head: the queries of all heads lie side by side in rows, and so do the keys and the values, where
/// rows begin a stride apart. Queries are taken a few at a time; where attention is causal no product reaches beyond
/// the last key that these may see, which saves half the work of long sequences.
/// </summary>
/// <param name="Batch">B.</param>
/// <param name="Queries">T: how many steps ask.</param>
/// <param name="Keys">S: how many steps are asked.</param>
/// <param name="Width">C, the numbers of all heads together.</param>
/// <param name="Heads">How many share them.</param>
/// <param name="Causal">Whether query i sees only the keys up to i.</param>
/// <param name="Scale">What logits are multiplied by.</param>
/// <param name="QueryRow">How far apart the rows of queries begin.</param>
/// <param name="KeyRow">How far apart the rows of keys begin, and those of values.</param>
readonly record struct AttentionHeads(
    int Batch, int Queries, int Keys, int Width, int Heads, bool Causal, double Scale, int QueryRow, int KeyRow)
{
    /// <summary>How many queries are taken at a time.</summary>
    public const int Block = 16;

    // Below this many multiply-adds a thread costs more to wake than it saves.
    const long ThreadWorth = 1 << 19;

    /// <summary>The width of a head.</summary>
    public int Size => Width / Heads;

    /// <summary>
    /// The stride of a transpose [size, keys]: a cache line more than it needs, because rows that begin a power of two
    /// apart fall into the same places of a cache.
    /// </summary>
    public int PaddedKeys => (Keys + 15) / 16 * 16 + 16;

    /// <summary>How many logits a head has.</summary>
    public int Logits => Queries * Keys;

    /// <summary>
    /// Of each head p = softmax(scale q kᵀ), kept for the backward pass, and y = (p m) v; without m where it is empty.
    /// </summary>
    public void Forward<T>(ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, ReadOnlySpan<T> m,
        Span<T> p, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Queries > 0)
            ForRows.Run(Batch * Heads, 1, 2L * Logits * Size, ThreadWorth,
                new AttentionForward<T>(this, q, k, v, m, p, y));
    }

    /// <summary>
    /// Of each head dp = (dy vᵀ) m, ds = scale p (dp − ⟨dp, p⟩), dq = ds k, dk = dsᵀ q, dv = (p m)ᵀ dy; what has no
    /// place to go is left out.
    /// </summary>
    public void Backward<T>(
        ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, ReadOnlySpan<T> m, ReadOnlySpan<T> p,
        ReadOnlySpan<T> dy, Gradient<T> dq, Gradient<T> dk, Gradient<T> dv)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Queries > 0)
            ForRows.Run(Batch * Heads, 1, 5L * Logits * Size, ThreadWorth,
                new AttentionBackward<T>(this, q, k, v, m, p, dy, dq, dk, dv));
    }

    /// <summary>Where a head begins in the rows of queries, or of the output.</summary>
    public int AtQuery(int head, int row) => head / Heads * Queries * row + head % Heads * Size;

    /// <summary>Where a head begins in the rows of keys, or of values.</summary>
    public int AtKey(int head) => head / Heads * Keys * KeyRow + head % Heads * Size;

    /// <summary>How many keys the queries of a block reach.</summary>
    public int Reach(int first) => Causal ? Math.Min(Keys, first + Block) : Keys;

    /// <summary>How many keys one query sees.</summary>
    public int Open(int query) => Causal ? Math.Min(Keys, query + 1) : Keys;

    /// <summary>How many steps a block has, of N in all.</summary>
    public static int Count(int first, int all) => Math.Min(Block, all - first);
}

/// <summary>The forward pass of a range of heads.</summary>
readonly ref struct AttentionForward<T>(
    AttentionHeads s, ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, ReadOnlySpan<T> m, Span<T> p, Span<T> y)
    : IRowWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    readonly ReadOnlySpan<T> _q = q, _k = k, _v = v, _m = m;
    readonly Span<T> _p = p, _y = y;

    public void Run(int from, int to)
    {
        T[] room = ArrayPool<T>.Shared.Rent(s.Size * s.PaddedKeys + AttentionHeads.Block * s.Keys);
        Span<T> keys = room.AsSpan(0, s.Size * s.PaddedKeys),
            masked = room.AsSpan(keys.Length, AttentionHeads.Block * s.Keys);
        for (int head = from; head < to; head++)
        {
            var queries = _q[s.AtQuery(head, s.QueryRow)..];
            var values = new Factor<T>(_v[s.AtKey(head)..], s.KeyRow);
            Moves.Transpose(s.Keys, s.Size, _k[s.AtKey(head)..], s.KeyRow, keys, s.PaddedKeys);
            for (int first = 0; first < s.Queries; first += AttentionHeads.Block)
            {
                int count = AttentionHeads.Count(first, s.Queries), reach = s.Reach(first),
                    at = head * s.Logits + first * s.Keys;
                var logits = _p.Slice(at, count * s.Keys);
                HeadProduct.Multiply(count, s.Size, reach, new Factor<T>(queries[(first * s.QueryRow)..], s.QueryRow),
                    new Factor<T>(keys, s.PaddedKeys), logits, s.Keys, add: false);
                for (int i = 0; i < count; i++)
                {
                    var row = logits.Slice(i * s.Keys, reach);
                    SoftmaxRow.Forward(row, row, s.Open(first + i), T.CreateTruncating(s.Scale));
                    if (!_m.IsEmpty)
                        TensorPrimitives.Multiply(row, _m.Slice(at + i * s.Keys, reach), masked[(i * s.Keys)..]);
                }
                var weights = new Factor<T>(_m.IsEmpty ? logits : masked, s.Keys);
                HeadProduct.Multiply(count, reach, s.Size, weights, values,
                    _y[(s.AtQuery(head, s.Width) + first * s.Width)..], s.Width, add: false);
            }
        }
        ArrayPool<T>.Shared.Return(room);
    }
}

/// <summary>The backward pass of a range of heads.</summary>
readonly ref struct AttentionBackward<T>(AttentionHeads s, ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v,
    ReadOnlySpan<T> m, ReadOnlySpan<T> p, ReadOnlySpan<T> dy, Gradient<T> dq, Gradient<T> dk, Gradient<T> dv) : IRowWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    readonly ReadOnlySpan<T> _q = q, _k = k, _v = v, _m = m, _p = p, _dy = dy;
    readonly Gradient<T> _dq = dq, _dk = dk, _dv = dv;

    public void Run(int from, int to)
    {
        T[] room = ArrayPool<T>.Shared.Rent(s.Size * s.PaddedKeys + (_m.IsEmpty ? 1 : 2) * s.Logits);
        Span<T> values = room.AsSpan(0, s.Size * s.PaddedKeys), ds = room.AsSpan(values.Length, s.Logits),
            masked = room.AsSpan(values.Length + s.Logits);
        for (int head = from; head < to; head++)
        {
            var dHead = _dy[s.AtQuery(head, s.Width)..];
            var kept = _p.Slice(head * s.Logits, s.Logits);
            Moves.Transpose(s.Keys, s.Size, _v[s.AtKey(head)..], s.KeyRow, values, s.PaddedKeys);
            for (int first = 0; first < s.Queries; first += AttentionHeads.Block)
            {
                int count = AttentionHeads.Count(first, s.Queries), reach = s.Reach(first);
                var rows = ds.Slice(first * s.Keys, count * s.Keys);
                HeadProduct.Multiply(count, s.Size, reach, new Factor<T>(dHead[(first * s.Width)..], s.Width),
                    new Factor<T>(values, s.PaddedKeys), rows, s.Keys, add: false);
                for (int i = 0; i < count; i++)
                {
                    int at = (first + i) * s.Keys;
                    var row = kept.Slice(at, reach);
                    var d = ds.Slice(at, reach);
                    if (!_m.IsEmpty)
                    {
                        var mask = _m.Slice(head * s.Logits + at, reach);
                        TensorPrimitives.Multiply(d, mask, d);
                        TensorPrimitives.Multiply(row, mask, masked[at..]);
                    }
                    SoftmaxRow.Backward(row, d, s.Open(first + i), T.CreateTruncating(s.Scale));
                }
                if (_dq.Numbers.IsEmpty) continue;
                var queries = _dq.Numbers[(s.AtQuery(head, s.QueryRow) + first * s.QueryRow)..];
                HeadProduct.Multiply(count, reach, s.Size, new Factor<T>(rows, s.Keys),
                    new Factor<T>(_k[s.AtKey(head)..], s.KeyRow), queries, s.QueryRow, _dq.Adds);
            }
            Shown(ds, _q[s.AtQuery(head, s.QueryRow)..], s.QueryRow, _dk, head);
            Shown(_m.IsEmpty ? kept : masked, dHead, s.Width, _dv, head);
        }
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>
    /// What keys or values get from the queries: logitsᵀ · rows. A block of keys is asked by all queries from its own
    /// place on: of those in the first block that do not see it yet, the logits' derivatives and p are 0.
    /// </summary>
    void Shown(ReadOnlySpan<T> logits, ReadOnlySpan<T> rows, int stride, Gradient<T> sum, int head)
    {
        for (int key = 0; key < s.Keys && !sum.Numbers.IsEmpty; key += AttentionHeads.Block)
        {
            int count = AttentionHeads.Count(key, s.Keys), from = s.Causal ? Math.Min(key, s.Queries) : 0,
                queries = s.Queries - from;
            var to = sum.Numbers[(s.AtKey(head) + key * s.KeyRow)..];
            if (queries > 0)
            {
                Factor<T> asked = new(logits[(from * s.Keys + key)..], s.Keys, transposed: true),
                    asking = new(rows[(from * stride)..], stride);
                HeadProduct.Multiply(count, queries, s.Size, asked, asking, to, s.KeyRow, sum.Adds);
            }
            // Keys behind the last query that is causal are seen by none.
            for (int i = 0; i < count && queries == 0 && !sum.Adds; i++) to.Slice(i * s.KeyRow, s.Size).Clear();
        }
    }
}
