using ChainRule.Explaining;
using ChainRule.Scalar;
using ChainRule.Zoo.Programs;

namespace ChainRule.Cli;

/// <summary>The small programs that <c>chainrule step</c> knows by name.</summary>
static class StepPrograms
{
    /// <summary>Each by its name, what it is, and its backward pass.</summary>
    public static IReadOnlyList<(string Name, string Summary, Func<BackpropWalk> Walk)> All { get; } =
    [
        ("neuron", "the neuron of the lecture: o = tanh(x1 w1 + x2 w2 + b)", Neuron),
        ("expression", "the lecture's first expression: L = (a b + c) f", Expression),
        ("network", "a tiny network: two inputs, three hidden tanh units, one output, two examples", Network),
        ("simple-gradient", "one layer and one example: Y = W X, and the squared error to a target", SimpleGradient),
    ];

    /// <summary>The backward pass of a formula.</summary>
    public static BackpropWalk Formula(string text, IReadOnlyDictionary<string, double> given) =>
        ScalarProgram.Read(text, given).Steps();

    // Both are those of the lecture, in the engine of its numbers.
    static BackpropWalk Neuron()
    {
        Value x1 = new(2, "x1"), x2 = new(0, "x2"), w1 = new(-3, "w1"), w2 = new(1, "w2"), b = new(6.8813735870195432,
            "b");
        var sum = ((x1 * w1).Named("x1w1") + (x2 * w2).Named("x2w2")).Named("x1w1 + x2w2");
        return Backprop.Steps((sum + b).Named("n").Tanh().Named("o"));
    }

    static BackpropWalk Expression()
    {
        Value a = new(2, "a"), b = new(-3, "b"), c = new(10, "c"), f = new(-2, "f");
        return Backprop.Steps((((a * b).Named("e") + c).Named("d") * f).Named("L"));
    }

    static BackpropWalk Network()
    {
        Tensor x = Tensor.From([1.0, -0.5, 0.25, 2], [2, 2]), target = Tensor.From([1.0, -1], [2, 1]),
            w1 = Tensor.From([0.5, -0.25, 0.75, 0.1, 0.6, -0.4], [2, 3]).RequireGrad(),
            b1 = Tensor.From([0.1, 0.0, -0.1]).RequireGrad(),
            w2 = Tensor.From([0.8, -0.5, 0.3], [3, 1]).RequireGrad(), b2 = Tensor.From([0.2]).RequireGrad();
        Tensor before = x.MatMul(w1), sum = before + b1, hidden = sum.Tanh(), second = hidden.MatMul(w2),
            y = second + b2, error = y - target, squares = error.Square(), loss = squares.Mean();
        return Backprop.Steps(loss, new() { Names = new Dictionary<string, Tensor>
        {
            ["x"] = x, ["target"] = target, ["W1"] = w1, ["b1"] = b1, ["W2"] = w2, ["b2"] = b2, ["x W1"] = before,
            ["z"] = sum, ["h"] = hidden, ["h W2"] = second, ["y"] = y, ["error"] = error, ["error²"] = squares,
        } });
    }

    static BackpropWalk SimpleGradient()
    {
        Tensor x = Tensor.From([1.0, -2, 0.5], [3, 1]), target = Tensor.From([4.0, -1], [2, 1]),
            w = Tensor.Zeros([2, 3], DType.Float64).RequireGrad();
        Tensor y = w.MatMul(x), error = y - target, squares = error.Square(), loss = squares.Sum();
        return Backprop.Steps(loss, new() { Names = new Dictionary<string, Tensor>
            { ["X"] = x, ["target"] = target, ["W"] = w, ["Y"] = y, ["error"] = error, ["error²"] = squares } });
    }
}
