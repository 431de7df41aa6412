namespace ChainRule;

/// <summary>The number type of a tensor.</summary>
public enum DType
{
    /// <summary>32-bit IEEE 754 (float): for training.</summary>
    Float32,

    /// <summary>64-bit IEEE 754 (double): for gradient checks.</summary>
    Float64,
}
