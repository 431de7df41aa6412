using ChainRule.Layers;
using ChainRule.Scalar;

namespace ChainRule.Pictures;

/// <summary>
/// A fully connected network as numbers: what it takes in, and its layers. Scalar and tensor networks become the same.
/// </summary>
/// <param name="Values">The example that was fed in; null where the network alone is drawn.</param>
/// <param name="Errors">The gradient of the loss by each input.</param>
sealed record Network(int Inputs, IReadOnlyList<Network.Layer> Layers, double[]? Values = null, double[]? Errors = null)
{
    /// <summary>One layer: a = activation(W·x + b).</summary>
    /// <param name="Weights">[neurons, inputs]</param>
    /// <param name="Biases">One for each neuron; null where the layer has none.</param>
    /// <param name="Sums">z = W·x + b; null where the network alone is drawn.</param>
    /// <param name="Outputs">a; null where the network alone is drawn.</param>
    /// <param name="Errors">∂L/∂a</param>
    /// <param name="SumErrors">∂L/∂z</param>
    internal sealed record Layer(
        string Activation, double[,] Weights, double[]? Biases, double[]? Sums = null, double[]? Outputs = null,
        double[]? Errors = null, double[]? SumErrors = null)
    {
        public int Neurons => Weights.GetLength(0);
    }

    public int Parameters => Layers.Sum(layer => layer.Weights.Length + (layer.Biases?.Length ?? 0));

    /// <summary>Layer by its place: input, hidden 1, hidden 2, …, output.</summary>
    public string NameOf(int layer) =>
        layer < 0 ? "input" : layer == Layers.Count - 1 ? "output" : $"hidden {layer + 1}";

    public static Network Of(Mlp network) =>
        new(network.Layers[0].Neurons[0].Weights.Count, [.. network.Layers.Select(Plain)]);

    public static Network Of(string asked, Sequential network)
    {
        var layers = Stages(asked, network);
        return new(layers[0].Linear.Weight.Shape[1], [.. layers.Select(layer => Plain(layer.Linear, layer.Name))]);
    }

    /// <summary>
    /// The network with one example's outputs, and the gradient of its loss at every neuron. The gradients of
    /// parameters stay as they were.
    /// </summary>
    public static Network Flow(Mlp network, IReadOnlyList<double> example, Func<IReadOnlyList<Value>, Value> loss)
    {
        double[] before = [.. network.Parameters().Select(parameter => parameter.Grad)];
        Value[] inputs = [.. example.Select(number => new Value(number))], signal = inputs;
        var outputs = network.Layers.Select(layer => signal = layer.Forward(signal)).ToList();
        loss(signal).Backward();
        foreach (var (parameter, grad) in network.Parameters().Zip(before)) parameter.Grad = grad;

        var layers = network.Layers.Zip(outputs, (layer, y) => Plain(layer) with
        {
            Sums = [.. y.Zip(layer.Neurons, (value, neuron) => SumOf(neuron, value).Data)],
            Outputs = [.. y.Select(value => value.Data)], Errors = [.. y.Select(value => value.Grad)],
            SumErrors = [.. y.Zip(layer.Neurons, (value, neuron) => SumOf(neuron, value).Grad)],
        });
        return new(inputs.Length, [.. layers], [.. example], [.. inputs.Select(input => input.Grad)]);
    }

    /// <inheritdoc cref="Flow(Mlp, IReadOnlyList{double}, Func{IReadOnlyList{Value}, Value})"/>
    public static Network Flow(string asked, Sequential network, Tensor example, Func<Tensor, Tensor> loss)
    {
        var stages = Stages(asked, network);
        int inputs = stages[0].Linear.Weight.Shape[1];
        if (example.Count != inputs)
            Throw.Argument($"{asked}: the example is {example.Shape} and the network takes {inputs} numbers: give one "
                + "for each input");
        // Detached, parameters take no part in the backward pass.
        Tensor x = example.Detach().Clone().To(stages[0].Linear.Weight.DType).Reshape(1, inputs).RequireGrad(),
            signal = x;
        var sums = new List<(Tensor Z, Tensor A)>();
        foreach (var (linear, functions, _) in stages)
        {
            var z = signal.MatMul(linear.Weight.Detach(), transposeB: true);
            if (linear.Bias is { } bias) z += bias.Detach();
            signal = functions.Aggregate(z, (a, function) => function.Forward(a));
            sums.Add((z, signal));
        }
        loss(signal).Backward();
        var layers = stages.Zip(sums, (stage, sum) => Plain(stage.Linear, stage.Name) with
        {
            Sums = Numbers(sum.Z), Outputs = Numbers(sum.A), Errors = Numbers(sum.A.Grad),
            SumErrors = Numbers(sum.Z.Grad),
        });
        return new(inputs, [.. layers], Numbers(x), Numbers(x.Grad));
    }

    // What stands before the activation function.
    static Value SumOf(Neuron neuron, Value output) =>
        neuron.Activation == Activation.Linear ? output : output.Parents[0];

    static Layer Plain(Scalar.Layer layer)
    {
        double[,] weights = new double[layer.Neurons.Count, layer.Neurons[0].Weights.Count];
        foreach (var (i, neuron) in layer.Neurons.Index())
        {
            foreach (var (j, weight) in neuron.Weights.Index()) weights[i, j] = weight.Data;
        }
        return new(layer.Neurons[0].Activation.ToString(), weights,
            [.. layer.Neurons.Select(neuron => neuron.Bias.Data)]);
    }

    static Layer Plain(Linear linear, string activation)
    {
        double[] flat = Numbers(linear.Weight);
        double[,] weights = new double[linear.Weight.Shape[0], linear.Weight.Shape[1]];
        Buffer.BlockCopy(flat, 0, weights, 0, sizeof(double) * flat.Length);
        return new(activation, weights, linear.Bias is { } bias ? Numbers(bias) : null);
    }

    // A linear layer and the functions behind it are one layer of neurons.
    static List<(Linear Linear, List<Module> Functions, string Name)> Stages(string asked, Sequential network)
    {
        var stages = new List<(Linear Linear, List<Module> Functions)>();
        foreach (var (i, module) in Leaves(network).Index())
        {
            if (module is Linear linear) stages.Add((linear, []));
            else if (stages.Count > 0 && module.StateDict().Count == 0 && module is not Dropout)
                stages[^1].Functions.Add(module);
            else if (module is not (Flatten or Dropout))
                Throw.Argument($"{asked}: layer {i} is {module.GetType().Name}: only Linear layers with activation "
                    + "functions between them are drawn neuron by neuron");
        }
        if (stages.Count == 0) Throw.Argument($"{asked}: there is no Linear layer in it: give at least one");
        return [.. stages.Select(stage => (stage.Linear, stage.Functions,
            stage.Functions.Count == 0 ? "Linear"
                : string.Join(" and ", stage.Functions.Select(function => function.GetType().Name))))];
    }

    static IEnumerable<Module> Leaves(Sequential network) =>
        Enumerable.Range(0, network.Count).Select(i => network[i])
            .SelectMany(module => module is Sequential inner ? Leaves(inner) : [module]);

    static double[] Numbers(Tensor x) => x.Detach().To(DType.Float64).ToArray<double>();
}
