using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Pictures.Tests;

public sealed class NetworkTest
{
    [Fact]
    public void Every_arrow_ends_at_its_weight()
    {
        var network = new Mlp(2, [1], new PythonRandom(1337));
        var neuron = network.Layers[0].Neurons[0];
        neuron.Weights[0].Data = 0.5;
        neuron.Weights[1].Data = -1;
        neuron.Bias.Data = 0.25;
        Assert.Equal($$"""
            digraph {
              rankdir=LR;
              splines=line;
              ranksep=1.4;
              nodesep=0.25;
              x0 [shape=circle];
              x1 [shape=circle];
              n0_0 [shape=record, label="{ { <w0> 0.5000 | <w1> −1.0000 } | Σ + 0.2500 | Tanh }"];
              x0:e -> n0_0:w0:w [color="{{Theme.Series[0]}}", penwidth=1.70, tooltip="0.5000"];
              x1:e -> n0_0:w1:w [color="{{Theme.Series[1]}}", penwidth=3.00, tooltip="−1.0000"];
              y0 [shape=circle];
              n0_0:e -> y0:w;
            }

            """.ReplaceLineEndings("\n"), Network.Dot(network));
    }

    [Fact]
    public void A_neuron_of_many_inputs_names_none_of_its_weights()
    {
        string dot = Network.Dot(new Mlp(9, [2], new PythonRandom(1337)));
        Assert.DoesNotContain("<w0>", dot, StringComparison.Ordinal);
        Assert.Equal(18, dot.Split("penwidth").Length - 1);
    }

    [Fact]
    public void A_network_of_zeros_is_drawn_thin()
    {
        var network = new Mlp(1, [1], new PythonRandom(1337));
        foreach (var parameter in network.Parameters()) parameter.Data = 0;
        Assert.Contains("penwidth=0.40", Network.Dot(network), StringComparison.Ordinal);
    }
}
