namespace ChainRule.Diagnostics;

/// <summary>What questions about images have in common: their shape, and the output that is asked about.</summary>
static class Scores
{
    public static void CheckImages(string asked, Tensor images)
    {
        if (images.Rank != 4 || images.Count == 0)
            Throw.Argument($"{asked}: the images are {images.Shape}: give one or more, [N, C, H, W]", nameof(images));
    }

    /// <summary>One output of each image, [N].</summary>
    public static Tensor Of(string asked, Tensor outputs, int output)
    {
        if (outputs.Rank != 2)
            Throw.Argument($"{asked}: the model gives {outputs.Shape}: ask one that gives [N, outputs]", "model");
        if ((uint)output >= (uint)outputs.Shape[1])
            Throw.OutOfRange($"{asked}: output {output}: {Throw.Run("outputs", outputs.Shape[1])}", nameof(output));
        return outputs.Select(1, output);
    }
}
