namespace ChainRule;

/// <summary>Somebody who looks over the engine's shoulder: sees each op right after it ran. At most one a thread, and free when nobody looks.</summary>
abstract class Watch
{
    [ThreadStatic]
    static Watch? s_current;

    /// <summary>Who looks at this thread's ops; null for nobody.</summary>
    public static Watch? Current
    {
        get => s_current;
        set => s_current = value;
    }

    public static void AfterForward(string op, ReadOnlySpan<Slot> inputs, Slot output) => s_current?.Computed(op, inputs, output);

    public static void AfterBackward(Node node) => s_current?.WentBack(node.Op, node.Inputs, node.Output);

    /// <summary>An op computed its output.</summary>
    protected abstract void Computed(string op, ReadOnlySpan<Slot> inputs, Slot output);

    /// <summary>An op added to its inputs' gradients.</summary>
    protected abstract void WentBack(string op, ReadOnlySpan<Slot> inputs, Slot output);
}
