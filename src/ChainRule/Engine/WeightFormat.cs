namespace ChainRule;

/// <summary>
/// How weights are stored: tensors of two or more axes; biases, scales of norms and statistics stay as they are.
/// </summary>
public enum WeightFormat
{
    /// <summary>As they are: 4 bytes each.</summary>
    Float32,

    /// <summary>Half precision (IEEE 754), 2 bytes: 11 bits, from 6 · 10⁻⁸ to 65,504; larger is refused.</summary>
    Float16,

    /// <summary>The upper half of a float32, 2 bytes: 8 bits, at any size that float32 has.</summary>
    BFloat16,

    /// <summary>
    /// Whole numbers from −127 to 127, 1 byte, with a scale for each row of the first axis, which is an output's in
    /// linear layers and convolutions: scale = max |w| / 127.
    /// </summary>
    Int8,
}
