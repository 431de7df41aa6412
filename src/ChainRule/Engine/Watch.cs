namespace ChainRule;

/// <summary>
/// Somebody who looks over the engine's shoulder: sees each op right after it ran, and before and after it went back. At most one a thread, and
/// free when nobody looks. A reshape computes nothing and is only seen going back.
/// </summary>
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

    /// <summary>An op computed its output.</summary>
    /// <param name="op">What it is called.</param>
    /// <param name="inputs">What it read.</param>
    /// <param name="placed">A number that it put into the output as it is; 0 for none.</param>
    /// <param name="output">What it computed.</param>
    public abstract void AfterForward(string op, ReadOnlySpan<Slot> inputs, double placed, Slot output);

    /// <summary>An op is about to add to its inputs' gradients.</summary>
    public abstract void BeforeBackward(Node node);

    /// <summary>It has added to them.</summary>
    public abstract void AfterBackward(Node node);
}
