using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Tests.Scalar;

public class LayerTest
{
    [Fact]
    public void It_gives_one_output_a_neuron_and_lists_the_parameters_neuron_by_neuron()
    {
        var layer = new Layer(2, 3, new PythonRandom(4));
        var y = layer.Forward(0.5, -1.0);
        Assert.Equal(layer.Neurons.Select(neuron => neuron.Forward(0.5, -1.0).Data), y.Select(v => v.Data));
        Assert.Equal(layer.Neurons.SelectMany(neuron => neuron.Parameters()), layer.Parameters());
        Assert.Equal(9, layer.Parameters().Count);
        Assert.Equal("call: this layer has 3 outputs: Forward gives all of them",
            Assert.Throws<InvalidOperationException>(() => layer.Call(0.5, -1.0)).Message);
        Assert.Equal("Layer of [TanhNeuron(2), TanhNeuron(2), TanhNeuron(2)]", layer.ToString());
    }

    [Fact]
    public void A_layer_of_one_neuron_gives_a_single_value()
    {
        var layer = new Layer(2, 1, new PythonRandom(4));
        Value y = layer.Call(0.5, -1.0);
        Assert.Equal(layer.Forward(0.5, -1.0)[0].Data, y.Data);
    }
}
