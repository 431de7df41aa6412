using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Numerics;

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
    public static async Task<int> RunAsync(Command root, string[] args)
    {
        root.Options.Add(new VersionOption());
        root.WithExamples("chainrule train names", "chainrule sample runs/names-mlp --count 5 --prefix ma", "chainrule check");
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            // A group without one of its commands is a question: the answer is its help.
            var command = parsed.CommandResult.Command;
            if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0 && parsed.Errors.Count == 1)
            {
                await root.Parse([.. Path(command).Skip(1), "--help"]).InvokeAsync();
                return Usage;
            }
            string message = command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var word, ..]
                ? $"'{word}' is no command here: choose one of {string.Join(", ", command.Subcommands.Select(c => c.Name))}"
                : parsed.Errors[0].Message.TrimEnd('.');
            await Console.Error.WriteLineAsync($"chainrule: {message}. Try '{string.Join(' ', Path(command))} --help'.");
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

    /// <summary>A choice among names; anything else is an error that lists them.</summary>
    public static Option<T> Among<T>(this Option<T> option, params string[] names)
    {
        option.Validators.Add(r =>
        {
            if (r.Tokens is [var token, ..] && !names.Contains(token.Value)) r.AddError($"{option.Name} {token.Value}: choose one of {string.Join(", ", names)}");
        });
        option.CompletionSources.Add(names);
        return option;
    }

    /// <summary>A finite number not below a least one; anything else is an error that says so.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, T least) where T : INumber<T>
    {
        option.CustomParser = r =>
        {
            string text = r.Tokens[0].Value;
            // No thousands: 1,5 is half of Europe's one and a half, and would be taken for 15.
            if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && T.IsFinite(number)) return number;
            r.AddError($"{option.Name} {text}: give a {(T.IsInteger(T.One / (T.One + T.One)) ? "whole number" : "number")} of {least} or more");
            return least;
        };
        return option;
    }

    static IEnumerable<string> Path(Command command)
    {
        foreach (var parent in command.Parents.OfType<Command>())
        {
            foreach (string name in Path(parent)) yield return name;
        }
        yield return command.Name;
    }

    sealed class HelpWithExamples(string[] examples) : SynchronousCommandLineAction
    {
        readonly HelpAction _help = new();

        // Who asks for help has nothing else to give.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            _help.Invoke(parseResult);
            Console.WriteLine("Examples:");
            foreach (string example in examples) Console.WriteLine($"  {example}");
            return Done;
        }
    }
}
