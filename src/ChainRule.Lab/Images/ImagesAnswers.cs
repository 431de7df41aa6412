using System.Text.Json.Serialization;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Why;

namespace ChainRule.Lab.Images;

/// <summary>What the room answers.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ImageRunsAnswer), "runs")]
[JsonDerivedType(typeof(ImageOpenAnswer), "open")]
[JsonDerivedType(typeof(ImageExamplesAnswer), "examples")]
[JsonDerivedType(typeof(ImageLookAnswer), "look")]
[JsonDerivedType(typeof(ImageFiltersAnswer), "filters")]
[JsonDerivedType(typeof(ImagePixelAnswer), "pixel")]
[JsonDerivedType(typeof(ImageMapAnswer), "map")]
[JsonDerivedType(typeof(ImageWhyAnswer), "why")]
public abstract record ImagesAnswer : LabAnswer;

/// <summary>The runs that have a classifier of images.</summary>
public sealed record ImageRunsAnswer(IReadOnlyList<ImageRun> Runs) : ImagesAnswer;

/// <summary>A run on images.</summary>
/// <param name="Id">By which it is asked for.</param>
/// <param name="Name">As it may be shown.</param>
/// <param name="Model">The name of its recipe.</param>
/// <param name="Accuracy">Its last accuracy on the validation part; null where there is none.</param>
public sealed record ImageRun(string Id, string Name, string Model, double? Accuracy);

/// <summary>What a model is.</summary>
/// <param name="Model">Its type.</param>
/// <param name="Parameters">How many numbers were learned.</param>
/// <param name="Size">The side of an image, in pixels.</param>
/// <param name="Channels">1, grey; or 3: red, green, blue.</param>
/// <param name="Classes">The classes, as they may be shown.</param>
/// <param name="HasOneOutput">Whether its one output is the logit of the second class.</param>
/// <param name="Layers">Its layers in the order of computation; the first is the input.</param>
public sealed record ImageOpenAnswer(string Model, int Parameters, int Size, int Channels,
    IReadOnlyList<string> Classes, bool HasOneOutput, IReadOnlyList<ImageLayerShape> Layers) : ImagesAnswer;

/// <summary>A layer, and what it gives: [channels, height, width], or a vector of [channels].</summary>
/// <param name="Name">Its path in the model.</param>
/// <param name="Type">Its type.</param>
/// <param name="Does">What it does, in a sentence or a formula.</param>
/// <param name="Channels">Channels of its output; units of a vector.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="IsVector">Whether it gives a vector.</param>
/// <param name="HasFilters">Whether its weights can be shown as pictures.</param>
/// <param name="From">The layers that it reads.</param>
public sealed record ImageLayerShape(string Name, string Type, string Does, int Channels, int Height, int Width,
    bool IsVector, bool HasFilters, IReadOnlyList<int> From);

/// <summary>Images to choose from.</summary>
/// <param name="Source">Where they are from; or why the run's own cannot be read, and what is shown instead.</param>
/// <param name="Examples">The images.</param>
public sealed record ImageExamplesAnswer(string Source, IReadOnlyList<ImageExampleShape> Examples) : ImagesAnswer;

/// <summary>One of them.</summary>
/// <param name="Class">Its class, as it may be shown.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 or 3.</param>
/// <param name="Bytes">[height, width, channels], uint8.</param>
public sealed record ImageExampleShape(string Class, int Width, int Height, int Channels, NumberBlock Bytes);

/// <summary>What the model says of a picture.</summary>
/// <param name="IsInverted">Whether the picture was inverted first, because its border is bright and those that were
/// trained on are dark, or the other way round.</param>
/// <param name="Seen">The picture as the model sees it: [size, size, channels], uint8.</param>
/// <param name="Logits">Its outputs, float32.</param>
/// <param name="Probabilities">The probability of each class, float32.</param>
/// <param name="Layers">What each layer gives.</param>
/// <param name="Milliseconds">How long the forward pass took.</param>
public sealed record ImageLookAnswer(bool IsInverted, NumberBlock Seen, NumberBlock Logits, NumberBlock Probabilities,
    IReadOnlyList<ImageLayerMaps> Layers, double Milliseconds) : ImagesAnswer;

/// <summary>The first channels of a layer's output.</summary>
/// <param name="Shown">How many of them: the first, where there are very many or very large ones.</param>
/// <param name="Numbers">[shown, height, width], float32.</param>
public sealed record ImageLayerMaps(int Shown, NumberBlock Numbers);

/// <summary>Weights as pictures.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Filters">How many filters are shown: the first, where there are very many.</param>
/// <param name="All">How many there are.</param>
/// <param name="Channels">Channels that each reads.</param>
/// <param name="Height">Rows of a kernel.</param>
/// <param name="Width">Columns of a kernel.</param>
/// <param name="Weights">[filters, channels, height, width], float32.</param>
public sealed record ImageFiltersAnswer(int Layer, int Filters, int All, int Channels, int Height, int Width,
    NumberBlock Weights) : ImagesAnswer;

/// <summary>What a number is computed from.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Row">The row.</param>
/// <param name="Column">The column.</param>
/// <param name="Value">The number, float32 as the layer gave it.</param>
/// <param name="Rule">How it is computed.</param>
/// <param name="Sum">The products of all parts and the bias, added up in float64; null where nothing is added.</param>
/// <param name="Bias">What is added to the products; null where nothing is.</param>
/// <param name="Parts">What it is computed from.</param>
public sealed record ImagePixelAnswer(int Layer, int Channel, int Row, int Column, double Value, string Rule,
    double? Sum, double? Bias, IReadOnlyList<ImagePart> Parts) : ImagesAnswer;

/// <summary>A window of another layer's output.</summary>
/// <param name="Layer">That layer.</param>
/// <param name="Channel">The window's first channel.</param>
/// <param name="Top">Its first row, below 0 in the padding.</param>
/// <param name="Left">Its first column.</param>
/// <param name="Channels">How many channels it has.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Inputs">The numbers in it, [channels, height, width], float32, 0 in the padding.</param>
/// <param name="Weights">What each is multiplied by, float32; null where nothing is multiplied.</param>
public sealed record ImagePart(int Layer, int Channel, int Top, int Left, int Channels, int Height, int Width,
    NumberBlock Inputs, NumberBlock? Weights);

/// <summary>A map over the picture.</summary>
/// <param name="Class">The class that it is about.</param>
/// <param name="Formula">What each number is.</param>
/// <param name="Size">The side of the map.</param>
/// <param name="Map">[size, size], float32.</param>
public sealed record ImageMapAnswer(int Class, string Formula, int Size, NumberBlock Map) : ImagesAnswer;

/// <summary>Where a number of the output comes from.</summary>
public sealed record ImageWhyAnswer(WhyTree Tree) : ImagesAnswer;
