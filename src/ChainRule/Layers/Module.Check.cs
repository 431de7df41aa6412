namespace ChainRule.Layers;

public abstract partial class Module
{
    // Raised where modules and their tensors are made: what was checked at another count may have new parts.
    static int s_made;

    [ThreadStatic]
    static bool s_within;

    // The counts at which the parts, and the graph of a pass, were found to be in order.
    int _partsAt = -1, _graphAt = -1;

    // Of a module that was checked as the outermost: passes until the next check, which come at 2, 4, 8 … of them,
    // and the names of its state.
    int _left, _period = 1;
    HashSet<string>? _names;
    bool _hasRun;

    /// <summary>A module; its parts are what its fields hold.</summary>
    protected Module() => CountMade();

    // A pass without recording can tell the parts, but not what they depend on.
    bool IsChecked => (_graphAt == s_made || _partsAt == s_made && NoGrad.IsOn) && --_left != 0;

    /// <summary>Whether parts may have been made since the graph was checked.</summary>
    internal static int Made => s_made;

    /// <summary>
    /// Refuses parts that would be lost in silence, unless they were found to be in order and nothing was made since.
    /// </summary>
    /// <param name="asked">Who asks: "parameters".</param>
    /// <param name="always">Whether to look even where nothing was made: parts that were there before may
    /// have been moved.</param>
    /// <param name="hasRun">Whether a pass was made, or will be before anything is set from outside: from then on
    /// settable fields may hold outputs.</param>
    internal void CheckParts(string asked, bool always = false, bool hasRun = false)
    {
        if (_partsAt == s_made && !always && _hasRun == (_hasRun || hasRun)) return;
        int made = s_made;
        var modules = NamedModules();
        LostParts.Check($"{asked} of {Describe()}", this, modules, module => module._hasRun, _names ?? []);
        foreach (var (_, module) in modules) (module._partsAt, module._hasRun) = (made, module._hasRun || hasRun);
    }

    /// <summary>
    /// Refuses a graph that depends on tensors which require a gradient and are none of this module's parameters: they
    /// would be lost in silence.
    /// </summary>
    /// <param name="asked">Who asks.</param>
    /// <param name="y">What was computed.</param>
    /// <param name="given">What it was computed from, and need not be the module's.</param>
    /// <param name="after">The number of the last node that was there before.</param>
    internal void CheckReached(string asked, Tensor y, Tensor given = default, long after = 0)
    {
        HashSet<Slot> own = [.. Tensors((_, _) => true).Select(named => named.Value.Slot)];
        foreach (var (leaf, op) in BackwardPass.Leaves(y.Slot, after))
        {
            if (own.Contains(leaf) || given.Exists && leaf == given.Slot) continue;
            Throw.Invalid($"{asked}: a tensor {leaf.Shape} that requires a gradient goes into '{op}' and is no "
                + $"parameter of {Describe()}, so it would not be trained or saved: hold it, or the module that it "
                + "belongs to, in a field of the model; static fields, variables that a function captured, and layers "
                + "that a property makes anew at each call are not found");
        }
    }

    static void CountMade() => Interlocked.Increment(ref s_made);

    // Of one or the other: functions to choose between would make garbage at every pass.
    Tensor CheckedForward(Tensor x, Ids? ids)
    {
        // The outermost module looks at all that is below it.
        if (s_within) return Seen(ids is null ? Compute(x) : Compute(ids));
        CheckParts("forward", always: true, hasRun: true);
        var modules = NamedModules();
        foreach (var (_, module) in modules) (module._names, module._left) = (null, 0);
        // Another thread may check the same modules meanwhile: each compares what it found itself.
        HashSet<string> before = [.. State().Keys];
        _names = before;
        (_left, _period) = (_period, Math.Min(2 * _period, 1 << 30));
        long youngest = Node.Youngest;
        Tensor y;
        s_within = true;
        try
        {
            y = ids is null ? Compute(x) : Compute(ids);
        }
        finally
        {
            s_within = false;
        }
        CheckUnchanged(before);
        if (!NoGrad.IsOn && y.Exists)
        {
            if (!y.IsLeaf) CheckReached($"forward of {Describe()}", y, x, youngest);
            foreach (var (_, module) in modules) (module._graphAt, module._partsAt) = (s_made, s_made);
        }
        return Seen(y);
    }

    // What is a parameter or a buffer stays one during a pass, and no other is made: optimisers and files
    // hold what was there before.
    void CheckUnchanged(HashSet<string> before)
    {
        var left = State();
        if (before.FirstOrDefault(name => !left.ContainsKey(name)) is { } gone)
            Throw.Invalid($"forward of {Describe()}: '{gone}' was a parameter or buffer before the forward pass and is "
                + "none after it, so it would not be saved: write new numbers into it, by CopyInPlace or LerpInPlace, "
                + "and put no other tensor in its place");
        if (left.Keys.FirstOrDefault(name => !before.Contains(name)) is { } made)
            Throw.Invalid($"forward of {Describe()}: '{made}' became a parameter or buffer during the forward pass, so "
                + "an optimiser that was made before would not train it, and a file could not be loaded into a new "
                + "model: make all layers in the constructor");
    }
}
