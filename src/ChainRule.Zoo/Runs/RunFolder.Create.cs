using ChainRule.Data;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

public sealed partial class RunFolder
{
    /// <summary>Refuses a path where no new run can be made, before anything is trained.</summary>
    /// <param name="path">Where the run is to be kept.</param>
    /// <param name="kind">What it is trained for.</param>
    /// <exception cref="ArgumentException">It is no path.</exception>
    /// <exception cref="IOException">Something is there already.</exception>
    public static void CheckFree(string path, TaskKind kind)
    {
        string command = Verb(kind);
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
            throw new ArgumentException(
                $"{command}: '{Printable.Path(path)}' is no path: give that of a new folder by --out");
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string shown = Printable.Path(path);
        if (File.Exists(Path.Combine(path, SettingsFile)))
            throw new IOException($"{command}: {shown} already holds a run: choose another --out, or go on with it by "
                + $"--resume {Shell.Path(path)}; a program gives another folder, or calls TrainingRun.Resume");
        if (File.Exists(path)) throw new IOException($"{command}: {shown} is a file: choose another --out");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new IOException($"{command}: {shown} is already there and is not an empty folder: choose another "
                + "--out, and nothing in it is touched");
        foreach (string above in Above(path))
            if (File.Exists(above))
                throw new IOException($"{command}: {shown} cannot be made, because {Printable.Path(above)} is a file: "
                    + "choose another --out");
    }

    /// <summary>Makes the folder of a new run, filled before it takes its name.</summary>
    /// <param name="path">Where; nothing may be there yet but an empty folder.</param>
    /// <param name="settings">What the run is started with.</param>
    /// <param name="fill">Writes the first checkpoint into the folder it is given.</param>
    /// <exception cref="IOException">Something is there already, or nothing can be written there.</exception>
    public static RunFolder Create(string path, RunSettings settings, Action<string> fill)
    {
        CheckFree(path, settings.Kind);
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string command = Verb(settings.Kind), shown = Printable.Path(path);

        Leftovers.Sweep(Path.GetDirectoryName(path)!);
        string beside = $"{path}.{Environment.ProcessId}.tmp";
        string[] missing = [.. Above(path).TakeWhile(above => !Directory.Exists(above))];
        RunLock? claim = null;
        bool made = false, moved = false;
        try
        {
            claim = RunLock.TakeNew(beside) ?? throw new IOException("Another start of this process is under way");
            fill(beside);
            if (Directory.Exists(path))
            {
                // Somebody's own empty folder, perhaps the one he is in, is kept; it holds a run
                // when run.json is there.
                foreach (string file in Directory.GetFiles(beside))
                {
                    if (Path.GetFileName(file) == RunLock.FileName) continue;
                    File.Move(file, Path.Combine(path, Path.GetFileName(file)));
                    moved = true;
                }
                Write(Path.Combine(path, SettingsFile), settings);
            }
            else
            {
                Write(Path.Combine(beside, SettingsFile), settings);
                claim.MoveAndDispose(path);
            }
            made = true;
        }
        catch (IOException e) when (!moved && Directory.Exists(path)
            && Directory.EnumerateFileSystemEntries(path).Any())
        {
            // It was free before: another start of the same moment was first.
            throw new IOException($"{command}: {shown} is trained in by another process, which has just begun there: "
                + "choose another --out, or wait for its end", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = e is DirectoryNotFoundException or FileNotFoundException ? "no folder can be made there"
                : Files.Why(e.GetBaseException());
            throw new IOException($"{command}: nothing can be written at {shown} ({why}): choose another --out", e);
        }
        finally
        {
            claim?.Dispose();
            if (Directory.Exists(beside)) Directory.Delete(beside, recursive: true);
            if (!made) DeleteEmpty(missing);
        }
        return new(path, settings);
    }

    static IEnumerable<string> Above(string path)
    {
        for (string? above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
            yield return above;
    }

    /// <summary>Takes back folders that were made for a run that came to nothing, from the innermost on.</summary>
    static void DeleteEmpty(IEnumerable<string> folders)
    {
        foreach (string folder in folders)
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
    }
}
