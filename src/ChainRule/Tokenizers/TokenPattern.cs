namespace ChainRule.Tokenizers;

/// <summary>
/// Where a text is cut into pieces before its bytes are merged: no token reaches over the end of a piece. Each is known
/// by the model that brought it.
/// </summary>
public enum TokenPattern
{
    /// <summary>GPT-2, r50k_base: a word, a number or other signs, each with the space before it.</summary>
    Gpt2,

    /// <summary>GPT-4, cl100k_base: numbers of three digits, a word with any one sign before it, signs with the line
    /// ends behind them.</summary>
    Cl100k,

    /// <summary>Llama 3: as <see cref="Cl100k"/>, but spaces at the end of a text are apart from the line ends before
    /// them.</summary>
    Llama3,

    /// <summary>Qwen 2: as <see cref="Llama3"/>, with each digit by itself.</summary>
    Qwen2,

    /// <summary>GPT-4o, o200k_base: a word ends before a capital letter that follows a small one, and an ending such as
    /// 's belongs to its word.</summary>
    O200k,
}
