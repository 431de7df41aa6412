using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Tests.Scalar;

public class NeuronTest
{
    [Fact]
    public void From_seed_1337_it_is_the_neuron_of_the_traced_graph()
    {
        var neuron = new Neuron(2, new PythonRandom(1337), Activation.Relu, drawBias: false);
        Assert.Equal(["0.2355", "0.0665"], neuron.Weights.Select(w => w.Data.ToString("F4")));
        var y = neuron.Forward(1.0, -2.0);
        Assert.Equal("ReLU", y.Op);
        Assert.Equal("0.1024", y.Data.ToString("F4"));
        var products = y.TopologicalOrder().Where(v => v.Op == "*").Select(v => v.Data.ToString("F4"));
        Assert.Equal(["-0.1331", "0.2355"], products.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Activation.Linear)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Sigmoid)]
    public void It_is_the_activation_of_bias_and_weighted_inputs(Activation activation)
    {
        var neuron = new Neuron(2, new PythonRandom(5), activation);
        double sum = neuron.Bias.Data + neuron.Weights[0].Data * 0.7 + neuron.Weights[1].Data * -1.2;
        double expected = activation switch
        {
            Activation.Tanh => Math.Tanh(sum),
            Activation.Relu => Math.Max(sum, 0),
            Activation.Sigmoid => 1 / (1 + Math.Exp(-sum)),
            _ => sum,
        };
        Assert.Equal(expected, neuron.Forward(0.7, -1.2).Data);
        Assert.Equal([neuron.Weights[0], neuron.Weights[1], neuron.Bias], neuron.Parameters());
        Assert.Equal($"{activation}Neuron(2)", neuron.ToString());
    }

    [Fact]
    public void Weights_are_drawn_before_the_bias()
    {
        var rng = new PythonRandom(9);
        var neuron = new Neuron(2, new PythonRandom(9));
        Assert.Equal([rng.Uniform(-1, 1), rng.Uniform(-1, 1), rng.Uniform(-1, 1)],
            neuron.Parameters().Select(p => p.Data));
    }
}
