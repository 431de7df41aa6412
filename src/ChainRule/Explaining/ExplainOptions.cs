using ChainRule.Layers;

namespace ChainRule.Explaining;

/// <summary>How far an explanation goes, and what it calls things.</summary>
public sealed record ExplainOptions
{
    /// <summary>
    /// How many levels of terms are shown, 1 to 1,000. An op that only passes a number on, such as
    /// a reshape, is no level.
    /// </summary>
    public int Depth { get; init; } = 3;

    /// <summary>
    /// How many terms of each sum are shown, the largest first; the others are one line with their sum.
    /// </summary>
    public int Top { get; init; } = 3;

    /// <summary>
    /// Terms that are a smaller part of the explained number than this are shown, but not explained further: 0 to 1.
    /// </summary>
    public double SmallestFraction { get; init; }

    /// <summary>How many numbers are explained at most; those with the largest part of the root come first.</summary>
    public int Numbers { get; init; } = 500;

    /// <summary>
    /// How many examples the batch has: the size of the first axis of what the model was given. A sentence then speaks
    /// of examples where a sum goes over them; where it is 0, of rows.
    /// </summary>
    public int Examples { get; init; }

    /// <summary>The model, whose parameters are called by their names; null if there is none.</summary>
    public Module? Model { get; init; }

    /// <summary>Names of other tensors.</summary>
    public IReadOnlyDictionary<string, Tensor> Names { get; init; } = new Dictionary<string, Tensor>();

    internal GraphNames ToNames()
    {
        GraphNames names = new();
        foreach (var (name, tensor) in Names) names.Add(tensor.Slot, name);
        if (Model is { } model)
        {
            foreach (var (name, tensor) in model.NamedParameters()) names.Add(tensor.Slot, name);
            foreach (var (name, tensor) in model.NamedBuffers()) names.Add(tensor.Slot, name);
        }
        return names;
    }

    internal void Check()
    {
        if (Names is null)
            Throw.Argument("explain: the names are null: give a dictionary, or leave them out", "options");
        if (Depth is < 1 or > 1000)
            Throw.OutOfRange($"explain: a depth of {Depth} levels: give 1 to 1,000", "options");
        if (Top < 1) Throw.OutOfRange($"explain: the {Top} largest terms: give 1 or more", "options");
        if (Numbers < 1) Throw.OutOfRange($"explain: {Numbers} numbers to explain: give 1 or more", "options");
        if (Examples < 0) Throw.OutOfRange($"explain: {Examples} examples: give 0 or more", "options");
        if (SmallestFraction is not (>= 0 and <= 1))
            Throw.OutOfRange($"explain: a smallest fraction of {SmallestFraction}: give 0 to 1", "options");
    }
}
