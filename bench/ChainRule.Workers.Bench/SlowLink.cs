using System.Diagnostics;
using System.Runtime.InteropServices;
using ChainRule.Distributed;

namespace ChainRule.Workers.Bench;

/// <summary>
/// A transport made as slow as a network: a message is there no earlier than α after its last byte has gone over a link
/// of β bytes a second, which carries one message of this worker after another. Before each message goes the time of
/// its arrival, by the clock that all processes of a machine share.
/// </summary>
sealed unsafe class SlowLink(Transport inner, Link link) : Transport
{
    readonly List<Message> _messages = [];
    readonly Stack<int> _unused = new();
    long _free;

    public override int Rank => inner.Rank;

    public override int Size => inner.Size;

    public override string Name => $"{inner.Name} as slow as {link.Name}";

    public override int Send(int to, int tag, byte* data, int bytes)
    {
        var (number, message) = Take();
        _free = Math.Max(_free, Stopwatch.GetTimestamp()) + Ticks(bytes / link.Rate);
        *message.Time = _free + Ticks(link.Latency);
        message.Due = _free;
        message.First = inner.Send(to, tag, (byte*)message.Time, sizeof(long));
        message.Second = inner.Send(to, tag, data, bytes);
        BytesSent += bytes;
        return number;
    }

    public override int Receive(int from, int tag, byte* data, int bytes)
    {
        var (number, message) = Take();
        message.Due = null;
        message.First = inner.Receive(from, tag, (byte*)message.Time, sizeof(long));
        message.Second = inner.Receive(from, tag, data, bytes);
        return number;
    }

    public override bool IsDone(int request)
    {
        var message = _messages[request];
        if (message.First >= 0 && inner.IsDone(message.First)) message.First = -1;
        if (message.Second >= 0 && inner.IsDone(message.Second)) message.Second = -1;
        if (message.First >= 0 || message.Second >= 0 || Stopwatch.GetTimestamp() < (message.Due ?? *message.Time))
            return false;
        _unused.Push(request);
        return true;
    }

    public override void Pause(int times) => inner.Pause(times);

    public override void Fail(string sentence) => inner.Fail(sentence);

    public override void Dispose()
    {
        inner.Dispose();
        foreach (var message in _messages) NativeMemory.Free(message.Time);
        _messages.Clear();
    }

    static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    (int Number, Message Message) Take()
    {
        if (!_unused.TryPop(out int number))
        {
            number = _messages.Count;
            _messages.Add(new());
        }
        return (number, _messages[number]);
    }

    sealed class Message
    {
        // Where no garbage collector moves it.
        public long* Time { get; } = (long*)NativeMemory.Alloc(sizeof(long));

        public long? Due { get; set; }

        public int First { get; set; }

        public int Second { get; set; }
    }
}
