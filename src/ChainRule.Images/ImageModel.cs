using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Images;

/// <summary>What a model takes an image for.</summary>
/// <param name="Class">The most probable class.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Probabilities">The probability of every class, as <see cref="ImageModel.Classes"/> has them.</param>
/// <param name="IsInverted">Whether the picture was inverted first, because its border is bright and that of the images
/// that were trained on is dark, or the other way round.</param>
public sealed record ImagePrediction(string Class, double Probability, IReadOnlyList<double> Probabilities,
    bool IsInverted);

/// <summary>
/// A trained classifier of images, ready to be used: <c>ImageModel.Load("runs/images-cnn").Predict("nine.png")</c>. Any
/// number of threads may use one at once.
/// </summary>
public sealed class ImageModel
{
    readonly SavedModel _saved;
    readonly ImageEncoding _encoding;
    readonly Predictor _predictor;

    ImageModel(SavedModel saved, ImageEncoding encoding) =>
        (_saved, _encoding, _predictor) = (saved, encoding, saved.Model.ToPredictor());

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> Classes => _encoding.Classes;

    /// <summary>The place of a class in <see cref="Classes"/>, by its name; null if there is none. A model that tells
    /// one class from all others takes every other name for these.</summary>
    public int? ClassOf(string name) => Classes.ToList().IndexOf(name) is >= 0 and var found ? found
        : _encoding.IsOneAgainstRest ? 0 : null;

    /// <summary>Reads the best model of a run's folder.</summary>
    /// <exception cref="ArgumentException">The run is on no images.</exception>
    /// <exception cref="InvalidDataException">There is no model yet, or a file is damaged.</exception>
    public static ImageModel Load(string folder)
    {
        ImageFiles.Install();
        var run = RunFolder.Open(folder);
        var task = TrainingTask.Of(run.Settings.Kind);
        if (task.Kind != TaskKind.Images)
            throw new ArgumentException($"predict: {Printable.Path(folder)} is a run on {task.Name}, and images are "
                + $"predicted by a run on images: {task.NextCommand(folder)}");
        var saved = SavedModel.Load(folder);
        var model = new ImageModel(saved, (ImageEncoding)saved.Preprocessing);
        // What a first pass finds out of the model, the threads that follow only read.
        model._predictor.Predict(Tensor.Zeros([1, .. saved.Preprocessing.Shape.Input.Span]));
        return model;
    }

    /// <summary>The class of the picture in a PNG or JPEG file, which may be of any size.</summary>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no PNG and no JPEG, is damaged, or is too large.</exception>
    public ImagePrediction Predict(string path) => Predict(ImageFiles.Read(path));

    /// <summary>The class of the picture in a stream that holds a PNG or JPEG file. It is read to its end, and not
    /// closed.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no PNG and no JPEG, is damaged, or is too large.</exception>
    public ImagePrediction Predict(Stream from) => Predict(ImageFiles.Read(from));

    /// <summary>Why the picture in a PNG or JPEG file is taken for what it is.</summary>
    /// <inheritdoc cref="Predict(string)" path="/exception"/>
    public ImageExplanation Explain(string path) =>
        ImageExplanation.Of(_saved.Model, _encoding, ImageFiles.Read(path));

    /// <summary>What the layers make of the picture in a PNG or JPEG file, in the order of computation: [channels,
    /// height, width] each.</summary>
    /// <inheritdoc cref="Predict(string)" path="/exception"/>
    public IReadOnlyList<KeyValuePair<string, Tensor>> FeatureMaps(string path) =>
        ImageExplanation.Maps(_saved.Model, _encoding, ImageFiles.Read(path));

    /// <summary>The class of a picture of any size.</summary>
    public ImagePrediction Predict(Pixels picture) =>
        Interpret(picture, _predictor.Predict(_encoding.Encode(picture)));

    /// <summary>The network alone, from <see cref="Encode"/>'s numbers to outputs: for who predicts many pictures as
    /// one batch.</summary>
    public Predictor Predictor => _predictor;

    /// <summary>A picture of any size as the network takes it: [channels, height, width].</summary>
    public Tensor Encode(Pixels picture) => _encoding.Encode(picture).Select(0, 0);

    /// <summary>What a picture is taken for, from the network's outputs of it: [outputs].</summary>
    public ImagePrediction Interpret(Pixels picture, Tensor outputs)
    {
        using var quiet = NoGrad.Begin();
        using var scope = Scope.Begin("predict");
        double[] probabilities =
            [.. _encoding.Probabilities(outputs.Reshape(1, -1)).ToArray<float>().Select(p => (double)p)];
        int best = Array.IndexOf(probabilities, probabilities.Max());
        return new(Classes[best], probabilities[best], probabilities, _encoding.Inverts(picture));
    }
}
