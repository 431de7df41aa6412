using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Randomness;

namespace ChainRule;

/// <summary>Work that is written once and runs on either number type.</summary>
interface INumeric
{
    void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>The one place that knows there is more than one number type.</summary>
static class DTypes
{
    public static void Forward<TOp>(TOp op, ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs,
        ref SavedTensors saved) where TOp : struct, IOp
    {
        switch (outputs[0].DType)
        {
            case DType.Float32: op.Forward(new Frame<float>(inputs, outputs, ref saved)); break;
            default: op.Forward(new Frame<double>(inputs, outputs, ref saved)); break;
        }
    }

    public static void Backward<TOp>(TOp op, ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs,
        ref SavedTensors saved) where TOp : struct, IOp
    {
        switch (outputs[0].DType)
        {
            case DType.Float32: op.Backward(new Frame<float>(inputs, outputs, ref saved)); break;
            default: op.Backward(new Frame<double>(inputs, outputs, ref saved)); break;
        }
    }

    public static bool Reaches<TOp>(TOp op, ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs,
        ref SavedTensors saved, int input, int at, List<LocalDerivative> found) where TOp : struct, IOp =>
        outputs[0].DType == DType.Float32 ? op.Reaches(new Frame<float>(inputs, outputs, ref saved), input, at, found)
            : op.Reaches(new Frame<double>(inputs, outputs, ref saved), input, at, found);

    public static bool Reads<TOp>(TOp op, ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs,
        ref SavedTensors saved, int at, List<LocalDerivative> found) where TOp : struct, IOp =>
        outputs[0].DType == DType.Float32 ? op.Reads(new Frame<float>(inputs, outputs, ref saved), at, found)
            : op.Reads(new Frame<double>(inputs, outputs, ref saved), at, found);

    /// <summary>Runs work that is not an op: filling, converting, updating.</summary>
    public static void Run<TWork>(DType dtype, ref TWork work) where TWork : struct, INumeric, allows ref struct
    {
        switch (dtype)
        {
            case DType.Float32: work.Run<float>(); break;
            default: work.Run<double>(); break;
        }
    }

    public static Storage Storage(DType dtype, int count, bool zeroed, ScopeFrame? owner) => (dtype, owner) switch
    {
        (DType.Float32, null) => Storage<float>.Make(count, zeroed),
        (DType.Float32, _) => Storage<float>.Rent(count, zeroed, owner),
        (DType.Float64, null) => Storage<double>.Make(count, zeroed),
        (DType.Float64, _) => Storage<double>.Rent(count, zeroed, owner),
        _ => Unknown(dtype),
    };

    /// <summary>Whether numbers are of single precision, which some kernels compute alone.</summary>
    public static bool IsSingle(DType dtype) => dtype == DType.Float32;

    /// <inheritdoc cref="IsSingle(DType)"/>
    public static bool IsSingle<T>() => typeof(T) == typeof(float);

    static Storage Unknown(DType dtype)
    {
        Throw.OutOfRange($"number type {(int)dtype}: there is none of that number: give DType.Float32 or DType.Float64",
            nameof(dtype));
        return null;
    }

    /// <summary>The number at a flat index, widened.</summary>
    public static double Read(Slot slot, int index) =>
        slot.DType == DType.Float32 ? slot.Span<float>()[index] : slot.Span<double>()[index];

    public static void Write(Slot slot, int index, double value)
    {
        if (slot.DType == DType.Float32) slot.Span<float>()[index] = (float)value;
        else slot.Span<double>()[index] = value;
    }

    public static void Fill(Slot slot, double value)
    {
        if (slot.DType == DType.Float32) slot.Span<float>().Fill((float)value);
        else slot.Span<double>().Fill(value);
    }

    public static void FillUniform(Slot slot, double low, double high, RandomSource rng)
    {
        if (slot.DType == DType.Float32) rng.Uniform(slot.Span<float>(), low, high);
        else rng.Uniform(slot.Span<double>(), low, high);
    }

    public static void FillNormal(Slot slot, double mean, double std, RandomSource rng)
    {
        if (slot.DType == DType.Float32) rng.Normal(slot.Span<float>(), mean, std);
        else rng.Normal(slot.Span<double>(), mean, std);
    }

    public static void FillBernoulli(Slot slot, double p, RandomSource rng)
    {
        if (slot.DType == DType.Float32) rng.Bernoulli(slot.Span<float>(), p);
        else rng.Bernoulli(slot.Span<double>(), p);
    }

    /// <summary>Copies numbers between slots of one shape, of one type or of two.</summary>
    public static void Convert(Slot from, Slot to)
    {
        switch (from.DType, to.DType)
        {
            case (DType.Float32, DType.Float32): from.Span<float>().CopyTo(to.Span<float>()); break;
            case (DType.Float32, _): TensorPrimitives.ConvertTruncating<float, double>(from.Span<float>(),
                to.Span<double>()); break;
            case (_, DType.Float32): TensorPrimitives.ConvertTruncating<double, float>(from.Span<double>(),
                to.Span<float>()); break;
            default: from.Span<double>().CopyTo(to.Span<double>()); break;
        }
    }

    /// <summary>Copies a run of numbers between slots of one type.</summary>
    public static void CopyPart(Slot from, int fromIndex, Slot to, int toIndex, int count)
    {
        if (from.DType == DType.Float32) from.Span<float>().Slice(fromIndex, count).CopyTo(to.Span<float>()[toIndex..]);
        else from.Span<double>().Slice(fromIndex, count).CopyTo(to.Span<double>()[toIndex..]);
    }

    /// <summary>y += scale · x.</summary>
    public static void AddScaled(Slot x, double scale, Slot y)
    {
        if (x.DType == DType.Float32)
            TensorPrimitives.MultiplyAdd(x.Span<float>(), (float)scale, y.Span<float>(), y.Span<float>());
        else TensorPrimitives.MultiplyAdd(x.Span<double>(), scale, y.Span<double>(), y.Span<double>());
    }

    /// <summary>y = (1 − weight) y + weight x.</summary>
    public static void Lerp(Slot x, double weight, Slot y)
    {
        if (x.DType == DType.Float32)
            TensorPrimitives.Lerp(y.Span<float>(), x.Span<float>(), (float)weight, y.Span<float>());
        else TensorPrimitives.Lerp(y.Span<double>(), x.Span<double>(), weight, y.Span<double>());
    }

    /// <summary>The dtype of a C# number type.</summary>
    public static DType Of<T>(string asked)
    {
        if (typeof(T) == typeof(float)) return DType.Float32;
        if (typeof(T) != typeof(double))
            Throw.Argument($"{asked}: a tensor holds float or double, not {typeof(T).Name}: convert the numbers first");
        return DType.Float64;
    }

    public static int Bytes(DType dtype) => dtype == DType.Float32 ? sizeof(float) : sizeof(double);

    /// <summary>The relative error of sums of many terms that are added up in another order.</summary>
    public static double Rounding(DType dtype) => dtype == DType.Float32 ? 3e-5 : 1e-12;

    /// <summary>
    /// What two ways of computing one gradient may differ by: relative to its largest number, and to that of the
    /// gradients that it is a sum of, which may cancel.
    /// </summary>
    public static (double Relative, double Cancelled) GradientRounding(DType dtype) =>
        dtype == DType.Float32 ? (1e-4, 1e-6) : (1e-9, 1e-13);

    /// <summary>Significant digits that a number type can be trusted with when it is printed.</summary>
    public static int Digits(DType dtype) => dtype == DType.Float32 ? 6 : 12;
}
