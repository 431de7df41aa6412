using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ChainRule.Cli.Exporting.Source;

/// <summary>Names, numbers and texts as they are written in C#.</summary>
static class SourceText
{
    // Bytes of a line of base64.
    const int LineBytes = 84;

    static readonly HashSet<string> s_keywords =
        ["in", "out", "base", "event", "params", "ref", "string", "object", "decimal", "double", "fixed", "lock",
            "operator", "switch", "this", "value", "ids", "steps", "x", "checked", "class", "default", "else", "if",
            "is"];

    /// <summary>A number with all its digits.</summary>
    public static string Number(double x) => double.IsNaN(x) ? "double.NaN"
        : double.IsPositiveInfinity(x) ? "double.PositiveInfinity"
        : double.IsNegativeInfinity(x) ? "double.NegativeInfinity"
        : x.ToString("R", CultureInfo.InvariantCulture) is var text && text.AsSpan().ContainsAny('.', 'E') ? text
        : $"{text}.0";

    /// <summary>A text between quotes.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
            quoted.Append(c is '"' or '\\' ? $"\\{c}"
                : c is >= ' ' and < (char)127 ? $"{c}" : $"\\u{(int)c:x4}");
        return quoted.Append('"').ToString();
    }

    /// <summary>A list of texts.</summary>
    public static string Quoted(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quoted))}]";

    /// <summary>A name of parts, such as <c>blocks.0.up</c>, as one word: <c>Blocks0Up</c>.</summary>
    public static string Pascal(string name)
    {
        string word = string.Concat(name.Split('.', '_', ' ').Where(part => part.Length > 0)
            .Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
        word = string.Concat(word.Where(char.IsAsciiLetterOrDigit));
        return word.Length == 0 || char.IsAsciiDigit(word[0]) ? $"Layer{word}" : word;
    }

    /// <summary>The same with a small letter first: <c>blocks0Up</c>.</summary>
    public static string Camel(string name)
    {
        string word = Pascal(name);
        word = char.ToLowerInvariant(word[0]) + word[1..];
        return s_keywords.Contains(word) ? $"{word}Numbers" : word;
    }

    /// <summary>Numbers as a field that reads them from base64; float32 where that holds them.</summary>
    public static string Field(string name, Tensor numbers)
    {
        double[] all = numbers.Detach().To(DType.Float64).ToArray<double>();
        bool single = Array.TrueForAll(all, x => ((double)(float)x).Equals(x));
        byte[] bytes = single ? MemoryMarshal.AsBytes(Array.ConvertAll(all, x => (float)x).AsSpan()).ToArray()
            : MemoryMarshal.AsBytes(all.AsSpan()).ToArray();
        var text = new StringBuilder($"    // {numbers.Shape}\n    static readonly double[] {name} = "
            + $"{(single ? "Singles" : "Doubles")}(\"\"\"\n");
        for (int i = 0; i < bytes.Length || i == 0; i += LineBytes)
            text.Append("        ").Append(Convert.ToBase64String(bytes, i, Math.Min(LineBytes, bytes.Length - i)))
                .Append('\n');
        return text.Append("        \"\"\"u8);\n").ToString();
    }

    /// <summary>What reads such fields.</summary>
    public static string Readers(string fields)
    {
        var text = new StringBuilder();
        if (fields.Contains(" Singles(", StringComparison.Ordinal))
            text.Append("""
                    // float32 numbers, 4 bytes each, the lowest first.
                    static double[] Singles(ReadOnlySpan<byte> base64)
                    {
                        byte[] bytes = Bytes(base64);
                        double[] numbers = new double[bytes.Length / 4];
                        for (int i = 0; i < numbers.Length; i++)
                            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i));
                        return numbers;
                    }


                """);
        if (fields.Contains(" Doubles(", StringComparison.Ordinal))
            text.Append("""
                    // float64 numbers, 8 bytes each, the lowest first.
                    static double[] Doubles(ReadOnlySpan<byte> base64)
                    {
                        byte[] bytes = Bytes(base64);
                        double[] numbers = new double[bytes.Length / 8];
                        for (int i = 0; i < numbers.Length; i++)
                            numbers[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 * i));
                        return numbers;
                    }


                """);
        return text.Append("""
                static byte[] Bytes(ReadOnlySpan<byte> base64)
                {
                    byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
                    Base64.DecodeFromUtf8(base64, bytes, out _, out int length);
                    return bytes[..length];
                }

            """).ToString();
    }

    /// <summary>Lines, each a level deeper.</summary>
    public static string Indented(string text) =>
        string.Concat(text.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? "\n" : $"    {line}\n"));
}
