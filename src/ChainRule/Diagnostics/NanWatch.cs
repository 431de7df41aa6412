using System.Globalization;
using System.Numerics.Tensors;

namespace ChainRule.Diagnostics;

/// <summary>
/// Where did the NaN come from? While one is open on this thread, the first op that makes a NaN or an infinity
/// stops the program by name:
/// <code>
/// using var watch = NanWatch.Begin();
/// loss.Backward();         // log made −∞ at [3, 2] of [32, 27] from [32, 27] in 0 … 0.91: …
/// </code>
/// Finite is better than infinite, and infinite better than NaN: an op is named when what it made, forward or backward,
/// is worse than all it was given. So −∞ that <see cref="Tensor.MaskedFill"/> was told to put in, or that lies in a
/// mask, may pass; the NaN of ∞ − ∞ may not. A NaN that no op made, in data or in a parameter, is named where it first
/// spoils a result. Every number is looked at: open it to search, not to train.
/// </summary>
/// <exception cref="InvalidOperationException">From the op or the backward pass: names the op, the place, and the
/// ranges of what went in.</exception>
public readonly ref struct NanWatch
{
    readonly Hook? _hook;

    NanWatch(Hook hook) => _hook = hook;

    /// <summary>Refused by the compiler: it would begin nothing.</summary>
    [Obsolete("new NanWatch() begins nothing: write NanWatch.Begin()", error: true)]
    public NanWatch() => Throw.Invalid("watch: new NanWatch() begins nothing: write NanWatch.Begin()");

    /// <summary>Watches until the end of the using block; such blocks nest.</summary>
    public static NanWatch Begin()
    {
        var hook = new Hook(Watch.Current);
        Watch.Current = hook;
        return new(hook);
    }

    /// <summary>Stops watching; the order in which several end does not matter.</summary>
    public void Dispose()
    {
        if (_hook is null) return;
        _hook.Ended = true;
        while (Watch.Current is Hook { Ended: true } ended) Watch.Current = ended.Outer;
    }

    /// <summary>How severe a fault numbers have: that of the worst of them.</summary>
    enum Severity
    {
        Finite,
        Infinite,
        NaN,
    }

    sealed class Hook(Watch? outer) : Watch
    {
        Severity _before;

        public Watch? Outer { get; } = outer;

        public bool Ended { get; set; }

        public override void AfterForward(string op, ReadOnlySpan<Slot> inputs, double placed, Slot output)
        {
            if (Look(output) is not (> Severity.Finite and var made)) return;
            var given = Worst(inputs);
            if (given == Severity.NaN) Given(op, inputs);
            if (made > given && made > Of(placed))
                Throw.Invalid($"{op} made {Place(output, made)} from {Ranges(inputs)}: {Advice(op, given, inputs)}");
        }

        public override void BeforeBackward(Node node)
        {
            _before = Severity.Finite;
            foreach (var x in node.Inputs) if (x is { RequiresGrad: true, Grad: { } dx })
                _before = Max(_before, Look(dx));
        }

        public override void AfterBackward(Node node)
        {
            string op = $"backward of {node.Op}";
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                if (node.Inputs[i] is not { RequiresGrad: true, Grad: { } dx }
                    || Look(dx) is not (> Severity.Finite and var made)) continue;
                // Where an op has several outputs, one that no gradient reached is no cause.
                var y = node.Outputs[0].Grad is null ? node.Outputs[^1] : node.Outputs[0];
                var dy = y.Grad!;
                var given = Max(Max(Look(dy), Look(y)), Worst(node.Inputs));
                if (given == Severity.NaN) Given(op, [dy, .. node.Inputs]);
                if (made > given && made > _before)
                    Throw.Invalid($"{op} made {Place(dx, made)} in the gradient of input {i}, "
                        + $"from a gradient {Ranges([dy])} and {Ranges(node.Inputs)}: "
                        + $"{Advice(node.Op, given, [dy, .. node.Inputs])}");
            }
        }

        static void Given(string op, ReadOnlySpan<Slot> inputs)
        {
            foreach (var x in inputs)
            {
                if (Look(x) == Severity.NaN)
                    Throw.Invalid($"{op} was given {Place(x, Severity.NaN)}, which no op under this watch made: "
                                + "look at the data, at the step that wrote the parameter, or begin the watch earlier");
            }
        }
    }

    static Severity Max(Severity a, Severity b) => a > b ? a : b;

    static Severity Of(double x) =>
        double.IsNaN(x) ? Severity.NaN : double.IsFinite(x) ? Severity.Finite : Severity.Infinite;

    static Severity Worst(ReadOnlySpan<Slot> slots)
    {
        var worst = Severity.Finite;
        foreach (var slot in slots) worst = Max(worst, Look(slot));
        return worst;
    }

    static Severity Look(Slot slot)
    {
        var glance = new Glance(slot);
        DTypes.Run(slot.DType, ref glance);
        return glance.Severity;
    }

    /// <summary>The worst number, and where it is: <c>−∞ at [3, 2] of [32, 27]</c>.</summary>
    static string Place(Slot slot, Severity health)
    {
        int i = 0;
        while (Of(DTypes.Read(slot, i)) != health) i++;
        string what = Text(DTypes.Read(slot, i));
        return slot.Shape.Rank == 0 ? what
            : $"{what} at [{string.Join(", ", Places.Index(slot.Shape, i))}] of {slot.Shape}";
    }

    static string Ranges(ReadOnlySpan<Slot> slots)
    {
        string[] texts = new string[slots.Length];
        for (int i = 0; i < texts.Length; i++) texts[i] = Range(slots[i]);
        return string.Join(" and ", texts);
    }

    static string Range(Slot slot)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        for (int i = 0; i < slot.Count; i++)
        {
            double x = DTypes.Read(slot, i);
            (min, max) = (Math.Min(min, x), Math.Max(max, x));
        }
        return slot.Count == 0 ? $"{slot.Shape}" : $"{slot.Shape} in {Text(min)} … {Text(max)}";
    }

    static string Text(double x) => Of(x) switch
    {
        Severity.NaN => "NaN",
        Severity.Infinite => x > 0 ? "∞" : "−∞",
        _ => x.ToString("G3", CultureInfo.InvariantCulture),
    };

    static string Advice(string op, Severity given, ReadOnlySpan<Slot> inputs) => (op, given) switch
    {
        ("multiply number" or "add number" or "divide number", Severity.Finite) when AreSmall(inputs) =>
            "the number that it was given is NaN, infinite or, of a division, 0: look at where it is computed",
        (_, Severity.Infinite) =>
            "∞ − ∞, 0 · ∞ and ∞ / ∞ have no value: find what put the infinity in, such as a mask over a whole row",
        ("log", _) =>
            "ln 0 is −∞ and ln of less is NaN: Clamp() from below first, or give logits to LogSoftmax or CrossEntropy",
        ("sqrt", _) => "√ has no value below 0 and no finite derivative at 0: add a small number under the root",
        ("divide" or "divide number" or "number over",
            _) => "the divisor is 0, or too near to it: add a small number to it",
        ("pow", _) => "a power of 0 or of a negative number: add a small number to the base, or Clamp() it",
        ("exp", _) => "eˣ passes the largest float32 at 88.7, float64 at 709.8: subtract the largest x first, as "
            + "Softmax and LogSumExp do",
        _ => "the numbers have grown too large for their type: start with smaller weights, lower the learning rate, or "
            + "clip the gradient",
    };

    // Two numbers below the square root of the largest have a product.
    static bool AreSmall(ReadOnlySpan<Slot> slots)
    {
        foreach (var slot in slots)
            for (int i = 0; i < slot.Count; i++) if (Math.Abs(DTypes.Read(slot, i)) > 1e19) return false;
        return true;
    }

    struct Glance(Slot slot) : INumeric
    {
        public Severity Severity { get; private set; }

        void INumeric.Run<T>()
        {
            ReadOnlySpan<T> x = slot.Span<T>();
            if (!x.IsEmpty && !TensorPrimitives.IsFiniteAll(x))
                Severity = TensorPrimitives.IsNaNAny(x) ? Severity.NaN : Severity.Infinite;
        }
    }
}
