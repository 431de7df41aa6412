using System.Diagnostics;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// A file <c>stop.request</c> in a run's folder: whoever trains there sees it after a step, saves, and ends as with
/// Ctrl-C. It is looked for twenty times a second at most, so that quick steps do not pay for it, and deleted when it
/// is heeded.
/// </summary>
sealed class StopRequest(string folder)
{
    public const string FileName = "stop.request";

    static readonly long s_apart = Stopwatch.Frequency / 20;

    readonly string _path = Path.Combine(folder, FileName);
    long _looked;

    /// <summary>Asks for it.</summary>
    public static void Write(string folder) => File.WriteAllBytes(Path.Combine(folder, FileName), []);

    /// <summary>Whether somebody asked; looks no more often than is needed.</summary>
    public bool IsMade()
    {
        long now = Stopwatch.GetTimestamp();
        if (now - _looked < s_apart) return false;
        _looked = now;
        return File.Exists(_path);
    }

    /// <summary>Takes it away: it was heeded, or was left from before.</summary>
    public void Delete()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder is gone, or may only be read: then nothing can be trained in it either.
        }
    }
}
