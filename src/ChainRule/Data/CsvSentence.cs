using System.Globalization;
using System.Runtime.CompilerServices;

namespace ChainRule.Data;

/// <summary>A sentence of text and remedies, written as an interpolated string.</summary>
[InterpolatedStringHandler]
readonly ref struct CsvSentence(int literals, int holes)
{
    /// <summary>Its parts: text, and each <see cref="CsvRemedy"/> as it is.</summary>
    public List<object> Parts { get; } = new(literals > 0 ? 2 * holes + 1 : holes);

    public void AppendLiteral(string text) => Parts.Add(text);

    public void AppendFormatted(CsvRemedy remedy) => Parts.Add(remedy);

    public void AppendFormatted<T>(T value, string? format = null) => Parts.Add(value is IFormattable number
        ? number.ToString(format, CultureInfo.InvariantCulture) : value?.ToString() ?? "");
}
