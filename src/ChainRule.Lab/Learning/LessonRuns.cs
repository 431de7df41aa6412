using ChainRule.Lab.Sessions;
using ChainRule.Zoo.Lectures;

namespace ChainRule.Lab.Learning;

/// <summary>The lessons of one session: read, changed, marked, and run, one at a time.</summary>
sealed class LessonRuns(CoursePlace place) : IDisposable
{
    readonly Lock _lock = new();
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    (string Lesson, string Size, DateTime Began)? _of;
    CourseEvent? _end;
    int _count;

    /// <summary>Where the lessons are.</summary>
    public LessonFolder Folder { get; } = new(place);

    /// <summary>The run that was started last; null where none was.</summary>
    public LessonRun? Run { get; private set; }

    /// <summary>When something changes.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock) return _changed.Task;
        }
    }

    public LessonAnswer Answer(CourseRequest request)
    {
        switch (request)
        {
            case LessonRequest { Name: var name }:
                return Shown(name);
            case MarkRequest { Name: var name, Done: var done }:
                Folder.Check(name);
                new Course(place.Folder).SetLesson(name, done);
                return Shown(name);
            case SaveLessonRequest { Name: var name, Text: var text, Was: var was }:
                Folder.Check(name);
                // Who may not run a program here may not leave one for the learner to run either.
                if (place.NotRun is { } why) throw new InvalidOperationException($"save: {why}");
                CourseSession.CheckUnchanged(was, text, Folder.Read(name), Folder.PathOf(name));
                Folder.Write(name, text);
                return Shown(name);
            case ResetLessonRequest { Name: var name }:
                Folder.Check(name);
                return Shown(name) with { Kept = Folder.Reset(name) is { } kept ? Printable.Path(kept) : null,
                    Text = Folder.Read(name), Changed = false };
            case RunLessonRequest { Name: var name, Size: var size }:
                Start(name, size);
                return Shown(name);
            case StopLessonRequest:
                if (Run is not { Ended.IsCompleted: false } || _of is not { } of)
                    throw new InvalidOperationException("stop: no lesson runs");
                Run.Stop();
                return Shown(of.Lesson);
            default:
                throw new ArgumentException($"course: a {request.GetType().Name} is not answered here");
        }
    }

    /// <summary>What a reader does not know yet; null if nothing.</summary>
    /// <param name="run">The run that it knows of; −1 for nothing.</param>
    /// <param name="at">How many characters of its output it has.</param>
    public CourseEvent? Event(int run, int at)
    {
        lock (_lock)
        {
            if (Run is null || _of is not { } of)
                return run < 0 ? new(0, "", "none", 0, "", "", false, [], []) : null;
            int from = run == _count ? at : 0;
            string text = Run.Since(from);
            if (_end is { } end) return end with { From = from, Text = text };
            return run == _count && text.Length == 0 ? null
                : new(_count, of.Lesson, "running", from, text, "", false, [], []);
        }
    }

    public void Dispose() => Run?.Dispose();

    LessonAnswer Shown(string name)
    {
        Folder.Check(name);
        string text = Folder.Read(name);
        return new(name, Printable.Path(Folder.PathOf(name)), text, text != Folder.Shipped(name),
            new Course(place.Folder).Lessons.Contains(name), Folder.PicturesOf(name));
    }

    void Start(string name, string size)
    {
        Folder.Check(name);
        if (Run is { Ended.IsCompleted: false })
            throw new InvalidOperationException($"run: lesson {_of?.Lesson} still runs: stop it, or wait for its end");
        var began = DateTime.UtcNow;
        var run = new LessonRun(Folder.Start(name, size), place.Limit, Tell);
        Run?.Dispose();
        lock (_lock)
        {
            (Run, _of, _end) = (run, (name, size, began), null);
            _count++;
        }
        run.Ended.ContinueWith(_ => Finish(run, name, size, began), TaskScheduler.Default);
        Tell();
    }

    void Finish(LessonRun run, string name, string size, DateTime began)
    {
        bool compared = run.Code == 0 && size == "quick" && run.Cut is (false, false);
        IReadOnlyList<OutputDifference> differences = compared
            ? OutputDifferences.Of(Folder.Expected(name), OutputDifferences.Lines(run.Output)) : [];
        string sentence = Sentence(run, compared, differences.Count);
        IReadOnlyList<string> pictures = [];
        try
        {
            pictures = Folder.PicturesOf(name, began);
            if (compared && differences.Count == 0) new Course(place.Folder).SetLesson(name, true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            sentence += $" That it is done could not be kept: {Printable.Message(e.Message)}";
        }
        lock (_lock)
            if (Run == run) _end = new(_count, name, "ended", 0, "", sentence, compared, differences, pictures);
        Tell();
    }

    string Sentence(LessonRun run, bool compared, int differences) => run.Cut switch
    {
        (true, _) => "It was stopped.",
        (_, true) => $"It was stopped after {place.Limit.TotalMinutes:0.##} minutes, which is as long as a lesson may "
            + "run here.",
        _ when compared => differences == 0 ? "It printed what is expected."
            : $"It ended, and {differences} lines differ from what is expected.",
        _ => run.Code switch
        {
            0 => "It ended. With these sizes its output is not compared.",
            Lecture.DataMissing => "It needs data that is not here: its last line says how to get it.",
            _ when run.Output.Contains("No .NET SDKs were found", StringComparison.Ordinal) =>
                "There is no .NET SDK here, and lessons are compiled by it: install the .NET 10 SDK.",
            _ => $"It failed with exit code {run.Code}: its output says why.",
        },
    };

    void Tell()
    {
        TaskCompletionSource told;
        lock (_lock)
            (told, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        told.SetResult();
    }
}
