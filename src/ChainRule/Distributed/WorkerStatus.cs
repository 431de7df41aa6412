namespace ChainRule.Distributed;

/// <summary>
/// How far a worker is: what <see cref="SharedMemory.WriteStatus"/> writes and any process can read.
/// </summary>
/// <param name="Step">How many training steps it has made.</param>
/// <param name="Loss">The loss of the last one.</param>
/// <param name="SecondsComputing">How long it has computed, in seconds.</param>
/// <param name="SecondsWaiting">How long it has waited for others, in seconds.</param>
/// <param name="BytesSent">How many bytes it has sent to others.</param>
public readonly record struct WorkerStatus(
    long Step,
    double Loss,
    double SecondsComputing,
    double SecondsWaiting,
    long BytesSent);
