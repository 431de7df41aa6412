using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>The numbers behind a tensor, and behind every reshape of it.</summary>
abstract class Storage
{
    /// <summary>
    /// How often it was written in place: backward checks that what a formula read is still what it reads.
    /// </summary>
    public int Version { get; set; }

    /// <summary>The scope that takes the numbers back at its end; null where the garbage collector does.</summary>
    public ScopeFrame? Owner { get; set; }

    /// <summary>
    /// Whether the numbers are still to be set to zero. They are at the first read; who overwrites all of them says
    /// so before, and saves that.
    /// </summary>
    public bool ZeroPending { get; set; }

    /// <summary>
    /// Hands the numbers to the free list of their size; only <see cref="Scope"/> may, and only once.
    /// </summary>
    public abstract void TakeBack();
}

sealed class Storage<T> : Storage where T : unmanaged, INumber<T>
{
    // From this many lines on, 85,000 bytes, the garbage collector moves no array anyway.
    const int Large = 1328;

    // Index k holds arrays of 2^k numbers. A thread has its own lists: a step runs on one thread,
    // and no lock is needed.
    [ThreadStatic]
    static Stack<Storage<T>>?[]? s_free;

    readonly T[] _numbers;
    readonly int _from, _room;

    Storage(int room, bool zeroed, bool aligned)
    {
        int length = aligned ? room + CacheLine.Length<T>() - 1 : room;
        _numbers = zeroed ? GC.AllocateArray<T>(length, aligned) : GC.AllocateUninitializedArray<T>(length, aligned);
        (_from, _room) = (aligned ? CacheLine.Begin(_numbers) : 0, room);
    }

    public static Storage<T> Make(int count, bool zeroed) =>
        new(count, zeroed, aligned: count / CacheLine.Length<T>() >= Large);

    public static Storage<T> Rent(int count, bool zeroed, ScopeFrame owner)
    {
        int k = BitOperations.Log2((uint)Math.Max(1, count - 1)) + 1;
        if (k > 30) return Make(count, zeroed);
        if ((s_free ??= new Stack<Storage<T>>?[31])[k] is not { Count: > 0 } list)
            return new(1 << k, zeroed: true, aligned: true) { Owner = owner };
        var storage = list.Pop();
        storage.Owner = owner;
        if (zeroed) storage.First(count).Clear();
        return storage;
    }

    /// <summary>This many numbers from the beginning on.</summary>
    public Span<T> First(int count)
    {
        if (ZeroPending) Clear();
        return _numbers.AsSpan(_from, count);
    }

    public override void TakeBack()
    {
        (Owner, ZeroPending) = (null, false);
        int k = BitOperations.Log2((uint)_room);
        (((s_free ??= new Stack<Storage<T>>?[31])[k]) ??= new Stack<Storage<T>>()).Push(this);
    }

    void Clear()
    {
        ZeroPending = false;
        _numbers.AsSpan(_from, _room).Clear();
    }
}
