namespace ChainRule.Derivations;

/// <summary>What explains a wrong gradient.</summary>
public enum Mistake
{
    /// <summary>No single mistake that was tried explains it.</summary>
    Unexplained,

    /// <summary>It is −1 times the gradient, or a term of it is.</summary>
    Sign,

    /// <summary>The factor 1/n of a mean is missing.</summary>
    MissingMean,

    /// <summary>A factor is missing.</summary>
    MissingFactor,

    /// <summary>A factor is there twice, or should not be there.</summary>
    ExtraFactor,

    /// <summary>Divided where it should be multiplied, or the other way round.</summary>
    InvertedFactor,

    /// <summary>n stands for n − 1 in the variance, or the other way round.</summary>
    BiasedVariance,

    /// <summary>A sum over an axis that was broadcast is missing.</summary>
    MissingSum,

    /// <summary>The gradient of a sum is not copied to all numbers that were summed.</summary>
    MissingBroadcast,

    /// <summary>A sum is taken over an axis that the gradient keeps.</summary>
    ExtraSum,

    /// <summary>A sum or mean runs over another axis.</summary>
    WrongAxis,

    /// <summary>A mean stands for a sum, or the other way round.</summary>
    MeanForSum,

    /// <summary>A sum is taken of one factor, and not of the product.</summary>
    SumOfFactor,

    /// <summary>The numbers are right, under another shape: an axis of size 1 too many or too few.</summary>
    KeepDim,

    /// <summary>A matrix is transposed that should not be, or the other way round, or a product is in another order.
    /// </summary>
    Transposed,

    /// <summary>The local derivative of a function was left out.</summary>
    MissingLocalDerivative,

    /// <summary>A local derivative is taken at another place, as 1 − x² for 1 − tanh² x.</summary>
    LocalDerivativeElsewhere,

    /// <summary>The exponent of a power is another.</summary>
    WrongExponent,

    /// <summary>A tensor stands in the formula that should be another.</summary>
    WrongTensor,

    /// <summary>Only some of several uses, or paths to the loss, are counted.</summary>
    MissingUse,

    /// <summary>A use is counted twice, or a term should not be there.</summary>
    ExtraUse,

    /// <summary>= stands where the gradient is accumulated by +=.</summary>
    Overwritten,

    /// <summary>Softmax is gone through as if every output depended on its own input alone, or cross-entropy is not
    /// combined with it.</summary>
    SoftmaxJacobian,

    /// <summary>A mask compares the other way round, or with another number.</summary>
    WrongMask,
}
