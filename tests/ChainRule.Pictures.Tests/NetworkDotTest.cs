using System.Globalization;
using System.Text.RegularExpressions;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Pictures.Tests;

public sealed partial class NetworkDotTest
{
    [Fact]
    public void Every_arrow_ends_at_its_weight()
    {
        var network = new Mlp(2, [1], new PythonRandom(1337));
        var neuron = network.Layers[0].Neurons[0];
        neuron.Weights[0].Data = 0.5;
        neuron.Weights[1].Data = -1;
        neuron.Bias.Data = 0.25;
        string dot = NetworkDot.Write(Network.Of(network));
        foreach (string line in (string[])[
            "n0_0 [shape=record, label=\"{ <w0> 0.5000 | <w1> −1.0000 } | Σ + 0.2500 | Tanh\", ",
            $"x1:e -> n0_0:w0:w [color=\"{Theme.Series[0]}\", penwidth=1.70, tooltip=\"0.5000\"];",
            $"x2:e -> n0_0:w1:w [color=\"{Theme.Series[1]}\", penwidth=3.00, tooltip=\"−1.0000\"];",
            "n0_0:e -> y1:w;", "\"input\\n2\" [", "\"output\\n1 neuron, Tanh\" ["])
        {
            Assert.Contains(line, dot, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(12)]
    public void Neurons_and_inputs_stand_in_their_order_from_top_to_bottom(int inputs)
    {
        string dot = NetworkDot.Write(Network.Of(new Mlp(inputs, [3, 1], new PythonRandom(1))));
        Assert.Equal(Enumerable.Range(1, inputs).Select(i => $"x{i}"), TopDown(dot, 'x'));
        Assert.Equal(["n0_0", "n0_1", "n0_2"],
            TopDown(dot, 'n').Where(name => name.StartsWith("n0", StringComparison.Ordinal)));
    }

    [Fact]
    public void Above_twelve_in_a_layer_an_ellipsis_says_how_many_are_left_out()
    {
        var rng = new TorchRandom(1);
        string dot = NetworkDot.Write(
            Network.Of("network", new Sequential(new Linear(64, 30, rng), new Sigmoid(), new Linear(30, 10, rng))));
        Assert.Equal(["x1", "x2", "x3", "x4", "x5", "x6", "x7", "x61", "x62", "x63", "x64"], TopDown(dot, 'x'));
        Assert.Contains("label=\"⋮\\n53 more\"", dot, StringComparison.Ordinal);
        Assert.Contains("label=\"⋮\\n19 more\"", dot, StringComparison.Ordinal);
        Assert.Equal(11 * 11 + 11 * 10, dot.Split("penwidth").Length - 1);
        foreach (string heading in (string[])["input\\n64", "hidden 1\\n30 neurons, Sigmoid",
            "output\\n10 neurons, Linear"])
            Assert.Contains($"\"{heading}\" [shape=plaintext", dot, StringComparison.Ordinal);
    }

    [Fact]
    public void A_neuron_of_many_inputs_names_none_of_its_weights()
    {
        string dot = NetworkDot.Write(Network.Of(new Mlp(9, [2], new PythonRandom(1337))));
        Assert.DoesNotContain("<w0>", dot, StringComparison.Ordinal);
        Assert.Equal(18, dot.Split("penwidth").Length - 1);
    }

    [Fact]
    public void A_network_of_zeros_is_drawn_thin()
    {
        var network = new Mlp(1, [1], new PythonRandom(1337));
        foreach (var parameter in network.Parameters()) parameter.Data = 0;
        Assert.Contains("penwidth=0.40", NetworkDot.Write(Network.Of(network)), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_flow_backward()
    {
        var network = new Mlp(1, [1], new PythonRandom(1));
        var neuron = network.Layers[0].Neurons[0];
        (neuron.Weights[0].Data, neuron.Bias.Data) = (2, 0);
        // y = tanh 0 = 0, L = 3 y: the error of the neuron is 3, and of its input 3 · (1 − 0²) · 2 = 6.
        string dot = NetworkDot.Write(Network.Flow(network, [0], y => 3 * y[0]));
        Assert.Contains("label=\"0.0000\\nerror 3.0000\"", dot, StringComparison.Ordinal);
        Assert.Contains("label=\"x1\\n0.0000\\nerror 6.0000\"", dot, StringComparison.Ordinal);
        Assert.Contains($"x1:e -> n0_0:w [dir=back, color=\"{Theme.Series[0]}\", penwidth=3.00, tooltip=\"6.0000\"]",
            dot, StringComparison.Ordinal);
    }

    // The names of nodes that begin with a letter, the highest first.
    static string[] TopDown(string dot, char letter) =>
        [.. Node().Matches(dot).Where(node => node.Groups[1].Value[0] == letter)
            .OrderByDescending(node => double.Parse(node.Groups[2].Value, CultureInfo.InvariantCulture))
                .Select(node => node.Groups[1].Value)];

    [GeneratedRegex(@"^  ([a-z]\w*) \[.*pos=""[-\d.]+,([-\d.]+)!""", RegexOptions.Multiline)]
    private static partial Regex Node();
}
