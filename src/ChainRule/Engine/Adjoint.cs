namespace ChainRule;

/// <summary>
/// dxᵢ = (∂y/∂xᵢ)ᵀ dy of an op that is linear in its inputs, as an op of its own. It is linear in dy, and in the inputs
/// that xᵢ meets in a product: backward is the op's own forward pass with what comes from above in the place of xᵢ, and
/// its own backward pass towards the others.
/// </summary>
sealed class Adjoint<TOp> : Node where TOp : struct, IOp
{
    readonly TOp _op;
    readonly int _input;
    readonly Slot _y;

    Adjoint(TOp op, int input, Slot y) => (_op, _input, _y) = (op, input, y);

    public override string Op => $"gradient of {OpName.Of<TOp>()}";

    public static Tensor Run(TOp op, int input, ReadOnlySpan<Slot> x, Slot y, Slot dy)
    {
        var dx = Slot.Make(x[input].Shape, x[input].DType, zeroed: true);
        Back(op, x, input, input, null, y, dy, dx);
        bool wanted = dy.RequiresGrad;
        for (int j = 0; j < x.Length; j++) wanted |= j != input && x[j].RequiresGrad;
        if (wanted && !NoGrad.IsOn) new Adjoint<TOp>(op, input, y).Connect([.. x, dy], [dx]);
        return new(dx);
    }

    public override void Backward(ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs)
    {
        var above = outputs[0].Grad!;
        var x = inputs[..^1];
        var dy = inputs[^1];
        if (dy.RequiresGrad)
        {
            Slot[] given = new Slot[x.Length];
            for (int j = 0; j < x.Length; j++)
                given[j] = j == _input ? above : Meets(j) ? x[j] : Slot.Make(x[j].Shape, x[j].DType, zeroed: true);
            var y = Slot.Make(_y.Shape, _y.DType);
            SavedTensors saved = default;
            DTypes.Forward(_op, given, [y], ref saved);
            DTypes.AddScaled(y, 1, dy.GradToAdd());
        }
        for (int j = 0; j < x.Length; j++)
            if (Meets(j) && x[j].RequiresGrad) Back(_op, x, j, _input, above, _y, dy, x[j].GradToAdd());
    }

    public override Tensor GradientOf(int input, Tensor dy)
    {
        Throw.Invalid($"gradients: '{Op}' has no second derivative here: gradients of gradients end at the second");
        return default;
    }

    public override void Release() => Forget();

    /// <summary>Whether input j is multiplied by the input whose adjoint this is, and so takes part in dx.</summary>
    bool Meets(int j) => j != _input && _op.Linearity == Linearity.InEach && j != _op.Addend && _input != _op.Addend;

    /// <summary>
    /// Adds to the gradient of one input and of no other. Input i is replaced by another tensor where one is given.
    /// </summary>
    static void Back(TOp op, ReadOnlySpan<Slot> x, int towards, int i, Slot? replaced, Slot y, Slot dy, Slot dx)
    {
        // Handles of their own on the same numbers: none requires a gradient but one, and the tensors' own
        // gradients stay as they are.
        Slot[] given = new Slot[x.Length];
        for (int j = 0; j < x.Length; j++)
            given[j] = (j == i && replaced is not null ? replaced : x[j]).Reshaped(x[j].Shape);
        (given[towards].RequiresGrad, given[towards].Grad) = (true, dx);
        var output = y.Reshaped(y.Shape);
        output.Grad = dy;
        SavedTensors saved = default;
        DTypes.Backward(op, given, [output], ref saved);
    }
}
