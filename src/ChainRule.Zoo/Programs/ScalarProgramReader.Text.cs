using System.Globalization;
using System.Text;

namespace ChainRule.Zoo.Programs;

// The text, word by word.
sealed partial class ScalarProgramReader
{
    string Word()
    {
        Peek();
        int from = _at;
        if (_at < text.Length && !char.IsLetter(text[_at]) && text[_at] != '_') return "";
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_')) _at++;
        _end = _at;
        return text[from.._at];
    }

    /// <summary>The name that follows a place, as what a function without parentheses was meant of; x if there is
    /// none.</summary>
    string Argument(int at)
    {
        int here = _at;
        _at = at;
        string word = Word();
        _at = here;
        return word.Length > 0 ? Printable.Of(word, 40) : "x";
    }

    int Start()
    {
        Peek();
        return _at;
    }

    /// <summary>The next character that is no blank; \n where a statement ends with its line, \0 at the end.</summary>
    char Peek()
    {
        for (; _at < text.Length; _at++)
        {
            // A comment, as C# or Python begins one.
            if (text[_at] == '#' || text[_at] == '/' && _at + 1 < text.Length && text[_at + 1] == '/')
            {
                while (_at < text.Length && text[_at] != '\n') _at++;
                if (_at == text.Length) return '\0';
            }
            if (text[_at] == '\n' && !_semicolons && _open == 0) return '\n';
            if (!char.IsWhiteSpace(text[_at])) return text[_at];
        }
        return '\0';
    }

    char Take() => text[(_end = ++_at) - 1];

    ScalarProgramException Wrong(string why)
    {
        var before = text.AsSpan(0, Math.Min(_at, text.Length));
        int line = before.Count('\n') + 1, column = _at - (before.LastIndexOf('\n') + 1) + 1;
        string place = text.Contains('\n', StringComparison.Ordinal) ? $"line {line}, character {column}"
            : $"character {column}";
        bool shows = _at < text.Length && text[_at] != '\n';
        return new($"step: {Printable.Of(text.Split('\n')[line - 1].Trim(), 80)}: {place}"
            + $"{(shows ? $", '{Printable.Of(Shown())}'" : "")}: {why}", _at);
    }

    // An emoji is one character to its reader, and two of .NET's.
    string Shown() => Rune.TryGetRuneAt(text, _at, out var rune) ? rune.ToString() : text[_at].ToString();

    double Digits()
    {
        int from = _at;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.')) _at++;
        // 1e-3: a power of ten belongs to the number.
        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            int sign = _at + 1 < text.Length && text[_at + 1] is '+' or '-' ? 2 : 1;
            if (_at + sign < text.Length && char.IsAsciiDigit(text[_at + sign]))
                for (_at += sign; _at < text.Length && char.IsAsciiDigit(text[_at]); _at++) { }
        }
        _end = _at;
        if (double.TryParse(text[from.._at], NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)) return number;
        _at = from;
        throw Wrong(double.IsInfinity(number) ? "this number is too large" : "this is no number");
    }
}
