using System.Text.Json.Serialization;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Why;

namespace ChainRule.Lab.Shapes;

/// <summary>What can be asked of the shapes room.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(OpsRequest), "ops")]
[JsonDerivedType(typeof(ComputeRequest), "compute")]
[JsonDerivedType(typeof(WhyShapesRequest), "why")]
public abstract record ShapesRequest : LabRequest;

/// <summary>Says which ops there are.</summary>
public sealed record OpsRequest : ShapesRequest;

/// <summary>Computes one op of tensors of these shapes, which hold 1, 2, 3 …, and its gradients.</summary>
/// <param name="Op">The op, by its name.</param>
/// <param name="A">The first shape, such as <c>2, 3</c>; empty for a single number.</param>
/// <param name="B">The second, where the op takes two.</param>
/// <param name="Axes">The axes, where the op takes some; empty for all.</param>
/// <param name="KeepDim">Whether a reduced axis stays, of size 1.</param>
public sealed record ComputeRequest(string Op, string A, string B, string Axes, bool KeepDim) : ShapesRequest;

/// <summary>Says where a number of what was computed came from.</summary>
/// <param name="Op">As in <see cref="ComputeRequest"/>, and so are the shapes and axes.</param>
/// <param name="A">The first shape.</param>
/// <param name="B">The second.</param>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDim">Whether a reduced axis stays.</param>
/// <param name="Tensor"><c>y</c> for a number of the result, <c>a</c> or <c>b</c> for a number of their gradient.
/// </param>
/// <param name="Place">Which number, counted row by row.</param>
public sealed record WhyShapesRequest(string Op, string A, string B, string Axes, bool KeepDim, string Tensor,
    int Place) : ShapesRequest;

/// <summary>What the shapes room answers.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(OpsAnswer), "ops")]
[JsonDerivedType(typeof(ComputedAnswer), "computed")]
[JsonDerivedType(typeof(ShapesWhyAnswer), "why")]
public abstract record ShapesAnswer : LabAnswer;

/// <summary>The ops.</summary>
public sealed record OpsAnswer(IReadOnlyList<ShapesOpName> Ops) : ShapesAnswer;

/// <summary>An op, and what it takes.</summary>
/// <param name="Name">As it stands in requests.</param>
/// <param name="Title">As it stands in the list.</param>
/// <param name="TakesTwo">Whether it takes two tensors.</param>
/// <param name="TakesAxes">Whether it takes axes.</param>
/// <param name="A">A first shape that shows something.</param>
/// <param name="B">A second one.</param>
/// <param name="Axes">Axes that show something.</param>
public sealed record ShapesOpName(string Name, string Title, bool TakesTwo, bool TakesAxes, string A, string B,
    string Axes);

/// <summary>What was computed.</summary>
/// <param name="Code">The call in C#.</param>
/// <param name="Inputs">The inputs, with their gradients.</param>
/// <param name="Output">The result; its gradient, dL/dy, is 1, 2, 3 … .</param>
/// <param name="Remarks">What becomes of which axis, forward and backward, a sentence each.</param>
public sealed record ComputedAnswer(string Code, IReadOnlyList<ShapesTensor> Inputs, ShapesTensor Output,
    IReadOnlyList<string> Remarks) : ShapesAnswer;

/// <summary>Where a number came from.</summary>
public sealed record ShapesWhyAnswer(WhyTree Tree) : ShapesAnswer;

/// <summary>A tensor.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Axes">What becomes of each axis: <c>kept</c>, <c>stretched</c>, <c>missing</c> or <c>summed</c>,
/// for the axes of the result, or, of what is reduced, of its own.</param>
/// <param name="Numbers">Its numbers, row by row, float64.</param>
/// <param name="Gradient">Those of its gradient.</param>
/// <param name="Reached">Pairs of places, int32: a number of the result, and a number of this one that it is computed
/// from. Empty of the result.</param>
public sealed record ShapesTensor(string Name, IReadOnlyList<int> Shape, IReadOnlyList<string> Axes,
    NumberBlock Numbers, NumberBlock Gradient, NumberBlock Reached);
