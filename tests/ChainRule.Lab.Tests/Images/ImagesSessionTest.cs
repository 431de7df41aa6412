using System.Text.Json;
using ChainRule.Diagnostics;
using ChainRule.Lab.Images;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Tests.Runs;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Lab.Tests.Images;

public sealed class ImagesSessionTest : IDisposable
{
    readonly SmallImageRun _small = new();
    readonly RunFixture _runs = new();
    ImagesSession? _session;

    public void Dispose()
    {
        _session?.Dispose();
        _runs.Dispose();
        _small.Dispose();
    }

    [Theory]
    [InlineData("cnn")]
    [InlineData("lenet")]
    [InlineData("resnet")]
    [InlineData("mlp")]
    [InlineData("dense")]
    public void What_is_shown_is_what_the_model_gives_bit_for_bit(string model)
    {
        Train(model);
        var run = Assert.Single(Ask<ImageRunsAnswer>(new ImageRunsRequest()).Runs);
        Assert.Equal((model, model), (run.Id, run.Model));
        Assert.InRange(run.Accuracy!.Value, 0, 1);
        var picture = SmallImageRun.Picture();
        var open = Ask<ImageOpenAnswer>(new ImageOpenRequest(model));
        Assert.Equal((SmallImageRun.Size, 1), (open.Size, open.Channels));
        Assert.Equal(["lying", "upright"], open.Classes);
        var look = Ask<ImageLookAnswer>(new ImageLookRequest(model, Sent(picture)));
        var (saved, encoding) = Saved(model);
        using var quiet = NoGrad.Begin();
        var logits = saved.Forward(encoding.Encode(picture));
        Assert.Equal(logits.ToArray<float>(), Floats(look.Logits));
        Assert.Equal(encoding.Probabilities(logits).ToArray<float>(), Floats(look.Probabilities));
        Assert.Equal(open.Layers.Count, look.Layers.Count);
        Assert.Equal(encoding.Encode(picture).ToArray<float>(), Floats(look.Layers[0].Numbers));
        Assert.Equal(encoding.Fitted(picture).Bytes.ToArray(), Bytes(look.Seen));
        foreach (var (name, maps) in FeatureMaps.All(saved, encoding.Encode(picture)))
        {
            int place = open.Layers.Select(layer => layer.Name).ToList().IndexOf(name);
            Assert.Equal(maps.Shape.Span[1..], [open.Layers[place].Channels, open.Layers[place].Height,
                open.Layers[place].Width]);
            Assert.Equal(maps.ToArray<float>(), Floats(look.Layers[place].Numbers));
        }
    }

