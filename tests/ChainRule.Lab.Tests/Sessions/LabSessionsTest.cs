using System.Runtime.CompilerServices;
using System.Text;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Tests.Sessions;

public sealed class LabSessionsTest
{
    readonly Clock _clock = new();
    readonly List<Session> _made = [];

    [Fact]
    public void A_session_that_nobody_asks_ends()
    {
        using var sessions = Sessions();
        string id = Opened(sessions);
        _clock.Now += TimeSpan.FromMinutes(9);
        Assert.NotNull(sessions.Answer(id, "{}"u8));
        _clock.Now += TimeSpan.FromMinutes(9);
        sessions.EndIdle();
        Assert.Equal(1, sessions.Count);
        _clock.Now += TimeSpan.FromMinutes(2);
        sessions.EndIdle();
        Assert.Equal(0, sessions.Count);
        Assert.True(_made[0].Ended);
        Assert.Null(sessions.Answer(id, "{}"u8));
    }

    [Fact]
    public async Task Who_reads_events_keeps_the_session()
    {
        using var sessions = Sessions();
        string id = Opened(sessions);
        await foreach (string text in sessions.Events(id, default)!)
        {
            Assert.Equal("{}", text);
            _clock.Now += TimeSpan.FromHours(1);
            sessions.EndIdle();
            Assert.Equal(1, sessions.Count);
        }
    }

    [Fact]
    public void More_sessions_than_may_be_are_refused()
    {
        using var sessions = Sessions();
        for (int i = 0; i < 3; i++) Opened(sessions);
        Assert.Contains("the lab has 3 sessions, which are all that it may have", Refused(sessions),
            StringComparison.Ordinal);
    }

    [Fact]
    public void More_memory_than_may_be_is_refused()
    {
        using var sessions = Sessions();
        Opened(sessions);
        _made[0].Held = 3 << 20;
        Assert.Equal("open: the lab's sessions hold 3 MiB, and may hold 1: close other tabs", Refused(sessions));
    }

    [Fact]
    public void What_a_session_throws_is_said_and_harms_nobody()
    {
        using var sessions = Sessions();
        string id = Opened(sessions);
        _made[0].Fault = new ArgumentException("one sentence");
        Assert.Contains("one sentence", Text(sessions.Answer(id, "{}"u8)!), StringComparison.Ordinal);
        _made[0].Fault = null;
        Assert.DoesNotContain("refused", Text(sessions.Answer(id, "{}"u8)!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"room":"cellar"}""", "open: there is no room 'cellar': choose one of attic")]
    [InlineData("x", "open: there is no room '': choose one of attic")]
    public void A_room_that_is_not_there_is_refused(string request, string sentence)
    {
        using var sessions = Sessions();
        Assert.Contains(sentence, Text(sessions.Open(Encoding.UTF8.GetBytes(request))).Replace("\\u0027", "'",
            StringComparison.Ordinal), StringComparison.Ordinal);
    }

    LabSessions Sessions() => new([new("attic", "Attic", _ =>
    {
        _made.Add(new());
        return _made[^1];
    })], new(), new() { Sessions = 3, Memory = 1 << 20 }, _clock);

    static string Opened(LabSessions sessions)
    {
        var (json, _) = LabReply.Read(sessions.Open("""{"room":"attic"}"""u8));
        return System.Text.Json.JsonSerializer.Deserialize(json.Span, LabJson.Default.OpenAnswer)!.Session;
    }

    static string Refused(LabSessions sessions)
    {
        var (json, _) = LabReply.Read(sessions.Open("""{"room":"attic"}"""u8));
        return System.Text.Json.JsonSerializer.Deserialize(json.Span, LabJson.Default.RefusedAnswer)!.Refused;
    }

    static string Text(byte[] reply) => Encoding.UTF8.GetString(LabReply.Read(reply).Json.Span);

    sealed class Session : LabSession
    {
        public long Held { get; set; }

        public bool Ended { get; private set; }

        public Exception? Fault { get; set; }

        public override long Memory => Held;

        public override byte[] Answer(ReadOnlySpan<byte> request) => Fault is null
            ? LabReply.Of(new OpenAnswer("", ""), LabJson.Default.OpenAnswer) : throw Fault;

        public override async IAsyncEnumerable<string> Events([EnumeratorCancellation] CancellationToken stop)
        {
            await Task.Yield();
            yield return "{}";
        }

        protected override void End() => Ended = true;
    }

    sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
