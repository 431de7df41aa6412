using System.Globalization;
using System.Runtime.CompilerServices;

namespace ChainRule.Diagnosing;

/// <summary>An interpolated string whose numbers are written alike in every country.</summary>
[InterpolatedStringHandler]
ref struct EvidenceText(int literalLength, int formattedCount)
{
    DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    public string ToText() => _text.ToStringAndClear();
}
