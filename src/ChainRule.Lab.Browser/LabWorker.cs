using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;
using System.Text.Json;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Browser;

/// <summary>
/// The lab in a web worker: the same requests and answers as over HTTP, as bytes. The worker calls these methods, and
/// gives sessions time to work between its messages, since it has one thread.
/// </summary>
[SupportedOSPlatform("browser")]
static partial class LabWorker
{
    static readonly LabPlace s_place = new();

    // A tab's memory is its own, and smaller than a machine's.
    static readonly LabSessions s_sessions = new(LabRooms.At(s_place), s_place,
        new() { Sessions = 16, Memory = 256L << 20 }, TimeProvider.System);

    static readonly Dictionary<int, CancellationTokenSource> s_listeners = [];

    static void Main()
    {
    }

    /// <summary>The rooms that there are, and what computes, as JSON.</summary>
    [JSExport]
    internal static byte[] Rooms() =>
        s_sessions.Describe($".NET {Environment.Version.Major} as WebAssembly in this browser");

    /// <summary>Makes a session.</summary>
    [JSExport]
    internal static byte[] Open(byte[] request) => s_sessions.Open(request);

    /// <summary>A session's answer; null where there is no such session.</summary>
    [JSExport]
    internal static byte[]? Answer(string session, byte[] request) => s_sessions.Answer(session, request);

    /// <summary>Ends a session.</summary>
    [JSExport]
    internal static void Close(string session) => s_sessions.Close(session);

    /// <summary>Hears a session's events until it ends, or the listener is ended; whether there was such a session.
    /// </summary>
    [JSExport]
    internal static async Task<bool> Listen(string session, int listener,
        [JSMarshalAs<JSType.Function<JSType.String>>] Action<string> heard)
    {
        using var stop = new CancellationTokenSource();
        if (s_sessions.Events(session, stop.Token) is not { } events) return false;
        s_listeners[listener] = stop;
        try
        {
            await foreach (string text in events.ConfigureAwait(true)) heard(text);
        }
        catch (OperationCanceledException)
        {
            // The page no longer listens.
        }
        finally
        {
            s_listeners.Remove(listener);
        }
        return true;
    }

    /// <summary>Ends a listener.</summary>
    [JSExport]
    internal static void Unlisten(int listener)
    {
        if (s_listeners.TryGetValue(listener, out var stop)) stop.Cancel();
    }

    /// <summary>Lets sessions work for some milliseconds; in how many one has more to do, −1 if none has.</summary>
    [JSExport]
    internal static double Work() => s_sessions.Work()?.TotalMilliseconds ?? -1;
}
