using System.Runtime.CompilerServices;
using ChainRule.Layers;

namespace ChainRule.Explaining;

/// <summary>
/// Says where a number came from. It works on the graph of any program, with nothing added to it: ops say their own
/// mathematics, and what has no text is shown by its numbers, from its own backward pass. Nothing is computed before it
/// is asked for, and no <see cref="Tensor.Grad"/> is touched.
/// <code>
/// var x = ChainRule.Tensor.From([0.5, -1.0], [1, 2]);
/// var w = ChainRule.Tensor.From([0.3, 0.7], [2, 1]).RequireGrad();
/// var loss = x.MatMul(w).Tanh().Sum();
/// Console.WriteLine(ChainRule.Explaining.Explain.Gradient(loss, w, [0, 0]));
/// </code>
/// </summary>
/// <remarks>
/// A layer or an attention that one op computes is explained by the simpler ops that it is written with: a norm by mean
/// and variance, attention by softmax, a recurrence by its steps.
/// </remarks>
public static class Explain
{
    /// <summary>Where dL/dx of one number came from.</summary>
    /// <param name="loss">L, a single number.</param>
    /// <param name="x">A tensor that L was computed from and that requires a gradient, or a result on the way.</param>
    /// <param name="at">Which number of x: an index for each axis, negative ones from the end.</param>
    /// <param name="options">How far to go, and names; the defaults if null.</param>
    /// <param name="name">What x is called: by default as it is written in the call.</param>
    /// <returns>The gradient as a tree of sums. It is that of this loss alone, without what earlier
    /// passes added.</returns>
    /// <exception cref="ArgumentException">L is no single number, does not depend on x, or the index
    /// does not fit.</exception>
    /// <exception cref="InvalidOperationException">There is no graph, or something in it was
    /// overwritten since.</exception>
    public static Explanation Gradient(Tensor loss, Tensor x, ReadOnlySpan<int> at, ExplainOptions? options = null,
        [CallerArgumentExpression(nameof(x))] string name = "")
    {
        options ??= new();
        options.Check();
        CheckLoss(loss);
        int flat = Flat(x, at, name);
        var graph = ExplainedGraph.OfGradients(loss.Slot, Names(options, loss, x, name));
        if (!graph.HasGradient(x.Slot))
            Throw.Argument($"explain: the loss does not depend on {Called(name)}, {x.Shape}: give a tensor that it was "
                + "computed from and that requires a gradient", nameof(x));
        return new GradientTree(graph, loss.Slot, options).Of(new(graph.Own(x.Slot), flat));
    }

    /// <summary>
    /// Where the gradient of a value of the scalar engine came from; values are called by their labels.
    /// </summary>
    /// <param name="root">L, or whatever is differentiated.</param>
    /// <param name="x">A value that it was computed from.</param>
    /// <param name="options">How far to go; the defaults if null.</param>
    /// <exception cref="ArgumentException">The root does not depend on x.</exception>
    public static Explanation Gradient(Scalar.Value root, Scalar.Value x, ExplainOptions? options = null)
    {
        Throw.IfNull(root, "explain");
        Throw.IfNull(x, "explain");
        options ??= new();
        options.Check();
        var tree = new ScalarTree(root, options);
        if (!tree.Has(x))
            Throw.Argument(
                $"explain: the root does not depend on {(x.Label.Length > 0 ? x.Label : "the value")}: give a "
                + "value that it was computed from", nameof(x));
        return tree.Of(x);
    }

    /// <summary>What one number of a tensor was computed from.</summary>
    /// <param name="y">A result of ops of which one input or more requires a gradient: only these have a graph.</param>
    /// <param name="at">Which number of y.</param>
    /// <param name="options">How far to go, and names; the defaults if null.</param>
    /// <param name="name">What y is called: by default as it is written in the call.</param>
    /// <exception cref="ArgumentException">The index does not fit, or y has no graph.</exception>
    /// <exception cref="InvalidOperationException">Something in the graph was overwritten since.</exception>
    public static Explanation Value(Tensor y, ReadOnlySpan<int> at, ExplainOptions? options = null,
        [CallerArgumentExpression(nameof(y))] string name = "")
    {
        options ??= new();
        options.Check();
        int flat = Flat(y, at, name);
        if (y.IsLeaf)
            Throw.Argument(
                $"explain: {Called(name)}, {y.Shape}, was given, or computed without a graph: give the result of "
                + "ops on a tensor that requires a gradient, outside NoGrad", nameof(y));
        var names = options.ToNames();
        if (IsName(name)) names.Add(y.Slot, name);
        var graph = ExplainedGraph.OfValues(y.Slot, names);
        return new ValueTree(graph, options).Of(new(graph.Own(y.Slot), flat));
    }

