using System.Text.Json.Serialization;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Why;

namespace ChainRule.Lab.Playground;

/// <summary>What can be asked of the playground.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ConfigureRequest), "configure")]
[JsonDerivedType(typeof(FrameRequest), "frame")]
[JsonDerivedType(typeof(PlayRequest), "play")]
[JsonDerivedType(typeof(PauseRequest), "pause")]
[JsonDerivedType(typeof(StepRequest), "step")]
[JsonDerivedType(typeof(RewindRequest), "rewind")]
[JsonDerivedType(typeof(ChangeRequest), "change")]
[JsonDerivedType(typeof(DiagnoseRequest), "diagnose")]
[JsonDerivedType(typeof(ExportRequest), "export")]
[JsonDerivedType(typeof(SaveRequest), "save")]
[JsonDerivedType(typeof(DescribeRequest), "describe")]
[JsonDerivedType(typeof(CsvRequest), "csv")]
[JsonDerivedType(typeof(WhyWeightRequest), "whyWeight")]
[JsonDerivedType(typeof(WhyNeuronRequest), "whyNeuron")]
public abstract record PlaygroundRequest : LabRequest;

/// <summary>Begins anew with these settings.</summary>
public sealed record ConfigureRequest(PlaygroundSettings Settings) : PlaygroundRequest;

/// <summary>What is to be drawn now.</summary>
/// <param name="Grid">Points along each side of the maps, 2 to 100; 0 for no maps.</param>
public sealed record FrameRequest(int Grid) : PlaygroundRequest;

/// <summary>Makes steps until paused.</summary>
/// <param name="StepsPerSecond">At most that many a second; 0 for as many as can be made.</param>
public sealed record PlayRequest(double StepsPerSecond) : PlaygroundRequest;

/// <summary>Makes no more steps.</summary>
public sealed record PauseRequest : PlaygroundRequest;

/// <summary>Makes steps, and pauses.</summary>
/// <param name="Steps">How many; those of an epoch if 0.</param>
public sealed record StepRequest(int Steps) : PlaygroundRequest;

/// <summary>Pauses, and goes to a step that was made.</summary>
public sealed record RewindRequest(int Step) : PlaygroundRequest;

/// <summary>Changes one weight, or freezes it.</summary>
public sealed record ChangeRequest(string Parameter, int Index, float? Value, bool? Frozen) : PlaygroundRequest;

/// <summary>Says what is wrong with the training as it stands.</summary>
public sealed record DiagnoseRequest : PlaygroundRequest;

/// <summary>Writes programs that train exactly this, up to the step that was reached.</summary>
public sealed record ExportRequest : PlaygroundRequest;

/// <summary>
/// Pauses, and saves the training up to its step as a run: below the lab's folder of runs, or, where there is none, as
/// one file for the page to keep.
/// </summary>
public sealed record SaveRequest : PlaygroundRequest;

/// <summary>Says what can be chosen, what is chosen at first, and which settings teach something.</summary>
public sealed record DescribeRequest : PlaygroundRequest;

/// <summary>Reads points from a text of columns.</summary>
/// <param name="Text">The text of the file.</param>
/// <param name="X1">The column across; if null, the first of numbers.</param>
/// <param name="X2">The column upwards; if null, the second.</param>
/// <param name="Y">The column of the target; if null, the last.</param>
/// <param name="Components">Whether x₁ and x₂ are the two principal components of all columns but the target.</param>
public sealed record CsvRequest(string Text, string? X1, string? X2, string? Y, bool Components) : PlaygroundRequest;

/// <summary>Pauses, and says where the gradient of a weight came from.</summary>
public sealed record WhyWeightRequest(string Parameter, int Index) : PlaygroundRequest;

/// <summary>Pauses, and says what the output of a neuron was computed from.</summary>
/// <param name="Layer">The layer, from 0; the last one is the output.</param>
/// <param name="Neuron">The neuron, from 0.</param>
/// <param name="Point">The point that the network sees, from 0.</param>
public sealed record WhyNeuronRequest(int Layer, int Neuron, int Point) : PlaygroundRequest;

/// <summary>What the playground answers.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ConfiguredAnswer), "configured")]
[JsonDerivedType(typeof(FrameAnswer), "frame")]
[JsonDerivedType(typeof(DiagnosisAnswer), "diagnosis")]
[JsonDerivedType(typeof(ExportAnswer), "export")]
[JsonDerivedType(typeof(SavedAnswer), "saved")]
[JsonDerivedType(typeof(DescribeAnswer), "describe")]
[JsonDerivedType(typeof(CsvAnswer), "csv")]
[JsonDerivedType(typeof(PlaygroundWhyAnswer), "why")]
public abstract record PlaygroundAnswer : LabAnswer;

