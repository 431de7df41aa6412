using System.Globalization;
using System.Text.RegularExpressions;

namespace ChainRule.Zoo.Lectures;

/// <summary>
/// One program of <c>lessons/</c>: <c>07-moons.cs</c>. Its first comment says what it is, <c>// Lesson 07: Title. One
/// sentence</c>, and its last block, after <c>// expected:</c>, what it prints when run with <c>--quick</c>.
/// </summary>
public sealed partial record Lesson(int Number, string Title, string Summary, string Path)
{
    const string Expected = "// expected:";

    /// <summary>The file's name without its ending: <c>07-moons</c>.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The lessons of a folder, by number.</summary>
    /// <exception cref="InvalidDataException">One of them does not begin as a lesson does.</exception>
    public static IReadOnlyList<Lesson> In(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.cs").Where(path => FileName().IsMatch(System.IO.Path.GetFileName(path)))
            .Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>The folder <c>lessons</c> here or in the nearest folder above; null where there is none.</summary>
    public static string? FindFolder(string from)
    {
        for (var above = new DirectoryInfo(from); above is not null; above = above.Parent)
        {
            string folder = System.IO.Path.Combine(above.FullName, "lessons");
            if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.cs")
                .Any(path => FileName().IsMatch(System.IO.Path.GetFileName(path)))) return folder;
        }
        return null;
    }

    /// <summary>
    /// The options that the lesson's program asks for by name, such as <c>--quick</c> and <c>--seed</c>.
    /// </summary>
    public IReadOnlyList<string> Options()
    {
        string program = File.ReadAllText(Path);
        string[] usual = program.Contains(nameof(LessonOptions), StringComparison.Ordinal) ? ["--full", "--quick"] : [];
        return [.. OptionName().Matches(program).Select(match => match.Groups[1].Value).Union(usual)
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>What a lesson must print when run with <c>--quick</c>, line by line.</summary>
    /// <exception cref="InvalidDataException">The file does not end in its expected block.</exception>
    public string[] ExpectedLines() => ExpectedIn(Name, File.ReadAllText(Path));

    /// <summary>The same of a program's text, whose name is said where it has no expected block.</summary>
    /// <exception cref="InvalidDataException">The text does not end in its expected block.</exception>
    public static string[] ExpectedIn(string name, string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        int at = Array.IndexOf(lines, Expected);
        int after = at < 0 ? -1 : Array.FindIndex(lines, at, line => !line.StartsWith("//", StringComparison.Ordinal));
        if (at < 0 || after >= 0)
            throw new InvalidDataException(
                $"{name}: it does not end in '{Expected}' and the lines it prints: write them, each after '// '");
        return Array.ConvertAll(lines[(at + 1)..],
            line => (line.StartsWith("// ", StringComparison.Ordinal) ? line[3..] : line[2..]).TrimEnd());
    }

    static Lesson Read(string path)
    {
        string first = File.ReadLines(path).FirstOrDefault(line => line.StartsWith("//", StringComparison.Ordinal))
            ?? "";
        var head = Head().Match(first);
        string number = System.IO.Path.GetFileName(path)[..2];
        if (!head.Success || head.Groups[1].Value != number)
            throw new InvalidDataException($"{System.IO.Path.GetFileName(path)}: its first comment is '{first}': begin "
                + $"with '// Lesson {number}: Title. One sentence'");
        return new(int.Parse(number, CultureInfo.InvariantCulture), head.Groups[2].Value, head.Groups[3].Value, path);
    }

    [GeneratedRegex("\"(--[a-z][a-z-]*)\"")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"^\d\d-[a-z0-9-]+\.cs$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^// Lesson (\d\d): ([^.?!]+[?!]?)\.? (\S.*)$")]
    private static partial Regex Head();
}
