using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Distributed;

/// <inheritdoc/>
sealed class GradientSum<T> : GradientSum where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    const int Most = TreeAddition<T>.Most;

    // The sums that are open: each is a part of the tree, from its first number to its last.
    readonly List<T[]> _sums = [];
    readonly List<TreeNode> _open = [];
    readonly List<Bucket<T>> _buckets = [];
    // What shards computed that is in no sum yet, by entries, and how often each is joined.
    readonly Slot?[][] _leaves;
    readonly int[] _joins = new int[Most];
    // Memory for gradients that was taken from parameters.
    readonly Stack<Slot>[] _spare;
    readonly int[] _starts, _bucketOf;
    readonly int[] _left;
    readonly bool[] _added;
    ShardTree _tree = new(1);
    T[] _result = [];
    int _next, _before, _shards, _taken;
    bool _isLast;

    public GradientSum(IReadOnlyList<Entry> entries, WorkerGroup? group) : base(entries, group)
    {
        _starts = new int[entries.Count + 1];
        for (int i = 0; i < entries.Count; i++) _starts[i + 1] = checked(_starts[i] + entries[i].Owner.Count);
        _bucketOf = new int[entries.Count];
        foreach (int end in BucketEnds(entries))
        {
            int first = _buckets.Count == 0 ? 0 : _buckets[^1].To;
            _bucketOf.AsSpan(first..end).Fill(_buckets.Count);
            _buckets.Add(new(_buckets.Count, first, end, _starts[first], _starts[end]));
        }
        (_left, _added) = (new int[_buckets.Count], new bool[entries.Count]);
        _leaves = [.. entries.Select(_ => new Slot?[Most])];
        _spare = [.. entries.Select(_ => new Stack<Slot>())];
    }

    int Count => _starts[^1];

    bool IsAlone => Group is not { Size: > 1 };

    public override void Begin(ShardTree tree)
    {
        _tree = tree;
        _open.Clear();
        Array.Clear(Reached);
        GiveBack();
        (_next, _shards, _isLast) = (Group is null ? 0 : tree.First(Group.Rank, Group.Size), 0, false);
        foreach (var bucket in _buckets) bucket.Begin();
        if (IsAlone) return;
        if (_result.Length == 0) _result = GC.AllocateUninitializedArray<T>(Count, pinned: true);
        foreach (var bucket in _buckets) bucket.Prepare(Group!, _tree, _result);
    }

    public override void BeginShard(bool isLast)
    {
        if (_shards == 0) _before = _open.Count;
        _joins[_shards++] = _tree.Add(_open, new(0, _next++));
        _isLast = isLast;
        Array.Clear(_added);
        foreach (var bucket in _buckets) _left[bucket.Number] = bucket.To - bucket.From;
        for (int i = 0; i < Entries.Count; i++)
            if (!Entries[i].Owner.HasGradMemory && _spare[i].TryPop(out var memory)) Entries[i].Owner.LendGrad(memory);
    }

    public override void Ready(Slot parameter)
    {
        if (!_isLast || IsAlone) return;
        int place = PlaceOf(parameter);
        if (place < 0 || Entries[place].IsBuffer) return;
        Find(place);
        Add(place);
        int bucket = _bucketOf[place];
        if (--_left[bucket] == 0) _buckets[bucket].Close(Group, _sums);
        Advance();
    }

    public override void EndShard()
    {
        for (int i = 0; i < Entries.Count; i++) if (!_added[i]) Find(i);
        // One alone adds the last ones while it stores the result.
        if (_isLast && IsAlone) return;
        if (_isLast || _shards == Most)
        {
            for (int i = 0; i < Entries.Count; i++) if (!_added[i]) Add(i);
            if (_isLast) return;
            GiveBack();
            _shards = 0;
            return;
        }
        foreach (var (owner, isBuffer) in Entries) if (!isBuffer) owner.TakeGrad();
        _taken = _shards;
    }

    public override void Complete()
    {
        if (IsAlone) return;
        foreach (var bucket in _buckets)
        {
            if (bucket.IsClosed) continue;
            bucket.Close(Group, _sums);
            Advance();
        }
        Group!.WaitFor(Advance);
    }

    public override void Store(double scale, ReadOnlySpan<bool> reached)
    {
        for (int i = 0; i < Entries.Count; i++)
        {
            var (owner, isBuffer) = Entries[i];
            if (!isBuffer && !reached[i])
            {
                owner.ClearGrad();
                continue;
            }
            var to = isBuffer ? owner : owner.GradToAdd(out _);
            var factor = isBuffer ? T.One : T.CreateTruncating(scale);
            if (IsAlone) Add(i, to, factor);
            else Addition.Scale(_result.AsSpan(_starts[i], owner.Count), factor, to.Span<T>());
            to.Storage.Version++;
        }
    }

    // What the shard computed of an entry. A buffer is restored for the next one: its numbers are copied.
    void Find(int place)
    {
        var (owner, isBuffer) = Entries[place];
        ref var leaf = ref _leaves[place][_shards - 1];
        if (isBuffer)
        {
            leaf ??= Slot.Make(owner.Shape, owner.DType, zeroed: false, null);
            owner.Span<T>().CopyTo(leaf.Span<T>());
            return;
        }
        leaf = owner.Grad;
        Reached[place] |= leaf is not null;
    }

    void Add(int place)
    {
        while (_sums.Count < _open.Count) _sums.Add(GC.AllocateUninitializedArray<T>(Count, pinned: true));
        Add(place, null, T.One);
        _added[place] = true;
    }

    void Add(int place, Slot? into, T scale)
    {
        int count = Entries[place].Owner.Count;
        ForRows.Run(count, ForRows.Grain, _shards, ForRows.Numbers, new TreeAddition<T>(_sums, _starts[place], _before,
            _leaves[place].AsSpan(0, _shards), _joins.AsSpan(0, _shards), into, scale));
    }

    // What was taken from parameters is memory for gradients to come.
    void GiveBack()
    {
        for (int i = 0; i < Entries.Count; i++)
        {
            if (Entries[i].IsBuffer) continue;
            for (int shard = 0; shard < _taken; shard++)
                if (_leaves[i][shard] is { } memory) _spare[i].Push(memory);
            Array.Clear(_leaves[i]);
        }
        _taken = 0;
    }

    bool Advance()
    {
        if (IsAlone) return true;
        bool done = true;
        foreach (var bucket in _buckets) done &= bucket.Advance();
        return done;
    }
}
