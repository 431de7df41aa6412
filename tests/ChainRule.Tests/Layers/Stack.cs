namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

/// <summary>
/// A module of the tests' own, as a user would write one: a list of layers, called <c>layers.0</c>, <c>layers.1</c>, …
/// </summary>
sealed class Stack(params Module[] layers) : Module
{
    public IReadOnlyList<Module> Layers { get; } = layers;

    protected override Tensor Compute(Tensor x) => Layers.Aggregate(x, (y, layer) => layer.Forward(y));

    protected override Tensor Compute(Ids ids) =>
        Layers.Skip(1).Aggregate(Layers[0].Forward(ids), (y, layer) => layer.Forward(y));
}