    [Theory]
    [InlineData("cnn")]
    [InlineData("lenet")]
    [InlineData("resnet")]
    [InlineData("mlp")]
    [InlineData("dense")]
    public void A_number_is_the_sum_of_the_products_that_are_shown(string model)
    {
        Train(model);
        var picture = Sent(SmallImageRun.Picture());
        var open = Ask<ImageOpenAnswer>(new ImageOpenRequest(model));
        var look = Ask<ImageLookAnswer>(new ImageLookRequest(model, picture));
        float[][] all = [.. look.Layers.Select(layer => Floats(layer.Numbers))];
        int sums = 0, windows = 0;
        for (int layer = 1; layer < open.Layers.Count; layer++)
        {
            var (channels, height, width) =
                (open.Layers[layer].Channels, open.Layers[layer].Height, open.Layers[layer].Width);
            foreach (var (c, y, x) in ((int, int, int)[])[(0, 0, 0), (channels - 1, height - 1, width - 1),
                (channels / 2, height / 2, width / 3)])
            {
                var at = Ask<ImagePixelAnswer>(new ImagePixelRequest(model, picture, layer, c, y, x));
                Assert.Equal(all[layer][(c * height + y) * width + x], (float)at.Value);
                double sum = at.Bias ?? 0, size = Math.Abs(sum);
                foreach (var part in at.Parts)
                {
                    float[] inputs = Floats(part.Inputs), weights = part.Weights is null ? [] : Floats(part.Weights);
                    Assert.Equal(part.Channels * part.Height * part.Width, inputs.Length);
                    for (int i = 0; i < inputs.Length; i++)
                    {
                        double product = (double)inputs[i] * (part.Weights is null ? 1 : weights[i]);
                        (sum, size) = (sum + product, size + Math.Abs(product));
                        Assert.Equal(There(part, i), inputs[i]);
                    }
                }
                if (at.Sum is { } said)
                {
                    Assert.Equal(sum, said, 1e-12 * size);
                    // A few roundings of float32, of which the largest is that of the largest partial sum.
                    Assert.InRange(Math.Abs(sum - at.Value), 0, 4 * Math.Pow(2, -24) * size);
                    sums++;
                }
                else if (open.Layers[layer].Type == "MaxPool2d")
                {
                    Assert.Equal(Floats(at.Parts[0].Inputs).Max(), (float)at.Value);
                    windows++;
                }
                else if (open.Layers[layer].Type == "Relu")
                    Assert.Equal(Math.Max(0, Floats(at.Parts[0].Inputs)[0]), (float)at.Value);
            }
        }
        Assert.InRange(sums, 6, int.MaxValue);
        if (model == "cnn") Assert.Equal(6, windows);

        // What a part says that it read is what the layer gave there, and 0 around it.
        float There(ImagePart part, int i)
        {
            var from = open.Layers[part.Layer];
            int c = part.Channel + i / (part.Height * part.Width), y = part.Top + i / part.Width % part.Height;
            int x = part.Left + i % part.Width;
            return y < 0 || y >= from.Height || x < 0 || x >= from.Width ? 0
                : all[part.Layer][(c * from.Height + y) * from.Width + x];
        }
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(1, "upright")]
    public void Maps_filters_and_derivations_are_those_of_the_library(int channels, string? positive)
    {
        Train("cnn", new(Channels: channels, Positive: positive));
        // Larger than the model's input: it is resized as the tool does.
        var picture = SmallImageRun.Picture(30, 25, 3);
        var (saved, encoding) = Saved("cnn");
        foreach (int label in (int[])[0, 1])
        {
            var expected = ImageExplanation.Of(saved, encoding, picture, label);
            var saliency = Ask<ImageMapAnswer>(new ImageSaliencyRequest("cnn", Sent(picture), label));
            Assert.Equal(expected.Saliency.ToArray<float>(), Floats(saliency.Map));
            var (output, sign) = encoding.ScoreOf(label);
            var x = encoding.Encode(picture);
            Assert.Equal(Saliency.Smooth(saved, x, new TorchRandom(1), output).ToArray<float>(),
                Floats(saliency.Map));
            var occlusion = Ask<ImageMapAnswer>(new ImageOcclusionRequest("cnn", Sent(picture), label));
            Assert.Equal(expected.Occlusion.ToArray<float>(), Floats(occlusion.Map));
            Assert.Equal((Occlusion.Of(saved, x, output, 3, 1) * sign).ToArray<float>(), Floats(occlusion.Map));
            Assert.Contains("3 × 3 pixels", occlusion.Formula, StringComparison.Ordinal);
            var why = Ask<ImageWhyAnswer>(new ImageWhyRequest("cnn", Sent(picture), label)).Tree;
            Assert.Equal(expected.Probability, why.Numbers[0].Value, 1e-6);
            var look = Ask<ImageLookAnswer>(new ImageLookRequest("cnn", Sent(picture)));
            float logit = Floats(look.Logits)[encoding.ScoreOf(label).Output];
            why = Ask<ImageWhyAnswer>(new ImageWhyRequest("cnn", Sent(picture), label, Logit: true)).Tree;
            Assert.Equal(logit, (float)why.Numbers[0].Value);
            Assert.NotEmpty(why.Numbers[0].Steps[0].Terms);
        }
        int best = Array.IndexOf(Floats(Ask<ImageLookAnswer>(new ImageLookRequest("cnn", Sent(picture)))
            .Probabilities), Floats(Ask<ImageLookAnswer>(new ImageLookRequest("cnn", Sent(picture))).Probabilities)
            .Max());
        Assert.Equal(best, Ask<ImageMapAnswer>(new ImageSaliencyRequest("cnn", Sent(picture))).Class);
        var filters = Ask<ImageFiltersAnswer>(new ImageFiltersRequest("cnn", 1));
        Assert.Equal((3, 3, channels, 3, 3), (filters.Filters, filters.All, filters.Channels, filters.Height,
            filters.Width));
        Assert.Equal(FeatureMaps.FirstFilters(saved, encoding.Shape.Input).ToArray<float>(), Floats(filters.Weights));
        // A linear layer's weights are laid out as the maps that it reads.
        int head = Ask<ImageOpenAnswer>(new ImageOpenRequest("cnn")).Layers.Count - 1;
        filters = Ask<ImageFiltersAnswer>(new ImageFiltersRequest("cnn", head));
        Assert.Equal((positive is null ? 2 : 1, 6, 3, 3), (filters.Filters, filters.Channels, filters.Height,
            filters.Width));
    }

