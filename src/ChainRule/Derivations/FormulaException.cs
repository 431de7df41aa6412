using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Derivations;

/// <summary>
/// A formula that cannot be read, or whose shapes do not fit: the message names line and column, and
/// <see cref="Excerpt"/> shows the line with a caret under the character.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "Without a place there is nothing to be said.")]
public sealed class FormulaException : FormatException
{
    const int Longest = 100, Around = 40;

    readonly string _sentence;

    internal FormulaException(string formulas, int at, string sentence, Exception? why = null)
        : base(sentence, why)
    {
        at = Math.Clamp(at, 0, formulas.Length);
        int start = at == 0 ? 0 : formulas.LastIndexOf('\n', at - 1) + 1, end = formulas.IndexOf('\n', at);
        string line = formulas[start..(end < 0 ? formulas.Length : end)].TrimEnd('\r');
        Line = formulas.AsSpan(0, at).Count('\n') + 1;
        Column = at - start + 1;
        _sentence = Printable.Message($"line {Line}, column {Column}: {sentence}");
        // Of a line that is longer than a page is wide, what stands around the place is enough.
        int place = at - start, first = line.Length > Longest ? Math.Max(0, Math.Min(place, line.Length) - Around) : 0;
        string cut = first > 0 ? "… " : "", shown = Printable.Of(line[first..], Longest);
        Excerpt = $"{cut}{shown}\n{new string(' ', cut.Length + place - first)}^";
    }

    /// <summary>Whether a formula is still to be written, and nothing is wrong.</summary>
    internal bool IsHole { get; init; }

    /// <summary>The line of the text, from 1.</summary>
    public int Line { get; }

    /// <summary>The character of that line, from 1.</summary>
    public int Column { get; }

    /// <summary>The line, and below it a caret under the character.</summary>
    public string Excerpt { get; }

    public override string Message => _sentence;

    public override string ToString() => $"{_sentence}\n{Excerpt}";
}
