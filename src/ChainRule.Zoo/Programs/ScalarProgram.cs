using System.Globalization;
using ChainRule.Explaining;

namespace ChainRule.Zoo.Programs;

/// <summary>
/// A small program of numbers, computed with tensors of one number: a formula such as <c>tanh(x1*w1 + b)</c>, or
/// several assignments, the last of which is the result:
/// <code language="none">
/// a = 2
/// b = -3
/// L = (a*b + 10) * a
/// </code>
/// It has + − * / and powers, parentheses, functions. A statement ends with its line, or, where there is a semicolon
/// in the text, with that; <c>var</c>, <c>double</c>, <c>Math.</c> and comments are read as C# does. <c>#</c> begins a
/// comment too.
/// </summary>
/// <remarks>A name that is assigned a number is a parameter: it has a gradient. Numbers within a formula are
/// constants. The same text is the same number: <c>tanh(x)*tanh(x)</c> takes one twice.</remarks>
public sealed class ScalarProgram
{
    internal ScalarProgram(IReadOnlyList<ScalarNode> nodes, ScalarNode result,
        IReadOnlyDictionary<string, Tensor> names) => (Nodes, Result, Names) = (nodes, result, names);

    /// <summary>All numbers that the result was computed from, each behind its inputs, and the result last.</summary>
    public IReadOnlyList<ScalarNode> Nodes { get; }

    /// <summary>What the last statement computes.</summary>
    public ScalarNode Result { get; }

    /// <summary>The numbers by their names; <see cref="ExplainOptions.Names"/> takes them.</summary>
    public IReadOnlyDictionary<string, Tensor> Names { get; }

    /// <summary>Computes a program.</summary>
    /// <param name="text">The program.</param>
    /// <param name="given">Numbers of names that it does not assign.</param>
    /// <param name="nudges">What is added to the numbers that it assigns; null for nothing.</param>
    /// <exception cref="ScalarProgramException">It is no program, or a name has no number.</exception>
    /// <exception cref="ArgumentException">Something is given that is not in it, or it computes nothing.</exception>
    public static ScalarProgram Read(string text, IReadOnlyDictionary<string, double> given,
        IReadOnlyDictionary<string, double>? nudges = null)
    {
        Throw.IfNull(text, "step");
        Throw.IfNull(given, "step");
        var read = new ScalarProgramReader(text, given, nudges ?? new Dictionary<string, double>());
        var result = read.Program();
        if (given.Keys.FirstOrDefault(name => !read.Names.ContainsKey(name)) is { } unused)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"step: {Printable.Of(unused)}={given[unused]}: ")
                + $"there is no {Printable.Of(unused)} in {Printable.Of(text, 80)}: leave it out");
        if (nudges?.Keys.FirstOrDefault(name => !read.Names.TryGetValue(name, out var node)
            || node.Op.Length > 0 || !node.Number.RequiresGrad) is { } missing)
            throw new ArgumentException($"step: {Printable.Of(missing)} is no number that the program assigns: "
                + "only these can be nudged");
        if (result.Number.IsLeaf)
            throw new ArgumentException($"step: {Printable.Of(text.ReplaceLineEndings("; "), 80)} computes nothing of "
                + "a number that can change: give a formula such as 'tanh(x*w + b)' and the numbers x=2 w=-3 b=1");
        HashSet<ScalarNode> needed = [result];
        foreach (var node in Enumerable.Reverse(read.Nodes))
            if (needed.Contains(node)) needed.UnionWith(node.Inputs);
        var nodes = read.Nodes.Where(needed.Contains).ToArray();
        return new(nodes, result, nodes.ToDictionary(node => node.Name, node => node.Number));
    }

    /// <summary>Its backward pass, op by op.</summary>
    public BackpropWalk Steps() => Backprop.Steps(Result.Number, new() { Names = Names });
}
