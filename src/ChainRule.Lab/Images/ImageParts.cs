using ChainRule.Lab.Sessions;
using ChainRule.Layers;

namespace ChainRule.Lab.Images;

/// <summary>Says what one number of a layer's output is computed from, with the numbers that it reads.</summary>
sealed class ImageParts(IReadOnlyList<ImageLayer> layers, LabReply reply)
{
    const int MostNumbers = 1 << 18;

    /// <summary>The number at a place.</summary>
    /// <exception cref="ArgumentException">There is no such place.</exception>
    public ImagePixelAnswer Of(ImagePixelRequest at)
    {
        var layer = Layer(layers, at.Layer);
        if (at.Channel < 0 || at.Channel >= layer.Channels || at.Row < 0 || at.Row >= layer.Height || at.Column < 0
            || at.Column >= layer.Width)
            throw new ArgumentException($"pixel: channel {at.Channel}, row {at.Row}, column {at.Column} of layer "
                + $"{layer.Name}: it has {Printable.Count(layer.Channels, "channel")} of {layer.Height} rows and "
                + $"{layer.Width} columns, each counted from 0");
        var (rule, bias, parts) = Of(layer, at.Channel, at.Row, at.Column);
        bool isSum = parts.Length > 0 && (layer.Module is Residual || parts[0].Weights is not null);
        double value = Numbers(layer)[Flat(layer, at.Channel, at.Row, at.Column)];
        return new(at.Layer, at.Channel, at.Row, at.Column, value, rule,
            isSum ? parts.Sum(part => part.Sum()) + (bias ?? 0) : null, bias,
            [.. parts.Select(part => part.Said(reply))]);
    }

    /// <summary>A layer by its place.</summary>
    public static ImageLayer Layer(IReadOnlyList<ImageLayer> layers, int place) =>
        place >= 0 && place < layers.Count ? layers[place]
            : throw new ArgumentException($"layer {place}: the model has layers 0 to {layers.Count - 1}");

    /// <summary>The layer whose numbers a layer reads, behind those that only pass them on.</summary>
    public static int Source(IReadOnlyList<ImageLayer> layers, int from)
    {
        while (layers[from].Module is Flatten or Dropout) from = layers[from].From[0];
        return from;
    }

    (string Rule, double? Bias, Part[] Parts) Of(ImageLayer layer, int channel, int row, int column)
    {
        switch (layer.Module)
        {
            case null:
                return ("(pixel / 255 − mean) / standard deviation", null, []);
            case Conv2d c when c.Options == new ConvOptions():
                return ("y[o, r, s] = Σ W[o, c, i, j] · x[c, r · stride + i − padding, s · stride + j − padding]"
                    + (c.Bias is null ? "" : " + b[o]"), At(c.Bias, channel), [Window(layer.From[0], 0,
                        (row * c.Stride.Y - c.Padding.Y, column * c.Stride.X - c.Padding.X),
                        (c.Weight.Shape[1], c.Weight.Shape[2], c.Weight.Shape[3]), Row(c.Weight, channel))]);
            case Linear l:
                int source = Source(layers, layer.From[0]);
                var read = layers[source];
                return ("y[o] = Σ W[o, i] · x[i]" + (l.Bias is null ? "" : " + b[o]"), At(l.Bias, channel),
                    [Window(source, 0, (0, 0), (read.Channels, read.Height, read.Width), Row(l.Weight, channel))]);
            case BatchNorm { RunningMean: { } mean, RunningVar: { } var } norm:
                double scale = (At(norm.Weight, channel) ?? 1) / Math.Sqrt(var[channel] + norm.Eps);
                return ("γ (x − mean) / √(var + ε) + β = x · γ / √(var + ε) + (β − mean · γ / √(var + ε))",
                    (At(norm.Bias, channel) ?? 0) - mean[channel] * scale,
                    [Pixel(layer.From[0], channel, row, column) with { Weights = [(float)scale] }]);
            case MaxPool2d { RoundUp: false } p:
                return ("the largest number of the window", null, [Pooled(p, layer.From[0], channel, row, column)]);
            case AveragePool2d { RoundUp: false } p:
                return ("the sum of the window, each number times 1 / (rows · columns)", null,
                    [Mean(Pooled(p, layer.From[0], channel, row, column))]);
            case GlobalAveragePool:
                var whole = layers[layer.From[0]];
                return ("the sum of the channel, each number times 1 / (rows · columns)", null,
                    [Mean(Window(layer.From[0], channel, (0, 0), (1, whole.Height, whole.Width), null))]);
            case Flatten:
                var before = layers[layer.From[0]];
                int plane = before.Height * before.Width, place = channel % plane;
                return ("the number itself", null, [Pixel(layer.From[0], channel / plane, place / before.Width,
                    place % before.Width)]);
            case Residual:
                return ("the sum of both", null,
                    [.. layer.From.Select(from => Pixel(from, channel, row, column))]);
            case LayerNorm:
                return (ImageLayers.Does(layer), null, [Window(layer.From[0], 0, (0, 0), (layer.Channels, 1, 1),
                    null)]);
            case Relu or LeakyRelu or Gelu or Tanh or Sigmoid or Dropout:
                return (ImageLayers.Does(layer), null, [Pixel(layer.From[0], channel, row, column)]);
            default:
                return ("this layer is shown as a whole: what one number is computed from is not known here", null, []);
        }
    }

