using ChainRule.Lab.Playground;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Tests.Sessions;

public sealed class EndingSessionTest
{
    [Fact]
    public async Task A_session_is_made_while_others_end()
    {
        using var sessions = new LabSessions([PlaygroundSession.Room], new LabPlace(), new(), TimeProvider.System);
        // One thread ends playgrounds, of which the other asks how much memory they take.
        for (int round = 0; round < 200; round++)
        {
            string[] ids = [.. Enumerable.Range(0, 3).Select(_ => Open(sessions))];
            var ending = Task.Run(() => Array.ForEach(ids, sessions.Close));
            sessions.Close(Open(sessions));
            await ending;
        }
        Assert.Equal(0, sessions.Count);
    }

    static string Open(LabSessions sessions)
    {
        byte[] bytes = sessions.Open("{\"room\":\"playground\"}"u8);
        using var answer = System.Text.Json.JsonDocument.Parse(bytes.AsMemory(4, BitConverter.ToInt32(bytes)));
        return answer.RootElement.GetProperty("session").GetString()!;
    }
}
