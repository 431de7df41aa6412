using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Distributed;

/// <inheritdoc/>
sealed class GradientSum<T> : GradientSum where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The sums that are open: each is a part of the tree, from its first number to its last.
    readonly List<T[]> _sums = [];
    readonly List<TreeNode> _open = [];
    readonly List<Bucket<T>> _buckets = [];
    readonly int[] _starts, _bucketOf;
    readonly int[] _left;
    ShardTree _tree = new(1);
    T[] _result = [];
    int _next, _joins;
    bool _hasLast;

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
        _left = new int[_buckets.Count];
    }

    int Count => _starts[^1];

    public override void Begin(ShardTree tree)
    {
        _tree = tree;
        _open.Clear();
        Array.Clear(Reached);
        _next = Group is null ? 0 : tree.First(Group.Rank, Group.Size);
        _hasLast = false;
        foreach (var bucket in _buckets) bucket.Begin();
    }

    public override void Add()
    {
        int joined = Open();
        Take(0, Entries.Count, joined);
    }

    public override void BeginLast()
    {
        (_hasLast, _joins) = (true, Open());
        foreach (var bucket in _buckets) _left[bucket.Number] = bucket.To - bucket.From;
        Prepare();
    }

    public override void Ready(Slot parameter)
    {
        int place = PlaceOf(parameter);
        if (place < 0 || Entries[place].IsBuffer) return;
        int bucket = _bucketOf[place];
        if (--_left[bucket] == 0) Close(_buckets[bucket]);
        else Advance();
    }

    public override void Complete()
    {
        if (!_hasLast) Prepare();
        foreach (var bucket in _buckets) if (!bucket.IsClosed) Close(bucket);
        if (Group is { Size: > 1 }) Group.WaitFor(Advance);
    }

    public override void Store(double scale, ReadOnlySpan<bool> reached)
    {
        var sums = Group is { Size: > 1 } ? _result : _sums[0];
        for (int i = 0; i < Entries.Count; i++)
        {
            var (owner, isBuffer) = Entries[i];
            if (!isBuffer && !reached[i])
            {
                owner.ClearGrad();
                continue;
            }
            var to = isBuffer ? owner : owner.GradToAdd(out _);
            Addition.Scale(sums.AsSpan(_starts[i], owner.Count), isBuffer ? T.One : T.CreateTruncating(scale),
                to.Span<T>());
            to.Storage.Version++;
        }
    }

    // The next shard's part, joined with what it is a neighbour of: how often, and its place is the last that is open.
    int Open()
    {
        int joined = _tree.Add(_open, new(0, _next++));
        while (_sums.Count < _open.Count) _sums.Add(GC.AllocateUninitializedArray<T>(Count, pinned: true));
        return joined;
    }

    // Adds what a shard computed to the sums that it is joined with: from the place where the result stands upwards,
    // in the order of the tree, left to right.
    void Take(int from, int to, int joined)
    {
        int at = _open.Count - 1;
        for (int i = from; i < to; i++)
        {
            var found = Entries[i].Found;
            if (!Entries[i].IsBuffer && found is not null) Reached[i] = true;
            int start = _starts[i], count = Entries[i].Owner.Count;
            if (joined == 0)
            {
                if (found is null) Part(at).Clear();
                else found.Span<T>().CopyTo(Part(at));
                continue;
            }
            // The innermost pair first: it stands above the others.
            for (int level = joined - 1; level >= 0; level--)
            {
                if (level == joined - 1)
                {
                    if (found is null) AddZeros(Part(at + level));
                    else Addition.Add<T>(found.Span<T>(), Part(at + level));
                }
                else Addition.Add<T>(Part(at + level + 1), Part(at + level));
            }

            Span<T> Part(int place) => _sums[place].AsSpan(start, count);
        }
    }

    // A shard that does not reach a parameter has a gradient of 0 there: −0 + 0 is 0, whoever adds it.
    static void AddZeros(Span<T> sums)
    {
        for (int i = 0; i < sums.Length; i++) sums[i] += T.Zero;
    }

    void Prepare()
    {
        if (Group is not { Size: > 1 } group) return;
        if (_result.Length == 0) _result = GC.AllocateUninitializedArray<T>(Count, pinned: true);
        foreach (var bucket in _buckets) bucket.Prepare(group, _tree, _result);
    }

    void Close(Bucket<T> bucket)
    {
        if (_hasLast) Take(bucket.From, bucket.To, _joins);
        bucket.Close(Group, _sums);
        Advance();
    }

    bool Advance()
    {
        if (Group is not { Size: > 1 }) return true;
        bool done = true;
        foreach (var bucket in _buckets) done &= bucket.Advance();
        return done;
    }
}
