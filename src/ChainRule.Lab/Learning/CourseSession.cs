using System.Runtime.CompilerServices;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Derivations;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Learning;

/// <summary>
/// The course: exercises by the checker of `chainrule learn`, in the same files; lessons, run in a process of their
/// own; and what is done.
/// </summary>
public sealed class CourseSession : LabSession
{
    const int MostText = 1 << 20;

    static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(30);

    readonly CoursePlace _place;
    readonly LessonRuns _lessons;

    /// <summary>A session of a place.</summary>
    /// <param name="place">The learner's folder and the lessons.</param>
    public CourseSession(CoursePlace place) => (_place, _lessons) = (place, new(place));

    /// <summary>The room of them.</summary>
    public static LabRoom Room { get; } = new("course", "Course", place => new CourseSession(place.Course
        ?? throw new ArgumentException("course: the lab was started without a learner's folder")));

    // Read anew each time: the command line and other pages write into the same folder.
    Course Progress => new(_place.Folder);

    /// <inheritdoc/>
    public override byte[] Answer(ReadOnlySpan<byte> request) =>
        LabReply.Of(Answered(Read(request, CourseJson.Default.CourseRequest)), CourseJson.Default.CourseAnswer);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<string> Events([EnumeratorCancellation] CancellationToken stop)
    {
        int run = -1, at = 0;
        while (true)
        {
            var changed = _lessons.Changed;
            if (_lessons.Event(run, at) is { } next)
            {
                (run, at) = (next.Run, next.From + next.Text.Length);
                yield return JsonSerializer.Serialize(next, CourseJson.Default.CourseEvent);
            }
            await changed.WaitAsync(stop).ConfigureAwait(false);
            // What is printed at the same moment is one event.
            await Task.Delay(s_gather, stop).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override LabFile? Open(string name) => _lessons.Folder.Picture(name);

    /// <inheritdoc/>
    protected override void End() => _lessons.Dispose();

    CourseAnswer Answered(CourseRequest request) => request switch
    {
        OverviewRequest => Overview(Progress),
        ExerciseRequest one => Shown(Progress, Find(one.Name)),
        CheckRequest check => Checked(Progress, Find(check.Name), check),
        HintRequest hint => Hinted(Progress, Find(hint.Name)),
        SolutionRequest solution => Shown(Progress, Find(solution.Name)) with
            { Solution = Find(solution.Name).Solution.TrimEnd() },
        ResetExerciseRequest reset => Begun(Progress, Find(reset.Name)),
        _ => _lessons.Answer(request),
    };

    OverviewAnswer Overview(Course course) => new(Printable.Path(_place.Folder), _place.NotRun,
        [.. Course.Exercises.Select(one => new ExerciseName(one.Name, one.Title, course.IsDone(one)))],
        [.. course.Lessons.Order(StringComparer.Ordinal)]);

    static Exercise Find(string name) => Course.Exercises.FirstOrDefault(one => one.Name == name)
        ?? throw new ArgumentException($"exercise '{Printable.Of(name, 40)}': there is no such exercise: choose one of "
            + $"the list, such as {Course.Exercises[0].Name}");

    static ExerciseAnswer Shown(Course course, Exercise exercise) => new(exercise.Name, exercise.Title,
        Printable.Path(course.PathOf(exercise)), TextFile.WithLineFeeds(course.ReadOrTask(exercise)),
        course.IsDone(exercise), [.. course.Hints(exercise)], exercise.Hints.Count);

    /// <summary>Refuses to write over what another program wrote meanwhile.</summary>
    /// <exception cref="InvalidOperationException">The file is not as the page began with it.</exception>
    internal static void CheckUnchanged(string? was, string text, string now, string path)
    {
        if (was is not null && now != was && now != text)
            throw new InvalidOperationException($"{Printable.Path(path)} was changed meanwhile by another program, and "
                + "is not written over: copy what you wrote here, and load the page again");
    }

    static ExerciseAnswer Checked(Course course, Exercise exercise, CheckRequest request)
    {
        string text = request.Text;
        if (text.Length > MostText)
            throw new ArgumentException($"exercise {exercise.Name}: {text.Length:N0} characters: give at most "
                + $"{MostText:N0}");
        CheckUnchanged(request.Was, text, TextFile.WithLineFeeds(course.ReadOrTask(exercise)),
            course.PathOf(exercise));
        course.Write(exercise, text);
        var found = course.Check(exercise, text);
        string[] open = [.. found.Report?.Steps.Where(step => step.Verdict == Verdict.Open).Select(step => step.Name)
            ?? []];
        return Shown(course, exercise) with
        {
            Text = text,
            Result = new(found.Passed, found.Message, open.Length == found.Report?.Steps.Count ? open : []),
        };
    }

    static ExerciseAnswer Hinted(Course course, Exercise exercise)
    {
        course.MoreHints(exercise);
        return Shown(course, exercise);
    }

    static ExerciseAnswer Begun(Course course, Exercise exercise)
    {
        string? kept = course.Reset(exercise);
        return Shown(course, exercise) with { Kept = kept is null ? null : Printable.Path(kept) };
    }
}
