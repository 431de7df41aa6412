using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Pictures.Tests;

public sealed class NeuronDotTest
{
    [Fact]
    public void Every_part_has_its_number_and_its_gradient()
    {
        var neuron = new Neuron(2, new PythonRandom(1));
        (neuron.Weights[0].Data, neuron.Weights[1].Data, neuron.Bias.Data) = (-3, 1, 6.8813735870195432);
        string dot = Graph.Of(neuron, [2, 0], "Neuron").Text;
        foreach (string words in (string[])[
            "x1\\n2.0000\\ngrad −1.5000", "w1\\n−3.0000\\ngrad 1.0000", "x1 · w1\\n−6.0000\\ngrad 0.5000",
            "x2\\n0.0000\\ngrad 0.5000", "w2\\n1.0000\\ngrad 0.0000",
            "x2 · w2\\n0.0000\\ngrad 0.5000", "b\\n6.8814\\ngrad 0.5000", "n = Σ x · w + b\\n0.8814\\ngrad 0.5000",
            "tanh n", "o\\n0.7071\\ngrad 1.0000"])
        {
            Assert.Contains($"label=\"{words}\"", dot, StringComparison.Ordinal);
        }
        foreach (string heading in (string[])["inputs", "weights", "products", "sum and bias", "activation", "output"])
            Assert.Contains($"\"{heading}\" [shape=plaintext", dot, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Activation.Linear)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Sigmoid)]
    public void The_gradients_are_those_of_a_backward_pass(Activation activation)
    {
        var neuron = new Neuron(3, new PythonRandom(7), activation);
        Value[] x = [0.5, -2, 1.5];
        var output = neuron.Forward(x);
        output.Backward();
        var parts = NeuronParts.Of(neuron, [0.5, -2, 1.5]);
        Assert.Equal(x.Select(value => value.Grad), parts.Inputs.Select(part => part.Grad));
        Assert.Equal(neuron.Weights.Select(weight => weight.Grad), parts.Weights.Select(part => part.Grad));
        Assert.Equal((neuron.Bias.Grad, output.Data), (parts.Bias.Grad, parts.Output.Data));
    }

    [Fact]
    public void As_many_numbers_as_inputs() =>
        Assert.ThrowsAny<ArgumentException>(() => Graph.Of(new Neuron(2, new PythonRandom(1)), [1], "Neuron"));
}
