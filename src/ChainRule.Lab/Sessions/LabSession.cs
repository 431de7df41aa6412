using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ChainRule.Lab.Sessions;

/// <summary>
/// One visitor of one room: bytes of a request in, bytes of an answer out, and a stream of events for what happens
/// without being asked for. A host carries the bytes, and knows no more.
/// </summary>
[SuppressMessage("Design", "CA1063", Justification = "Nothing unmanaged is held: End is all that is overridden.")]
public abstract class LabSession : IDisposable
{
    /// <summary>About how much memory the session holds, in bytes; what all sessions may hold together is limited.
    /// </summary>
    public virtual long Memory => 0;

    /// <summary>
    /// Answers one request. Called by one caller at a time; what is wrong with the request is thrown as an
    /// <see cref="ArgumentException"/>, whose sentence the visitor reads.
    /// </summary>
    public abstract byte[] Answer(ReadOnlySpan<byte> request);

    /// <summary>
    /// What happens without being asked for, as JSON texts, from what is true now on: a host that reconnects misses
    /// nothing that is still true. Empty unless a room has events.
    /// </summary>
    public virtual IAsyncEnumerable<string> Events(CancellationToken stop) => AsyncEnumerable.Empty<string>();

    /// <summary>
    /// A file that a visitor's page shows, such as a picture that was drawn; null where there is none of this name. A
    /// host lets it do nothing but be looked at.
    /// </summary>
    /// <param name="name">Its name, as an answer gave it; never a path.</param>
    public virtual LabFile? Open(string name) => null;

    /// <summary>
    /// Does a few milliseconds of what the session has to do without being asked, and says when there is more to do;
    /// null if there is nothing. Called only where there are no threads, between requests.
    /// </summary>
    public virtual TimeSpan? Work() => null;

    /// <summary>Ends what the session runs.</summary>
    public void Dispose()
    {
        End();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends threads, watchers and files; called once.</summary>
    protected virtual void End()
    {
    }

    /// <summary>Reads a request of the room.</summary>
    /// <exception cref="ArgumentException">It is no request of this room.</exception>
    protected static T Read<T>(ReadOnlySpan<byte> request, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(request, type)
                ?? throw new ArgumentException("request: it is null: give an object with a type");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new ArgumentException($"request: it is no request of this room: {Printable.Of(e.Message, 200)}", e);
        }
    }
}
