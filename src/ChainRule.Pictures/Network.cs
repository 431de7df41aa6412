using System.Globalization;
using System.Text;
using ChainRule.Scalar;

namespace ChainRule.Pictures;

/// <summary>
/// A network in DOT: every arrow ends at the weight it is multiplied by, blue where that is positive and orange where it is negative, and the wider the
/// larger it is.
/// </summary>
static class Network
{
    // With more inputs a neuron names none of its weights: colour and width must do.
    const int MostNamed = 8;

    public static string Dot(Mlp network)
    {
        var layers = network.Layers;
        double largest = layers.SelectMany(layer => layer.Neurons).SelectMany(neuron => neuron.Weights).Max(weight => Math.Abs(weight.Data));
        var text = new StringBuilder("digraph {\n  rankdir=LR;\n  splines=line;\n  ranksep=1.4;\n  nodesep=0.25;\n");
        string[] from = [.. layers[0].Neurons[0].Weights.Select((_, i) => $"x{i}")];
        foreach (string input in from) text.Append(CultureInfo.InvariantCulture, $"  {input} [shape=circle];\n");
        foreach (var (l, layer) in layers.Index())
        {
            foreach (var (i, neuron) in layer.Neurons.Index())
            {
                bool named = neuron.Weights.Count <= MostNamed;
                string weights = named ? "{ " + string.Join(" | ", neuron.Weights.Select((weight, j) => $"<w{j}> {Number(weight.Data)}")) + " } | " : "";
                text.Append(CultureInfo.InvariantCulture, $"  n{l}_{i} [shape=record, label=\"{{ {weights}Σ + {Number(neuron.Bias.Data)} | {neuron.Activation} }}\"];\n");
                foreach (var (j, weight) in neuron.Weights.Index())
                {
                    string colour = Theme.Series[weight.Data < 0 ? 1 : 0];
                    double width = largest > 0 ? 0.4 + 2.6 * Math.Abs(weight.Data) / largest : 0.4;
                    text.Append(CultureInfo.InvariantCulture,
                        $"  {from[j]}:e -> n{l}_{i}{(named ? $":w{j}" : "")}:w [color=\"{colour}\", penwidth={width:0.00}, tooltip=\"{Number(weight.Data)}\"];\n");
                }
            }
            from = [.. layer.Neurons.Select((_, i) => $"n{l}_{i}")];
        }
        foreach (var (i, output) in from.Index()) text.Append(CultureInfo.InvariantCulture, $"  y{i} [shape=circle];\n  {output}:e -> y{i}:w;\n");
        return text.Append("}\n").ToString();
    }

    static string Number(double x) => x.ToString("F4", CultureInfo.InvariantCulture).Replace('-', '−');
}
