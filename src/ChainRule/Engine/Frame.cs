using System.Numerics;
using System.Runtime.InteropServices;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// What an op sees of its inputs and its outputs: typed spans, shapes, which gradients are wanted, and what
/// forward saved for backward.
/// </summary>
readonly ref struct Frame<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    readonly ReadOnlySpan<Slot> _inputs, _outputs;
    readonly ref SavedTensors _saved;

    public Frame(ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs, ref SavedTensors saved)
    {
        _inputs = inputs;
        _outputs = outputs;
        _saved = ref saved;
    }

    /// <summary>The numbers of input i.</summary>
    public ReadOnlySpan<T> X(int i = 0) => _inputs[i].Span<T>();

    /// <summary>
    /// Input i as the right factor of a product, k × n as it is read: laid out for tiles where it is a weight that
    /// stays as it is.
    /// </summary>
    public Factor<T> Right(int i, int k, int n, bool transposed) =>
        FrozenWeights.Current is { } frozen && frozen.Find<T>(_inputs[i], k, n, transposed, out var factor) ? factor
            : new(X(i), transposed ? k : n, transposed);

    /// <summary>
    /// y = x Wᵀ + b by whole numbers, where input i is a weight W, [outputs, inputs], that is used so; false where
    /// nothing was done.
    /// </summary>
    public bool MultiplyBytes(int i, int rows, ReadOnlySpan<T> x, ReadOnlySpan<T> bias, int inputs, int outputs,
        Span<T> y)
    {
        if (FrozenWeights.Current?.Bytes<T>(_inputs[i], inputs, outputs) is not { } weights) return false;
        weights.Multiply(rows, MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(bias),
            MemoryMarshal.Cast<T, float>(y));
        return true;
    }

    /// <summary>
    /// Input i as the kernels of a convolution that <see cref="Winograd"/> transformed, where it is a weight that stays
    /// as it is; false where it is to be read.
    /// </summary>
    public bool Transformed(int i, in Convolution convolution, out float[] kernels)
    {
        kernels = [];
        return FrozenWeights.Current is { } frozen && frozen.Find<T>(_inputs[i], convolution, out kernels);
    }

    public Shape XShape(int i = 0) => _inputs[i].Shape;

    /// <summary>How many outputs there are; only an op that was asked for more has more than one.</summary>
    public int Outputs => _outputs.Length;

    /// <summary>The numbers of the output.</summary>
    public Span<T> Y => _outputs[0].Span<T>();

    /// <summary>The numbers of output i.</summary>
    public Span<T> Output(int i) => _outputs[i].Span<T>();

    public Shape YShape => _outputs[0].Shape;

    /// <summary>dL/dy; zeros where only other outputs were used.</summary>
    public ReadOnlySpan<T> DY => DOutput(0);

    /// <summary>dL/d(output i); zeros where only other outputs were used.</summary>
    public ReadOnlySpan<T> DOutput(int i) => _outputs[i].Grad!.Span<T>();

    /// <summary>Whether input i requires a gradient. Nothing may be added where it does not.</summary>
    public bool RequiresGrad(int i = 0) => _inputs[i].RequiresGrad;

    /// <summary>dL/dx of input i, to be added to.</summary>
    public Span<T> DX(int i = 0) => _inputs[i].GradToAdd().Span<T>();

    /// <summary>
    /// dL/dx of input i, for an op that reaches all of it: added to, or stored where nothing was added before, which
    /// saves making it zero first.
    /// </summary>
    public Gradient<T> Gradient(int i = 0)
    {
        var grad = _inputs[i].GradToAdd(out bool first);
        return new(grad.Span<T>(), adds: !first);
    }

    /// <summary>
    /// Room for numbers that backward needs, such as a row's mean: what is written here in forward is read by
    /// <see cref="Saved"/>.
    /// </summary>
    public Span<T> Save(Shape shape)
    {
        var saved = Slot.Make(shape, _outputs[0].DType);
        _saved.Add(saved);
        return saved.Span<T>();
    }

    /// <summary>What forward saved, in the order in which it did.</summary>
    public Span<T> Saved(int i = 0) => _saved[i].Span<T>();
}
