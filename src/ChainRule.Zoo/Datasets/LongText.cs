using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using ChainRule.Data;

namespace ChainRule.Zoo.Datasets;

/// <summary>
/// One text in several files, one behind the other, which is read and not held: UTF-8, or UTF-16 and UTF-32 by their
/// marks, with every line end as one line feed. What is no text is refused with its place.
/// </summary>
sealed class LongText : TextReader
{
    const int Block = 1 << 16;

    readonly string _asked;
    readonly IReadOnlyList<(string Path, string Name)> _files;
    readonly byte[] _bytes = new byte[Block];
    readonly char[] _decoded = new char[Block + 1];
    readonly CancellationToken _cancel;

    Stream? _file;

    // Null where the file is UTF-8.
    Decoder? _decoder;
    string _encodingName = "";
    int _nextFile, _kept, _from, _to;
    long _byte, _line;
    bool _ended, _afterReturn;

    /// <param name="asked">What a refusal begins with.</param>
    /// <param name="files">The files, and what a refusal calls each.</param>
    /// <param name="cancel">Ends reading.</param>
    public LongText(string asked, IReadOnlyList<(string Path, string Name)> files, CancellationToken cancel) =>
        (_asked, _files, _cancel) = (asked, files, cancel);

    /// <summary>How many characters (code points) were given.</summary>
    public long Characters { get; private set; }

    /// <summary>Before how many characters the text ends for now.</summary>
    public long End { get; set; } = long.MaxValue;

    /// <summary>What the file is called that the last character was of.</summary>
    public string Name => Printable.Path(_files[Math.Max(0, _nextFile - 1)].Name);

    /// <summary>The line of that file that the next character stands in.</summary>
    public long Line => _line + _decoded.AsSpan(0, _from).Count('\n');

    public override int Peek() => Characters < End && Fill() ? _decoded[_from] : -1;

    public override int Read()
    {
        char[] one = new char[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int ReadBlock(char[] buffer, int index, int count) => ReadBlock(buffer.AsSpan(index, count));

    public override int ReadBlock(Span<char> buffer)
    {
        int count = 0;
        while (count < buffer.Length && Read(buffer[count..]) is var some and > 0) count += some;
        return count;
    }

    public override int Read(Span<char> buffer)
    {
        if (buffer.IsEmpty || !Fill()) return 0;
        int count = Math.Min(buffer.Length, _to - _from), given = 0;
        for (; given < count; given++)
        {
            // The second half of a pair belongs to the character before.
            bool begins = !char.IsLowSurrogate(_decoded[_from + given]);
            if (begins && Characters == End) break;
            if (begins) Characters++;
        }
        _decoded.AsSpan(_from, given).CopyTo(buffer);
        _from += given;
        return given;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _file?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Whether there is a character; decodes the next block where the last one was given.</summary>
    bool Fill()
    {
        while (_from == _to)
        {
            _cancel.ThrowIfCancellationRequested();
            if (_file is null && !Open()) return false;
            _line += _decoded.AsSpan(0, _to).Count('\n');
            (_from, _to) = (0, 0);
            // The first block was read when the file was opened.
            bool full = _kept == Block;
            int count = full ? 0 : ReadMore();
            _ended = !full && count == 0;
            var some = _bytes.AsSpan(0, _kept + count);
            _to = _decoder is null ? DecodeUtf8(some) : Decode(_decoder, some);
            _to = WithLineFeeds(_to);
            Check();
            if (!_ended) continue;
            _file!.Dispose();
            _file = null;
        }
        return true;
    }

    int ReadMore()
    {
        try
        {
            return _file!.ReadAtLeast(_bytes.AsSpan(_kept), _bytes.Length - _kept, throwOnEndOfStream: false);
        }
        catch (IOException e)
        {
            Files.Refuse($"{_asked}: '{Name}' cannot be read", _files[_nextFile - 1].Path, e);
            return 0;
        }
    }

    bool Open()
    {
        if (_nextFile == _files.Count) return false;
        string path = _files[_nextFile++].Path;
        _file = Files.OpenAny(_asked, path);
        _decoded.AsSpan().Clear();
        (_from, _to, _kept, _byte, _line, _ended, _afterReturn) = (0, 0, 0, 0, 1, false, false);
        _kept = ReadMore();
        var head = _bytes.AsSpan(0, _kept);
        TextFile.CheckText($"{_asked}: '{Name}'", head);
        var encoding = TextFile.Detect(head);
        int mark = head.StartsWith(encoding.Preamble) ? encoding.Preamble.Length : 0;
        head[mark..].CopyTo(_bytes);
        (_byte, _kept) = (mark, _kept - mark);
        (_decoder, _encodingName) = (encoding is UTF8Encoding ? null : encoding.GetDecoder(), encoding.WebName);
        return true;
    }

    int DecodeUtf8(Span<byte> bytes)
    {
        var status = Utf8.ToUtf16(bytes, _decoded, out int read, out int written, replaceInvalidSequences: false,
            isFinalBlock: _ended);
        if (status == OperationStatus.InvalidData)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{_asked}: '{Name}': line "
                + $"{_line + _decoded.AsSpan(0, written).Count('\n'):N0}, byte {_byte + read:N0} is no UTF-8: save "
                + $"the file as UTF-8, such as with iconv -f WINDOWS-1252 -t UTF-8"));
        bytes[read..].CopyTo(_bytes);
        (_byte, _kept) = (_byte + read, bytes.Length - read);
        return written;
    }

    int Decode(Decoder decoder, Span<byte> bytes)
    {
        _kept = 0;
        try
        {
            return decoder.GetChars(bytes, _decoded, flush: _ended);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"{_asked}: '{Name}' is no sound {_encodingName}, as its beginning says: "
                + "save it as UTF-8", e);
        }
    }

    // A return at the end of a block is given at once, as a line feed; a line feed behind it belongs to it.
    int WithLineFeeds(int count)
    {
        int made = 0;
        for (int i = 0; i < count; i++)
        {
            char c = _decoded[i];
            bool second = c == '\n' && _afterReturn;
            _afterReturn = c == '\r';
            if (!second) _decoded[made++] = c == '\r' ? '\n' : c;
        }
        return made;
    }

    void Check()
    {
        var text = _decoded.AsSpan(0, _to);
        if (text.IndexOfAny('\0', '\uFFFD') is not (>= 0 and var at)) return;
        string line = (_line + text[..at].Count('\n')).ToString("N0", CultureInfo.InvariantCulture);
        throw new InvalidDataException(text[at] == '\0'
            ? $"{_asked}: '{Name}', line {line} holds U+0000, which no text holds: give a text file"
            : $"{_asked}: '{Name}', line {line} holds U+FFFD, where a conversion lost a character: give the text as it "
                + "was before");
    }
}
