using ChainRule.Layers;

namespace ChainRule.Diagnostics;

/// <summary>
/// What do the layers of a network make of an image? The feature maps of a layer are the channels of its output,
/// pictures themselves; its filters are the weights that a pixel of each is computed by.
/// </summary>
public static class FeatureMaps
{
    const string Asked = "feature maps";

    /// <summary>The outputs of all layers that are images, in the order of computation.</summary>
    /// <param name="model">A model of [N, C, H, W]; asked in evaluation mode.</param>
    /// <param name="images">[N, C, H, W].</param>
    /// <returns>The path of each layer in the model, as in <see cref="Module.NamedModules"/>, and its output, [N,
    /// channels, height, width]. Modules that hold others are left out.</returns>
    /// <exception cref="ArgumentException">The images are not [N, C, H, W].</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> All(Module model, Tensor images)
    {
        Throw.IfNull(model, Asked);
        Scores.CheckImages(Asked, images);
        using var evaluation = model.InEvaluation();
        using var quiet = NoGrad.Begin();
        List<KeyValuePair<string, Tensor>> maps = [];
        using (model.Observe((module, name, y) =>
        {
            if (y.Rank == 4 && module.NamedModules().Count == 1) maps.Add(new(name, y.Detach().Clone()));
        })) model.Forward(images);
        return maps;
    }

    /// <summary>The output of one layer.</summary>
    /// <param name="model">A model of [N, C, H, W]; asked in evaluation mode.</param>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="layer">The layer's path in the model: <c>features.0</c>.</param>
    /// <returns>[N, channels, height, width].</returns>
    /// <exception cref="ArgumentException">The images are not [N, C, H, W], or no layer of that name gives
    /// images.</exception>
    public static Tensor Of(Module model, Tensor images, string layer)
    {
        var all = All(model, images);
        foreach (var (name, maps) in all) if (name == layer) return maps;
        Throw.Argument($"{Asked}: no layer '{Printable.Of(layer)}' gives images: give one of "
            + $"{Printable.Of(string.Join(", ", all.Select(one => one.Key)), 400)}", nameof(layer));
        return default;
    }

    /// <summary>
    /// The filters of the first layer as images: the kernels of a convolution, or the weights of a linear layer laid
    /// out as the pixels that they belong to.
    /// </summary>
    /// <param name="model">A model whose first layer with weights is a <see cref="Layers.Conv2d"/> or a
    /// <see cref="Layers.Linear"/>.</param>
    /// <param name="image">The shape of an image, [C, H, W], which a linear layer's weights are laid out by.</param>
    /// <returns>[filters, C, height, width], a copy.</returns>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static Tensor FirstFilters(Module model, Shape image)
    {
        Throw.IfNull(model, Asked);
        if (image.Rank != 3) Throw.Argument($"{Asked}: an image is {image}: give [C, H, W]", nameof(image));
        foreach (var (name, module) in model.NamedModules())
        {
            if (module is Layers.Conv2d convolution) return convolution.Weight.Detach().Clone();
            if (module is not Layers.Linear linear) continue;
            var weight = linear.Weight;
            if (weight.Shape[1] == image.Elements)
                return weight.Detach().Clone().Reshape(weight.Shape[0], image[0], image[1], image[2]);
            Throw.Argument($"{Asked}: layer {name} takes {weight.Shape[1]} numbers and an image of {image} has "
                + $"{image.Elements}: give the shape of the images that it was made for", nameof(image));
        }
        Throw.Argument($"{Asked}: the model has no convolution and no linear layer: ask one that has", nameof(model));
        return default;
    }
}
