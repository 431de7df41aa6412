using System.Text;
using ChainRule.Tests;
using ChainRule.Zoo.Lectures;

namespace Lessons.Tests;

/// <summary>
/// Every lesson prints what its last lines say, and agrees with its lecture. Nothing is listed here: a lesson is
/// found by being there.
/// </summary>
public sealed class LessonsTest : IDisposable
{
    const string Accept = "CHAINRULE_ACCEPT", Expected = "// expected:";

    const int WithoutLibrary = 3;

    static readonly IReadOnlyList<Lesson> s_lessons = Lesson.In(Lesson.FindFolder(AppContext.BaseDirectory)!);

    readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. s_lessons.Select(lesson => lesson.Name)];

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void A_lesson_prints_what_its_last_lines_say_and_agrees_with_its_lecture(string name)
    {
        var lesson = Find(name);
        var run = LessonRun.Here(lesson.Path, _folder.Path);
        Skip.If(run.Code == Lecture.DataMissing, run.Errors.Trim());
        Assert.True(run.Code == 0 && run.Errors.Length == 0, $"{name} ended with {run.Code}\n{run.Errors}");
        string[] printed = Printed(run.Output);
        if (Environment.GetEnvironmentVariable(Accept) == "1") Rewrite(lesson.Path, printed);
        Assert.True(lesson.ExpectedLines().SequenceEqual(printed),
            $"{name} does not print what its last lines say:\n{Difference(lesson.ExpectedLines(), printed)}\n"
            + $"If that is meant, run this test once with {Accept}=1 and read the difference before you commit it.");
        Assert.DoesNotContain(printed, line => Comparison.Parse(line) is { Agrees: false });
        Assert.DoesNotContain(printed, line => line.Contains(_folder.Path, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_lesson_refuses_what_is_no_option_of_its_own_and_what_an_option_cannot_be(string name)
    {
        var lesson = Find(name);
        Refuses("'--bogus' is no option", "--bogus");
        Refuses("'5' is no option", "--quick", "5");
        // After an option that has a value it is none, and after one that has none it is no option.
        foreach (string option in lesson.Options().Except(["--quick", "--full"])) Refuses("x", option, "x");

        void Refuses(string says, params string[] args)
        {
            var run = LessonRun.Here(lesson.Path, _folder.Path, args);
            Assert.Equal((Lecture.Misused, ""), (run.Code, run.Output));
            Assert.Matches("^(lesson: [^\n]+: [^\n]+\n)+$", run.Errors);
            Assert.Contains(says, run.Errors, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        }
    }

    [SkippableFact]
    public void A_lesson_runs_as_a_learner_runs_it()
    {
        var lesson = s_lessons.FirstOrDefault(l => l.Number > WithoutLibrary) ?? s_lessons[^1];
        var run = LessonRun.ByDotnet(lesson.Path, _folder.Path);
        Skip.If(run.Code == Lecture.DataMissing, run.Errors.Trim());
        Assert.True(run.Code == 0, $"{run.Code}\n{run.Output}\n{run.Errors}");
        Assert.Equal(lesson.ExpectedLines(), Printed(run.Output));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_first_lessons_stand_on_nothing_but_dotnet(string name)
    {
        var lesson = Find(name);
        string[] directives =
            [.. File.ReadAllLines(lesson.Path).Where(line => line.StartsWith("#:", StringComparison.Ordinal))];
        Assert.All(directives, line => Assert.StartsWith("#:project ../src/ChainRule", line, StringComparison.Ordinal));
        if (lesson.Number <= WithoutLibrary) Assert.Empty(directives);
    }

    [Fact]
    public void No_two_lessons_have_one_number() =>
        Assert.Equal(s_lessons.Count, s_lessons.DistinctBy(lesson => lesson.Number).Count());

    [Fact]
    public void A_difference_shows_both_lines_and_where_they_stand() => Assert.Equal(
        "line 2 should be: b\n            but is: x\nline 3 should be: c\n            but is: nothing\n",
        Difference(["a", "b", "c"], ["a", "x"]));

    [Fact]
    public void A_lesson_that_warns_does_not_compile()
    {
        string path = _folder.Write("01-sloppy.cs", "#:project ../src/ChainRule\nint unused;\nreturn 0;\n");
        Assert.Contains("01-sloppy.cs does not compile",
            Assert.ThrowsAny<Exception>(() => LessonRun.Here(path, _folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_lesson_says_writes_and_returns_is_seen()
    {
        string path = _folder.Write("01-short.cs", "Console.WriteLine(args[0]);\nConsole.Error.WriteLine(\"no "
            + "data\");\nFile.WriteAllText(\"made\", \"\");\nreturn 2;\n");
        Assert.Equal(new(2, "--quick\n", "no data\n"), LessonRun.Here(path, _folder.Path));
        Assert.True(File.Exists(_folder.PathOf("made")));
    }

    static Lesson Find(string name) => s_lessons.Single(lesson => lesson.Name == name);

    static string[] Printed(string output) =>
        [.. output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];

    static void Rewrite(string path, string[] printed)
    {
        string program = File.ReadAllText(path).Split(Expected)[0].TrimEnd();
        File.WriteAllText(path,
            $"{program}\n\n{Expected}\n{string.Concat(printed.Select(line => $"// {line}".TrimEnd() + "\n"))}");
    }

    static string Difference(string[] expected, string[] printed)
    {
        var text = new StringBuilder();
        for (int i = 0; i < Math.Max(expected.Length, printed.Length); i++)
        {
            var (should, is_) = (expected.ElementAtOrDefault(i) ?? "nothing",
                printed.ElementAtOrDefault(i) ?? "nothing");
            if (should != is_) text.Append($"line {i + 1} should be: {should}\n            but is: {is_}\n");
        }
        return text.ToString();
    }
}
