using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;

namespace ChainRule.Data;

/// <summary>
/// A file or pipe whose beginning is looked at before it is read, un-gzipped where it is gzipped, and
/// of a bounded length.
/// </summary>
sealed class PeekedStream : Stream
{
    /// <summary>What is said of a gzip that does not unpack to its end, or to what its checksum says.</summary>
    public const string Damage = "the gzip around it is damaged: fetch the file again";

    // What a gzip and each further part of one begins with.
    static readonly byte[] s_member = [0x1f, 0x8b, 0x08];

    readonly Stream _rest;
    readonly byte[] _head;
    readonly long _most;
    readonly bool _leaveOpen;
    [SuppressMessage("Usage", "CA2213", Justification = "The stream that un-gzips it disposes of it.")]
    PeekedStream? _zipped;
    long _read;
    uint _tail;
    bool _manyMembers;

    PeekedStream(Stream rest, long most, bool leaveOpen = false)
    {
        (_rest, _most, _leaveOpen) = (rest, most, leaveOpen);
        byte[] head = new byte[TextFile.HeadBytes];
        int count;
        try
        {
            count = rest.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
        _head = head[..count];
        IsWhole = count < head.Length;
    }

    /// <summary>The beginning; all there is where <see cref="IsWhole"/>.</summary>
    public ReadOnlySpan<byte> Head => _head;

    public bool IsWhole { get; }

    /// <summary>Whether it is un-gzipped as it is read.</summary>
    public bool IsZipped => _zipped is not null;

    /// <exception cref="RefusedException">It is gzipped, and the gzip is damaged.</exception>
    public static PeekedStream Open(Stream file, long most, bool leaveOpen = false)
    {
        var plain = new PeekedStream(file, long.MaxValue, leaveOpen);
        if (plain.Head is not [0x1f, 0x8b, ..]) return new(plain, most);
        var content = new PeekedStream(new GZipStream(plain, CompressionMode.Decompress), most) { _zipped = plain };
        return content.IsWhole && !plain.EndsWith(content._head.Length) ? throw Damaged() : content;
    }

    public override int Read(Span<byte> buffer)
    {
        int count = _read < _head.Length ? Math.Min(buffer.Length, _head.Length - (int)_read) : 0;
        if (count > 0) _head.AsSpan((int)_read, count).CopyTo(buffer);
        else if (!IsWhole)
        {
            try
            {
                count = _rest.Read(buffer);
            }
            catch (InvalidDataException)
            {
                throw Damaged();
            }
        }
        Remember(buffer[..count]);
        _read += count;
        if (count == 0 && !buffer.IsEmpty && _zipped?.EndsWith(_read) == false) throw Damaged();
        return _read <= _most ? count
            : throw new RefusedException(
                $"it goes on after {_most:N0} bytes, the most that is read", new(CsvRemedyKind.MaxBytes));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_leaveOpen) _rest.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>
    /// Reads a gzip to its end, and says whether it is damaged; false where it is sound, is too long to
    /// tell, or is none.
    /// </summary>
    public bool IsDamaged()
    {
        if (_zipped is null) return false;
        byte[] rest = new byte[TextFile.HeadBytes];
        try
        {
            while (Read(rest) > 0)
            {
            }
            return false;
        }
        catch (RefusedException e)
        {
            return e.Message == Damage;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Keeps the last bytes that were read, and whether another part began among them.</summary>
    void Remember(ReadOnlySpan<byte> bytes)
    {
        if (_read > 0 && bytes.IndexOf(s_member) >= 0 || bytes.Length > 1 && bytes[1..].IndexOf(s_member) >= 0)
            _manyMembers = true;
        for (int i = Math.Max(0, bytes.Length - sizeof(uint)); i < bytes.Length; i++)
            _tail = _tail >> 8 | (uint)bytes[i] << 24;
    }

    /// <summary>
    /// Whether a gzip ends as one of this many bytes does: in its last four stands how many they are. .NET takes a gzip
    /// that was cut off for a shorter one. Of a gzip of many parts it is only the last part's, and tells nothing.
    /// </summary>
    bool EndsWith(long bytes) => _manyMembers || _tail == (uint)bytes;

    static RefusedException Damaged() => new(Damage);

    /// <summary>It cannot be read to its end; the message says why.</summary>
    public sealed class RefusedException(string says, CsvRemedy? remedy = null) : Exception(says)
    {
        /// <summary>Says so of who asks, and what would do.</summary>
        [DoesNotReturn]
        public void Refuse(string asked)
        {
            if (remedy is { } would) CsvException.Refuse($"{asked}: {Message}: {would}");
            Throw.Data($"{asked}: {Message}");
        }
    }
}
