using System.Diagnostics;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Experiments;

/// <summary>
/// Watches the claims of other processes by this process's own clock: a claim is free when its owner let go of it, when
/// its owner ran on this machine and is dead, or when its file has not grown for a time. Clocks of two machines are
/// never compared.
/// </summary>
sealed class ClaimWatch(TimeSpan patience)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, (long Length, long Since)> _seen = [];

    /// <summary>How long a file may stay as long as it is.</summary>
    public TimeSpan Patience => patience;

    /// <summary>Whether the run of a claim may be taken over.</summary>
    public bool IsFree(string path)
    {
        byte[] content = RunFile.Bytes(path, SweepClaim.LongestFile, SweepClaim.Remedy);
        if (content is [.., SweepClaim.LetGo] || IsDead(path, content)) return true;
        lock (_lock)
        {
            if (!_seen.TryGetValue(path, out var seen) || seen.Length != content.Length)
                _seen[path] = seen = (content.Length, Stopwatch.GetTimestamp());
            return Stopwatch.GetElapsedTime(seen.Since) >= patience;
        }
    }

    static bool IsDead(string path, byte[] content)
    {
        int end = Array.IndexOf(content, (byte)'\n');
        if (end < 0) return false; // it is being written
        try
        {
            return RunFile.Parse<ClaimOwner>(path, content.AsSpan(0, end), SweepClaim.Remedy).IsDead;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
