using System.CommandLine;
using System.Globalization;
using ChainRule.Cli.Learning;
using ChainRule.Derivations;
using ChainRule.Lab.Learning;

namespace ChainRule.Cli.Commands;

/// <summary>`chainrule learn`: exercises in gradients by hand, checked whenever a file is saved.</summary>
static class LearnCommand
{
    public static Command Create()
    {
        var number = new Argument<int?>("NUMBER")
        {
            Description = "An exercise; default: the first that is not done", Arity = ArgumentArity.ZeroOrOne,
            CustomParser = static r =>
            {
                string text = r.Tokens[0].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int found)) return found;
                r.AddError($"learn {Printable.Of(text)}: give the number of an exercise, from 1 to "
                    + $"{Course.Exercises.Count}");
                return null;
            },
        };
        var folder = new Option<string?>("--dir")
            { Description = "The folder of your files and your progress; what is not there is written [default: "
                + $"{Course.Usual}; beside the folder in which ChainRule ships them: {Course.BesideShipped}]",
                HelpName = "DIR" };
        var list = new Option<bool>("--list") { Description = "List the exercises, and which are done" };
        var hint = new Option<bool>("--hint") { Description = "One more hint; there are three" };
        var solution = new Option<bool>("--solution") { Description = "Show the solution" };
        var reset = new Option<bool>("--reset")
            { Description = "Begin the exercise anew; what you wrote is kept in a file that ends in .old" };
        var watch = new Option<bool>("--watch")
            { Description = "Check on every save also where this is no terminal; otherwise it checks once there" };
        var command = new Command("learn", "Exercises: write gradients by hand, and be told which mistake it is")
            { number, folder, list, hint, solution, reset, watch };
        command.Validators.Add(parsed =>
        {
            if (new[] { list, hint, solution, reset, watch }.Count(parsed.GetValue) > 1)
                parsed.AddError("--list, --hint, --solution, --reset and --watch do not go together: choose one");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            string directory = Course.FolderFor(parsed.GetValue(folder));
            var course = new Course(directory);
            if (parsed.GetValue(list))
            {
                Lines.List(course);
                return Tool.Done;
            }
            if (course.WriteMissing() is > 0 and var written)
                Console.WriteLine($"{written} exercises were written to {Printable.Path(directory)}");
            var exercise = parsed.GetValue(number) is { } chosen ? Find(chosen) : course.Next;
            if (exercise is null)
            {
                Console.WriteLine(Lines.AllDone);
                return Tool.Done;
            }
            if (parsed.GetValue(hint)) Lines.Hints(exercise, course);
            else if (parsed.GetValue(solution)) Console.WriteLine(exercise.Solution.TrimEnd());
            else if (parsed.GetValue(reset)) Reset(course, exercise);
            else if (parsed.GetValue(watch) || !Console.IsOutputRedirected)
                await new Watch(course, keys: !Console.IsInputRedirected && !Console.IsOutputRedirected)
                    .RunAsync(exercise, cancel);
            else return Once(course, exercise);
            return Tool.Done;
        });
        return command.WithExamples("chainrule learn", "chainrule learn --list", "chainrule learn 12 --hint",
            "chainrule learn --dir calculus");
    }

    static int Once(Course course, Exercise exercise)
    {
        Lines.Begin(course, exercise);
        var result = course.Check(exercise, course.Read(exercise));
        Lines.Result(course, exercise, result);
        return result.Passed ? Tool.Done : Tool.Failed;
    }

    static void Reset(Course course, Exercise exercise)
    {
        string? kept = course.Reset(exercise);
        Console.WriteLine($"{exercise.Name} begins anew"
            + (kept is null ? "" : $"; what you wrote is in {Printable.Path(kept)}"));
    }

    static Exercise Find(int number) => number >= 1 && number <= Course.Exercises.Count ? Course.Exercises[number - 1]
        : throw new ArgumentException($"learn {number}: there is no exercise of this number: choose one from 1 to "
            + $"{Course.Exercises.Count}");
}
