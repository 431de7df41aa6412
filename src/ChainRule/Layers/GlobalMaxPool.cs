namespace ChainRule.Layers;

/// <summary>
/// The largest number of each channel, over all that stands behind it: [N, C, L] or [N, C, H, W] → [N, C]. What a
/// convolutional network of images of any size ends with, before its last linear layer.
/// </summary>
public sealed class GlobalMaxPool : Module
{
    protected override Tensor Compute(Tensor x)
    {
        var shape = x.Shape;
        if (shape.Rank < 3) Throw.Argument($"GlobalMaxPool: the input is {shape}: give [N, C, L] or [N, C, H, W]");
        int places = 1;
        foreach (int size in shape.Span[2..]) places *= size;
        if (places == 0)
            Throw.Argument($"GlobalMaxPool: the input is {shape}: an image of no numbers has no largest number");
        return x.Reshape(shape[0], shape[1], places).Max(-1);
    }
}
