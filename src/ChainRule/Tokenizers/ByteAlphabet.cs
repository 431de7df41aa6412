using System.Text;

namespace ChainRule.Tokenizers;

/// <summary>
/// GPT-2's way to write bytes in JSON: each byte as a character that can be seen. Printable characters of Latin-1 stand
/// for themselves, and the other 68 bytes, in their order, for U+0100 and those that follow.
/// </summary>
static class ByteAlphabet
{
    static readonly char[] s_characters = Characters();
    static readonly short[] s_bytes = Bytes();

    /// <summary>Bytes as text.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte one in bytes) text.Append(s_characters[one]);
        return text.ToString();
    }

    /// <summary>The bytes that a text stands for; null where a character stands for no byte.</summary>
    public static byte[]? Parse(string text)
    {
        byte[] bytes = new byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            int one = text[i] < s_bytes.Length ? s_bytes[text[i]] : -1;
            if (one < 0) return null;
            bytes[i] = (byte)one;
        }
        return bytes;
    }

    static char[] Characters()
    {
        char[] characters = new char[256];
        int others = 0;
        for (int i = 0; i < 256; i++)
            characters[i] = i is >= '!' and <= '~' or >= 0xa1 and <= 0xac or >= 0xae ? (char)i : (char)(256 + others++);
        return characters;
    }

    static short[] Bytes()
    {
        short[] bytes = new short[s_characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (short i = 0; i < 256; i++) bytes[s_characters[i]] = i;
        return bytes;
    }
}
