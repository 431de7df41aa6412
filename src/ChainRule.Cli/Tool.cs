using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ChainRule.Cli;

/// <summary>What all commands share: exit codes, errors in one sentence, examples under --help.</summary>
static class Tool
{
    /// <summary>All went well.</summary>
    public const int Done = 0;

    /// <summary>The command was understood and failed, or was interrupted.</summary>
    public const int Failed = 1;

    /// <summary>The command was not understood.</summary>
    public const int Usage = 2;

    /// <summary>Parses and runs a command line.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        ShowExamples(root);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync($"chainrule: {error.Message}");
            await Console.Error.WriteLineAsync($"Try 'chainrule {string.Join(' ', Path(parsed.CommandResult.Command))}--help'.");
            return Usage;
        }

        try
        {
            // No default handler: it prints a stack trace. Ctrl-C gets as long as a save takes.
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"chainrule: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("chainrule: interrupted");
            return Failed;
        }
    }

    /// <summary>Adds lines to try to a command's help.</summary>
    public static Command WithExamples(this Command command, params string[] examples)
    {
        command.Options.Add(new HelpOption { Action = new HelpWithExamples(examples) });
        return command;
    }

    static void ShowExamples(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new HelpWithExamples(["chainrule train names", "chainrule sample runs/names-mlp --count 5 --prefix ma", "chainrule check"]);
    }

    static IEnumerable<string> Path(Command command)
    {
        if (command is RootCommand) yield break;
        foreach (var parent in command.Parents.OfType<Command>())
        {
            foreach (string name in Path(parent)) yield return name;
        }
        yield return command.Name + " ";
    }

    sealed class HelpWithExamples(string[] examples) : SynchronousCommandLineAction
    {
        readonly HelpAction _help = new();

        public override int Invoke(ParseResult parseResult)
        {
            _help.Invoke(parseResult);
            Console.WriteLine("Examples:");
            foreach (string example in examples) Console.WriteLine($"  {example}");
            return Done;
        }
    }
}
