namespace ChainRule;

/// <summary>
/// A hook of the engine: called right after each op's forward pass, and before and after its backward pass. At most one
/// a thread, and free when nobody looks. A reshape computes nothing and is only seen going back.
/// </summary>
abstract class Watch
{
    [ThreadStatic]
    static Watch? s_current;

    /// <summary>The hook of this thread's ops; if null, nobody.</summary>
    public static Watch? Current
    {
        get => s_current;
        set => s_current = value;
    }

    /// <summary>An op computed its outputs.</summary>
    public virtual void Ran<TOp>(TOp op, ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs) where TOp : struct, IOp
    {
        foreach (var y in outputs) AfterForward(OpName.Called(op), inputs, op.Placed, y);
    }

    /// <summary>An op computed an output.</summary>
    /// <param name="op">What it is called.</param>
    /// <param name="inputs">What it read.</param>
    /// <param name="placed">A number that it put into the output as it is; 0 if there is none.</param>
    /// <param name="output">What it computed.</param>
    public abstract void AfterForward(string op, ReadOnlySpan<Slot> inputs, double placed, Slot output);

    /// <summary>An op is about to add to its inputs' gradients.</summary>
    public abstract void BeforeBackward(Node node);

    /// <summary>It has added to them.</summary>
    public abstract void AfterBackward(Node node);
}
