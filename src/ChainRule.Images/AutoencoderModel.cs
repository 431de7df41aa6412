using ChainRule.Data;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Images;

/// <summary>An image, what an autoencoder made of it, and how far apart the two are.</summary>
/// <param name="Image">The image, as the model saw it: of its size and channels.</param>
/// <param name="Restored">What came back.</param>
/// <param name="Code">The numbers that were left of the image.</param>
/// <param name="Error">The mean squared error of the pixels, in variances of the pixels that were trained on: the
/// model's loss.</param>
public sealed record Reconstruction(Pixels Image, Pixels Restored, IReadOnlyList<double> Code, double Error);

/// <summary>
/// A trained autoencoder, ready to be used:
/// <c>AutoencoderModel.Load("runs/autoencoder-dense").Reconstruct("nine.png")</c>.
/// </summary>
public sealed class AutoencoderModel
{
    readonly ImageAutoencoder _model;
    readonly ImageEncoding _encoding;

    AutoencoderModel(ImageAutoencoder model, ImageEncoding encoding) => (_model, _encoding) = (model, encoding);

    /// <summary>Reads the best model of a run's folder.</summary>
    /// <exception cref="ArgumentException">The run is no autoencoder.</exception>
    /// <exception cref="InvalidDataException">There is no model yet, or a file is damaged.</exception>
    public static AutoencoderModel Load(string folder)
    {
        ImageFiles.Install();
        var task = TrainingTask.Of(RunFolder.Open(folder).Settings.Kind);
        if (task.Kind != TaskKind.Autoencoder)
            throw new ArgumentException($"predict: {Printable.Path(folder)} is a run on {task.Name}, and images are "
                + $"given back by a run of train autoencoder: {task.NextCommand(folder)}");
        var saved = SavedModel.Load(folder);
        return new((ImageAutoencoder)saved.Model, ((AutoencoderEncoding)saved.Preprocessing).Images);
    }

    /// <summary>What it makes of the picture in a PNG or JPEG file, which may be of any size.</summary>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no PNG and no JPEG, is damaged, or is too large.</exception>
    public Reconstruction Reconstruct(string path) => Reconstruct(ImageFiles.Read(path));

    /// <summary>What it makes of a picture of any size.</summary>
    public Reconstruction Reconstruct(Pixels picture)
    {
        using var quiet = NoGrad.Begin();
        using var scope = Scope.Begin("reconstruct");
        var image = _encoding.Encode(picture);
        var code = AutoencoderData.Encode(_model, image);
        float[] given = image.ToArray<float>(), back = AutoencoderData.Reconstruct(_model, image).ToArray<float>();
        return new(Decoded(given), Decoded(back), [.. code.ToArray<float>().Select(one => (double)one)],
            given.Zip(back).Average(one => ((double)one.First - one.Second) * ((double)one.First - one.Second)));
    }

    /// <summary>Standardised planes as pixels.</summary>
    Pixels Decoded(float[] planes)
    {
        int size = _encoding.Size, channels = _encoding.Channels, places = size * size;
        byte[] bytes = new byte[planes.Length];
        for (int c = 0; c < channels; c++)
            for (int i = 0; i < places; i++)
                bytes[i * channels + c] = (byte)Math.Round(255 * Math.Clamp(planes[c * places + i] * _encoding.Std[c]
                    + _encoding.Mean[c], 0, 1));
        return new(size, size, channels, bytes);
    }
}
