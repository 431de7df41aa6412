using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Distributed;

/// <summary>
/// Adds the gradients of some shards to the sums that are open, by the tree, a piece of a cache's size after the other:
/// each number of a gradient is read once, and each of a sum written once, however often they are joined.
/// </summary>
/// <param name="sums">The sums that are open: each is a part of the tree.</param>
/// <param name="start">Where the numbers of this tensor begin in each.</param>
/// <param name="open">How many are open.</param>
/// <param name="leaves">What each shard computed; null for zeros.</param>
/// <param name="joins">How often each is joined with what stands before it.</param>
/// <param name="into">Where the one sum that is left goes, times a factor; null to leave sums open.</param>
/// <param name="scale">The factor.</param>
readonly ref struct TreeAddition<T>(List<T[]> sums, int start, int open, ReadOnlySpan<Slot?> leaves,
    ReadOnlySpan<int> joins, Slot? into, T scale) : IRowWork where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many shards are added at once, at most.</summary>
    public const int Most = 4;

    // Where a part stands: among the sums, as leaf k, or as Most + k in the room that leaf k's sum gets.
    const int InSums = -1, Piece = 1 << 10, Deepest = 64;

    static readonly T[] s_zeros = new T[Piece];

    readonly ReadOnlySpan<Slot?> _leaves = leaves;
    readonly ReadOnlySpan<int> _joins = joins;

    /// <summary>Adds numbers of each gradient.</summary>
    public void Run(int from, int to)
    {
        Span<T> room = stackalloc T[Most * Piece];
        for (; from < to; from += Piece) Add(from, Math.Min(Piece, to - from), room);
    }

    void Add(int at, int count, Span<T> room)
    {
        Span<int> stands = stackalloc int[Deepest];
        stands[..open].Fill(InSums);
        int depth = open;
        for (int leaf = 0; leaf < _leaves.Length; leaf++)
        {
            stands[depth++] = leaf;
            for (int i = 0; i < _joins[leaf]; i++)
            {
                depth--;
                var left = Part(depth - 1, stands, at, count, room);
                var right = Part(depth, stands, at, count, room);
                int place = stands[depth - 1];
                if (place is >= 0 and < Most) stands[depth - 1] = place + Most;
                TensorPrimitives.Add(left, right, Written(depth - 1, stands, at, count, room));
            }
        }
        if (into is not null)
            TensorPrimitives.Multiply(Part(0, stands, at, count, room), scale, into.Span<T>().Slice(at, count));
        else
        {
            for (int i = 0; i < depth; i++)
                if (stands[i] != InSums) Part(i, stands, at, count, room).CopyTo(sums[i].AsSpan(start + at, count));
        }
    }

    ReadOnlySpan<T> Part(int i, ReadOnlySpan<int> stands, int at, int count, Span<T> room) =>
        stands[i] is not (>= 0 and < Most) ? Written(i, stands, at, count, room)
            : _leaves[stands[i]] is { } leaf ? leaf.Span<T>().Slice(at, count) : s_zeros.AsSpan(0, count);

    Span<T> Written(int i, ReadOnlySpan<int> stands, int at, int count, Span<T> room) =>
        stands[i] == InSums ? sums[i].AsSpan(start + at, count) : room.Slice((stands[i] - Most) * Piece, count);
}
