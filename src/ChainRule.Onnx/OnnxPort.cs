namespace ChainRule.Formats;

/// <summary>What goes into a network of ONNX or comes out of it.</summary>
/// <param name="Name">The name by which it is given or asked for.</param>
/// <param name="Element">What it holds.</param>
/// <param name="Sizes">Its axes: a number, or the name of a size that is known when the network runs.</param>
public sealed record OnnxPort(string Name, OnnxElement Element, IReadOnlyList<string> Sizes)
{
    /// <summary>As <c>image float32 [batch, 1, 28, 28]</c>.</summary>
    public override string ToString() =>
        $"{Name} {(Element == OnnxElement.Text ? "text" : Element.ToString().ToLowerInvariant())} "
        + $"[{string.Join(", ", Sizes)}]";
}
