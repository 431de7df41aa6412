namespace ChainRule.Tables;

/// <summary>A file in memory, and behind it the pages of one column that were unpacked.</summary>
sealed class ParquetStream(byte[] file) : Stream
{
    readonly MemoryStream _behind = new();

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length + _behind.Length;

    public override long Position { get; set; }

    /// <summary>What stands behind the file; emptied where another column begins.</summary>
    public MemoryStream Behind => _behind;

    public override int Read(Span<byte> buffer)
    {
        if (Position < file.Length)
        {
            int count = (int)Math.Min(buffer.Length, file.Length - Position);
            file.AsSpan((int)Position, count).CopyTo(buffer);
            Position += count;
            return count;
        }
        _behind.Position = Math.Min(Position - file.Length, _behind.Length);
        int read = _behind.Read(buffer);
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset
        + (origin == SeekOrigin.Begin ? 0 : origin == SeekOrigin.Current ? Position : Length);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _behind.Dispose();
        base.Dispose(disposing);
    }
}
