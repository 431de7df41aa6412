using System.Text.Json.Serialization;
using ChainRule.Lab.Sessions;
using ChainRule.Zoo.Images;

namespace ChainRule.Lab.Images;

/// <summary>
/// What can be asked about the classifiers of images of runs. A run is named by its id, as the list gives it; a layer
/// by its place in what <see cref="ImageOpenRequest"/> answers; a class by its place among the classes.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ImageRunsRequest), "runs")]
[JsonDerivedType(typeof(ImageOpenRequest), "open")]
[JsonDerivedType(typeof(ImageExamplesRequest), "examples")]
[JsonDerivedType(typeof(ImageLookRequest), "look")]
[JsonDerivedType(typeof(ImageFiltersRequest), "filters")]
[JsonDerivedType(typeof(ImagePixelRequest), "pixel")]
[JsonDerivedType(typeof(ImageSaliencyRequest), "saliency")]
[JsonDerivedType(typeof(ImageOcclusionRequest), "occlusion")]
[JsonDerivedType(typeof(ImageWhyRequest), "why")]
public abstract record ImagesRequest : LabRequest;

/// <summary>Says which runs have a classifier of images.</summary>
public sealed record ImageRunsRequest : ImagesRequest;

/// <summary>What a run's model is: its classes and its layers.</summary>
public sealed record ImageOpenRequest(string Run) : ImagesRequest;

/// <summary>Images of each class, of the run's own data where they can be read.</summary>
public sealed record ImageExamplesRequest(string Run) : ImagesRequest;

/// <summary>What the model says of a picture, and what every layer gives.</summary>
public sealed record ImageLookRequest(string Run, ImagePicture Picture) : ImagesRequest;

/// <summary>The weights of a convolution or of a linear layer as pictures.</summary>
public sealed record ImageFiltersRequest(string Run, int Layer) : ImagesRequest;

/// <summary>What one number of a layer's output is computed from.</summary>
/// <param name="Run">The run.</param>
/// <param name="Picture">The picture.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Channel">The channel of its output, or the unit of a vector.</param>
/// <param name="Row">The row, from the top.</param>
/// <param name="Column">The column, from the left.</param>
public sealed record ImagePixelRequest(string Run, ImagePicture Picture, int Layer, int Channel, int Row = 0,
    int Column = 0) : ImagesRequest;

/// <summary>How strongly each pixel moves the score of a class; of the predicted one if null.</summary>
public sealed record ImageSaliencyRequest(string Run, ImagePicture Picture, int? Class = null) : ImagesRequest;

/// <summary>How much the score of a class falls where the picture is covered; of the predicted one if null.</summary>
public sealed record ImageOcclusionRequest(string Run, ImagePicture Picture, int? Class = null) : ImagesRequest;

/// <summary>Where the logit or the probability of a class comes from.</summary>
/// <param name="Run">The run.</param>
/// <param name="Picture">The picture.</param>
/// <param name="Class">The class.</param>
/// <param name="Logit">Whether it is the logit, and not the probability.</param>
public sealed record ImageWhyRequest(string Run, ImagePicture Picture, int Class, bool Logit = false) : ImagesRequest;

/// <summary>A picture as it is sent.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1, grey; or 3: red, green, blue.</param>
/// <param name="Bytes">[height, width, channels], 0 is black and 255 full intensity, in base 64.</param>
public sealed record ImagePicture(int Width, int Height, int Channels, string Bytes)
{
    const int LongestSide = 1024;

    /// <summary>The picture itself.</summary>
    /// <exception cref="ArgumentException">It is too large, or its bytes are not as many as it says.</exception>
    public Pixels ToPixels()
    {
        if (Width is < 1 or > LongestSide || Height is < 1 or > LongestSide)
            throw new ArgumentException($"picture: {Printable.Count(Width, "pixel")} in a row and "
                + $"{Printable.Count(Height, "row")}: give 1 to {LongestSide:N0} of each");
        if (Channels is not (1 or 3))
            throw new ArgumentException($"picture: {Channels} channels: give 1, grey, or 3, colour");
        int wanted = Width * Height * Channels;
        byte[] bytes = new byte[wanted];
        if (!Convert.TryFromBase64String(Bytes, bytes, out int count) || count != wanted)
            throw new ArgumentException($"picture: {Width} × {Height} of {Printable.Count(Channels, "channel")} are "
                + $"{Printable.Count(wanted, "byte")}, and those that were sent are not as many, or not in base 64");
        return new(Width, Height, Channels, bytes);
    }
}
