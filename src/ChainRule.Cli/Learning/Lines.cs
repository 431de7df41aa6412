using ChainRule.Derivations;
using ChainRule.Lab.Learning;

namespace ChainRule.Cli.Learning;

/// <summary>What a learner reads on the terminal.</summary>
static class Lines
{
    public static string AllDone => $"All {Course.Exercises.Count} exercises are done.";

    public static void Begin(Course course, Exercise exercise)
    {
        Terminal.Write($"\n{exercise.Title}   ({course.Done} of {Course.Exercises.Count} done)");
        Terminal.Write($"Write in {Printable.Path(course.PathOf(exercise))} and save it.");
    }

    public static void Result(Course course, Exercise exercise, ExerciseResult result)
    {
        if (result.Report is { } report && !result.Passed && report.Steps.All(step => step.Verdict == Verdict.Open))
            Terminal.Write($"still to be written: {string.Join(", ", report.Steps.Select(step => step.Name))}");
        else Terminal.Write(result.Passed
            ? $"{exercise.Name}: right. {course.Done} of {Course.Exercises.Count} done."
            : $"\n{exercise.Name}:\n{result.Message}");
    }

    public static void Hints(Exercise exercise, Course course)
    {
        bool isMore = course.HasMoreHints(exercise);
        foreach (var (i, hint) in course.MoreHints(exercise).Index())
            Terminal.Write($"hint {i + 1} of {exercise.Hints.Count}: {hint}");
        if (!isMore) Terminal.Write("There are no more hints: look at the solution.");
    }

    public static void List(Course course)
    {
        foreach (var exercise in Course.Exercises)
            Terminal.Write($"{(course.IsDone(exercise) ? "done" : exercise == course.Next ? "next" : ""),4}  "
                + exercise.Title);
        Console.WriteLine($"{course.Done} of {Course.Exercises.Count} done");
    }
}
