using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ChainRule.Lab.Learning;
using ChainRule.Lab.Sessions;
using ChainRule.Tests;

namespace ChainRule.Lab.Tests.Learning;

public sealed class CourseSessionTest : IDisposable
{
    const string First = "01-slope", Square = "01-square";

    readonly TemporaryFolder _folder = new();
    CourseSession? _session;

    public static IReadOnlyDictionary<string, string> Lessons { get; } = Directory
        .EnumerateFiles(Path.Combine(Web.Root, "lessons"), "??-*.cs")
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), File.ReadAllText);

    public void Dispose()
    {
        _session?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void An_exercise_is_checked_as_the_command_line_checks_it_and_remembered_where_it_remembers()
    {
        Assert.False(Overview().Exercises[0].Done);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        var task = Ask<ExerciseAnswer>(new ExerciseRequest(Square));
        var shipped = Course.Exercises[0];
        Assert.Equal((shipped.Text, 3, 0), (task.Text, task.HintCount, task.Hints.Count));

        var open = Ask<ExerciseAnswer>(new CheckRequest(Square, task.Text)).Result!;
        Assert.Equal((false, "dx"), (open.Passed, string.Join(' ', open.Open)));
        string wrong = task.Text.Replace("...", "3 * x", StringComparison.Ordinal);
        var found = Ask<ExerciseAnswer>(new CheckRequest(Square, wrong)).Result!;
        Assert.Equal(shipped.Check(wrong).Message, found.Message);
        Assert.Contains("The first wrong step is dx", found.Message, StringComparison.Ordinal);
        Assert.Equal(wrong, File.ReadAllText(_folder.PathOf(Square + ".txt")));

        string right = task.Text.Replace("...", "2 * x", StringComparison.Ordinal);
        Assert.True(Ask<ExerciseAnswer>(new CheckRequest(Square, right)).Result!.Passed);
        Assert.True(Overview().Exercises[0].Done);
        Assert.True(new Course(_folder.Path).IsDone(shipped));
        Assert.Equal("01-square done\n", File.ReadAllText(_folder.PathOf("progress.txt")));

        var begun = Ask<ExerciseAnswer>(new ResetExerciseRequest(Square));
        Assert.Equal((task.Text, false), (begun.Text, begun.Done));
        Assert.Equal(right, File.ReadAllText(_folder.PathOf(Square + ".txt.old")));
    }

    [Fact]
    public void Hints_come_one_by_one_and_are_counted_with_those_of_the_command_line()
    {
        var shipped = Course.Exercises[0];
        Assert.Equal(shipped.Hints.Take(1), Ask<ExerciseAnswer>(new HintRequest(Square)).Hints);
        new Course(_folder.Path).MoreHints(shipped);
        Assert.Equal(shipped.Hints.Take(2), Ask<ExerciseAnswer>(new ExerciseRequest(Square)).Hints);
        Assert.Equal(shipped.Hints, Ask<ExerciseAnswer>(new HintRequest(Square)).Hints);
        var solved = Ask<ExerciseAnswer>(new SolutionRequest(Square));
        Assert.Equal(shipped.Solution.TrimEnd(), solved.Solution);
        Assert.True(shipped.Check(solved.Solution!).Passed);
    }

    [Fact]
    public async Task A_lesson_runs_to_its_end_prints_what_is_expected_and_is_done()
    {
        Assert.Equal([], Overview().Lessons);
        var answer = Ask<LessonAnswer>(new RunLessonRequest(First));
        Assert.Equal((false, false), (answer.Changed, answer.Done));
        var (end, output) = await End();
        Assert.Equal("It printed what is expected.", end.Sentence);
        Assert.Equal((true, 0), (end.Compared, end.Differences.Count));
        Assert.StartsWith("1. A function is a machine", output, StringComparison.Ordinal);
        Assert.Equal([First], Overview().Lessons);
        Assert.Contains("lesson 01-slope done", File.ReadAllLines(_folder.PathOf("progress.txt")));
        Assert.False(Ask<LessonAnswer>(new MarkRequest(First, false)).Done);
        Assert.Empty(new Course(_folder.Path).Lessons);
    }

    [Fact]
    public async Task A_lesson_that_stands_on_the_library_runs_without_a_checkout_and_shows_its_pictures()
    {
        Ask<LessonAnswer>(new RunLessonRequest("04-seeing-slopes"));
        var (end, output) = await End();
        Assert.True(end.Sentence == "It printed what is expected.", end.Sentence + "\n" + output);
        string name = Assert.Single(end.Pictures);
        Assert.Equal("04-seeing-slopes.html", name);
        var picture = Session.Open(name)!;
        Assert.Equal("text/html; charset=utf-8", picture.Type);
        Assert.Contains("Seeing slopes", Encoding.UTF8.GetString(picture.Bytes.Span), StringComparison.Ordinal);
        Assert.Equal([name], Ask<LessonAnswer>(new LessonRequest("04-seeing-slopes")).Pictures);
        foreach (string wrong in (string[])["../../progress.txt", "..", "", "04-seeing-slopes.cs", "/etc/passwd",
            "../pictures/" + name]) Assert.Null(Session.Open(wrong));
    }

    [Fact]
    public async Task What_a_changed_lesson_prints_otherwise_is_shown_line_by_line()
    {
        string shipped = Ask<LessonAnswer>(new LessonRequest(First)).Text;
        string mine = shipped.Replace("3 * x * x - 4 * x + 5", "3 * x * x - 4 * x + 6", StringComparison.Ordinal);
        Assert.True(Ask<LessonAnswer>(new SaveLessonRequest(First, mine)).Changed);
        Ask<LessonAnswer>(new RunLessonRequest(First));
        var (end, _) = await End();
        Assert.Equal($"It ended, and {end.Differences.Count} lines differ from what is expected.", end.Sentence);
        Assert.Contains(end.Differences, one => one is { Printed: false, Text: "f(3): 20.0 | lecture: 20.0 | agrees" });
        Assert.Contains(end.Differences, one => one is { Printed: true, Text: "f(3): 21.0 | lecture: 20.0 | differs" });
        Assert.Empty(Overview().Lessons);
        var reset = Ask<LessonAnswer>(new ResetLessonRequest(First));
        Assert.Equal((shipped, false), (reset.Text, reset.Changed));
        Assert.Equal(mine, File.ReadAllText(_folder.PathOf("lessons/01-slope.cs.old")));
    }

    [Fact]
    public async Task A_lesson_is_stopped_in_the_middle_with_all_that_it_started()
    {
        Save("Console.WriteLine($\"process {Environment.ProcessId}.\"); while (true) Thread.Sleep(10);");
        Ask<LessonAnswer>(new RunLessonRequest(First));
        int process = await PrintedProcess();
        Assert.False(Process.GetProcessById(process).HasExited);
        Assert.Equal("run: lesson 01-slope still runs: stop it, or wait for its end",
            Assert.Throws<InvalidOperationException>(() => Ask<LessonAnswer>(new RunLessonRequest("02-chain-rule")))
                .Message);
        Ask<LessonAnswer>(new StopLessonRequest());
        var (end, _) = await End();
        Assert.Equal(("It was stopped.", false), (end.Sentence, end.Compared));
        await Gone(process);
        Assert.Equal("stop: no lesson runs",
            Assert.Throws<InvalidOperationException>(() => Ask<LessonAnswer>(new StopLessonRequest())).Message);
    }

    [Fact]
    public async Task A_session_that_ends_stops_its_lesson()
    {
        Save("Console.WriteLine($\"process {Environment.ProcessId}.\"); while (true) Thread.Sleep(10);");
        Ask<LessonAnswer>(new RunLessonRequest(First));
        int process = await PrintedProcess();
        Session.Dispose();
        await Gone(process);
    }

    [Fact]
    public async Task A_lesson_that_never_ends_is_ended_when_its_time_is_over()
    {
        _session = new(Place() with { Limit = TimeSpan.FromSeconds(3) });
        Save("while (true) Thread.Sleep(10);");
        Ask<LessonAnswer>(new RunLessonRequest(First));
        Assert.Equal("It was stopped after 0.05 minutes, which is as long as a lesson may run here.",
            (await End()).End.Sentence);
    }

    [Fact]
    public async Task Of_endless_output_a_part_is_kept()
    {
        Save("for (int i = 0; i < 30000; i++) Console.WriteLine(new string('x', 99)); Console.WriteLine(\"end\");");
        Ask<LessonAnswer>(new RunLessonRequest(First, "usual"));
        var (end, output) = await End();
        Assert.Equal("It ended. With these sizes its output is not compared.", end.Sentence);
        Assert.EndsWith("\n[more than 1,000,000 characters: the rest is not shown]\n", output,
            StringComparison.Ordinal);
        Assert.InRange(output.Length, LessonRun.MostOutput, LessonRun.MostOutput + 100);
    }

    [Theory]
    [InlineData("nonsense;", "It failed with exit code 1: its output says why.", "error CS")]
    [InlineData("Console.Error.WriteLine(\"names.txt: missing\"); return 2;",
        "It needs data that is not here: its last line says how to get it.", "names.txt: missing")]
    public async Task Why_a_lesson_fails_is_said(string program, string sentence, string printed)
    {
        Save(program);
        Ask<LessonAnswer>(new RunLessonRequest(First));
        var (end, output) = await End();
        Assert.Equal(sentence, end.Sentence);
        Assert.Contains(printed, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("unknown")]
    [InlineData("")]
    [InlineData("01-slope.cs")]
    public void A_name_that_is_none_is_refused(string name)
    {
        foreach (CourseRequest request in (CourseRequest[])[new LessonRequest(name), new RunLessonRequest(name),
            new SaveLessonRequest(name, "x"), new ResetLessonRequest(name), new MarkRequest(name, true)])
            Assert.Equal($"lesson '{name}': there is no such lesson: choose one of the list, such as 01-slope",
                Assert.Throws<ArgumentException>(() => Ask<LessonAnswer>(request)).Message);
        foreach (CourseRequest request in (CourseRequest[])[new ExerciseRequest(name), new CheckRequest(name, "x"),
            new HintRequest(name), new SolutionRequest(name), new ResetExerciseRequest(name)])
            Assert.Equal($"exercise '{name}': there is no such exercise: choose one of the list, such as 01-square",
                Assert.Throws<ArgumentException>(() => Ask<ExerciseAnswer>(request)).Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Where_others_can_ask_nothing_is_run_nor_left_to_be_run()
    {
        _session = new(Place() with { NotRun = "only here" });
        Assert.Equal("only here", Overview().NotRun);
        Assert.Equal("run: only here", Assert.Throws<InvalidOperationException>(
            () => Ask<LessonAnswer>(new RunLessonRequest(First))).Message);
        Assert.Equal("save: only here", Assert.Throws<InvalidOperationException>(
            () => Ask<LessonAnswer>(new SaveLessonRequest(First, "x"))).Message);
    }

    [Fact]
    public void What_another_program_wrote_meanwhile_is_not_written_over()
    {
        string task = Ask<ExerciseAnswer>(new CheckRequest(Square, "# mine")).Text;
        File.WriteAllText(_folder.PathOf(Square + ".txt"), "# of an editor");
        Assert.EndsWith("01-square.txt was changed meanwhile by another program, and is not written over: copy what "
            + "you wrote here, and load the page again", Assert.Throws<InvalidOperationException>(
                () => Ask<ExerciseAnswer>(new CheckRequest(Square, "# newer", task))).Message,
            StringComparison.Ordinal);
        Assert.Equal("# of an editor", File.ReadAllText(_folder.PathOf(Square + ".txt")));
        Ask<ExerciseAnswer>(new CheckRequest(Square, "# newer", "# of an editor"));
        string shipped = Ask<LessonAnswer>(new LessonRequest(First)).Text;
        Ask<LessonAnswer>(new SaveLessonRequest(First, "// mine", shipped));
        Assert.Throws<InvalidOperationException>(
            () => Ask<LessonAnswer>(new SaveLessonRequest(First, "// newer", shipped)));
        Assert.Equal("// mine", Ask<LessonAnswer>(new LessonRequest(First)).Text);
    }

    [Fact]
    public void Without_the_program_that_runs_lessons_a_sentence_says_what_to_install()
    {
        _session = new(Place() with { Dotnet = "no-such-program" });
        Assert.Equal("run: the program 'dotnet' does not start here, and lessons are run by it: install the .NET 10 "
            + "SDK, or add its folder to PATH", Assert.Throws<InvalidOperationException>(
                () => Ask<LessonAnswer>(new RunLessonRequest(First))).Message);
        Assert.StartsWith("run: size 'huge'", Assert.Throws<ArgumentException>(
            () => Ask<LessonAnswer>(new RunLessonRequest(First, "huge"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_files_lessons_are_only_read()
    {
        var room = LabRooms.At(new()).Single(one => one.Name == "course");
        using var session = room.Open(new());
        var overview = Assert.IsType<OverviewAnswer>(JsonSerializer.Deserialize(LabReply.Read(session.Answer(
            """{"type":"overview"}"""u8)).Json.Span, CourseJson.Default.CourseAnswer));
        Assert.Equal((null, null, 0, 0), (overview.Folder, overview.NotRun, overview.Exercises.Count,
            overview.Lessons.Count));
    }

    [Fact]
    public void Outputs_differ_in_the_lines_that_they_do_not_share()
    {
        Assert.Empty(OutputDifferences.Of(["a", "b"], OutputDifferences.Lines("a \r\nb\n\n")));
        Assert.Equal([new(2, false, "b"), new(4, true, "x")],
            OutputDifferences.Of(["a", "b", "c", "d"], ["a", "c", "d", "x"]));
        Assert.Equal([new(2, false, "b"), new(2, true, "x")], OutputDifferences.Of(["a", "b", "c"], ["a", "x", "c"]));
        Assert.Equal(OutputDifferences.Most,
            OutputDifferences.Of([.. Enumerable.Repeat("a", 5000)], [.. Enumerable.Repeat("b", 5000)]).Count);
    }

    CourseSession Session => _session ??= new(Place());

    CoursePlace Place() => new(_folder.Path, Lessons);

    OverviewAnswer Overview() => Ask<OverviewAnswer>(new OverviewRequest());

    void Save(string program) => Ask<LessonAnswer>(new SaveLessonRequest(First, program));

    T Ask<T>(CourseRequest request) where T : CourseAnswer
    {
        byte[] reply = Session.Answer(JsonSerializer.SerializeToUtf8Bytes(request, CourseJson.Default.CourseRequest));
        return Assert.IsAssignableFrom<T>(JsonSerializer.Deserialize(LabReply.Read(reply).Json.Span,
            CourseJson.Default.CourseAnswer));
    }

    async IAsyncEnumerable<CourseEvent> Events()
    {
        await foreach (string text in Session.Events(default))
            yield return JsonSerializer.Deserialize(text, CourseJson.Default.CourseEvent)!;
    }

    // As a page hears it: each event says what came since the one before.
    async Task<(CourseEvent End, string Output)> End()
    {
        var output = new StringBuilder();
        await foreach (var one in Events())
        {
            Assert.Equal(output.Length, one.From);
            output.Append(one.Text);
            if (one.State == "ended") return (one, output.ToString());
        }
        throw new InvalidOperationException("the events ended before the lesson");
    }

    async Task<int> PrintedProcess()
    {
        string said = "";
        await foreach (var one in Events())
        {
            said += one.Text;
            Assert.True(one.State == "running", one.Sentence + said);
            if (said.Contains('.', StringComparison.Ordinal)) break;
        }
        return int.Parse(said["process ".Length..said.IndexOf('.', StringComparison.Ordinal)],
            System.Globalization.CultureInfo.InvariantCulture);
    }

    static async Task Gone(int process)
    {
        try
        {
            using var left = Process.GetProcessById(process);
            await left.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // There is none any more.
        }
    }
}
