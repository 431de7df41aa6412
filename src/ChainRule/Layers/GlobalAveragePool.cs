namespace ChainRule.Layers;

/// <summary>
/// The mean of each channel, over all that stands behind it: [N, C, L] or [N, C, H, W] → [N, C]. What a convolutional
/// network of images of any size ends with, before its last linear layer.
/// </summary>
public sealed class GlobalAveragePool : Module
{
    protected override Tensor Compute(Tensor x)
    {
        var shape = x.Shape;
        if (shape.Rank < 3) Throw.Argument($"GlobalAveragePool: the input is {shape}: give [N, C, L] or [N, C, H, W]");
        int places = 1;
        foreach (int size in shape.Span[2..]) places *= size;
        if (places == 0) Throw.Argument($"GlobalAveragePool: the input is {shape}: an image of no numbers has no mean");
        return x.Reshape(shape[0], shape[1], places).Mean(-1);
    }
}
