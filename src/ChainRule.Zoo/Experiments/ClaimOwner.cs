using System.Globalization;
using System.Text.Json.Serialization;

namespace ChainRule.Zoo.Experiments;

/// <summary>The process that made a claim.</summary>
/// <param name="Host">The name of its machine.</param>
/// <param name="Boot">What tells one start of one machine, and one space of process ids on it, from others; empty where
/// that is not known.</param>
/// <param name="Process">Its process id.</param>
/// <param name="Started">When it was started, in the machine's own ticks: ids are used again.</param>
/// <param name="Token">A number of its own.</param>
sealed record ClaimOwner(string Host, string Boot, int Process, string Started, string Token)
{
    /// <summary>This process.</summary>
    public static ClaimOwner New() => new(Environment.MachineName, ThisBoot(), Environment.ProcessId,
        StartOf(Environment.ProcessId) ?? "", Guid.NewGuid().ToString("N"));

    /// <summary>Whether it is known to be dead: it ran here, and no process has its id and its start.</summary>
    [JsonIgnore]
    public bool IsDead => Boot.Length > 0 && Host == Environment.MachineName && Boot == ThisBoot()
        && StartOf(Process) != Started;

    static string ThisBoot()
    {
        try
        {
            return !OperatingSystem.IsLinux() ? "" : File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() + " "
                + new FileInfo("/proc/self/ns/pid").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Field 22 of /proc/PID/stat; null where there is no such process, or only what is left of one.</summary>
    static string? StartOf(int process)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            // The second field is a name in brackets, which may hold anything.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
