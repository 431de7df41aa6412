namespace ChainRule.Scalar;

/// <summary>What a neuron does to its weighted sum.</summary>
public enum Activation
{
    /// <summary>Nothing: y = x.</summary>
    Linear,

    /// <summary>y = tanh x</summary>
    Tanh,

    /// <summary>y = max(x, 0)</summary>
    Relu,

    /// <summary>y = 1 / (1 + e⁻ˣ)</summary>
    Sigmoid,
}
