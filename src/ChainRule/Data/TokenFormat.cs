namespace ChainRule.Data;

/// <summary>How the ids of a <see cref="TokenFile"/> are written: plain whole numbers, one after another, with the
/// smallest byte first.</summary>
public enum TokenFormat
{
    /// <summary>NumPy's uint16, as in the files of nanoGPT: ids of 0 to 65,535.</summary>
    TwoBytes,

    /// <summary>NumPy's uint32: for vocabularies of more than 65,536 tokens.</summary>
    FourBytes,
}
