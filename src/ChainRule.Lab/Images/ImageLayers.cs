using ChainRule.Layers;
using ChainRule.Zoo.Models;

namespace ChainRule.Lab.Images;

/// <summary>One layer with what it reads and what it gives.</summary>
/// <param name="Name">Its path in the model.</param>
/// <param name="Module">The layer; null for the input.</param>
/// <param name="From">The places of the layers that it reads.</param>
/// <param name="Output">What it gives, [1, channels, height, width] or [1, units].</param>
sealed record ImageLayer(string Name, Module? Module, IReadOnlyList<int> From, Tensor Output)
{
    public bool IsVector => Output.Rank == 2;

    public int Channels => Output.Shape[1];

    public int Height => IsVector ? 1 : Output.Shape[2];

    public int Width => IsVector ? 1 : Output.Shape[3];
}

/// <summary>
/// A forward pass, one layer after the other: the same modules as in the model's own pass, and so the same bits, but
/// with what each of them reads.
/// </summary>
sealed class ImageLayers
{
    readonly List<ImageLayer> _all = [];
    readonly Dictionary<Module, string> _names;

    ImageLayers(Module model) =>
        _names = model.NamedModules().ToDictionary(one => one.Value, one => one.Key);

    /// <summary>The layers of a pass in the order of computation: the input first, the logits last.</summary>
    public static IReadOnlyList<ImageLayer> Of(Module model, Tensor x)
    {
        var pass = new ImageLayers(model);
        pass._all.Add(new("input", null, [], x));
        pass.Run(model, 0);
        return pass._all;
    }

    int Run(Module module, int from)
    {
        switch (module)
        {
            case ImageClassifier classifier:
                return Run(classifier.Head, Run(classifier.Features, from));
            case Dense dense:
                var x = _all[from].Output;
                if (x.Rank > 2) from = Add("flatten", new Flatten(), [from], x.Reshape(x.Shape[0], -1));
                foreach (var layer in dense.Hidden) from = Run(layer, from);
                return Run(dense.Head, from);
            case Sequential layers:
                for (int i = 0; i < layers.Count; i++) from = Run(layers[i], from);
                return from;
            case Residual residual:
                int inner = Run(residual.Inner, from);
                int past = residual.Shortcut is { } shortcut ? Run(shortcut, from) : from;
                return Add(_names[module], module, [past, inner], _all[past].Output + _all[inner].Output);
            default:
                return Add(_names[module], module, [from], module.Forward(_all[from].Output));
        }
    }

    int Add(string name, Module module, int[] from, Tensor output)
    {
        _all.Add(new(name, module, from, output));
        return _all.Count - 1;
    }

    /// <summary>What a layer does, in a sentence or a formula.</summary>
    public static string Does(ImageLayer layer) => layer.Module switch
    {
        null => "(pixel / 255 − mean) / standard deviation, for each channel",
        Conv2d c => $"convolution {c.Weight.Shape[2]} × {c.Weight.Shape[3]}{Stride(c.Stride)}: a kernel for each pair "
            + $"of {Channels(c.Weight.Shape[0])} out and {c.Weight.Shape[1]} in",
        Linear l => $"W x + b: {l.Weight.Shape[1]:N0} numbers in, {l.Weight.Shape[0]:N0} out",
        BatchNorm => "γ (x − mean) / √(var + ε) + β, for each channel",
        LayerNorm => "γ (x − mean) / √(var + ε) + β, over the vector",
        Relu => "max(0, x)",
        LeakyRelu => "x above 0, and a fraction of x below",
        Gelu => "x Φ(x)",
        Tanh => "tanh(x)",
        Sigmoid => "1 / (1 + e⁻ˣ)",
        MaxPool2d p => $"the largest number of each window of {p.KernelSize.Y} × {p.KernelSize.X}",
        AveragePool2d p => $"the mean of each window of {p.KernelSize.Y} × {p.KernelSize.X}",
        GlobalAveragePool => "the mean of each channel",
        Flatten => "all numbers, one after the other",
        Dropout => "x: it drops numbers in training alone",
        Residual => "what goes into the block, plus what comes out of it",
        _ => "",
    };

    static string Channels(int count) => Printable.Count(count, "channel");

    static string Stride(PerAxis stride) => stride == 1 ? "" : $", every {stride} pixels";
}
