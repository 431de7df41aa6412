namespace ChainRule.Zoo.Runs;

/// <summary>
/// A line of layers.jsonl: how large the numbers of each parameter are at a step, and how far the step moved them.
/// </summary>
/// <param name="Step">How many steps had been made.</param>
/// <param name="Weights">Of each parameter, by name, the root mean square, √(Σ w² / n).</param>
/// <param name="Gradients">The root mean square of its gradient in this step, before clipping; after it in runs of
/// earlier versions.</param>
/// <param name="Updates">How far the step moved it, relative to its size: the root mean square of the update divided by
/// that of the parameter before; 0 where the parameter was all 0.</param>
public sealed record LayerMetrics(int Step, IReadOnlyDictionary<string, double> Weights,
    IReadOnlyDictionary<string, double> Gradients, IReadOnlyDictionary<string, double> Updates);
