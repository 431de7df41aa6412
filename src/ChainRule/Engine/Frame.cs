using System.Numerics;

namespace ChainRule;

/// <summary>What an op sees of its inputs and its output: typed spans, shapes, and which gradients are wanted.</summary>
readonly ref struct Frame<T>(ReadOnlySpan<Slot> inputs, Slot output) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    readonly ReadOnlySpan<Slot> _inputs = inputs;

    /// <summary>The numbers of input i.</summary>
    public ReadOnlySpan<T> X(int i = 0) => _inputs[i].Span<T>();

    public Shape XShape(int i = 0) => _inputs[i].Shape;

    /// <summary>The numbers of the output.</summary>
    public Span<T> Y => output.Span<T>();

    public Shape YShape => output.Shape;

    /// <summary>dL/dy.</summary>
    public ReadOnlySpan<T> DY => output.Grad!.Span<T>();

    /// <summary>Whether input i requires a gradient. Nothing may be added where it does not.</summary>
    public bool RequiresGrad(int i = 0) => _inputs[i].RequiresGrad;

    /// <summary>dL/dx of input i, to be added to.</summary>
    public Span<T> DX(int i = 0) => _inputs[i].GradToAdd().Span<T>();

    /// <summary>As <see cref="DX(int)"/>, for an op that reaches all of it: where it is the first to, it must store instead of add.</summary>
    public Span<T> DX(int i, out bool first) => _inputs[i].GradToAdd(out first).Span<T>();

    /// <summary>An input that only serves to carry numbers from forward to backward, such as a mask or a row's mean.</summary>
    public Span<T> Note(int i) => _inputs[i].Span<T>();
}
