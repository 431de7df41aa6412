using System.Text.Json.Serialization;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Why;

namespace ChainRule.Lab.Graph;

/// <summary>What can be asked of the graph room. Each request has the whole program: nothing is kept between.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ExamplesRequest), "examples")]
[JsonDerivedType(typeof(ReadRequest), "read")]
[JsonDerivedType(typeof(WhyRequest), "why")]
public abstract record GraphRequest : LabRequest;

/// <summary>Says which programs are one click away.</summary>
public sealed record ExamplesRequest : GraphRequest;

/// <summary>Computes a program, forward and backward.</summary>
/// <param name="Text">The program.</param>
/// <param name="Nudges">What is added to numbers that it assigns.</param>
/// <param name="Order">The results whose ops run backward, in this order, by their places among the nodes; null for
/// the right order.</param>
public sealed record ReadRequest(string Text, IReadOnlyList<Nudge> Nudges, IReadOnlyList<int>? Order) : GraphRequest;

/// <summary>What is added to a number.</summary>
public sealed record Nudge(string Name, double By);

/// <summary>Says where a number of the graph came from.</summary>
/// <param name="Text">The program.</param>
/// <param name="Nudges">What is added to numbers that it assigns.</param>
/// <param name="Node">The number, by its place among the nodes.</param>
/// <param name="Gradient">Whether its gradient is meant.</param>
public sealed record WhyRequest(string Text, IReadOnlyList<Nudge> Nudges, int Node, bool Gradient) : GraphRequest;

/// <summary>What the graph room answers.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ExamplesAnswer), "examples")]
[JsonDerivedType(typeof(GraphAnswer), "graph")]
[JsonDerivedType(typeof(WrongAnswer), "wrong")]
[JsonDerivedType(typeof(WhyAnswer), "why")]
public abstract record GraphReply : LabAnswer;

/// <summary>Programs to begin with.</summary>
public sealed record ExamplesAnswer(IReadOnlyList<GraphExample> Examples) : GraphReply;

/// <summary>The text is no program.</summary>
/// <param name="Sentence">Why.</param>
/// <param name="At">At which character, from 0.</param>
public sealed record WrongAnswer(string Sentence, int At) : GraphReply;

/// <summary>Where a number came from.</summary>
public sealed record WhyAnswer(WhyTree Tree) : GraphReply;

/// <summary>A program's graph, and its backward pass.</summary>
/// <param name="Nodes">All numbers, each behind its inputs, the result last.</param>
/// <param name="Steps">The steps of the backward pass, in the order in which they are made.</param>
/// <param name="IsRightOrder">Whether all that uses a number comes before its own step.</param>
/// <param name="Faults">What the order does wrong, a sentence for each step.</param>
public sealed record GraphAnswer(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphStep> Steps, bool IsRightOrder,
    IReadOnlyList<string> Faults) : GraphReply;

/// <summary>A number of the graph.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Op">The operator that computed it; empty where it was given.</param>
/// <param name="Inputs">The places of what it was computed from.</param>
/// <param name="Data">Its number.</param>
/// <param name="Was">Its number before anything was nudged.</param>
/// <param name="Gradient">dL/d(it), as the right order gives it; null of a constant.</param>
/// <param name="IsParameter">Whether the program assigns it a number.</param>
/// <param name="From">Where its text begins.</param>
/// <param name="To">Where its text ends.</param>
public sealed record GraphNode(string Name, string Op, IReadOnlyList<int> Inputs, double Data, double Was,
    double? Gradient, bool IsParameter, int From, int To);

/// <summary>A step of a backward pass: one op passes the gradient of its result on to its inputs.</summary>
/// <param name="Node">The place of its result.</param>
/// <param name="Came">The gradient of the result at that moment.</param>
/// <param name="Formula">What the op computed, in letters.</param>
/// <param name="Added">What was added to whom.</param>
public sealed record GraphStep(int Node, double Came, string Formula, IReadOnlyList<GraphAddition> Added);

/// <summary>What was added to the gradient of an input.</summary>
/// <param name="Node">The place of the input.</param>
/// <param name="Formula">Its gradient in letters.</param>
/// <param name="Amount">What was added.</param>
/// <param name="Before">The gradient before; null where there was none.</param>
/// <param name="After">The gradient afterwards.</param>
public sealed record GraphAddition(int Node, string Formula, double Amount, double? Before, double After);

/// <summary>A program to begin with.</summary>
/// <param name="Name">As it stands in the address.</param>
/// <param name="Title">As it stands in the list.</param>
/// <param name="Text">The program.</param>
public sealed record GraphExample(string Name, string Title, string Text);
