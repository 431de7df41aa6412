using System.Numerics;
using ChainRule.Randomness;

namespace ChainRule;

public readonly partial struct Tensor
{
    /// <summary>All 0.</summary>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float32) => new(Slot.Make(shape, dtype, zeroed: true));

    /// <summary>All 1.</summary>
    public static Tensor Ones(Shape shape, DType dtype = DType.Float32) => Full(shape, 1, dtype);

    /// <summary>All the same number.</summary>
    public static Tensor Full(Shape shape, double value, DType dtype = DType.Float32)
    {
        var slot = Slot.Make(shape, dtype);
        DTypes.Fill(slot, value);
        return new(slot);
    }

    /// <summary>A single number, of shape [].</summary>
    public static Tensor Scalar(double value, DType dtype = DType.Float32) => Full([], value, dtype);

    /// <summary>A copy of these numbers, row by row, under a shape that holds as many.</summary>
    public static Tensor From<T>(ReadOnlySpan<T> numbers, Shape shape) where T : unmanaged, INumber<T>
    {
        var dtype = DTypes.Of<T>("from");
        if (numbers.Length != shape.Elements)
            Throw.Argument($"from: {numbers.Length} numbers do not fill {shape}, which holds {shape.Elements}",
                nameof(numbers));
        var slot = Slot.Make(shape, dtype);
        numbers.CopyTo(slot.Span<T>());
        return new(slot);
    }

    /// <summary>A copy of these numbers, row by row, under a shape that holds as many.</summary>
    public static Tensor From<T>(T[] numbers, Shape shape) where T : unmanaged, INumber<T>
    {
        Throw.IfNull(numbers, "from");
        return From<T>(numbers.AsSpan(), shape);
    }

    /// <summary>A vector of these numbers.</summary>
    public static Tensor From<T>(params T[] numbers) where T : unmanaged, INumber<T>
    {
        Throw.IfNull(numbers, "from");
        return From<T>(numbers.AsSpan(), [numbers.Length]);
    }

    /// <summary>A matrix of these numbers.</summary>
    public static Tensor From<T>(T[,] numbers) where T : unmanaged, INumber<T>
    {
        Throw.IfNull(numbers, "from");
        DTypes.Of<T>("from");
        var flat = new T[numbers.Length];
        Buffer.BlockCopy(numbers, 0, flat, 0, Buffer.ByteLength(numbers));
        return From(flat, [numbers.GetLength(0), numbers.GetLength(1)]);
    }

    /// <summary>start, start + step, … up to but without end.</summary>
    /// <exception cref="ArgumentException">A number is not finite, the step does not lead to the end, or the numbers
    /// are more than a tensor holds.</exception>
    public static Tensor Arange(double start, double end, double step = 1, DType dtype = DType.Float32)
    {
        string asked = $"arange({start}, {end}, {step})";
        if (!double.IsFinite(start) || !double.IsFinite(end) || !double.IsFinite(step))
            Throw.Argument($"{asked}: start, end and step must be finite numbers", nameof(start));
        double count = Math.Ceiling((end - start) / step);
        if (step == 0 || count < 0)
            Throw.Argument($"{asked}: that step does not lead from the start to the end: give one "
                + $"{(end < start ? "below" : "above")} 0",
                nameof(step));
        if (count > Array.MaxLength)
            Throw.Argument($"{asked}: these are {count:G3} numbers, and a tensor holds at most {Array.MaxLength:N0}: "
                + "give a nearer end or a longer step",
                nameof(end));
        var x = Zeros([(int)count], dtype);
        for (int i = 0; i < x.Count; i++) DTypes.Write(x.Slot, i, start + i * step);
        return x;
    }

    /// <summary>Evenly spaced numbers, both ends included.</summary>
    public static Tensor Linspace(double start, double end, int count, DType dtype = DType.Float32)
    {
        if (!double.IsFinite(start) || !double.IsFinite(end))
            Throw.OutOfRange($"linspace from {start} to {end}: give two finite numbers", nameof(start));
        if (count < 0) Throw.OutOfRange($"linspace of {count} numbers: give 0 or more", nameof(count));
        var x = Zeros([count], dtype);
        double step = count == 1 ? 0 : (end - start) / (count - 1);
        // Each half is counted from its own end, so that both ends are exact.
        for (int i = 0; i < count; i++)
            DTypes.Write(x.Slot, i, i < count / 2 || count == 1 ? start + step * i : end - step * (count - 1 - i));
        return x;
    }

    /// <summary>1 on the diagonal, 0 elsewhere.</summary>
    public static Tensor Eye(int size, DType dtype = DType.Float32)
    {
        var x = Zeros([size, size], dtype);
        for (int i = 0; i < size; i++) DTypes.Write(x.Slot, i * size + i, 1);
        return x;
    }

    /// <summary>A row of zeros with a single 1 for each id: shape [ids…, classes].</summary>
    public static Tensor OneHot(Ids ids, int classes, DType dtype = DType.Float32)
    {
        Throw.IfNull(ids, "one-hot");
        ids.CheckBelow(classes, "one-hot");
        var x = Zeros([.. ids.Shape.Span, classes], dtype);
        for (int i = 0; i < ids.Count; i++) DTypes.Write(x.Slot, i * classes + ids.Span[i], 1);
        return x;
    }

    /// <summary>Uniform in [0, 1): torch's <c>rand</c>, draw for draw.</summary>
    public static Tensor Rand(Shape shape, RandomSource rng, DType dtype = DType.Float32) =>
        Uniform(shape, 0, 1, rng, dtype);

    /// <summary>Uniform in [low, high): torch's <c>uniform_</c>, draw for draw.</summary>
    public static Tensor Uniform(Shape shape, double low, double high, RandomSource rng, DType dtype = DType.Float32)
    {
        Throw.IfNull(rng, "uniform");
        var slot = Slot.Make(shape, dtype);
        DTypes.FillUniform(slot, low, high, rng);
        return new(slot);
    }

    /// <summary>Normal with mean 0 and standard deviation 1: torch's <c>randn</c>, draw for draw.</summary>
    public static Tensor Randn(Shape shape, RandomSource rng, DType dtype = DType.Float32) =>
        Normal(shape, 0, 1, rng, dtype);

    /// <summary>Normal: torch's <c>normal_</c>, draw for draw.</summary>
    public static Tensor Normal(Shape shape, double mean, double std, RandomSource rng, DType dtype = DType.Float32)
    {
        Throw.IfNull(rng, "normal");
        var slot = Slot.Make(shape, dtype);
        DTypes.FillNormal(slot, mean, std, rng);
        return new(slot);
    }

    /// <summary>Writes one number everywhere, in place.</summary>
    public void FillInPlace(double value) => DTypes.Fill(WritableSlot("fill"), value);

    /// <summary>Copies another tensor's numbers, in place.</summary>
    public void CopyInPlace(Tensor from)
    {
        if (from.Shape != Shape || from.DType != DType)
            Throw.Argument($"copy {from.Shape} ({from.DType}) into {Shape} ({DType}) in place: both must be alike",
                nameof(from));
        DTypes.Convert(from.Slot, WritableSlot("copy into"));
    }

    /// <summary>
    /// Makes the numbers, and the gradient, another type: every handle on this tensor sees it. Detached and reshaped
    /// ones keep the old numbers.
    /// </summary>
    internal void ConvertInPlace(DType dtype) => WritableSlot("convert").ConvertTo(dtype);

    /// <summary>
    /// this += scale · x, in place: a step of gradient descent is <c>w.AddInPlace(w.Grad, -rate)</c>.
    /// </summary>
    public void AddInPlace(Tensor x, double scale = 1)
    {
        if (x.Shape != Shape || x.DType != DType)
            Throw.Argument($"add {x.Shape} ({x.DType}) to {Shape} ({DType}) in place: both must be alike", nameof(x));
        Throw.IfNotFinite(scale, "add in place", "scale");
        DTypes.AddScaled(x.Slot, scale, WritableSlot("add to"));
    }

    /// <summary>this ← (1 − weight) this + weight x, in place: how a running mean follows what it is shown.</summary>
    public void LerpInPlace(Tensor x, double weight)
    {
        if (x.Shape != Shape || x.DType != DType)
            Throw.Argument($"lerp {Shape} ({DType}) to {x.Shape} ({x.DType}) in place: both must be alike", nameof(x));
        Throw.IfNotFinite(weight, "lerp", "weight");
        DTypes.Lerp(x.Slot, weight, WritableSlot("lerp"));
    }
}
