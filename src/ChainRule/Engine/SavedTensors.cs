namespace ChainRule;

/// <summary>
/// The tensors that an op's forward pass saves for its backward pass: two at most. They are no inputs, and no
/// gradient flows to them.
/// </summary>
struct SavedTensors
{
    Slot? _first, _second;

    public readonly Slot this[int i] => (i == 0 ? _first : _second)!;

    public void Add(Slot saved)
    {
        if (_first is null) _first = saved;
        else if (_second is null) _second = saved;
        else throw new InvalidOperationException("an op saves two tensors at most: give SavedTensors a third place");
    }
}
