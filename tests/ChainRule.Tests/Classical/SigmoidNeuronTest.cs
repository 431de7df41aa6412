using ChainRule.Classical;
using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Tests.Classical;

public sealed class SigmoidNeuronTest
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.7310585786300049)]
    [InlineData(2, 0.8807970779778823)]
    [InlineData(-1, 0.2689414213699951)]
    [InlineData(1000, 1)]
    [InlineData(-1000, 0)]
    public void It_squashes_its_weighted_sum(double z, double output)
    {
        Assert.Equal(output, new SigmoidNeuron([z], 0).Output(1), 15);
        Assert.Equal(output, new SigmoidNeuron([1], z).Output(0), 15);
        Assert.All(new SigmoidNeuron([z], 0).Derivatives(1), d => Assert.InRange(d, 0, 0.25));
    }

    [Fact]
    public void Derivatives_are_those_of_central_differences_and_of_the_scalar_engine()
    {
        var rng = new TorchRandom(4);
        for (int trial = 0; trial < 20; trial++)
        {
            double[] w = new double[4], x = new double[4];
            rng.Uniform(w, -2, 2);
            rng.Uniform(x, -2, 2);
            var neuron = new SigmoidNeuron(w, 0.3);
            double[] found = neuron.Derivatives(x);
            for (int j = 0; j < 5; j++)
            {
                double[] change = new double[5];
                change[j] = 1e-5;
                double up = neuron.Changed(change).Output(x);
                change[j] = -1e-5;
                double numeric = (up - neuron.Changed(change).Output(x)) / 2e-5;
                Assert.True(Math.Abs(numeric - found[j]) <= 1e-7 * Math.Max(Math.Abs(numeric), 0.01), $"{j}");
            }
            Value[] weights = [.. w.Select(one => new Value(one))];
            Value bias = new(0.3), sum = bias;
            for (int j = 0; j < 4; j++) sum += weights[j] * x[j];
            var output = sum.Sigmoid();
            output.Backward();
            Close.Equal([.. weights.Select(one => one.Grad), bias.Grad], found, Close.Float64, "scalar engine");
            Assert.Equal(output.Data, neuron.Output(x), 14);
        }
    }

    [Fact]
    public void A_small_change_flips_the_perceptron_and_moves_the_sigmoid_neuron_as_far_as_the_derivatives_say()
    {
        double[] x = [1, 1];
        var smooth = new SigmoidNeuron([2, 3], -5);
        var step = new Perceptron([2, 3], -5);
        var (moved, flipped) = (smooth.Changed(-0.01, 0, 0), new Perceptron([1.99, 3], -5));
        Assert.Equal((1, 0), (step.Output(x), flipped.Output(x)));
        Assert.Equal((1, 0), (smooth.Decision(x), moved.Decision(x)));
        double[] derivatives = smooth.Derivatives(x);
        Assert.Equal(-0.01 * derivatives[0], moved.Output(x) - smooth.Output(x), 6);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Refused.With<ArgumentException>("sigmoid neuron: there are no weights: give one for each input",
            () => _ = new SigmoidNeuron([], 0));
        Refused.With<ArgumentException>("sigmoid neuron: 1 inputs for 2 weights: give one for each",
            () => new SigmoidNeuron([1, 2], 0).Output(1));
        Refused.With<ArgumentException>("sigmoid neuron: 2 changes for 2 weights and a bias: give 3",
            () => new SigmoidNeuron([1, 2], 0).Changed(1, 2));
        Assert.Equal("sigmoid neuron: σ(2 x1 + 3 x2 + -5)", new SigmoidNeuron([2, 3], -5).ToString());
    }

    [Fact]
    public void Sums_beyond_a_double_are_right_in_their_sign_and_inputs_are_finite()
    {
        var neuron = new SigmoidNeuron([1e308, -1e308], 0);
        Assert.Equal((0.5, 1.0, 0.0), (neuron.Output(10, 10), neuron.Output(11, 10), neuron.Output(10, 11)));
        Assert.Equal([0, 0, 0], neuron.Derivatives(11, 10));
        Refused.With<ArgumentException>("sigmoid neuron: input 1 is Infinity: give finite numbers",
            () => neuron.Output(1, double.PositiveInfinity));
    }
}
