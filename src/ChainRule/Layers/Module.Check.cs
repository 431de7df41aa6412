namespace ChainRule.Layers;

public abstract partial class Module
{
    [ThreadStatic]
    static bool s_within;

    Checks _checked;

    /// <summary>What the first forward passes have found to be in order: a pass without recording can tell the parts, but not what they depend on.</summary>
    enum Checks : byte
    {
        None,
        Parts,
        All,
    }

    bool IsChecked => _checked == Checks.All || _checked == Checks.Parts && NoGrad.IsOn;

    /// <summary>Refuses a graph that depends on tensors which want a gradient and are none of this module's parameters: they would be lost in silence.</summary>
    /// <param name="asked">Who asks.</param>
    /// <param name="y">What was computed.</param>
    /// <param name="given">What it was computed from, and need not be the module's.</param>
    /// <param name="after">The number of the last node that was there before.</param>
    internal void CheckReached(string asked, Tensor y, Tensor given = default, long after = 0)
    {
        HashSet<Slot> own = [.. Tensors((_, _) => true).Select(named => named.Value.Slot)];
        foreach (var (leaf, op) in Backprop.Leaves(y.Slot, after))
        {
            if (own.Contains(leaf) || given.Exists && leaf == given.Slot) continue;
            Throw.Invalid($"{asked}: a tensor {leaf.Shape} that wants a gradient goes into '{op}' and is no parameter of {Describe()}, so it would not be trained "
                        + "or saved: hold it, or the module that it belongs to, in a field of the model; static fields, variables that a function captured, "
                        + "and layers that a property makes anew at each call are not found");
        }
    }

    Tensor FirstForward(Func<Tensor> compute, Tensor given = default)
    {
        // The outermost module looks at all that is below it.
        if (s_within) return Seen(compute());
        var modules = NamedModules();
        if (_checked == Checks.None)
        {
            LostParts.Check(this, modules);
            foreach (var (_, module) in modules) module._checked = Checks.Parts;
        }
        string[] names = [.. StateDict().Keys];
        long before = Node.Youngest;
        Tensor y;
        s_within = true;
        try
        {
            y = compute();
        }
        finally
        {
            s_within = false;
        }
        var left = StateDict();
        if (Array.Find(names, name => !left.ContainsKey(name)) is { } gone)
            Throw.Invalid($"forward of {Describe()}: '{gone}' was a parameter or buffer before the forward pass and is none after it, so it would not be saved: "
                        + "write new numbers into it, by CopyInPlace or LerpInPlace, and put no other tensor in its place");
        if (y.Exists && !y.IsLeaf)
        {
            CheckReached($"forward of {Describe()}", y, given, before);
            foreach (var (_, module) in modules) module._checked = Checks.All;
        }
        return Seen(y);
    }
}
