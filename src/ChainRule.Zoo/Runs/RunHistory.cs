using System.Globalization;
using ChainRule.Data;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// Earlier states of a run, in the folder <c>history</c> beside <c>last.safetensors</c>: a copy of that file as it was
/// at an evaluation, <c>step-500.safetensors</c>. Together they take no more bytes than the run may keep: where one
/// more does not fit, every second one is deleted, then again every second one. The state before the first step stays
/// to the last.
/// </summary>
static class RunHistory
{
    public const string Folder = "history";

    const string Prefix = "step-", Suffix = ".safetensors";

    const string Remedy = "delete it: an earlier state of the run is taken in its place";

    /// <summary>The states that are kept, in the order of their steps.</summary>
    public static IReadOnlyList<(int Step, string Path)> Of(RunFolder run)
    {
        string folder = Path.Combine(run.FullPath, Folder);
        if (!Directory.Exists(folder)) return [];
        List<(int Step, string Path)> found = [];
        foreach (string path in Directory.GetFiles(folder, $"{Prefix}*{Suffix}"))
            if (int.TryParse(Path.GetFileName(path)[Prefix.Length..^Suffix.Length], NumberStyles.None,
                CultureInfo.InvariantCulture, out int step)) found.Add((step, path));
        return [.. found.OrderBy(one => one.Step)];
    }

    /// <summary>Opens a state, which is one of this run.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or another run's.</exception>
    public static Stream Open(RunFolder run, string path)
    {
        SavedModel.CheckOwn(run.Settings, path, RunFile.Tensors(path, Remedy));
        return File.OpenRead(path);
    }

    /// <summary>Keeps what was saved last, where it is of an evaluation.</summary>
    public static void Keep(RunFolder run, int step)
    {
        var settings = run.Settings;
        long most = settings.History ?? RunConfig.UsualHistory;
        int every = settings.CompleteTraining.EvalEvery!.Value;
        if (most == 0 || step % every != 0) return;
        try
        {
            long size = new FileInfo(run.LastPath).Length;
            if (size > most) return;
            var kept = Of(run).Where(one => one.Step < step)
                .Select(one => (one.Step, one.Path, Size: new FileInfo(one.Path).Length)).ToArray();
            long apart = every;
            while (step % apart == 0 && kept.Where(one => one.Step % apart == 0).Sum(one => one.Size) + size > most)
                apart *= 2;
            if (step % apart != 0) return;
            foreach (var one in kept) if (one.Step % apart != 0) File.Delete(one.Path);
            Copy(run, step);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Training needs none of them: from an earlier state the steps are made again.
        }
    }

    /// <summary>Deletes what a killed process left half written.</summary>
    public static void Sweep(RunFolder run)
    {
        string folder = Path.Combine(run.FullPath, Folder);
        if (!Directory.Exists(folder)) return;
        foreach (string left in Directory.GetFiles(folder, "*.tmp")) File.Delete(left);
    }

    /// <summary>Refuses something that is no folder, and in it states that are no plain files.</summary>
    /// <exception cref="InvalidDataException">There is one.</exception>
    public static void CheckPlain(RunFolder run)
    {
        string folder = Path.Combine(run.FullPath, Folder);
        if (Path.Exists(folder) && !Directory.Exists(folder))
            throw new InvalidDataException($"{Printable.Path(folder)}: this is a file, where a run has the folder of "
                + "its earlier states: delete it, and training makes it anew");
        foreach (var (_, path) in Of(run)) RunFile.Exists(path, Remedy);
    }

    static void Copy(RunFolder run, int step)
    {
        string folder = Path.Combine(run.FullPath, Folder);
        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step}{Suffix}");
        string path = Path.Combine(folder, name), beside = $"{path}.{Path.GetRandomFileName()}.tmp";
        Directory.CreateDirectory(folder);
        try
        {
            File.Copy(run.LastPath, beside);
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            if (File.Exists(beside)) File.Delete(beside);
        }
    }
}
