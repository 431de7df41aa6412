using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// A module in the graph as one op, of which only the input and the output are kept: its backward pass computes what is
/// between them again, from the same numbers and the same random draws, and goes back through it.
/// </summary>
/// <remarks>Chen, Xu, Zhang and Guestrin, "Training Deep Nets with Sublinear Memory Cost", 2016 (arXiv:1604.06174).
/// </remarks>
sealed class Recomputation : Node
{
    readonly Func<Tensor, Tensor> _compute;
    readonly (RandomSource Generator, byte[] State)[] _drawn;

    Recomputation(Func<Tensor, Tensor> compute, (RandomSource, byte[])[] drawn) =>
        (_compute, _drawn) = (compute, drawn);

    public override string Op => "recompute";

    /// <summary>What the module computes, without the numbers in between.</summary>
    /// <param name="module">The module.</param>
    /// <param name="compute">What it computes.</param>
    /// <param name="x">Its input.</param>
    public static Tensor Run(Module module, Func<Tensor, Tensor> compute, Tensor x)
    {
        var outer = ScopeFrame.Current;
        var drawn = module.Generators().Select(one => (one.Value, one.Value.GetState())).ToArray();
        Slot y;
        using (NoGrad.Begin())
        using (Scope.Begin("recompute"))
            y = compute(x).Slot.Copy(outer);
        Slot[] inputs = [x.Slot, .. module.Trained().Select(one => one.Value.Slot)];
        if (!NoGrad.IsOn && inputs.Any(one => one.RequiresGrad)) new Recomputation(compute, drawn).Connect(inputs, [y]);
        return new(y);
    }

    public override void Backward(ReadOnlySpan<Slot> inputs, ReadOnlySpan<Slot> outputs)
    {
        var (x, dy) = (inputs[0], outputs[0].Grad!);
        byte[][] now = [.. _drawn.Select(one => one.Generator.GetState())];
        foreach (var (generator, state) in _drawn) generator.SetState(state);
        // Running statistics have followed this batch already.
        using (Journal.Begin())
        using (Scope.Begin("recompute"))
        {
            var again = x.Reshaped(x.Shape);
            again.RequiresGrad = x.RequiresGrad;
            BackwardPass.From(_compute(new(again)).Slot, dy.Copy(), keepGraph: false);
            if (again.Grad is { } dx)
            {
                var sum = x.GradToAdd(out bool first);
                if (first) DTypes.Convert(dx, sum);
                else DTypes.AddScaled(dx, 1, sum);
            }
        }
        for (int i = 0; i < now.Length; i++) _drawn[i].Generator.SetState(now[i]);
    }

    public override Tensor GradientOf(int input, Tensor dy)
    {
        Throw.Invalid("gradients: a module that recomputes has no gradients of gradients: set Recomputes to false");
        return default;
    }

    public override void Release() => Forget();
}