    Part Pooled(PoolingLayer pool, int from, int channel, int row, int column) => Window(from, channel,
        (row * pool.Stride.Y - pool.Padding.Y, column * pool.Stride.X - pool.Padding.X),
        (1, pool.KernelSize.Y, pool.KernelSize.X), null);

    static Part Mean(Part part)
    {
        float[] weights = new float[part.Inputs.Length];
        weights.AsSpan().Fill(1f / weights.Length);
        return part with { Weights = weights };
    }

    Part Pixel(int from, int channel, int row, int column) =>
        Window(from, channel, (row, column), (1, 1, 1), null);

    Part Window(int from, int channel, (int Top, int Left) at, (int Channels, int Height, int Width) size,
        float[]? weights)
    {
        if ((long)size.Channels * size.Height * size.Width > MostNumbers)
            throw new ArgumentException($"pixel: it is computed from {size.Channels} × {size.Height} × {size.Width} "
                + $"numbers, and at most {MostNumbers:N0} are shown: choose a layer of smaller images");
        var layer = layers[from];
        float[] all = Numbers(layer), inputs = new float[size.Channels * size.Height * size.Width];
        for (int c = 0, i = 0; c < size.Channels; c++)
        {
            for (int y = at.Top; y < at.Top + size.Height; y++)
            {
                for (int x = at.Left; x < at.Left + size.Width; x++, i++)
                    if (y >= 0 && y < layer.Height && x >= 0 && x < layer.Width)
                        inputs[i] = all[Flat(layer, channel + c, y, x)];
            }
        }
        return new(from, channel, at, size, inputs, weights);
    }

    static int Flat(ImageLayer layer, int channel, int row, int column) =>
        (channel * layer.Height + row) * layer.Width + column;

    static float[] Numbers(ImageLayer layer) => layer.Output.ToArray<float>();

    static double? At(Tensor? vector, int place) => vector is { } one ? one[place] : null;

    static float[] Row(Tensor weight, int output) => weight.Select(0, output).ToArray<float>();

    sealed record Part(int Layer, int Channel, (int Top, int Left) At, (int Channels, int Height, int Width) Size,
        float[] Inputs, float[]? Weights)
    {
        public double Sum()
        {
            double sum = 0;
            for (int i = 0; i < Inputs.Length; i++) sum += (double)Inputs[i] * (Weights?[i] ?? 1);
            return sum;
        }

        public ImagePart Said(LabReply reply) => new(Layer, Channel, At.Top, At.Left, Size.Channels, Size.Height,
            Size.Width, reply.Add(Inputs), Weights is null ? null : reply.Add(Weights));
    }
}
