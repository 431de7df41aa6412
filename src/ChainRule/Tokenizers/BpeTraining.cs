using System.Runtime.InteropServices;

namespace ChainRule.Tokenizers;

/// <summary>
/// Pieces while merges are learned: how often each pair of neighbours occurs, and in which pieces, so that a merge
/// touches those alone.
/// </summary>
sealed class BpeTraining
{
    readonly List<(List<int> Tokens, long Count)> _pieces = [];
    readonly Dictionary<(int Left, int Right), long> _counts = [];
    readonly Dictionary<(int Left, int Right), HashSet<int>> _where = [];
    readonly HashSet<(int Left, int Right)> _left = [];
    readonly List<int> _lengths = [.. Enumerable.Repeat(1, 256)];
    readonly int _longest;

    // The most frequent first, and of these that of the lowest ids. A pair whose count has changed since is put back.
    readonly PriorityQueue<(int Left, int Right), (long MinusCount, int Left, int Right)> _queue = new();

    /// <param name="pieces">Pieces, and how often each occurs.</param>
    /// <param name="longest">How many bytes a token may have.</param>
    public BpeTraining(IEnumerable<(byte[] Piece, long Count)> pieces, int longest)
    {
        _longest = longest;
        foreach (var (piece, count) in pieces)
        {
            if (piece.Length < 2) continue;
            _pieces.Add(([.. piece.Select(b => (int)b)], count));
            for (int i = 0; i + 1 < piece.Length; i++) Add((piece[i], piece[i + 1]), count, _pieces.Count - 1);
        }
        foreach (var pair in _counts.Keys) Queue(pair);
    }

    /// <summary>The pair that is merged next; null where none occurs twice.</summary>
    public (int Left, int Right)? Next()
    {
        while (_queue.TryDequeue(out var pair, out var priority))
        {
            long count = _counts.GetValueOrDefault(pair);
            if (count < 2 || _left.Contains(pair)) continue;
            if (count == -priority.MinusCount) return pair;
            Queue(pair);
        }
        return null;
    }

    /// <summary>Leaves a pair as it is, from now on.</summary>
    public void Leave(int left, int right) => _left.Add((left, right));

    /// <summary>Puts a token in the place of a pair, wherever it occurs.</summary>
    public void Merge(int left, int right, int id)
    {
        _lengths.Add(_lengths[left] + _lengths[right]);
        HashSet<(int, int)> changed = [];
        foreach (int at in _where[(left, right)])
        {
            var (tokens, count) = _pieces[at];
            int kept = 0;
            for (int i = 0; i < tokens.Count; kept++)
            {
                if (i + 1 >= tokens.Count || tokens[i] != left || tokens[i + 1] != right)
                {
                    tokens[kept] = tokens[i++];
                    continue;
                }
                // What stood before is merged already, what stands behind is not.
                if (kept > 0)
                {
                    Add((tokens[kept - 1], left), -count, -1);
                    Add((tokens[kept - 1], id), count, at);
                    changed.Add((tokens[kept - 1], id));
                }
                if (i + 2 < tokens.Count)
                {
                    Add((right, tokens[i + 2]), -count, -1);
                    Add((id, tokens[i + 2]), count, at);
                    changed.Add((id, tokens[i + 2]));
                }
                tokens[kept] = id;
                i += 2;
            }
            tokens.RemoveRange(kept, tokens.Count - kept);
        }
        _counts.Remove((left, right));
        _where.Remove((left, right));
        foreach (var pair in changed) Queue(pair);
    }

    void Add((int Left, int Right) pair, long count, int at)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _) += count;
        if (at >= 0) (CollectionsMarshal.GetValueRefOrAddDefault(_where, pair, out _) ??= []).Add(at);
    }

    void Queue((int Left, int Right) pair)
    {
        if (_lengths[pair.Left] + _lengths[pair.Right] <= _longest && _counts[pair] > 1)
            _queue.Enqueue(pair, (-_counts[pair], pair.Left, pair.Right));
    }
}
