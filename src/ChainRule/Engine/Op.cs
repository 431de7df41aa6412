using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ChainRule;

/// <summary>Runs an op: output, forward, and a node of the graph where a gradient may be asked for.</summary>
static class Op
{
    public static Tensor Run<TOp>(TOp op, Shape shape, Tensor x) where TOp : struct, IOp => Run(op, shape, [x.Slot]);

    public static Tensor Run<TOp>(TOp op, Shape shape, Tensor a, Tensor b,
        [CallerArgumentExpression(nameof(b))] string nameB = "") where TOp : struct, IOp
    {
        if (a.DType != b.DType) Throw.Mixed(OpName.Of<TOp>(), a.DType, b.DType, nameB);
        return Run(op, shape, [a.Slot, b.Slot]);
    }

    public static Tensor Run<TOp>(
        TOp op,
        Shape shape,
        Tensor a,
        Tensor b,
        Tensor c,
        [CallerArgumentExpression(nameof(b))] string nameB = "",
        [CallerArgumentExpression(nameof(c))] string nameC = "") where TOp : struct, IOp
    {
        if (a.DType != b.DType) Throw.Mixed(OpName.Of<TOp>(), a.DType, b.DType, nameB);
        if (a.DType != c.DType) Throw.Mixed(OpName.Of<TOp>(), a.DType, c.DType, nameC);
        return Run(op, shape, [a.Slot, b.Slot, c.Slot]);
    }

    public static Tensor Run<TOp>(TOp op, Shape shape, ReadOnlySpan<Slot> inputs) where TOp : struct, IOp
    {
        var y = Slot.Make(shape, inputs[0].DType);
        SavedTensors saved = default;
        Run(op, inputs, [y], ref saved);
        return new(y);
    }

    /// <summary>As with one output; hands out what the op saved too.</summary>
    public static Tensor Run<TOp>(TOp op, Shape shape, ReadOnlySpan<Slot> inputs, out SavedTensors saved)
        where TOp : struct, IOp
    {
        var y = Slot.Make(shape, inputs[0].DType);
        saved = default;
        Run(op, inputs, [y], ref saved);
        return new(y);
    }

    /// <summary>An op with two outputs.</summary>
    public static (Tensor First, Tensor Second) Run<TOp>(TOp op, Shape first, Shape second, ReadOnlySpan<Slot> inputs)
        where TOp : struct, IOp
    {
        Slot y = Slot.Make(first, inputs[0].DType), z = Slot.Make(second, inputs[0].DType);
        SavedTensors saved = default;
        Run(op, inputs, [y, z], ref saved);
        return (new(y), new(z));
    }

    static void Run<TOp>(TOp op, ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs, ref SavedTensors saved)
        where TOp : struct, IOp
    {
        if (FrozenWeights.Current is { } frozen) Forward(op, frozen, inputs, outputs, ref saved);
        else DTypes.Forward(op, inputs, outputs, ref saved);
        Record(op, inputs, outputs, saved);
        Watch.Current?.Ran(op, inputs, outputs);
    }

    static void Forward<TOp>(TOp op, FrozenWeights frozen, ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs,
        ref SavedTensors saved) where TOp : struct, IOp
    {
        InputSlots room = default;
        Span<Slot> read = inputs.Length <= InputSlots.Length ? room : new Slot[inputs.Length];
        DTypes.Forward(op, frozen.Read(inputs, read), outputs, ref saved);
    }

    /// <summary>Remembers how the outputs were made, if any input requires a gradient and recording is on.</summary>
    public static void Record<TOp>(TOp op, ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs,
        in SavedTensors saved = default) where TOp : struct, IOp
    {
        if (NoGrad.IsOn) return;
        foreach (var x in inputs)
        {
            if (!x.RequiresGrad) continue;
            Node<TOp>.Record(op, inputs, outputs, saved);
            return;
        }
    }
}

/// <summary>
/// What an op is called in errors and graphs: its struct's name as words,
/// <c>Map&lt;LeakyRelu&gt;</c> → <c>leaky relu</c>.
/// </summary>
static partial class OpName
{
    public static string Of<TOp>() => Cached<TOp>.Name;

    public static string Called<TOp>(TOp op) where TOp : struct, IOp => op.Name ?? Of<TOp>();

    /// <summary>Whether it is the gradient of another op, which is gone back through once.</summary>
    public static bool IsGradient<TOp>() => IsGradient(typeof(TOp));

    static bool IsGradient(Type op) => typeof(IOnce).IsAssignableFrom(op);

    static string Words(Type op)
    {
        if (!op.IsGenericType)
            return CapitalInside().Replace(op.Name, static match => $" {match.Value}").ToLowerInvariant();
        string inner = Words(op.GetGenericArguments()[0]);
        return IsGradient(op) ? $"gradient of {inner}" : inner;
    }

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]")]
    private static partial Regex CapitalInside();

    static class Cached<TOp>
    {
        public static readonly string Name = Words(typeof(TOp));
    }
}
