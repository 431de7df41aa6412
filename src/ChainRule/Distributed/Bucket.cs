using System.Numerics;
using System.Runtime.InteropServices;
using ChainRule.Kernels;

namespace ChainRule.Distributed;

/// <summary>
/// Parameters whose gradients are sent together: numbers <paramref name="low"/> to <paramref name="high"/> of all,
/// divided among the workers.
/// </summary>
/// <param name="number">Which bucket it is.</param>
/// <param name="from">Its first entry.</param>
/// <param name="to">The entry behind its last.</param>
/// <param name="low">Its first number.</param>
/// <param name="high">The number behind its last.</param>
sealed class Bucket<T>(int number, int from, int to, int low, int high)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    readonly List<int> _receiving = [], _sending = [];
    readonly List<T[]> _received = [];
    WorkerGroup? _group;
    ShardTree? _tree;
    TreeNode[][] _covers = [];
    List<T[]> _own = [];
    T[] _result = [];
    Stage _stage;

    enum Stage
    {
        Open,
        Summing,
        Spreading,
        Done,
    }

    public int Number => number;

    public int From => from;

    public int To => to;

    public bool IsClosed => _stage != Stage.Open;

    public void Begin() => _stage = Stage.Open;

    public void Prepare(WorkerGroup group, ShardTree tree, T[] result)
    {
        if (_tree?.Shards != tree.Shards || _group != group)
            _covers = [.. Enumerable.Range(0, group.Size).Select(rank => tree.Cover(rank, group.Size))];
        (_group, _tree, _result) = (group, tree, result);
    }

    /// <summary>This worker's sums are there: each other is sent the numbers that it adds up.</summary>
    public void Close(WorkerGroup? group, List<T[]> sums)
    {
        _stage = Stage.Done;
        if (group is not { Size: > 1 }) return;
        (_stage, _own) = (Stage.Summing, sums);
        int taken = 0;
        for (int other = 0; other < group.Size; other++)
        {
            if (other == group.Rank) continue;
            for (int i = 0; i < _covers[other].Length; i++)
            {
                if (taken == _received.Count) _received.Add([]);
                int mine = Start(group.Rank + 1) - Start(group.Rank);
                if (_received[taken].Length < mine)
                    _received[taken] = GC.AllocateUninitializedArray<T>(mine, pinned: true);
                _receiving.Add(Receive(other, 0, _received[taken++], 0, mine));
            }
            for (int i = 0; i < _covers[group.Rank].Length; i++)
                _sending.Add(Send(other, 0, sums[i], Start(other), Start(other + 1) - Start(other)));
        }
    }

    /// <summary>Goes on as far as what others sent allows: whether the sums over all shards are there.</summary>
    public bool Advance()
    {
        if (_stage is Stage.Open or Stage.Done) return _stage == Stage.Done;
        if (!AreDone(_receiving)) return false;
        if (_stage == Stage.Summing)
        {
            Sum();
            for (int other = 0; other < _group!.Size; other++)
            {
                if (other == _group.Rank) continue;
                _receiving.Add(Receive(other, 1, _result, Start(other), Start(other + 1) - Start(other)));
                _sending.Add(Send(other, 1, _result, Start(_group.Rank),
                    Start(_group.Rank + 1) - Start(_group.Rank)));
            }
            _stage = Stage.Spreading;
            if (!AreDone(_receiving)) return false;
        }
        if (!AreDone(_sending)) return false;
        _stage = Stage.Done;
        return true;
    }

    // This worker's numbers of all parts, joined as the tree says.
    void Sum()
    {
        int rank = _group!.Rank, low = Start(rank), count = Start(rank + 1) - low, taken = 0;
        List<TreeNode> open = [];
        List<(T[] Numbers, int At)> sums = [];
        for (int worker = 0; worker < _group.Size; worker++)
        {
            for (int i = 0; i < _covers[worker].Length; i++)
            {
                var part = worker == rank ? (_own[i], low) : (_received[taken++], 0);
                int joined = _tree!.Add(open, _covers[worker][i]);
                for (int k = 0; k < joined; k++)
                {
                    var left = sums[^1];
                    sums.RemoveAt(sums.Count - 1);
                    Addition.Add<T>(part.Item1.AsSpan(part.Item2, count), left.Numbers.AsSpan(left.At, count));
                    part = left;
                }
                sums.Add(part);
            }
        }
        sums[0].Numbers.AsSpan(sums[0].At, count).CopyTo(_result.AsSpan(low, count));
    }

    // The first number that a worker adds up.
    int Start(int rank) => low + (int)((long)(high - low) * rank / _group!.Size);

    bool AreDone(List<int> requests)
    {
        for (int i = requests.Count - 1; i >= 0; i--)
            if (_group!.Transport.IsDone(requests[i])) requests.RemoveAt(i);
        return requests.Count == 0;
    }

    // The arrays are pinned.
    unsafe int Send(int other, int stage, T[] numbers, int at, int count) => _group!.Transport.Send(other,
        2 * number + stage, (byte*)((T*)Marshal.UnsafeAddrOfPinnedArrayElement(numbers, 0) + at), sizeof(T) * count);

    unsafe int Receive(int other, int stage, T[] numbers, int at, int count) => _group!.Transport.Receive(other,
        2 * number + stage, (byte*)((T*)Marshal.UnsafeAddrOfPinnedArrayElement(numbers, 0) + at), sizeof(T) * count);
}