/// <summary>A network that was made.</summary>
/// <param name="Settings">Its settings, whole.</param>
/// <param name="Points">x₁, x₂ and target of each point; those to train on first.</param>
/// <param name="TrainCount">How many are trained on.</param>
/// <param name="Parameters">Its parameters in order; a frame has their numbers.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
public sealed record ConfiguredAnswer(PlaygroundSettings Settings, NumberBlock Points, int TrainCount,
    IReadOnlyList<ParameterShape> Parameters, int StepsPerEpoch) : PlaygroundAnswer;

/// <summary>A parameter's name and sizes.</summary>
public sealed record ParameterShape(string Name, IReadOnlyList<int> Shape);

/// <summary>What is to be drawn.</summary>
/// <param name="Step">Steps made.</param>
/// <param name="Furthest">The last step that can be gone to.</param>
/// <param name="Playing">Whether steps are being made.</param>
/// <param name="BatchLoss">The last batch's loss.</param>
/// <param name="TrainLoss">The loss over the points to train on, at <paramref name="Step"/>.</param>
/// <param name="TestLoss">The loss over the others.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="StepsPerSecond">How fast steps were made lately.</param>
/// <param name="Broken">Why no further step can be made; null if one can.</param>
/// <param name="Curve">Step, training loss and test loss of each point of the curve, float64.</param>
/// <param name="Widths">Neurons of each layer that has maps: the hidden ones, and the outputs last.</param>
/// <param name="Maps">Each neuron's output over the grid, neuron by neuron, rows from the top; null if not asked for.
/// </param>
/// <param name="Weights">The parameters' numbers, one after another; null where there are too many to show.</param>
/// <param name="Gradients">Their gradients in the last step; 0 before the first.</param>
/// <param name="Frozen">Places among the weights that do not move.</param>
/// <param name="Confusion">Counts over the test, a row a true class.</param>
public sealed record FrameAnswer(int Step, int Furthest, bool Playing, double BatchLoss, double TrainLoss,
    double TestLoss, double LearningRate, double StepsPerSecond, string? Broken, NumberBlock Curve,
    IReadOnlyList<int> Widths, NumberBlock? Maps, NumberBlock? Weights, NumberBlock? Gradients, NumberBlock Frozen,
    NumberBlock Confusion) : PlaygroundAnswer;

/// <summary>What is wrong with a training.</summary>
public sealed record DiagnosisAnswer(IReadOnlyList<FindingText> Findings, int Rules, string Looked) : PlaygroundAnswer;

/// <summary>One finding, in words.</summary>
public sealed record FindingText(string Rule, string Cause, string Evidence, string Cure, string? Tried);

/// <summary>Programs that train the same network on the same points.</summary>
public sealed record ExportAnswer(string CSharp, string PyTorch) : PlaygroundAnswer;

/// <summary>A training that was saved as a run.</summary>
/// <param name="Name">The name of its folder.</param>
/// <param name="Zip">The folder as one file; null where it stands below the folder of runs.</param>
public sealed record SavedAnswer(string Name, NumberBlock? Zip) : PlaygroundAnswer;

/// <summary>What can be chosen.</summary>
public sealed record DescribeAnswer(IReadOnlyList<Preset> Presets, PlaygroundSettings Defaults,
    PlaygroundNames Names) : PlaygroundAnswer;

/// <summary>The names that settings may have.</summary>
public sealed record PlaygroundNames(IReadOnlyList<string> ClassData, IReadOnlyList<string> NumberData,
    IReadOnlyList<string> Features, IReadOnlyList<string> Activations, IReadOnlyList<string> Initializations,
    IReadOnlyList<string> Normalizations, IReadOnlyList<string> NumberLosses, IReadOnlyList<string> TwoClassLosses,
    IReadOnlyList<string> ManyClassLosses, IReadOnlyList<string> Optimizers, IReadOnlyList<string> Schedules);

/// <summary>Points that were read, scaled into the plane that is shown.</summary>
/// <param name="Columns">The columns of numbers, to choose from.</param>
/// <param name="Classes">Classes of the target, 0 where it is a number.</param>
/// <param name="Labels">The names of the classes.</param>
/// <param name="LeftOut">How many rows have an empty field, and are left out.</param>
/// <param name="Points">The points.</param>
public sealed record CsvAnswer(IReadOnlyList<string> Columns, int Classes, IReadOnlyList<string> Labels,
    int LeftOut, IReadOnlyList<PlanePoint> Points) : PlaygroundAnswer;

/// <summary>Where a number came from.</summary>
public sealed record PlaygroundWhyAnswer(WhyTree Tree) : PlaygroundAnswer;
