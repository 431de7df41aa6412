using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Formats;

/// <summary>What a tensor of ONNX holds, by the format's numbers.</summary>
[SuppressMessage("Design", "CA1027",
    Justification = "The numbers are those of the format; no value is a set of others.")]
public enum OnnxElement
{
    /// <summary>Nothing that is known.</summary>
    None = 0,

    /// <summary>32-bit floating point.</summary>
    Float32 = 1,

    /// <summary>Whole numbers from 0 to 255.</summary>
    UInt8 = 2,

    /// <summary>8-bit whole numbers.</summary>
    Int8 = 3,

    /// <summary>16-bit whole numbers from 0.</summary>
    UInt16 = 4,

    /// <summary>16-bit whole numbers.</summary>
    Int16 = 5,

    /// <summary>32-bit whole numbers.</summary>
    Int32 = 6,

    /// <summary>64-bit whole numbers.</summary>
    Int64 = 7,

    /// <summary>Texts.</summary>
    Text = 8,

    /// <summary>True or false.</summary>
    Bool = 9,

    /// <summary>16-bit floating point.</summary>
    Float16 = 10,

    /// <summary>64-bit floating point.</summary>
    Float64 = 11,

    /// <summary>32-bit whole numbers from 0.</summary>
    UInt32 = 12,

    /// <summary>64-bit whole numbers from 0.</summary>
    UInt64 = 13,

    /// <summary>16-bit floating point with the range of float32.</summary>
    BFloat16 = 16,
}
