using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Scalar;
using Dropout = ChainRule.Layers.Dropout;

namespace ChainRule.Pictures.Tests;

public sealed class NetworkTest
{
    [Fact]
    public void Scalar_and_tensor_networks_of_the_same_numbers_are_the_same()
    {
        var scalar = new Mlp(3, [4, 2], new PythonRandom(1337));
        var (hidden, output) = (new Linear(3, 4, new TorchRandom(1)), new Linear(4, 2, new TorchRandom(2)));
        var tensors = new Sequential(hidden, new Tanh(), output, new Tanh());
        tensors.To(DType.Float64);
        foreach (var (layer, linear) in scalar.Layers.Zip([hidden, output]))
        {
            linear.Weight.CopyInPlace(
                Tensor.From([.. layer.Neurons.SelectMany(neuron => neuron.Weights).Select(weight => weight.Data)],
                    linear.Weight.Shape));
            linear.Bias!.Value.CopyInPlace(Tensor.From([.. layer.Neurons.Select(neuron => neuron.Bias.Data)],
                linear.Bias.Value.Shape));
        }
        Same(Network.Of(scalar), Network.Of("network", tensors));

        // The loss y₁² − 3 y₂ on one example: values and errors agree too.
        Same(Network.Flow(scalar, [0.5, -1, 2], y => y[0].Pow(2) - 3 * y[1]),
            Network.Flow("flow", tensors, Tensor.From(0.5, -1, 2),
                y => y.Select(1, 0).Square().Sum() - 3 * y.Select(1, 1).Sum()));
    }

    [Fact]
    public void The_error_of_a_neuron_is_the_sum_of_what_comes_back_to_it()
    {
        var flow = Network.Flow(new Mlp(3, [5, 4, 1], new PythonRandom(42)), [2, 3, -1], y => (y[0] - 1).Pow(2));
        for (int l = 0; l < flow.Layers.Count; l++)
        {
            var layer = flow.Layers[l];
            double[] errors = l == 0 ? flow.Errors! : flow.Layers[l - 1].Errors!;
            for (int j = 0; j < errors.Length; j++)
                Assert.Equal(errors[j],
                    Enumerable.Range(0, layer.Neurons).Sum(i => layer.SumErrors![i] * layer.Weights[i, j]), 12);
        }
    }

    [Fact]
    public void The_table_of_a_flow_has_all_of_each_neuron()
    {
        var network = new Sequential(new Linear(2, 1, new TorchRandom(1)), new Tanh());
        network.To(DType.Float64);
        ((Linear)network[0]).Weight.CopyInPlace(Tensor.From(new double[,] { { 0.5, -0.25 } }));
        ((Linear)network[0]).Bias!.Value.CopyInPlace(Tensor.From([0.125], [1]));
        var table = Graph.ErrorFlow(network, Tensor.From(1.0, 2), y => 3 * y.Sum(), "F").Tables.Single();
        Assert.Equal(["neuron", "activation", "bias", "weights", "sum", "output", "error", "error of the sum"],
            table.Columns);
        double a = Math.Tanh(0.125);
        Assert.Equal(["output, neuron 1", "Tanh", "0.125", "0.5, −0.25", "0.125", Words.Exact(a), "3",
            Words.Exact(3 * (1 - a * a))], table.Row(0));
    }

    [Fact]
    public void Gradients_of_parameters_stay_as_they_were()
    {
        var scalar = new Mlp(2, [3, 1], new PythonRandom(1));
        foreach (var (i, parameter) in scalar.Parameters().Index()) parameter.Grad = i;
        Network.Flow(scalar, [1, 2], y => y[0]);
        Assert.Equal(Enumerable.Range(0, scalar.Parameters().Count).Select(i => (double)i),
            scalar.Parameters().Select(parameter => parameter.Grad));

        var tensors = new Sequential(new Linear(2, 3, new TorchRandom(1)), new Tanh(),
            new Linear(3, 1, new TorchRandom(1)));
        Network.Flow("flow", tensors, Tensor.From(1f, 2), y => y.Sum());
        Assert.All(tensors.Parameters(), parameter => Assert.False(parameter.HasGrad));
    }

    [Fact]
    public void Layers_are_named_by_their_place_and_by_their_functions()
    {
        var rng = new TorchRandom(1);
        var inner = new Sequential(new Linear(4, 3, rng, bias: false), new Relu());
        var network = Network.Of("network",
            new Sequential(new Flatten(), inner, new Dropout(0.1, rng), new Linear(3, 2, rng)));
        Assert.Equal(["input", "hidden 1", "output"], Enumerable.Range(-1, 3).Select(network.NameOf));
        Assert.Equal(["Relu", "Linear"], network.Layers.Select(layer => layer.Activation));
        Assert.Null(network.Layers[0].Biases);
        Assert.Equal(20, network.Parameters);
    }

    [Fact]
    public void What_cannot_be_drawn_neuron_by_neuron_is_refused()
    {
        var rng = new TorchRandom(1);
        Assert.Equal("network 'N': layer 0 is Embedding: only Linear layers with activation functions between them are "
            + "drawn neuron by neuron",
            Assert.ThrowsAny<ArgumentException>(
                () => Graph.Of(new Sequential(new Embedding(3, 2, rng), new Linear(2, 1, rng)), "N")).Message);
        Assert.Equal("network 'N': there is no Linear layer in it: give at least one",
            Assert.ThrowsAny<ArgumentException>(() => Graph.Of(new Sequential(new Flatten()), "N")).Message);
        Assert.Equal("error flow 'F': the example is [3] and the network takes 2 numbers: give one for each input",
            Assert.ThrowsAny<ArgumentException>(
                () => Graph.ErrorFlow(new Sequential(new Linear(2, 1, rng)), Tensor.Ones([3]), y => y.Sum(), "F"))
                    .Message);
    }

    static void Same(Network a, Network b)
    {
        Near(a.Values, b.Values);
        Near(a.Errors, b.Errors);
        Assert.Equal(a.Layers.Select(layer => layer.Activation), b.Layers.Select(layer => layer.Activation));
        foreach (var (one, other) in a.Layers.Zip(b.Layers))
        {
            Assert.Equal(one.Weights, other.Weights);
            Near(one.Biases, other.Biases);
            Near(one.Sums, other.Sums);
            Near(one.Outputs, other.Outputs);
            Near(one.Errors, other.Errors);
            Near(one.SumErrors, other.SumErrors);
        }
    }

    static void Near(double[]? expected, double[]? actual)
    {
        Assert.Equal(expected?.Length, actual?.Length);
        foreach (var (one, other) in (expected ?? []).Zip(actual ?? [])) Assert.Equal(one, other, 12);
    }
}
