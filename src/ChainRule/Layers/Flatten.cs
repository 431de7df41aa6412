namespace ChainRule.Layers;

/// <summary>[B, …] → [B, product of the rest]: each row of the batch becomes a vector. Nothing is copied.</summary>
public sealed class Flatten : Module
{
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank == 0)
            Throw.Argument("Flatten: the input is a single number, and has no rows: give [B, ..]", nameof(x));
        int columns = 1;
        foreach (int size in x.Shape.Span[1..]) columns *= size;
        return x.Reshape(x.Shape[0], columns);
    }
}
