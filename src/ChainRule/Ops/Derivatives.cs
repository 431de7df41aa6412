using ChainRule.Kernels;

namespace ChainRule;

/// <summary>y = f′(x);  dx = dy f″(x), by dual numbers.</summary>
readonly struct DerivativeOf<F>(F f) : IFormula where F : struct, IFormula
{
    V IFormula.Of<V>(V x) => f.Derivative(x, f.Of(x));

    V IFormula.Derivative<V>(V x, V y)
    {
        var dual = new Dual<V>(x, 1);
        return f.Derivative(dual, f.Of(dual)).Tangent;
    }
}

/// <summary>y = ∂f/∂a at (a, b), with its own two derivatives by dual numbers.</summary>
readonly struct DerivativeInA<F>(F f) : IBinaryFormula where F : struct, IBinaryFormula
{
    V IBinaryFormula.Of<V>(V a, V b) => f.DerivativeA(a, b);
    V IBinaryFormula.DerivativeA<V>(V a, V b) => f.DerivativeA(new Dual<V>(a, 1), new Dual<V>(b, 0)).Tangent;
    V IBinaryFormula.DerivativeB<V>(V a, V b) => f.DerivativeA(new Dual<V>(a, 0), new Dual<V>(b, 1)).Tangent;
}

/// <summary>y = ∂f/∂b at (a, b), with its own two derivatives by dual numbers.</summary>
readonly struct DerivativeInB<F>(F f) : IBinaryFormula where F : struct, IBinaryFormula
{
    V IBinaryFormula.Of<V>(V a, V b) => f.DerivativeB(a, b);
    V IBinaryFormula.DerivativeA<V>(V a, V b) => f.DerivativeB(new Dual<V>(a, 1), new Dual<V>(b, 0)).Tangent;
    V IBinaryFormula.DerivativeB<V>(V a, V b) => f.DerivativeB(new Dual<V>(a, 0), new Dual<V>(b, 1)).Tangent;
}

public readonly partial struct Tensor
{
    /// <summary>
    /// dL/dx of this, L, a single number, for each tensor named. Nothing is added to any <see cref="Grad"/>. With
    /// a graph of their own, gradients can be computed with and gone back through, as in a penalty on the
    /// gradient's length, or a <see cref="HessianVector"/> product: element-wise formulas, products, sums, shapes,
    /// embeddings, convolutions, pooling, batch, layer and group norm, softmax and cross-entropy allow it; another op
    /// is named by the error. A third derivative there is not.
    /// </summary>
    /// <param name="inputs">What to differentiate by: tensors that L was computed from. One that it does not depend on
    /// has a gradient of zeros.</param>
    /// <param name="createGraph">Whether the gradients have a graph of their own.</param>
    /// <exception cref="InvalidOperationException">
    /// An input requires no gradient, an op has no second derivative, there is no graph, or
    /// something in it was overwritten.
    /// </exception>
    public Tensor[] Gradients(ReadOnlySpan<Tensor> inputs, bool createGraph = false)
    {
        var slot = Slot;
        if (slot.Count != 1)
            Throw.Invalid(
                $"gradients of {slot.Shape}: {slot.Count} numbers have no single gradient: take a Sum() or Mean()");
        return GradientGraph.Of(slot, inputs, createGraph);
    }

    /// <summary>
    /// H v = ∂/∂x ⟨∂L/∂x, v⟩ of this, L, a single number: the Hessian times a vector, without the Hessian
    /// (Pearlmutter, 1994).
    /// </summary>
    /// <param name="inputs">x: what to differentiate by.</param>
    /// <param name="vectors">v, one for each input, of its shape.</param>
    /// <returns>One product for each input.</returns>
    /// <exception cref="InvalidOperationException">An op has no second derivative, there is no graph, or something in
    /// it was overwritten.</exception>
    public Tensor[] HessianVector(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> vectors)
    {
        if (inputs.Length != vectors.Length || inputs.Length == 0)
            Throw.Argument($"hessian-vector product: {inputs.Length} inputs and {vectors.Length} vectors: give one "
                + "vector for each input, and one input or more",
                nameof(inputs));
        var gradients = Gradients(inputs, createGraph: true);
        var along = Scalar(0, DType);
        for (int i = 0; i < inputs.Length; i++)
        {
            if (vectors[i].Shape != inputs[i].Shape)
                Throw.Argument($"hessian-vector product: input {i} is {inputs[i].Shape} and its vector "
                    + $"{vectors[i].Shape}: both must have the same shape",
                    nameof(vectors));
            along += (gradients[i] * vectors[i].Detach()).Sum();
        }
        // A loss that is linear in its inputs has a Hessian of zeros.
        return along.RequiresGrad ? along.Gradients(inputs)
            : Array.ConvertAll(inputs.ToArray(), static x => Zeros(x.Shape, x.DType));
    }

    /// <summary>The sum over the axes along which a shape was stretched to this one.</summary>
    internal Tensor SumTo(Shape shape)
    {
        var x = this;
        if (x.Shape == shape) return x;
        int added = x.Rank - shape.Rank;
        for (int axis = 0; axis < x.Rank; axis++)
            if (axis < added || (shape[axis - added] == 1 && x.Shape[axis] != 1)) x = x.Sum(axis, keepDim: true);
        return x.Reshape(shape.Span);
    }
}
