using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Distributed;

/// <summary>
/// Moves bytes between the workers of a group, which are numbered from 0: processes of one machine by
/// shared memory, processes that <c>mpirun</c> started by MPI. Used by one thread.
/// </summary>
/// <remarks>
/// A message is known by who sends it and by a tag. Two messages of one tag between the same two workers arrive in the
/// order in which they were sent. The receiver must ask for as many bytes as are sent.
/// <para>After a <see cref="WorkerException"/> nothing that was begun is done. Shared memory leaves the bytes alone
/// from then on; an MPI library may write into what a message was to be received into until the process ends.</para>
/// </remarks>
[SuppressMessage("Design", "CA1063", Justification = "No transport is known before it is open, and none is finalized.")]
public abstract class Transport : IDisposable
{
    // What MPI promises of all its libraries is 32,767.
    private protected const int MostTag = 30_000;

    /// <summary>The number of this worker: 0 is the first.</summary>
    public abstract int Rank { get; }

    /// <summary>How many workers there are.</summary>
    public abstract int Size { get; }

    /// <summary>What carries the bytes, as a user would call it: "shared memory", "Open MPI 4.1.4".</summary>
    public abstract string Name { get; }

    /// <summary>How many bytes this worker has sent to others.</summary>
    public long BytesSent { get; private protected set; }

    /// <summary>
    /// Begins to send. The numbers must stay as they are, and where they are, until <see cref="IsDone"/> says so.
    /// </summary>
    /// <param name="to">Another worker.</param>
    /// <param name="tag">What kind of message it is: 0 to 30,000.</param>
    /// <param name="data">The first byte.</param>
    /// <param name="bytes">How many bytes there are; 0 is a message, too.</param>
    /// <returns>What to ask <see cref="IsDone"/> with.</returns>
    public abstract unsafe int Send(int to, int tag, byte* data, int bytes);

    /// <summary>Begins to receive. The memory must stay where it is until <see cref="IsDone"/> says so.</summary>
    /// <param name="from">Another worker.</param>
    /// <param name="tag">What kind of message it is.</param>
    /// <param name="data">Where the first byte goes.</param>
    /// <param name="bytes">How many bytes the other sends.</param>
    /// <returns>What to ask <see cref="IsDone"/> with.</returns>
    public abstract unsafe int Receive(int from, int tag, byte* data, int bytes);

    /// <summary>
    /// Whether what was begun is done; it is forgotten then, and its number may be given out again. Each call moves
    /// what can be moved, of all that was begun, and waits for nothing.
    /// </summary>
    /// <exception cref="WorkerException">A worker failed, or is gone: the sentence says which.</exception>
    public abstract bool IsDone(int request);

    /// <summary>
    /// Lets the processor do something else, for as short a time as possible: called between two calls of
    /// <see cref="IsDone"/> that said no.
    /// </summary>
    /// <param name="times">How many calls in a row said no.</param>
    public abstract void Pause(int times);

    /// <summary>
    /// Tells all others that this worker cannot go on: each of them gets a <see cref="WorkerException"/> with the
    /// sentence from its next <see cref="IsDone"/>. Does not throw, and may be called more than once.
    /// </summary>
    public abstract void Fail(string sentence);

    /// <summary>
    /// After a failure, of this worker or of another: waits a moment until all have heard of it, and lets one of them
    /// say it, the first that answers. All that live call it, and send nothing afterwards.
    /// </summary>
    /// <param name="say">Says it, where this worker is the one.</param>
    public virtual void Conclude(Action say)
    {
        Throw.IfNull(say, "conclude");
        if (Rank == 0) say();
    }

    /// <summary>
    /// After a <see cref="WorkerException"/> of a worker that is gone: joins those that are left in a new group, in
    /// their old order. All that live call it; what was under way is dropped. Null where the carrier cannot do that.
    /// </summary>
    /// <exception cref="WorkerException">Too few answered.</exception>
    public virtual Transport? Regroup() => null;

    /// <summary>Tells whoever looks at the group from outside where this worker stands; nothing where nobody
    /// can.</summary>
    public virtual void WriteStatus(in WorkerStatus status) { }

    /// <summary>Gives up what the group was made of. Others may go on by themselves.</summary>
    public abstract void Dispose();

    /// <summary>Gives every worker a text of each, in their order: all must call it.</summary>
    public string[] GatherTexts(string own)
    {
        Throw.IfNull(own, "gather texts");
        return new WorkerGroup(this).GatherTexts(own);
    }

    /// <summary>Gives every worker the text that the first has: all must call it.</summary>
    /// <param name="text">The text, where this is the first; else null.</param>
    public string Broadcast(string? text) => System.Text.Encoding.UTF8.GetString(new WorkerGroup(this)
        .Broadcast(0, text is null ? null : System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Which worker it is, of how many.</summary>
    public override string ToString() => $"worker {Rank} of {Size} over {Name}";

    // Refuses what no transport can carry.
    private protected void CheckMessage(string asked, int other, string parameter, int tag, int bytes)
    {
        if ((uint)other >= (uint)Size || other == Rank)
            Throw.OutOfRange($"{asked}: worker {other}: this is worker {Rank} of {Size}: give the number of another",
                parameter);
        if (tag is < 0 or > MostTag)
            Throw.OutOfRange($"{asked}: tag {tag}: give one from 0 to {MostTag:N0}", nameof(tag));
        if (bytes < 0) Throw.OutOfRange($"{asked}: {bytes} bytes: give 0 or more", nameof(bytes));
    }
}
