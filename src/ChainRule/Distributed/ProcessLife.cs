using System.Diagnostics;
using System.Globalization;

namespace ChainRule.Distributed;

/// <summary>
/// Whether a process lives. Its number alone does not say: the system gives it out again, so it is known by the time at
/// which it began, too.
/// </summary>
static class ProcessLife
{
    static readonly bool s_hasProc = File.Exists("/proc/self/stat");

    /// <summary>This process, and when it began.</summary>
    public static (int Number, long Began) Own { get; } = (Environment.ProcessId, Began(Environment.ProcessId));

    /// <summary>
    /// Which numbering of processes this one is in: two containers that share a folder have each their own. 0 where the
    /// system has but one.
    /// </summary>
    public static long Space { get; } = SpaceByProc();

    /// <summary>Whether the process that began then still runs.</summary>
    public static bool IsAlive(int number, long began) => Began(number) == began;

    // In units of the system; 0 where there is no such process. One that was killed and that nobody has asked about
    // yet still has a number, and state Z.
    static long Began(int number) => s_hasProc ? BegunByProc(number) : BegunByName(number);

    // The link says "pid:[4026531836]".
    static long SpaceByProc() => s_hasProc
        && new FileInfo("/proc/self/ns/pid").LinkTarget is { } link
        && long.TryParse(link.AsSpan(link.IndexOf('[') + 1).TrimEnd(']'), NumberStyles.None,
            CultureInfo.InvariantCulture, out long space) ? space : 0;

    static long BegunByProc(int number)
    {
        string line;
        try
        {
            line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{number}/stat"));
        }
        catch (IOException)
        {
            return 0;
        }
        // A name may hold blanks and brackets: what follows its last bracket is state, parent, …, and as the 22nd of
        // all fields the start.
        string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? 0 : long.Parse(fields[19], CultureInfo.InvariantCulture);
    }

    static long BegunByName(int number)
    {
        try
        {
            using var process = Process.GetProcessById(number);
            return process.HasExited ? 0 : process.StartTime.Ticks;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return 0;
        }
    }
}
