using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ChainRule.Zoo.Runs;

/// <summary>What starts that were killed left beside the runs: folders NAME.PID.tmp.</summary>
static partial class Leftovers
{
    // Nothing else is in the folder of a start; what holds anything else is somebody's own.
    static readonly string[] s_files = ["last.safetensors", "model.safetensors", "run.json", "metrics.jsonl",
        "layers.jsonl", RunFolder.FirstFile, RunFolder.DataFile, RunFolder.TokenizerFile, RunLock.FileName];

    /// <summary>Deletes them in a folder, but none whose process still lives.</summary>
    public static void Sweep(string folder)
    {
        if (!Directory.Exists(folder)) return;
        try
        {
            foreach (string path in Directory.EnumerateDirectories(folder, "*.tmp"))
                if (Name().Match(Path.GetFileName(path)) is { Success: true } match)
                    Delete(path, match.Groups[1].Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be deleted now is left for the next start.
        }
    }

    /// <summary>
    /// Deletes one while its lock is held, and the folder itself only if it is empty then: whose start is just under
    /// way finds its lock or its folder gone, and makes them anew.
    /// </summary>
    static void Delete(string path, string process)
    {
        if (new DirectoryInfo(path).LinkTarget is not null) return;
        string[] entries = Directory.GetFileSystemEntries(path);
        if (entries.Any(entry => !s_files.Any(Path.GetFileName(entry).StartsWith))) return;
        bool isLocked = File.Exists(Path.Combine(path, RunLock.FileName));
        if (!isLocked && IsAlive(process)) return;
        using (var held = isLocked ? RunLock.Take(path) : null)
        {
            if (isLocked && held is null) return;
            foreach (string entry in entries)
                if (Path.GetFileName(entry) != RunLock.FileName) File.Delete(entry);
        }
        Directory.Delete(path);
    }

    /// <summary>Deletes what a run that came to nothing has made, unless anything else is there.</summary>
    public static void TakeBack(string folder, bool keepsFolder)
    {
        string[] entries = Directory.GetFileSystemEntries(folder);
        if (entries.Any(entry => !s_files.Contains(Path.GetFileName(entry)))) return;
        foreach (string entry in entries) File.Delete(entry);
        if (!keepsFolder) Directory.Delete(folder);
    }

    static bool IsAlive(string process)
    {
        try
        {
            using var found = Process.GetProcessById(int.Parse(process, CultureInfo.InvariantCulture));
            return true;
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or InvalidOperationException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^.+\.(\d{1,9})\.tmp$")]
    private static partial Regex Name();
}
