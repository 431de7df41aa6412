using System.Diagnostics;
using ChainRule.Explaining;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Why;
using ChainRule.Layers;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Lab.Images;

/// <summary>A saved classifier of images, and what can be seen of it.</summary>
sealed class OpenImageModel
{
    const int MostChannels = 64, MostNumbers = 1 << 18, MostClasses = 20, MostExamples = 60, Builtin = 28;

    // As the playground's: down to the input of a small network, and a page's worth of numbers.
    const int Depth = 12, Top = 4, WhyNumbers = 300;

    readonly SavedModel _saved;
    readonly ImageEncoding _encoding;

    public OpenImageModel(string folder, string id)
    {
        Folder = folder;
        var kind = RunFolder.Open(folder).Settings.Kind;
        if (kind != TaskKind.Images)
            throw new ArgumentException($"images: {Printable.Of(id, 60)} is a run on {TrainingTask.Of(kind).Name}: "
                + "choose a run on images");
        _saved = SavedModel.Load(folder);
        _encoding = (ImageEncoding)_saved.Preprocessing;
    }

    public string Folder { get; }

    public Module Model => _saved.Model;

    public int Parameters => Model.Parameters().Sum(one => one.Count);

    public ImageOpenAnswer Open()
    {
        var layers = ImageLayers.Of(Model, Tensor.Zeros([1, .. _encoding.Shape.Input.Span]));
        return new(Model.GetType().Name, Parameters, _encoding.Size, _encoding.Channels,
            [.. _encoding.Classes.Select(name => Printable.Of(name, 40))], _encoding.HasOneOutput,
            [.. layers.Select(layer => new ImageLayerShape(layer.Name, layer.Module?.GetType().Name ?? "",
                ImageLayers.Does(layer), layer.Channels, layer.Height, layer.Width, layer.IsVector,
                layer.Module is Conv2d or Linear, layer.From))]);
    }

    /// <summary>Some images of each class, of the run's own data, or digits that are drawn here.</summary>
    public ImageExamplesAnswer Examples(LabReply reply)
    {
        string source;
        IReadOnlyList<ImageExample> found;
        int each = Math.Max(1, MostClasses / Math.Max(1, _encoding.Classes.Count));
        try
        {
            found = ImageData.OfRun(Folder).Examples(each);
            source = "Images of the part that the run's report is on.";
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException
            or InvalidOperationException or UnauthorizedAccessException)
        {
            found = ImageData.Open(null, new() { Size = Builtin }).Examples(1);
            source = $"Drawn digits, because the run's own images cannot be read: {Printable.Message(e.Message)}";
        }
        return new(source, [.. found.Take(MostExamples).Select(one => new ImageExampleShape(
            Printable.Of(one.Class, 40), one.Picture.Width, one.Picture.Height, one.Picture.Channels,
            reply.Add(one.Picture.Bytes)))]);
    }

    public ImageLookAnswer Look(Pixels picture, LabReply reply)
    {
        var x = _encoding.Encode(picture);
        long began = Stopwatch.GetTimestamp();
        var layers = ImageLayers.Of(Model, x);
        double time = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var logits = layers[^1].Output;
        return new(_encoding.Inverts(picture), reply.Add(_encoding.Fitted(picture).Bytes),
            reply.Add(logits.ToArray<float>()), reply.Add(_encoding.Probabilities(logits).ToArray<float>()),
            [.. layers.Select(layer => Maps(layer, reply))], time);
    }

    public ImagePixelAnswer Pixel(ImagePixelRequest request, LabReply reply) =>
        new ImageParts(ImageLayers.Of(Model, _encoding.Encode(request.Picture.ToPixels())), reply).Of(request);

    public ImageFiltersAnswer Filters(int place, LabReply reply)
    {
        var layers = ImageLayers.Of(Model, Tensor.Zeros([1, .. _encoding.Shape.Input.Span]));
        var layer = ImageParts.Layer(layers, place);
        var read = layers[ImageParts.Source(layers, layer.From.Count == 0 ? 0 : layer.From[0])];
        var (weight, channels, height, width) = layer.Module switch
        {
            Conv2d c => (c.Weight, c.Weight.Shape[1], c.Weight.Shape[2], c.Weight.Shape[3]),
            Linear l => (l.Weight, read.Channels, read.Height, read.Width),
            _ => throw new ArgumentException($"filters: layer {layer.Name} has none: choose a convolution or a linear "
                + "layer"),
        };
        int one = channels * height * width, all = weight.Shape[0], shown = Math.Min(all, MostNumbers / one);
        return new(place, shown, all, channels, height, width, reply.Add(weight.ToArray<float>().AsSpan(0,
            shown * one)));
    }

    public ImageMapAnswer Saliency(ImagePicture picture, int? label, LabReply reply)
    {
        var pixels = picture.ToPixels();
        int of = Class(pixels, label);
        return new(of, "The mean, over 16 copies of the picture with noise of standard deviation 0.3, of the largest "
            + "|∂ score / ∂ pixel| of the channels (SmoothGrad)", _encoding.Size, reply.Add(ImageExplanation
                .SaliencyOf(Model, _encoding, pixels, of).ToArray<float>()));
    }

    public ImageMapAnswer Occlusion(ImagePicture picture, int? label, LabReply reply)
    {
        var pixels = picture.ToPixels();
        int of = Class(pixels, label);
        var (side, stride) = ImageExplanation.Square(_encoding.Size);
        return new(of, $"Score of the whole picture − score where a square of {side} × {side} pixels covers it, as the "
            + $"mean over the squares that cover the pixel, one every {Printable.Count(stride, "pixel")}",
            _encoding.Size, reply.Add(ImageExplanation.OcclusionOf(Model, _encoding, pixels, of).ToArray<float>()));
    }

    public WhyTree Why(ImageWhyRequest request)
    {
        var x = _encoding.Encode(request.Picture.ToPixels());
        int of = Checked(request.Class);
        var logits = Model.Forward(x);
        var options = new ExplainOptions
        {
            Depth = Depth, Top = Top, Numbers = WhyNumbers, Model = Model,
            Names = new Dictionary<string, Tensor> { ["x"] = x, ["logits"] = logits },
        };
        string name = Printable.Of(_encoding.Classes[of], 40);
        return request.Logit
            ? WhyTree.Of(Explain.Value(logits, [0, _encoding.ScoreOf(of).Output], options, "logits"),
                $"The logit {(_encoding.HasOneOutput ? "" : $"of {name} ")}for this picture.")
            : WhyTree.Of(Explain.Value(_encoding.Probabilities(logits), [0, of], options, "p"),
                $"The probability of {name} for this picture.");
    }

    static ImageLayerMaps Maps(ImageLayer layer, LabReply reply)
    {
        int plane = layer.Height * layer.Width;
        int shown = Math.Min(layer.Channels, layer.IsVector ? MostNumbers : Math.Min(MostChannels,
            MostNumbers / plane));
        return new(shown, reply.Add(layer.Output.ToArray<float>().AsSpan(0, shown * plane)));
    }

    int Class(Pixels picture, int? label)
    {
        if (label is { } chosen) return Checked(chosen);
        using var quiet = NoGrad.Begin();
        return _encoding.Probabilities(Model.Forward(_encoding.Encode(picture))).ArgMax(1)[0];
    }

    int Checked(int label) => label >= 0 && label < _encoding.Classes.Count ? label
        : throw new ArgumentException($"class {label}: the model has classes 0 to {_encoding.Classes.Count - 1}");
}
