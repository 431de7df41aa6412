using System.Diagnostics;
using System.Security;
using System.Text;
using ChainRule.Data;
using ChainRule.Lab.Sessions;
using ChainRule.Zoo.Lectures;

namespace ChainRule.Lab.Learning;

/// <summary>
/// The lessons in the learner's folder: copies that the learner changed or runs, and the pictures that they drew. A
/// copy stands on the assemblies of the running tool, so that it needs .NET's SDK and no checkout.
/// </summary>
sealed class LessonFolder(CoursePlace place)
{
    const string Asked = "lesson";

    const long MostBytes = 1 << 20, MostPicture = 64 << 20;

    static readonly string[] s_libraries = ["ChainRule.dll", "ChainRule.Zoo.dll", "ChainRule.Pictures.dll"];

    readonly string _folder = Path.Combine(place.Folder, "lessons");

    string Pictures => Path.Combine(_folder, "pictures");

    /// <summary>Where the learner's copy is, or would be.</summary>
    public string PathOf(string lesson) => Path.Combine(_folder, lesson + ".cs");

    /// <summary>Checks that there is a lesson of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public void Check(string lesson)
    {
        if (!place.Lessons.ContainsKey(lesson))
            throw new ArgumentException($"lesson '{Printable.Of(lesson, 40)}': there is no such lesson: choose one of "
                + "the list, such as " + (place.Lessons.Keys.Order(StringComparer.Ordinal).FirstOrDefault() ?? "none"));
    }

    /// <summary>The program as it ships, without the lines that name projects of a checkout.</summary>
    public string Shipped(string lesson) => string.Join('\n', place.Lessons[lesson].ReplaceLineEndings("\n").Split('\n')
        .Where(line => !line.StartsWith("#:project", StringComparison.Ordinal)));

    /// <summary>The learner's program, or the one that ships.</summary>
    public string Read(string lesson) => File.Exists(PathOf(lesson)) ? TextFile.WithLineFeeds(TextFile.Decode(Asked,
        TextFile.Bytes(Asked, PathOf(lesson), MostBytes))) : Shipped(lesson);

    /// <summary>Keeps the learner's program.</summary>
    public void Write(string lesson, string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
            throw new ArgumentException($"lesson {lesson}: it has more than {MostBytes:N0} bytes: make it shorter");
        Directory.CreateDirectory(_folder);
        Keep(PathOf(lesson), text);
    }

    /// <summary>Puts back the program that ships.</summary>
    /// <returns>Where what the learner wrote is kept; null if there was nothing of the kind.</returns>
    public string? Reset(string lesson)
    {
        string path = PathOf(lesson), kept = path + ".old";
        bool changed = File.Exists(path) && Read(lesson) != Shipped(lesson);
        if (changed) File.Move(path, kept, overwrite: true);
        File.Delete(path);
        return changed ? kept : null;
    }

    /// <summary>What the lesson prints with <c>--quick</c>.</summary>
    public string[] Expected(string lesson) => Lesson.ExpectedIn(lesson, place.Lessons[lesson]);

    /// <summary>How the lesson is run.</summary>
    /// <exception cref="InvalidOperationException">It cannot be run here, for the reason that is said.</exception>
    public ProcessStartInfo Start(string lesson, string size)
    {
        if (place.NotRun is { } why) throw new InvalidOperationException($"run: {why}");
        string[] options = size switch
        {
            "quick" => ["--", "--quick"],
            "usual" => [],
            "full" => ["--", "--full"],
            _ => throw new ArgumentException($"run: size '{Printable.Of(size, 20)}': give quick, usual or full"),
        };
        Write(lesson, Read(lesson));
        string properties = Path.Combine(_folder, "Directory.Build.props"), now = Properties();
        if (!File.Exists(properties) || File.ReadAllText(properties) != now) Keep(properties, now);
        var start = new ProcessStartInfo(place.Dotnet, ["run", PathOf(lesson), .. options])
            { WorkingDirectory = _folder };
        // No server of a build stays behind, holding its output open.
        foreach (var (name, value) in ((string, string)[])[("MSBUILDDISABLENODEREUSE", "1"),
            ("UseSharedCompilation", "false"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_NOLOGO", "1")]) start.Environment[name] = value;
        return start;
    }

    /// <summary>Names of the pictures of a lesson: those that are called after it, and those written since then.
    /// </summary>
    public IReadOnlyList<string> PicturesOf(string lesson, DateTime? since = null) => !Directory.Exists(Pictures) ? []
        : [.. new DirectoryInfo(Pictures).EnumerateFiles().Where(file => file.LinkTarget is null
            && Type(file.Name) is not null && (file.Name.StartsWith(lesson, StringComparison.Ordinal)
                || file.LastWriteTimeUtc >= since)).Select(file => file.Name).Order(StringComparer.Ordinal)];

    /// <summary>A picture by its name; null where there is none.</summary>
    public LabFile? Picture(string name)
    {
        // Among the names that there are: nothing is made a path that a visitor wrote.
        if (!Directory.Exists(Pictures) || Type(name) is not { } type) return null;
        var file = new DirectoryInfo(Pictures).EnumerateFiles().FirstOrDefault(file => file.Name == name);
        return file is null || file.LinkTarget is not null || file.Length > MostPicture ? null
            : new(type, File.ReadAllBytes(file.FullName));
    }

    static string? Type(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        _ => null,
    };

    static string Properties()
    {
        string? missing = s_libraries.FirstOrDefault(one =>
            !File.Exists(Path.Combine(AppContext.BaseDirectory, one)));
        if (missing is not null)
            throw new InvalidOperationException($"run: {missing} is not beside this program, and lessons stand on it: "
                + "install the tool by 'dotnet tool install --global ChainRule.Cli'");
        string references = string.Concat(s_libraries.Select(one =>
            $"    <Reference Include=\"{Escaped(Path.Combine(AppContext.BaseDirectory, one))}\" />\n"));
        return $"""
            <Project>
              <!-- Written by 'chainrule lab' when a lesson is run: programs here stand on the tool's assemblies. -->
              <PropertyGroup>
                <PublishAot>false</PublishAot>
                <InvariantGlobalization>true</InvariantGlobalization>
                <TieredPGO>false</TieredPGO>
                <Configuration Condition="'$(Configuration)' == ''">Release</Configuration>
                <EnableNETAnalyzers>false</EnableNETAnalyzers>
                <EnforceCodeStyleInBuild>false</EnforceCodeStyleInBuild>
              </PropertyGroup>
              <ItemGroup>
            {references}  </ItemGroup>
            </Project>

            """;
    }

    // MSBuild reads these characters in paths as its own.
    static string Escaped(string path) => SecurityElement.Escape("%;*?$@'()".Aggregate(path,
        (text, one) => text.Replace($"{one}", $"%{(int)one:X2}", StringComparison.Ordinal)));

    static void Keep(string path, string text) =>
        AtomicFile.Write(Asked, path, to => to.Write(Encoding.UTF8.GetBytes(text)));
}
