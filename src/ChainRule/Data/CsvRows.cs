using System.Text;

namespace ChainRule.Data;

/// <summary>
/// The rows of a CSV text (RFC 4180): fields between separators, quoted by " where they hold a separator, a line end or
/// a doubled quote. Lines end in LF, CR LF or CR, mixed as they may be; within a field each is LF. Spaces around a
/// field, and lines without anything, do not count.
/// </summary>
sealed class CsvRows(TextReader text, char separator, int buffer = CsvRows.UsualBuffer)
{
    // A quote that is never closed swallows the rest of a file; no real row is this long.
    const int LongestRow = 1 << 24;

    const int UsualBuffer = 1 << 15;

    const int End = -1;

    // Fields repeat: one string for all that are alike, as long as they are short and not too many.
    const int PooledLength = 24, PooledStrings = 1 << 16;

    readonly char[] _buffer = new char[buffer];
    readonly StringBuilder _field = new();
    readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _pool =
        new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    int _at, _end, _length;
    bool _quoted;
    long _line = 1, _before;

    /// <summary>The fields of the row that was read.</summary>
    public List<string> Fields { get; } = [];

    /// <summary>The line in which that row begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>How many characters stand before that row.</summary>
    public long Start { get; private set; }

    /// <summary>Reads the next row; false where there is none.</summary>
    /// <exception cref="FormatException">A quote stands astray in the row, or it is longer than any row.</exception>
    public bool Read()
    {
        do
        {
            if (Peek() == End) return false;
            Fields.Clear();
            (Line, Start, _length) = (_line, _before + _at, 0);
            while (ReadField())
            {
            }
        }
        while (Fields is [{ Length: 0 }] && !_quoted);
        return true;
    }

    /// <summary>Reads a field; false where the row ends with it.</summary>
    bool ReadField()
    {
        SkipBlanks();
        // Blanks before the end of a line separate it from nothing.
        if (separator == ' ' && Fields.Count > 0 && IsLineEnd(Peek())) return EndField();
        _field.Clear();
        _quoted = Peek() == '"';
        if (_quoted) ReadQuoted();
        else
        {
            for (int c = Peek(); !IsLineEnd(c) && !IsSeparator(c); c = Peek())
            {
                if (c == '"')
                    Refuse("a quote stands inside an unquoted field: put the whole field in quotes, and double the "
                        + "quote inside");
                Append((char)Next());
            }
            while (_field.Length > 0 && IsBlank(_field[^1])) _field.Length--;
        }
        Fields.Add(Pooled());
        return EndField();
    }

    void ReadQuoted()
    {
        Next();
        while (true)
        {
            int c = Next();
            if (c == End) Refuse("a quote is never closed: close it, or double it if it is part of the text");
            if (c != '"') Append((char)c);
            else if (Peek() == '"') Append((char)Next());
            else break;
        }
        SkipBlanks();
        if (separator != ' ' && !IsLineEnd(Peek()) && !IsSeparator(Peek()))
            Refuse("text follows a closed quote: double the quotes inside a field, and put the whole field "
            + "in quotes");
    }

    bool EndField()
    {
        int c = Peek();
        if (c == End) return false;
        if (c == '\n')
        {
            Next();
            return false;
        }
        if (separator != ' ') Next();
        return true;
    }

    bool IsSeparator(int c) => separator == ' ' ? c is ' ' or '\t' : c == separator;

    bool IsBlank(int c) => c is ' ' or '\t' or '\u00a0' && c != separator;

    static bool IsLineEnd(int c) => c is '\n' or End;

    void SkipBlanks()
    {
        while (separator == ' ' ? Peek() is ' ' or '\t' : IsBlank(Peek())) Next();
    }

    void Append(char c)
    {
        if (++_length > LongestRow)
            Refuse($"a row has more than {LongestRow:N0} characters: a quote may be never closed");
        _field.Append(c);
    }

    string Pooled()
    {
        if (_field.Length > PooledLength) return _field.ToString();
        Span<char> text = stackalloc char[PooledLength];
        text = text[.._field.Length];
        _field.CopyTo(0, text, text.Length);
        if (_pool.TryGetValue(text, out string? known)) return known;
        string field = text.ToString();
        if (_pool.Set.Count < PooledStrings) _pool.Set.Add(field);
        return field;
    }

    /// <summary>The next character, whose line end is always LF, without taking it.</summary>
    int Peek()
    {
        if (_at == _end && !Fill()) return End;
        return _buffer[_at] is '\r' ? '\n' : _buffer[_at];
    }

    int Next()
    {
        int c = Peek();
        if (c == End) return End;
        bool cr = _buffer[_at++] == '\r';
        if (cr && (_at < _end || Fill()) && _buffer[_at] == '\n') _at++;
        if (c == '\n') _line++;
        return c;
    }

    bool Fill()
    {
        _before += _end;
        (_at, _end) = (0, text.Read(_buffer));
        return _end > 0;
    }

    static void Refuse(string says) => throw new FormatException(says);
}
