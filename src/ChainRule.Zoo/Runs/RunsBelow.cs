namespace ChainRule.Zoo.Runs;

/// <summary>The runs below a folder that is none itself, such as that of an experiment.</summary>
static class RunsBelow
{
    // In a folder with more folders nobody waits for an error.
    const int MostFolders = 1000;

    /// <summary>What a refusal of the folder ends with; null where no run is near below it.</summary>
    public static string? Say(string folder)
    {
        var near = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 };
        try
        {
            string[] runs = !Directory.Exists(folder) ? [] : [.. Directory.EnumerateDirectories(folder, "*", near)
                .Take(MostFolders).Where(below => File.Exists(Path.Combine(below, RunFolder.SettingsFile)))
                .Order(StringComparer.Ordinal)];
            return runs.Length switch
            {
                0 => null,
                1 => $"there is a run below it: give {Shell.Path(runs[0])}",
                _ => $"there are runs below it: give one of them, such as {Shell.Path(runs[0])}",
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
