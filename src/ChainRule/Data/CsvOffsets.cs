using System.Text;

namespace ChainRule.Data;

/// <summary>
/// A text whose characters are found again in its file: of each that was read it tells how many bytes stand before it.
/// That holds for encodings that write each character in one way.
/// </summary>
sealed class CsvOffsets : TextReader
{
    readonly Stream _bytes;
    readonly Encoding _encoding;
    readonly Decoder _decoder;
    readonly byte[] _buffer = new byte[1 << 14];

    // What was decoded and not yet asked about, each part with the characters before it.
    readonly Queue<(long Characters, char[] Text)> _parts = new();
    char[] _part = [];
    int _next;
    long _characters, _asked, _byte;
    bool _ended;

    public CsvOffsets(Stream bytes, Encoding encoding, ReadOnlySpan<byte> head)
    {
        (_bytes, _encoding, _decoder) = (bytes, encoding, encoding.GetDecoder());
        if (encoding.Preamble.Length == 0 || !head.StartsWith(encoding.Preamble)) return;
        _byte = encoding.Preamble.Length;
        _bytes.ReadExactly(new byte[_byte]);
    }

    /// <summary>How many characters were taken.</summary>
    public long Taken => _characters - (_part.Length - _next);

    public override int Peek() => _next < _part.Length || Fill() ? _part[_next] : -1;

    public override int Read() => Peek() < 0 ? -1 : _part[_next++];

    public override int Read(Span<char> buffer)
    {
        if (Peek() < 0) return 0;
        int count = Math.Min(buffer.Length, _part.Length - _next);
        _part.AsSpan(_next, count).CopyTo(buffer);
        _next += count;
        return count;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <summary>How many bytes stand before a character; none is asked about that stands before the last one.</summary>
    public long ByteAt(long character)
    {
        while (_parts.TryPeek(out var part))
        {
            long end = part.Characters + part.Text.Length;
            int from = (int)(_asked - part.Characters), to = (int)(Math.Min(character, end) - part.Characters);
            _byte += _encoding.GetByteCount(part.Text, from, to - from);
            _asked += to - from;
            if (character < end) break;
            _parts.Dequeue();
        }
        return _byte;
    }

    bool Fill()
    {
        while (!_ended)
        {
            int count = _bytes.Read(_buffer);
            _ended = count == 0;
            char[] text = new char[_decoder.GetCharCount(_buffer, 0, count, flush: _ended)];
            _decoder.GetChars(_buffer, 0, count, text, 0, flush: _ended);
            if (text.Length == 0) continue;
            _parts.Enqueue((_characters, text));
            _characters += text.Length;
            (_part, _next) = (text, 0);
            return true;
        }
        return false;
    }
}
