using System.Text;

namespace ChainRule.Cli;

/// <summary>Text that fits the columns of a window.</summary>
static class Terminal
{
    const int Narrowest = 8;

    /// <summary>The columns of the window; endless where there is none.</summary>
    public static int Width => Console.IsOutputRedirected ? int.MaxValue : Sized(() => Console.WindowWidth);

    /// <summary>Its lines.</summary>
    public static int Height => Console.IsOutputRedirected ? int.MaxValue : Sized(() => Console.WindowHeight);

    /// <summary>Breaks lines that are too long, at blanks where there are some; what goes on is set in as its line
    /// was.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (string line in text.Split('\n'))
        {
            string rest = line.TrimEnd('\r'), indent = "";
            while (rest.Length > Math.Max(Narrowest, width))
            {
                int most = Math.Max(Narrowest, width), blank = rest.LastIndexOf(' ', most, most + 1 - indent.Length);
                int at = blank > indent.Length + most / 3 ? blank : most;
                yield return rest[..at].TrimEnd();
                if (indent.Length == 0)
                    indent = new(' ', Math.Min(most / 4, rest.Length - rest.TrimStart().Length + 2));
                rest = indent + rest[at..].TrimStart();
            }
            yield return rest;
        }
    }

    /// <summary>Cuts a line that is too long.</summary>
    public static string Cut(string line, int width) => line.Length <= width ? line : line[..(width - 1)] + "…";

    /// <summary>Writes lines, broken where the window ends.</summary>
    public static void Write(string text)
    {
        var wrapped = new StringBuilder();
        foreach (string line in Wrap(text, Width)) wrapped.Append(line).Append('\n');
        Console.Write(wrapped);
    }

    // A terminal may not know its size, or say 0.
    static int Sized(Func<int> size)
    {
        try
        {
            return size() is > 0 and var known ? known : int.MaxValue;
        }
        catch (IOException)
        {
            return int.MaxValue;
        }
    }
}
