using System.Text.Json;
using ChainRule.Data;
using ChainRule.Formats;
using ChainRule.Lab.Playground;
using ChainRule.Layers;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Patterns;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Sequences;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Exporting;

/// <summary>A run's model in ONNX, with what comes before and behind it inside.</summary>
static class OnnxExport
{
    static readonly DynamicAxis s_batch = new(0, "batch");

    /// <summary>The model of a run.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="cache">Of a GPT: whether it reads one step behind those whose keys and values are given.</param>
    /// <exception cref="ArgumentException">It cannot be written.</exception>
    public static OnnxModel Of(string folder, bool cache)
    {
        if (SavedPlayground.In(folder) is { } played && !cache) return Playground(played);
        var saved = SavedModel.Load(folder);
        if (cache && saved.Model is not Gpt)
            throw new ArgumentException($"export: --cache is of a gpt, whose blocks remember keys and values, and "
                + $"{Printable.Path(folder)} holds a {saved.Recipe.Name}: leave it out");
        var model = saved.Preprocessing switch
        {
            TableEncoding table => Formats.Onnx.Export(saved.Model, table.Encoder, new()
            {
                Classes = table.Target.Classes, Threshold = TableModel.Load(folder).Threshold, Mean = table.Target.Mean,
                Std = table.Target.Std,
            }),
            MapEncoding map => Formats.Onnx.Export(saved.Model, map.Encoder, new()),
            ImageEncoding images => Images(saved.Model, images),
            AutoencoderEncoding images => Autoencoder(saved.Model, images.Images),
            LanguageEncoding => cache ? GptCache.Export((Gpt)saved.Model) : Language((LanguageModel)saved.Model),
            SequenceEncoding sequences => Formats.Onnx.Export(saved.Model, Tensor.Full([2, 7, sequences.Features], 0.5),
                s_batch, new(1, "steps")),
            PatternEncoding patterns => Patterns(saved.Model, patterns),
            _ => throw new ArgumentException($"export: {Printable.Path(folder)} is a run on "
                + $"{TrainingTask.Of(saved.Kind).Name}, whose model reads several tables at once, and is not written "
                + "as ONNX"),
        };
        Describe(model, saved);
        return model;
    }

    // What is read are the features, in their order.
    static OnnxModel Playground(PlaygroundRun run)
    {
        var model = Formats.Onnx.Export(run.Model, Tensor.Full([2, run.Settings.Features.Count], 0.5), s_batch);
        (model.Metadata["kind"], model.Metadata["features"]) =
            ("playground", JsonSerializer.Serialize(run.Settings.Features, NamesJson.Default.IReadOnlyListString));
        return model;
    }

    static void Describe(OnnxModel model, SavedModel saved)
    {
        (model.Metadata["kind"], model.Metadata["model"]) = (TrainingTask.Of(saved.Kind).Name, saved.Recipe.Name);
        IReadOnlyList<string> classes = saved.Preprocessing switch
        {
            TableEncoding table => table.Target.Classes,
            ImageEncoding images => images.Classes,
            SequenceEncoding sequences => sequences.Classes,
            _ => [],
        };
        if (classes.Count > 0)
            model.Metadata["classes"] = JsonSerializer.Serialize(classes, NamesJson.Default.IReadOnlyListString);
        if (saved.Preprocessing is Characters { Vocabulary: var vocabulary })
            model.Metadata["vocabulary"] = JsonSerializer.Serialize(
                [.. Enumerable.Range(0, vocabulary.Size).Select(id => vocabulary[id].ToString())],
                NamesJson.Default.IReadOnlyListString);
        if (saved.Preprocessing is Tokens tokens) model.Metadata["tokenizer"] = tokens.Tokenizer.ToJson();
        if (saved.Model is LanguageModel language) model.Metadata["context"] = $"{language.Context}";
    }

    // Pixels from 0 to 1; probabilities of the classes.
    static OnnxModel Images(Module model, ImageEncoding encoding)
    {
        var (mean, std) = Statistics(encoding);
        return Formats.Onnx.Export(model, [Pixels(encoding)], x => new Dictionary<string, Tensor>
        {
            ["probabilities"] = encoding.Probabilities(model.Forward((x.Tensor("image") - mean) / std)),
        });
    }

    static OnnxModel Autoencoder(Module model, ImageEncoding encoding)
    {
        var (mean, std) = Statistics(encoding);
        Shape image = encoding.Shape.Input;
        return Formats.Onnx.Export(model, [Pixels(encoding)], x => new Dictionary<string, Tensor>
        {
            ["image_back"] = (model.Forward((x.Tensor("image") - mean) / std).Reshape([-1, .. image.Span]) * std + mean)
                .Clamp(0, 1),
        });
    }

    static OnnxInput Pixels(ImageEncoding encoding) =>
        OnnxInput.Of("image", Tensor.Full([2, .. encoding.Shape.Input.Span], 0.4), s_batch);

    static (Tensor Mean, Tensor Std) Statistics(ImageEncoding encoding) =>
        (Tensor.From([.. encoding.Mean.Select(x => (float)x)], [encoding.Channels, 1, 1]),
            Tensor.From([.. encoding.Std.Select(x => (float)x)], [encoding.Channels, 1, 1]));

    // Those that go step by step through a loop have as many steps in the file as they were trained with.
    static OnnxModel Language(LanguageModel model)
    {
        var ids = Ids.From(new int[2 * model.Context], [2, model.Context]);
        return model is Gpt or BagOfWords or LstmModel or Bigram && model.Context > 1
            ? Formats.Onnx.Export(model, ids, s_batch, new(1, "steps", model.Context))
            : Formats.Onnx.Export(model, ids, s_batch);
    }

    // One step of all neurons at once.
    static OnnxModel Patterns(Module model, PatternEncoding patterns) => Formats.Onnx.Export(model,
        [OnnxInput.Of("input", Tensor.Full([2, patterns.Shape.Input[0]], 1, DType.Float64), s_batch)],
        x => new Dictionary<string, Tensor> { ["output"] = model.Forward(x.Tensor("input")).Sign() });
}
