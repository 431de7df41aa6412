using System.Diagnostics.CodeAnalysis;
using ChainRule.Data;
using ChainRule.Zoo.Runs;

namespace ChainRule.Lab.Runs;

/// <summary>Reads what changed in the folder of a run; what is wrong with its files is said, not thrown.</summary>
static class RunReader
{
    /// <summary>The run as it is now; null where it is gone.</summary>
    /// <param name="root">The root of all runs.</param>
    /// <param name="found">What a look found.</param>
    /// <param name="before">What was known of it before, if anything.</param>
    [SuppressMessage("Design", "CA1031", Justification = "One run must not end the look at all others.")]
    public static RunEntry? Read(string root, FoundRun found, RunEntry? before)
    {
        string folder = RunScan.PathOf(root, found.Id);
        if (found.Link is { } link)
            return Broken(found, $"{link} is a link, and links are not followed: put the file itself there");
        try
        {
            var settings = before is { Status: not RunStatus.Broken } && before.Found.Settings == found.Settings
                ? before.Settings : RunJson.Settings(RunJson.Bytes(Path.Combine(folder, RunScan.SettingsFile)));
            var totals = !found.Metrics.Exists ? MetricTotals.None
                : before is not null && before.Found.Metrics == found.Metrics ? before.Totals
                : (before?.Totals ?? MetricTotals.None).Read(Path.Combine(folder, RunScan.MetricsFile));
            var final = !found.Summary.Exists ? Cells.None
                : before is not null && before.Found.Summary == found.Summary ? before.Final
                : RunJson.Summary(RunJson.Bytes(Path.Combine(folder, RunScan.SummaryFile)));
            var status = found.HasLock && RunFolder.IsTrainedIn(folder) ? RunStatus.Running
                : found.Diverged ? RunStatus.Diverged
                : found.Summary.Exists ? RunStatus.Finished : RunStatus.Stopped;
            return new(found, settings, totals, final, status, totals.Damaged == 0 ? null
                : $"metrics.jsonl: {Printable.Count(totals.Damaged, "line")} cannot be read");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return RunScan.Look(root, found.Id) is { } again && again != found ? Read(root, again, before) : null;
        }
        catch (InvalidDataException e)
        {
            return Broken(found, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Broken(found, $"its files cannot be read: {Files.Why(e)}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Broken(found, $"a fault of chainrule itself ({e.GetType().Name}): please report it with "
                + "this run's files");
        }
    }

    static RunEntry Broken(FoundRun found, string problem) =>
        new(found, Cells.None, MetricTotals.None, Cells.None, RunStatus.Broken, Printable.Message(problem));
}
