using ChainRule.Derivations;
using ChainRule.Lab.Learning;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli.Learning;

/// <summary>
/// Goes through a course: checks the file of an exercise whenever it was saved, and goes on to the next when it is
/// right. Keys, if there are any: h is a hint, s the solution, l the list, q the end.
/// </summary>
sealed class Watch(Course course, bool keys)
{
    // Where a file system tells of no changes, the file is looked at this often.
    static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(200), s_settled = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(Exercise first, CancellationToken cancel)
    {
        using var saved = new SemaphoreSlim(0);
        using var events = Events(course.PathOf(first), saved);
        try
        {
            for (Exercise? exercise = first; exercise is not null; exercise = course.Next)
            {
                Lines.Begin(course, exercise);
                if (keys) Terminal.Write("(keys: h hint, s solution, l list, q quit)");
                if (!await RightAsync(exercise, saved, cancel)) return;
            }
            Console.WriteLine(Lines.AllDone);
        }
        catch (OperationCanceledException)
        {
            Terminal.Write($"\n{course.Done} of {Course.Exercises.Count} done: go on with {Shell.Tool} learn{Dir}");
        }
    }

    // The folder that is taken if none is named is not named.
    string Dir => Path.TrimEndingDirectorySeparator(course.Folder) == Course.FolderFor(null) ? ""
        : $" --dir {Shell.Quote(course.Folder)}";

    /// <summary>Waits until an exercise is right; false if the learner wants to stop.</summary>
    async Task<bool> RightAsync(Exercise exercise, SemaphoreSlim saved, CancellationToken cancel)
    {
        string? seen = null;
        while (true)
        {
            if (Text(exercise) is { } text && text != seen)
            {
                // An editor may write a file in pieces.
                await Task.Delay(s_settled, cancel);
                if (Text(exercise) != text) continue;
                seen = text;
                var result = course.Check(exercise, text);
                Lines.Result(course, exercise, result);
                if (result.Passed) return true;
            }
            while (keys && Console.KeyAvailable)
                if (!Pressed(exercise)) return false;
            await saved.WaitAsync(s_poll, cancel);
        }
    }

    bool Pressed(Exercise exercise)
    {
        switch (Console.ReadKey(intercept: true).KeyChar)
        {
            case 'h': Lines.Hints(exercise, course); break;
            case 's': Console.WriteLine(exercise.Solution); break;
            case 'l': Lines.List(course); break;
            case 'q': return false;
        }
        return true;
    }

    // While an editor replaces it, there may be no file, or one that is locked.
    string? Text(Exercise exercise)
    {
        try
        {
            return course.Read(exercise);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static FileSystemWatcher? Events(string path, SemaphoreSlim saved)
    {
        try
        {
            var events = new FileSystemWatcher(Path.GetDirectoryName(Path.GetFullPath(path))!, "*.txt");
            events.Changed += (_, _) => saved.Release();
            events.Created += (_, _) => saved.Release();
            events.Renamed += (_, _) => saved.Release();
            events.EnableRaisingEvents = true;
            return events;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return null;
        }
    }
}
