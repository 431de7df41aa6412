using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule;

/// <summary>The numbers behind a tensor, and behind every reshape of it.</summary>
abstract class Storage
{
    /// <summary>How often it was written in place: backward checks that what a formula read is still what it reads.</summary>
    public int Version { get; set; }

    /// <summary>The scope that takes the numbers back at its end; null where the garbage collector does.</summary>
    public ScopeFrame? Owner { get; set; }

    /// <summary>Hands the numbers to the free list of their size; only <see cref="Scope"/> may, and only once.</summary>
    public abstract void TakeBack();
}

sealed class Storage<T>(T[] numbers) : Storage where T : unmanaged, INumber<T>
{
    // Index k holds arrays of 2^k numbers. A thread has its own lists: a step runs on one thread, and no lock is needed.
    [ThreadStatic]
    static Stack<Storage<T>>?[]? s_free;

    public T[] Numbers { get; } = numbers;

    public static Storage<T> Make(int count, bool zeroed) =>
        new(zeroed ? new T[count] : GC.AllocateUninitializedArray<T>(count));

    public static Storage<T> Rent(int count, bool zeroed, ScopeFrame owner)
    {
        int k = BitOperations.Log2((uint)Math.Max(1, count - 1)) + 1;
        if (k > 30) return Make(count, zeroed);
        if ((s_free ??= new Stack<Storage<T>>?[31])[k] is not { Count: > 0 } list) return new(new T[1 << k]) { Owner = owner };
        var storage = list.Pop();
        storage.Owner = owner;
        if (zeroed) storage.Numbers.AsSpan(0, count).Clear();
        return storage;
    }

    public override void TakeBack()
    {
        Owner = null;
        int k = BitOperations.Log2((uint)Numbers.Length);
        (((s_free ??= new Stack<Storage<T>>?[31])[k]) ??= new Stack<Storage<T>>()).Push(this);
    }
}
