using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// y = x Wᵀ + b: [inputs] → [outputs] along the last axis, whatever axes stand before it.
/// New weights and biases are uniform within ±1/√inputs: torch's nn.Linear, draw for draw.
/// </summary>
public sealed class Linear : Module
{
    readonly int _inputs, _outputs;

    /// <param name="inputs">How many numbers go in.</param>
    /// <param name="outputs">How many numbers come out.</param>
    /// <param name="rng">Where the first weights are drawn from.</param>
    /// <param name="bias">Whether b is there; before a batch norm it would do nothing.</param>
    public Linear(int inputs, int outputs, RandomSource rng, bool bias = true)
    {
        (_inputs, _outputs) = (inputs, outputs);
        Throw.IfNull(rng, $"Linear({inputs}, {outputs})");
        if (inputs < 1 || outputs < 1)
            Throw.Argument($"Linear({inputs}, {outputs}): sizes must be 1 or more",
                inputs < 1 ? nameof(inputs) : nameof(outputs));
        Weight = Parameter([outputs, inputs]);
        // √5 for the negative slope makes the bound √(2 / (1 + 5)) · √(3 / inputs), which is 1/√inputs rounded
        // the way torch rounds it.
        Init.KaimingUniform(Weight, rng, Nonlinearity.LeakyRelu, Math.Sqrt(5));
        if (!bias) return;
        double bound = 1 / Math.Sqrt(inputs);
        var b = Parameter([outputs]);
        Init.Uniform(b, -bound, bound, rng);
        Bias = b;
    }

    /// <summary>W, [outputs, inputs].</summary>
    public Tensor Weight { get; }

    /// <summary>b, [outputs]; null if there is none.</summary>
    public Tensor? Bias { get; }

    protected override Tensor Compute(Tensor x)
    {
        CheckLastAxis(x, _inputs);
        return Bias is { } b ? x.Linear(Weight, b) : x.MatMul(Weight, transposeB: true);
    }

    /// <summary>With the ReLU behind it, in a prediction.</summary>
    internal Tensor Joined(Tensor x, Tensor bias)
    {
        CheckLastAxis(x, _inputs);
        return x.Linear(Weight, bias, relu: true);
    }

    protected internal override string Describe() =>
        $"Linear({_inputs}, {_outputs}{(Bias is null ? ", bias: false" : "")})";
}
