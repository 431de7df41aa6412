namespace ChainRule.Derivations;

/// <summary>
/// A learner's gradient that is wrong, beside the right one, with the ops that lie between its tensor and the gradients
/// that are taken as given.
/// </summary>
/// <param name="Graph">The graph of the loss.</param>
/// <param name="X">The tensor whose gradient it is.</param>
/// <param name="Mine">The learner's numbers, in float64.</param>
/// <param name="Right">The right ones, in float64.</param>
/// <param name="Given">Gradients that are taken as given, in the tensors' own types.</param>
/// <param name="Gradients">The gradients of all tensors that follow from them.</param>
/// <param name="Called">What a tensor is called; null if it has no name.</param>
sealed record WrongGradient(LossGraph Graph, Slot X, Tensor Mine, Tensor Right, IReadOnlyDictionary<Slot, Tensor> Given,
    IReadOnlyDictionary<Slot, Tensor> Gradients, Func<Slot, string?> Called)
{
    // Beyond this, trying every op in several ways would take too long.
    const int MostNodes = 200;

    List<Node>? _between;
    double? _above;

    /// <summary>The ops between; none where there are too many to try.</summary>
    public List<Node> Between
    {
        get
        {
            _between ??= Graph.Between(X, Given.Keys.Where(slot => slot != X).ToHashSet());
            return _between.Count <= MostNodes ? _between : [];
        }
    }

    /// <summary>The largest gradient that this one is computed from.</summary>
    public double Above => _above ??= LargestOf(Graph, X, Gradients);

    public static double LargestOf(LossGraph graph, Slot x, IReadOnlyDictionary<Slot, Tensor> gradients)
    {
        double largest = 0;
        foreach (var (node, _) in graph.Uses(x))
            foreach (var y in node.Outputs)
                if (gradients.TryGetValue(y, out var dy) && dy.Count > 0)
                    largest = Math.Max(largest, dy.Abs().Max().Item());
        return double.IsFinite(largest) ? largest : 0;
    }

    /// <summary>Whether numbers are the right gradient.</summary>
    public bool IsRight(Tensor other) => Difference.Of(other, Right, X.DType, Above).Close;

    /// <summary>Whether the learner's numbers are these.</summary>
    public bool IsMine(Tensor other) => Difference.Of(Mine, other, X.DType, Above).Close;

    /// <summary>
    /// The gradient that comes out where ops are gone back through in another way, from the same gradients above.
    /// </summary>
    public Tensor? By(Func<Node, Tensor?[], Tensor?[]> way)
    {
        Dictionary<Slot, Tensor> given = new(Given);
        given.Remove(X);
        return Graph.Back(Between, given, way).TryGetValue(X, out var dx) ? dx.To(DType.Float64) : null;
    }

    /// <summary>An op in words: <c>'tanh' (h)</c>.</summary>
    public string Told(Node node)
    {
        foreach (var y in node.Outputs) if (Called(y) is { } name) return $"{name} ('{Word(node)}')";
        return $"'{Word(node)}'";
    }

    /// <summary>Where a use leads: <c>counts_sum ('sum')</c>, or the next tensor with a name.</summary>
    public string Use(Node node)
    {
        if (node.Outputs.ToArray().Any(y => Called(y) is not null)) return Told(node);
        for (var (at, steps) = (node, 0); steps < MostNodes; steps++)
        {
            if (Graph.Uses(at.Outputs[0]) is not [var (next, _), ..]) break;
            at = next;
            if (Called(at.Outputs[0]) is { } name) return $"'{Word(node)}' on the way to {name}";
        }
        return $"'{Word(node)}'";
    }

    // Some ops have other names in the language of formulas.
    static string Word(Node node) => node.Op switch
    {
        "move" => "transpose",
        "multiply number" => "times a number",
        "divide number" => "divided by a number",
        "add number" => "plus a number",
        "gather" or "gather rows" => "index",
        _ => node.Op,
    };

    /// <summary>Sizes that a mean may divide by, each with what it is the size of.</summary>
    public IEnumerable<(int Size, string Of)> Sizes()
    {
        HashSet<int> seen = [1];
        var slots = Between.SelectMany(node => node.Inputs.ToArray().Concat(node.Outputs.ToArray()));
        foreach (var slot in slots.Prepend(X))
        {
            string name = Called(slot) ?? $"a tensor of {slot.Shape}";
            for (int axis = 0; axis < slot.Shape.Rank; axis++)
                if (seen.Add(slot.Shape[axis])) yield return (slot.Shape[axis], $"axis {axis} of {name}");
            if (seen.Add(slot.Count)) yield return (slot.Count, $"all numbers of {name}");
            if (slot.Shape.Rank > 2 && seen.Add(slot.Count / Math.Max(1, slot.Shape[^1])))
                yield return (slot.Count / Math.Max(1, slot.Shape[^1]), $"all rows of {name}");
        }
    }
}
