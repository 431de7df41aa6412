using System.Diagnostics.CodeAnalysis;

namespace ChainRule;

/// <summary>
/// While one is open on this thread, it remembers what every tensor held before it was first written in place, and puts
/// it back at the end: running statistics, parameters, counters of a user's own. Tensors of scopes that are begun later
/// end with them, and are not its business.
/// </summary>
sealed class Journal : IDisposable
{
    [ThreadStatic]
    static Journal? s_current;

    [SuppressMessage("Usage", "CA2213", Justification = "Whoever began the outer one ends it.")]
    readonly Journal? _outer = s_current;
    readonly ScopeFrame? _scope = ScopeFrame.Current;
    readonly Dictionary<Slot, Slot> _before = [];

    Journal() { }

    public static Journal Begin() => s_current = new();

    /// <summary>A slot is about to be written.</summary>
    public static void Record(Slot slot) => s_current?.Remember(slot);

    public void Dispose()
    {
        s_current = _outer;
        foreach (var (slot, before) in _before)
        {
            slot.ConvertTo(before.DType);
            DTypes.Convert(before, slot);
            slot.Storage.Version++;
        }
    }

    void Remember(Slot slot)
    {
        if ((slot.Owner is null || _scope?.IsWithin(slot.Owner) == true) && !_before.ContainsKey(slot))
            _before.Add(slot, slot.Copy(owner: null));
        _outer?.Remember(slot);
    }
}
