namespace ChainRule;

/// <summary>
/// y = x in another number type; dx = dy in the type of x. A node of its own, because every op sees
/// numbers of one type.
/// </summary>
sealed class Conversion : Node
{
    public override string Op => "to";

    public static void Record(Slot x, Slot y) => new Conversion().Connect([x], [y]);

    public override void Backward(ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs)
    {
        var x = inputs[0];
        var dy = Slot.Make(x.Shape, x.DType, zeroed: false, owner: null);
        DTypes.Convert(outputs[0].Grad!, dy);
        DTypes.AddScaled(dy, 1, x.GradToAdd());
    }

    public override Tensor GradientOf(int input, Tensor dy) => dy.To(Inputs[0].DType);

    public override void Release() => Forget();
}