    [Fact]
    public void Examples_are_the_runs_own_images_and_drawn_digits_where_these_are_gone()
    {
        Train("mlp");
        var own = Ask<ImageExamplesAnswer>(new ImageExamplesRequest("mlp"));
        Assert.Equal("Images of the part that the run's report is on.", own.Source);
        Assert.Equal(["lying", "upright"], own.Examples.Select(one => one.Class).Distinct());
        var first = own.Examples[0];
        Assert.Equal(ImageData.OfRun(_runs.PathOf("mlp")).Examples(1)[0].Picture.Bytes.ToArray(), Bytes(first.Bytes));
        File.Delete(_small.Data);
        var drawn = Ask<ImageExamplesAnswer>(new ImageExamplesRequest("mlp"));
        Assert.StartsWith("Drawn digits, because the run's own images cannot be read: images ", drawn.Source,
            StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 10).Select(digit => $"{digit}"), drawn.Examples.Select(one => one.Class));
    }

    [Fact]
    public void What_cannot_be_looked_at_is_one_sentence()
    {
        Train("cnn");
        var good = Sent(SmallImageRun.Picture());
        Refused("picture: 1,000,000 pixels in a row and 1,000 rows: give 1 to 1,024 of each",
            new ImageLookRequest("cnn", new(1_000_000, 1_000, 1, "")));
        Refused("picture: 0 pixels in a row", new ImageLookRequest("cnn", good with { Width = 0 }));
        Refused("picture: 2 channels: give 1, grey, or 3, colour",
            new ImageLookRequest("cnn", good with { Channels = 2 }));
        Refused("picture: 12 × 11 of 1 channel are 132 bytes, and those that were sent are not as many",
            new ImageLookRequest("cnn", good with { Height = 11 }));
        Refused("picture: 12 × 13 of 1 channel are 156 bytes", new ImageLookRequest("cnn", good with { Height = 13 }));
        Refused("picture: 12 × 12 of 1 channel are 144 bytes", new ImageLookRequest("cnn", good with { Bytes = "é" }));
        Refused("layer 99: the model has layers 0 to ", new ImagePixelRequest("cnn", good, 99, 0));
        Refused("pixel: channel 3, row 0, column 0 of layer features.0: it has 3 channels of 12 rows and 12 columns",
            new ImagePixelRequest("cnn", good, 1, 3));
        Refused("filters: layer features.2 has none: choose a convolution", new ImageFiltersRequest("cnn", 3));
        Refused("filters: layer input has none", new ImageFiltersRequest("cnn", 0));
        Refused("class 2: the model has classes 0 to 1", new ImageSaliencyRequest("cnn", good, 2));
        Refused("class -1: the model has classes 0 to 1", new ImageWhyRequest("cnn", good, -1));
        Assert.StartsWith("request: it is no request of this room: ", Assert.Throws<ArgumentException>(() =>
            _session!.Answer("""{"type":"look","run":"cnn","picture":{"width":NaN}}"""u8)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("request: it is no request of this room: ", Assert.Throws<ArgumentException>(() =>
            _session!.Answer("""{"type":"look","run":"cnn","picture":null}"""u8)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_cannot_be_opened_is_one_sentence_and_the_others_stay()
    {
        using var names = new SmallRun();
        TrainingRun.Start(_runs.PathOf("names"), names.Config(model: "counts")).Train();
        _runs.Write("young", "run.json", File.ReadAllText(Trained("cnn", "run.json")));
        _runs.Write("broken", "run.json", File.ReadAllText(Trained("cnn", "run.json")));
        _runs.Write("broken", "model.safetensors", "nothing");
        Refused("images: names is a run on names: choose a run on images", new ImageOpenRequest("names"));
        Assert.Contains("no model is saved yet", Fault(new ImageOpenRequest("young")), StringComparison.Ordinal);
        Assert.Contains("model.safetensors", Fault(new ImageOpenRequest("broken")), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Fault(new ImageOpenRequest("broken")));
        Assert.NotEqual("", Fault(new ImageOpenRequest("../cnn")));
        Assert.NotEqual("", Fault(new ImageOpenRequest("nobody")));
        Assert.Equal(2, Ask<ImageOpenAnswer>(new ImageOpenRequest("cnn")).Classes.Count);
    }

    void Refused(string sentence, ImagesRequest request) => Assert.StartsWith(sentence,
        Assert.ThrowsAny<ArgumentException>(() => Ask<ImagesAnswer>(request)).Message, StringComparison.Ordinal);

    string Fault(ImagesRequest request)
    {
        var fault = Assert.ThrowsAny<Exception>(() => Ask<ImagesAnswer>(request));
        // What a host turns into a sentence.
        Assert.True(fault is ArgumentException or InvalidDataException or IOException, fault.ToString());
        return fault.Message;
    }

    void Train(string model, ImageOptions? options = null) => _small.Train(_runs.PathOf(model), model, options);

    string Trained(string model, string file)
    {
        if (!Directory.Exists(_runs.PathOf(model))) Train(model);
        return Path.Combine(_runs.PathOf(model), file);
    }

    (Module Model, ImageEncoding Encoding) Saved(string run)
    {
        var saved = SavedModel.Load(_runs.PathOf(run));
        return (saved.Model, (ImageEncoding)saved.Preprocessing);
    }

    static ImagePicture Sent(Pixels picture) =>
        new(picture.Width, picture.Height, picture.Channels, Convert.ToBase64String(picture.Bytes));

    byte[] _bytes = [];
    int _start;

    T Ask<T>(ImagesRequest request) where T : ImagesAnswer
    {
        _session ??= new(_runs.Root, _runs.Cache);
        _bytes = _session.Answer(JsonSerializer.SerializeToUtf8Bytes(request, ImagesJson.Default.ImagesRequest));
        (var json, _start) = LabReply.Read(_bytes);
        return Assert.IsAssignableFrom<T>(JsonSerializer.Deserialize(json.Span, ImagesJson.Default.ImagesAnswer));
    }

    float[] Floats(NumberBlock block) => [.. Enumerable.Range(0, block.Count)
        .Select(i => BitConverter.ToSingle(_bytes, _start + block.At + 4 * i))];

    byte[] Bytes(NumberBlock block) => _bytes.AsSpan(_start + block.At, block.Count).ToArray();
}
