using System.IO.Compression;

namespace ChainRule.Data;

/// <summary>A file or pipe whose beginning is looked at before it is read, un-gzipped where it is gzipped, and of a bounded length.</summary>
sealed class PeekedStream : Stream
{
    readonly Stream _rest;
    readonly byte[] _head;
    readonly long _most;
    long _read;

    PeekedStream(Stream rest, long most)
    {
        (_rest, _most) = (rest, most);
        var head = new byte[TextFile.HeadBytes];
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

    /// <exception cref="RefusedException">It is gzipped, and the gzip is damaged.</exception>
    public static PeekedStream Open(Stream file, long most)
    {
        var plain = new PeekedStream(file, long.MaxValue);
        return plain.Head is [0x1f, 0x8b, ..] ? new(new GZipStream(plain, CompressionMode.Decompress), most) : new(plain, most);
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
        _read += count;
        return _read <= _most ? count : throw new RefusedException($"it goes on after {_most:N0} bytes, the most that is read: give a greater MaxBytes");
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
        if (disposing) _rest.Dispose();
        base.Dispose(disposing);
    }

    static RefusedException Damaged() => new("the gzip around it is damaged: fetch the file again");

    /// <summary>It cannot be read to its end; the message says why, and what would do.</summary>
    public sealed class RefusedException(string says) : Exception(says);
}
