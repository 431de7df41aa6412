using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using ChainRule.Zoo.Lectures;

namespace ChainRule.Cli.Commands;

/// <summary>
/// `chainrule lessons [NUMBER] [--quick|--full]`: lists the lessons, runs one, or runs all and compares their
/// numbers with the lectures'.
/// </summary>
static class LessonsCommand
{
    public static Command Create()
    {
        var number = new Argument<int?>("NUMBER")
            { Description = "The lesson to run", Arity = ArgumentArity.ZeroOrOne, CustomParser = Number };
        var quick = new Option<bool>("--quick") { Description = "In a second or two each, with small sizes" };
        var full = new Option<bool>("--full") { Description = "At the lectures' own sizes; some take many minutes" };
        var own = new Argument<string[]>("OPTION")
            { Description = "After --: options of the lesson's own, such as -- --seed 7",
                Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("lessons", "List the lessons; run one, or with --quick or --full all, and compare "
            + "their numbers with the lectures'") { number, quick, full, own };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(quick) && parsed.GetValue(full))
                parsed.AddError("--quick does not go with --full: choose one");
        });
        command.SetAction((parsed, cancel) =>
        {
            string folder = Lesson.FindFolder(Directory.GetCurrentDirectory())
                ?? throw new DirectoryNotFoundException("lessons: neither this folder nor one above holds "
                    + "lessons/NN-name.cs: run this in a clone of ChainRule");
            var lessons = Lesson.In(folder);
            string[] size = parsed.GetValue(quick) ? ["--quick"] : parsed.GetValue(full) ? ["--full"] : [];
            string[] given = parsed.GetValue(own) ?? [];
            if (given.Length > 0 && !parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash))
                throw new ArgumentException($"lessons {Printable.Of(given[0])}: this is neither a lesson's number nor "
                    + "an option: give a lesson's own options after --");
            if (parsed.GetValue(number) is { } chosen) return RunOne(Find(lessons, chosen), size, given, cancel);
            return size.Length == 0 ? Task.FromResult(List(lessons)) : RunAll(lessons, size, cancel);
        });
        return command.WithExamples("chainrule lessons", "chainrule lessons 7", "chainrule lessons 9 -- --seed 7",
            "chainrule lessons --quick");
    }

    static int? Number(ArgumentResult given)
    {
        string text = given.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return number;
        given.AddError($"lessons {Printable.Of(text)}: give a lesson's number, such as 7, or nothing to see them all");
        return null;
    }

    static Lesson Find(IReadOnlyList<Lesson> lessons, int number) =>
        lessons.FirstOrDefault(lesson => lesson.Number == number)
        ?? throw new ArgumentException($"lessons {number}: there is no lesson of this number: choose one of "
            + $"{string.Join(", ", lessons.Select(lesson => lesson.Number))}");

    static int List(IReadOnlyList<Lesson> lessons)
    {
        int width = lessons.Max(lesson => lesson.Title.Length);
        foreach (var lesson in lessons)
            Console.WriteLine($"{lesson.Number,3}  {lesson.Title.PadRight(width)}  {lesson.Summary}");
        return Tool.Done;
    }

    static async Task<int> RunOne(Lesson lesson, string[] size, string[] own, CancellationToken cancel)
    {
        var known = lesson.Options();
        if (own.FirstOrDefault(
            option => option.StartsWith("--", StringComparison.Ordinal) && !known.Contains(option)
                && option != "--help") is { } other)
            throw new ArgumentException(
                $"lessons {lesson.Number} -- {Printable.Of(other)}: the lesson has no such option: it has "
                + $"{(known.Count == 0 ? "none" : string.Join(", ", known))}");
        using var process = Start(lesson, [.. size, .. own], captured: false);
        await Ended(process, cancel);
        return process.ExitCode;
    }

    static async Task<int> RunAll(IReadOnlyList<Lesson> lessons, string[] size, CancellationToken cancel)
    {
        var table = new LessonsTable();
        foreach (var lesson in lessons)
        {
            using var process = Start(lesson, size, captured: true);
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancel),
                process.StandardError.ReadToEndAsync(cancel));
            await Ended(process, cancel);
            table.Add(lesson, process.ExitCode, await output, await errors);
        }
        table.WriteTotal();
        return table.Agrees ? Tool.Done : Tool.Failed;
    }

    // In the reader's folder, so that a lesson's pictures come to lie there.
    static Process Start(Lesson lesson, string[] size, bool captured) =>
        Process.Start(new ProcessStartInfo("dotnet", ["run", lesson.Path, "--", .. size])
    {
        RedirectStandardOutput = captured,
        RedirectStandardError = captured,
    })!;

    static async Task Ended(Process process, CancellationToken cancel)
    {
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