    /// <summary>
    /// The ways from one number to the loss, each through one number of every tensor between, with the largest part of
    /// the gradient first: the product of the derivatives along it. Found by going on, each time, from where the
    /// gradient that is still to be divided is largest; what is not found is <see cref="GradientPaths.Rest"/>.
    /// </summary>
    /// <param name="loss">L, a single number.</param>
    /// <param name="x">A tensor that L was computed from.</param>
    /// <param name="at">Which number of x.</param>
    /// <param name="count">How many paths.</param>
    /// <param name="options">Names; how many terms of a sum are followed, and how many numbers that divide are looked
    /// at: 10,000 by default.</param>
    /// <param name="name">What x is called: by default as it is written in the call.</param>
    /// <exception cref="ArgumentException">L is no single number, does not depend on x, or the index
    /// does not fit.</exception>
    /// <exception cref="InvalidOperationException">There is no graph, or something in it was
    /// overwritten since.</exception>
    public static GradientPaths Paths(Tensor loss, Tensor x, ReadOnlySpan<int> at, int count = 10,
        ExplainOptions? options = null, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        options ??= new() { Top = int.MaxValue, Numbers = 10_000 };
        options.Check();
        if (count < 1) Throw.OutOfRange($"explain: {count} paths: give 1 or more", nameof(count));
        CheckLoss(loss);
        int flat = Flat(x, at, name);
        var graph = ExplainedGraph.OfGradients(loss.Slot, Names(options, loss, x, name));
        if (!graph.HasGradient(x.Slot))
            Throw.Argument($"explain: the loss does not depend on {Called(name)}, {x.Shape}: give a tensor that it was "
                + "computed from and that requires a gradient", nameof(x));
        return GradientPaths.Find(graph, loss.Slot, x.Slot, flat, count, options);
    }

    /// <summary>
    /// Whether explanations add up: explains numbers of all tensors that L was computed from, and compares the sum of
    /// the terms with the gradient. An op of one's own whose backward pass is not linear in dL/dy shows here.
    /// </summary>
    /// <param name="loss">L, a single number.</param>
    /// <param name="count">How many numbers; of every tensor at least one.</param>
    /// <param name="model">The model, for the names of its parameters; null if there is none.</param>
    public static ExplanationCheck Check(Tensor loss, int count = 200, Module? model = null)
    {
        if (count < 1) Throw.OutOfRange($"explain: {count} numbers to check: give 1 or more", nameof(count));
        CheckLoss(loss);
        return ExplanationCheck.Run(
            ExplainedGraph.OfGradients(loss.Slot, new ExplainOptions { Model = model }.ToNames()), loss.Slot, count);
    }

    static GraphNames Names(ExplainOptions options, Tensor loss, Tensor x, string name)
    {
        var names = options.ToNames();
        names.Add(loss.Slot, "L");
        if (IsName(name)) names.Add(x.Slot, name);
        return names;
    }

    static void CheckLoss(Tensor loss)
    {
        if (loss.Count != 1)
            Throw.Argument(
                $"explain: the loss is {loss.Shape}: {loss.Count} numbers have no single gradient: take a Sum() "
                + "or Mean()", nameof(loss));
        if (loss.IsLeaf)
            Throw.Argument("explain: the loss has no graph: compute it from a tensor that requires a gradient, outside "
                + "NoGrad", nameof(loss));
    }

    /// <summary>What is written in a call is a name unless it computes something.</summary>
    static bool IsName(string? text) => text?.Length is > 0 and < 60
        && text.All(static c => char.IsLetterOrDigit(c) || c is '.' or '_' or '[' or ']');

    static string Called(string? name) => IsName(name) ? name! : "the tensor";

    static int Flat(Tensor x, ReadOnlySpan<int> at, string name)
    {
        var shape = x.Shape;
        string index = $"[{string.Join(", ", at.ToArray())}]";
        if (at.Length != shape.Rank)
            Throw.Argument($"explain: {index} of {Called(name)}, {shape}: give an index for each axis", nameof(at));
        int flat = 0;
        for (int axis = 0; axis < at.Length; axis++)
        {
            int place = at[axis] < 0 ? at[axis] + shape[axis] : at[axis];
            if (place < 0 || place >= shape[axis])
                Throw.OutOfRange($"explain: {index} of {Called(name)}, {shape}: axis {axis} goes from 0 to "
                    + $"{shape[axis] - 1}", nameof(at));
            flat = flat * shape[axis] + place;
        }
        return flat;
    }
}
