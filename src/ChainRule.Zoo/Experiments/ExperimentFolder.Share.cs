using System.Text;
using ChainRule.Data;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Experiments;

static partial class ExperimentFolder
{
    /// <summary>
    /// Makes the folder this experiment's, or sees that it is, for processes that claim its runs one by one.
    /// </summary>
    /// <exception cref="IOException">It holds something else, cannot be written, or one process has it for
    /// itself.</exception>
    public static void Share(Experiment experiment, string folder)
    {
        string shown = Printable.Path(folder), file = Path.Combine(folder, AskedFile),
            claims = Path.Combine(folder, SharedRunner.ClaimsFolder);
        if (File.Exists(folder)) throw new IOException($"experiment: {shown} is a file: choose another --out");
        if (RunLock.IsHeld(folder))
            throw new IOException($"experiment: {shown}: a process without --claim works on this experiment now: wait "
                + "for its end, or stop it");
        if (!File.Exists(file) && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(IsOther)
            && !File.Exists(file))
            throw new IOException($"experiment: {shown} is already there and is not an empty folder: {Another}");
        try
        {
            Directory.CreateDirectory(claims);
            string trial = Path.Combine(claims, $"{Guid.NewGuid():N}.tmp");
            File.WriteAllBytes(trial, Encoding.UTF8.GetBytes(experiment.ToJson()));
            // Of several who begin with different files at once, one makes the folder its own.
            if (File.Exists(file)) File.Delete(trial);
            else Begin(trial, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"experiment: {Printable.Path(claims)} cannot be written ({Files.Why(e)}): allow it, "
                + "or choose another --out", e);
        }
        CheckSame(experiment, folder);

        bool IsOther(string entry) => Path.GetFileName(entry) is var name && name != RunLock.FileName
            && name != SharedRunner.ClaimsFolder && !name.StartsWith(AskedFile, StringComparison.Ordinal);
    }

    /// <summary>Refuses to go on where the folder's experiment is not, to the letter, this one.</summary>
    public static void CheckSame(Experiment experiment, string folder)
    {
        string file = Path.Combine(folder, AskedFile);
        byte[] there = RunFile.Bytes(file, LongestAsked, Remedy),
            here = Encoding.UTF8.GetBytes(experiment.ToJson());
        if (there.AsSpan().SequenceEqual(here)) return;
        string differs = Difference(Parsed(file, there), Parsed(file, here))
            ?? "its name, its seeds, its metric or its number of variants are others";
        throw new IOException($"experiment: {Printable.Path(folder)} belongs to another experiment, or its file was "
            + $"changed since it was begun: {differs}: processes that claim need the same: put the file back, or "
            + "choose another --out");
    }

    /// <summary>Refuses one process that wants for itself what others have claims in.</summary>
    public static void CheckNotShared(Experiment experiment, string folder)
    {
        if (Directory.Exists(Path.Combine(folder, SharedRunner.ClaimsFolder))
            && !experiment.PretrainingRuns.Concat(experiment.Runs).All(run => experiment.IsFinished(run, folder)))
            throw new IOException($"experiment: {Printable.Path(folder)} is made by processes that claim its runs: "
                + "give --claim");
    }

    static void Begin(string written, string file)
    {
        try
        {
            File.Move(written, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(written);
        }
    }
}
