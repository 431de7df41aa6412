namespace ChainRule.Tokenizers;

/// <summary>
/// Merges the bytes of a piece into tokens: of all pairs of neighbours the one of the lowest rank first, of equal ones
/// the first in the text, until no pair is left that is merged.
/// </summary>
/// <param name="ofByte">The id of each byte.</param>
/// <param name="pairs">The merges.</param>
sealed class PieceMerger(int[] ofByte, TokenPairs pairs)
{
    // Of a few neighbours the lowest is found faster by looking at all of them.
    const int Few = 64;

    // What two bytes are merged into, which is asked most often.
    readonly TokenMerge[] _bytes = [.. from left in Enumerable.Range(0, 256)
                                       from right in Enumerable.Range(0, 256)
                                       select pairs.Find(ofByte[left], ofByte[right])];

    /// <summary>The tokens of a piece.</summary>
    /// <param name="piece">Its bytes.</param>
    /// <param name="to">Where to, as long as the piece.</param>
    /// <param name="below">Merges of this rank and later ones are left out.</param>
    /// <returns>How many there are.</returns>
    public int Merge(ReadOnlySpan<byte> piece, Span<int> to, int below = TokenMerge.None)
    {
        for (int i = 0; i < piece.Length; i++) to[i] = ofByte[piece[i]];
        if (piece.Length < 2) return piece.Length;
        return piece.Length <= Few ? MergeFew(piece, to, below) : MergeMany(piece.Length, to, below);
    }

    int MergeFew(ReadOnlySpan<byte> piece, Span<int> ids, int below)
    {
        Span<TokenMerge> merges = stackalloc TokenMerge[Few];
        int count = piece.Length;
        for (int i = 0; i + 1 < count; i++) merges[i] = _bytes[piece[i] << 8 | piece[i + 1]];
        for (;;)
        {
            int least = below, at = -1;
            for (int i = 0; i + 1 < count; i++)
                if (merges[i].Rank < least) (least, at) = (merges[i].Rank, i);
            if (at < 0) return count;
            ids[at] = merges[at].Id;
            ids[(at + 2)..count].CopyTo(ids[(at + 1)..]);
            count--;
            if (at + 1 < count)
            {
                merges[(at + 2)..count].CopyTo(merges[(at + 1)..]);
                merges[at] = pairs.Find(ids[at], ids[at + 1]);
            }
            if (at > 0) merges[at - 1] = pairs.Find(ids[at - 1], ids[at]);
        }
    }

    // Neighbours know each other, and a queue knows the lowest pair: n log n, however long the piece is.
    int MergeMany(int count, Span<int> ids, int below)
    {
        const int Gone = -1;
        int[] next = new int[count], before = new int[count];
        var queue = new PriorityQueue<(int At, int Left, int Right, int Id), ulong>(count);
        void Look(int at, int left, int right)
        {
            var merge = pairs.Find(left, right);
            if (merge.Rank < below)
                queue.Enqueue((at, left, right, merge.Id), (ulong)(uint)merge.Rank << 32 | (uint)at);
        }
        for (int i = 0; i < count; i++)
        {
            (next[i], before[i]) = (i + 1, i - 1);
            if (i + 1 < count) Look(i, ids[i], ids[i + 1]);
        }
        while (queue.TryDequeue(out var found, out _))
        {
            int at = found.At, right = next[at];
            // One of the two was merged with another neighbour in the meantime.
            if (right == Gone || right >= count || ids[at] != found.Left || ids[right] != found.Right) continue;
            ids[at] = found.Id;
            next[at] = next[right];
            next[right] = Gone;
            if (next[at] < count)
            {
                before[next[at]] = at;
                Look(at, ids[at], ids[next[at]]);
            }
            if (before[at] >= 0) Look(before[at], ids[before[at]], ids[at]);
        }
        int kept = 0;
        for (int i = 0; i < count; i = next[i]) ids[kept++] = ids[i];
        return kept;
    }
}
