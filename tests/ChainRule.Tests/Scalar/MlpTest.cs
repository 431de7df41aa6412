using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Tests.Scalar;

public class MlpTest
{
    [Fact]
    public void The_lectures_network_has_41_parameters_and_every_one_gets_a_gradient()
    {
        var mlp = new Mlp(3, [4, 4, 1], new PythonRandom(1));
        Assert.Equal(41, mlp.Parameters().Count);
        Assert.All(mlp.Parameters(), p => Assert.InRange(p.Data, -1, 1));
        mlp.Call(2.0, 3.0, -1.0).Backward();
        Assert.All(mlp.Parameters(), p => Assert.NotEqual(0, p.Grad));
        mlp.ZeroGrad();
        Assert.All(mlp.Parameters(), p => Assert.Equal(0, p.Grad));
    }

    [Fact]
    public void The_librarys_network_has_337_parameters_and_draws_no_bias()
    {
        var mlp = new Mlp(2, [16, 16, 1], new PythonRandom(1337), MlpStyle.Library);
        Assert.Equal(337, mlp.Parameters().Count);
        Assert.All(mlp.Layers.SelectMany(layer => layer.Neurons), neuron => Assert.Equal(0, neuron.Bias.Data));
        Assert.Equal([Activation.Relu, Activation.Relu, Activation.Linear],
            mlp.Layers.Select(layer => layer.Neurons[0].Activation));
    }

    [Fact]
    public void Training_on_the_lectures_four_examples_brings_the_loss_down()
    {
        double[][] xs = [[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1], [1, 1, -1]];
        double[] ys = [1, -1, -1, 1];
        var mlp = new Mlp(3, [4, 4, 1], new PythonRandom(42));
        double first = 0, last = 0;
        for (int step = 0; step < 200; step++)
        {
            Value loss = 0;
            for (int i = 0; i < 4; i++) loss += (mlp.Call(Array.ConvertAll(xs[i], x => (Value)x)) - ys[i]).Pow(2);
            mlp.ZeroGrad();
            loss.Backward();
            foreach (var p in mlp.Parameters()) p.Data -= 0.05 * p.Grad;
            if (step == 0) first = loss.Data;
            last = loss.Data;
        }
        Assert.True(first > 1, $"first loss {first}");
        Assert.True(last < 0.02, $"last loss {last}");
    }

    [Fact]
    public void Forgetting_to_zero_the_gradients_adds_the_old_ones_in()
    {
        var mlp = new Mlp(3, [4, 4, 1], new PythonRandom(1));
        mlp.Call(2.0, 3.0, -1.0).Backward();
        double[] once = [.. mlp.Parameters().Select(p => p.Grad)];
        mlp.Call(2.0, 3.0, -1.0).Backward();
        Assert.Equal(once.Select(g => 2 * g), mlp.Parameters().Select(p => p.Grad));
    }

    [Fact]
    public void Several_outputs_come_together()
    {
        var mlp = new Mlp(2, [3, 2], new PythonRandom(1));
        Assert.Equal(2, mlp.Forward(1.0, 2.0).Length);
        Assert.Equal("call: this network has 2 outputs: Forward gives all of them",
            Assert.Throws<InvalidOperationException>(() => mlp.Call(1.0, 2.0)).Message);
    }

    [Fact]
    public void It_prints_its_layers() => Assert.Equal(
        "Mlp of [Layer of [ReluNeuron(2), ReluNeuron(2)], Layer of [LinearNeuron(2)]]",
        new Mlp(2, [2, 1], new PythonRandom(1), MlpStyle.Library).ToString());

    [Fact]
    public void Wrong_sizes_say_what_is_wrong()
    {
        var rng = new PythonRandom(1);
        Says("mlp: there are no layers: give at least one size", () => new Mlp(2, [], rng));
        Says("mlp: a layer of 0 neurons: give 1 to", () => new Mlp(2, [3, 0], rng));
        Says("mlp: 0 inputs: give at least one", () => new Mlp(0, [3], rng));
        Says("neuron: 3 numbers for 2 inputs: give one for each", () => new Mlp(2, [1], rng).Call(1.0, 2.0, 3.0));
    }

    static void Says(string message, Func<object> action) =>
        Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
}
