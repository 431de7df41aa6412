namespace ChainRule.Zoo.Runs;

/// <summary>Writes words of a command as they are to be pasted into a shell.</summary>
public static class Shell
{
    const string Plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";

    /// <summary>
    /// The command that this tool is called by: <c>chainrule</c> where it is installed, <c>dotnet run …</c> from the
    /// current folder where it is run from its sources.
    /// </summary>
    public static string Tool { get; } = CalledBy(AppContext.BaseDirectory, Directory.GetCurrentDirectory());

    internal static string CalledBy(string program, string here)
    {
        // bin/Release/net10.0 of the project.
        string project = System.IO.Path.GetFullPath(System.IO.Path.Combine(program, "..", "..", ".."));
        return File.Exists(System.IO.Path.Combine(project, "ChainRule.Cli.csproj"))
            ? $"dotnet run -c Release --project {Path(System.IO.Path.GetRelativePath(here, project))} --" : "chainrule";
    }

    /// <summary>One word: as it is where no shell reads anything into it, else in quotes.</summary>
    public static string Quote(string word) => Quote(word, OperatingSystem.IsWindows());

    /// <summary>A path as one word that is not taken for an option.</summary>
    public static string Path(string path) => Quote(path.StartsWith('-') ? "./" + path : path);

    internal static string Quote(string word, bool windows)
    {
        if (word.Length > 0 && word.All(c => Plain.Contains(c, StringComparison.Ordinal) || windows && c == '\\'))
            return word;
        if (windows) return $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        string shown = Printable.Of(word, int.MaxValue);
        // bash, zsh and ksh read escapes in $'…', so that a line end or a control character can be pasted.
        if (shown != word)
        {
            string escaped = word.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("'", "\\'", StringComparison.Ordinal);
            return $"$'{Printable.Of(escaped, int.MaxValue)}'";
        }
        return $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
