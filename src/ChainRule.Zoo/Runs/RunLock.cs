using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// Keeps a run's folder for one process: a file <c>run.lock</c> that is held open, locked by the system (flock), and
/// deleted in the end. It dies with its process; a file that a killed one left is taken over. On shared folders it
/// holds as far as their file system passes locks on.
/// </summary>
sealed class RunLock : IDisposable
{
    public const string FileName = "run.lock";

    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows; .NET has no type of its own for it.
    static readonly int[] s_heldByAnother = [11, 35, unchecked((int)0x80070020)];

    // Who only asks whether it is held keeps it for a moment.
    const int MostTries = 5;

    // Who takes a new folder for one that a killed start left keeps it until he has deleted it.
    const int MostNewTries = 200;

    readonly FileStream _file;

    RunLock(FileStream file) => _file = file;

    /// <summary>Whether a process holds the lock of a folder.</summary>
    public static bool IsHeld(string folder)
    {
        try
        {
            // Shared with others who ask; let go of at once, and Take waits so long.
            using var file = new FileStream(Path.Combine(folder, FileName), FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return false;
        }
        catch (IOException e)
        {
            return s_heldByAnother.Contains(e.HResult);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Takes the lock of a folder; null where another holds it.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static RunLock? Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        for (int tries = 1; ; tries++)
        {
            FileStream file;
            try
            {
                file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException e) when (s_heldByAnother.Contains(e.HResult))
            {
                if (tries >= MostTries) return null;
                Thread.Sleep(1);
                continue;
            }
            if (IsAt(path, file)) return new(file);
            file.Dispose();
        }
    }

    /// <summary>Makes a folder and takes its lock, again where others delete what they believe is left of a killed
    /// start; null where another holds it.</summary>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made or written.</exception>
    public static RunLock? TakeNew(string folder)
    {
        for (int tries = 1; ; tries++)
        {
            Directory.CreateDirectory(folder);
            try
            {
                if (Take(folder) is { } taken) return taken;
                if (tries >= MostNewTries) return null;
            }
            catch (DirectoryNotFoundException) when (tries < MostNewTries)
            {
                // It was deleted after it was made.
            }
        }
    }

    /// <summary>Gives the folder another name, and lets go of it there: nobody finds it without its lock
    /// before.</summary>
    /// <exception cref="IOException">Something is there already, or it cannot be written.</exception>
    public void MoveAndDispose(string to)
    {
        string folder = Path.GetDirectoryName(_file.Name)!;
        if (OperatingSystem.IsWindows())
        {
            // No folder with an open file can be renamed.
            Dispose();
            Directory.Move(folder, to);
            return;
        }
        Directory.Move(folder, to);
        File.Delete(Path.Combine(to, FileName));
        _file.Dispose();
    }

    public void Dispose()
    {
        try
        {
            // While it is held where the system lets it be deleted then, so that nobody locks it in between.
            if (!OperatingSystem.IsWindows()) File.Delete(_file.Name);
            _file.Dispose();
            if (OperatingSystem.IsWindows()) File.Delete(_file.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that cannot be deleted is let go of all the same, and taken over by the next.
            _file.Dispose();
        }
    }

    /// <summary>
    /// Whether the path still leads to the file that was locked. Whoever held it before may have deleted it after it
    /// was opened here: then the path leads to nothing, or to another's file. Told by a time that only this file has;
    /// in whole seconds, which every file system keeps.
    /// </summary>
    [SuppressMessage("Security", "CA5394",
        Justification = "The number guards no secret; it is only to differ from other processes' numbers.")]
    static bool IsAt(string path, FileStream file)
    {
        if (OperatingSystem.IsWindows()) return true;
        var mark = DateTime.UnixEpoch.AddSeconds(2 * Random.Shared.NextInt64(1 << 29));
        File.SetLastWriteTimeUtc(file.SafeFileHandle, mark);
        return File.GetLastWriteTimeUtc(path) == mark;
    }
}
