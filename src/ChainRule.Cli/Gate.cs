using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace ChainRule.Cli;

/// <summary>
/// The way out for all that the tool says. What comes from a file cannot steer the terminal: control characters are
/// written as their numbers. And when nobody reads any more, as behind <c>| head</c>, writing ends in
/// <see cref="NobodyReadsException"/>; .NET's own console would swallow that and write on for ever.
/// </summary>
sealed class Gate : TextWriter
{
    [SuppressMessage("Usage", "CA2213", Justification = "The standard output stays open as long as the process lives.")]
    readonly Stream _to;
    readonly char[] _half = new char[1];
    bool _waiting;

    Gate(Stream to) => _to = to;

    public override Encoding Encoding { get; } = new UTF8Encoding(false);

    /// <summary>
    /// Puts gates before the standard output and the standard error. What Spectre draws on a terminal is its own, and
    /// goes out as before.
    /// </summary>
    public static void SetUp()
    {
        if (!Console.IsOutputRedirected) _ = Spectre.Console.AnsiConsole.Profile;
        Console.SetOut(new Gate(Out(1, Console.OpenStandardOutput)));
        Console.SetError(new Gate(Out(2, Console.OpenStandardError)));
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        string text = _waiting ? _half[0] + value : value;
        // Of a character or a line end that comes in two halves, the first waits for the other.
        _waiting = char.IsHighSurrogate(text[^1]) || text[^1] == '\r';
        if (_waiting)
        {
            _half[0] = text[^1];
            text = text[..^1];
        }
        // CR LF ends a line, on Windows and in models of texts from there, and steers nothing.
        text = Printable.Block(text.Replace("\r\n", "\n", StringComparison.Ordinal));
        if (OperatingSystem.IsWindows()) text = text.Replace("\n", "\r\n", StringComparison.Ordinal);
        if (text.Length > 0) _to.Write(Encoding.GetBytes(text));
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    static Stream Out(int descriptor, Func<Stream> console) =>
        OperatingSystem.IsWindows() ? console() : new DescriptorStream(descriptor);

    /// <summary>Writes to a file descriptor, by the system's own call.</summary>
    sealed class DescriptorStream(int descriptor) : Stream
    {
        const int Interrupted = 4, AgainOnLinux = 11, AgainOnMac = 35;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set =>
            throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count)
        {
            while (count > 0)
            {
                nint written = SystemWrite(descriptor, ref buffer[offset], count);
                if (written >= 0)
                {
                    offset += (int)written;
                    count -= (int)written;
                    continue;
                }
                int why = Marshal.GetLastPInvokeError();
                if (why == Interrupted) continue;
                if (why is not (AgainOnLinux or AgainOnMac)) throw new NobodyReadsException();
                Thread.Sleep(1);
            }
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        [DllImport("libc", EntryPoint = "write", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        static extern nint SystemWrite(int descriptor, ref byte first, nint count);
    }
}

/// <summary>Nobody reads the output any more: the reader of a pipe has gone, or the terminal is closed.</summary>
sealed class NobodyReadsException : Exception;
