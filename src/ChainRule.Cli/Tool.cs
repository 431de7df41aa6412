using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ChainRule.Distributed;
using ChainRule.Images;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Cli;

/// <summary>What all commands share: exit codes, errors in one sentence, examples under --help.</summary>
static partial class Tool
{
    /// <summary>All went well.</summary>
    public const int Done = 0;

    /// <summary>The command was understood and failed, or was interrupted.</summary>
    public const int Failed = 1;

    /// <summary>The command was not understood.</summary>
    public const int Usage = 2;

    /// <summary>Nobody read what was said: the code of a process that SIGPIPE ended.</summary>
    public const int Unread = 128 + 13;

    const string Trace = "CHAINRULE_TRACE";

    /// <summary>Parses and runs a command line.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        Gate.SetUp();
        if (args is ["help", var named, .. var more]) args = [named, .. more, "--help"];
        try
        {
            if (CommandTable.IsHelp(args))
            {
                CommandTable.WriteHelp();
                return args.Length == 0 ? Usage : Done;
            }
            return await ParseAsync(CommandTable.Root(args), args);
        }
        catch (NobodyReadsException)
        {
            return Unread;
        }
    }

    static async Task<int> ParseAsync(Command root, string[] args)
    {
        // Runs on images read PNG and JPEG.
        ImageFiles.Install();
        var parsed = root.Parse(args);
        if (Stray(parsed, args) is { } stray)
        {
            var command = parsed.CommandResult.Command;
            string meant = Meant(command, stray);
            return Refuse($"Unrecognized command or argument '{Printable.Of(stray)}'{meant}"
                + $"{(meant.EndsWith('?') ? "" : ".")} Try {Help(command)}.");
        }
        if (parsed.Errors.Count > 0)
        {
            // A group without one of its commands is a question: the answer is its help.
            var command = parsed.CommandResult.Command;
            if (command is { Subcommands.Count: > 0, Action: null } && parsed.UnmatchedTokens.Count == 0
                && parsed.Errors.Count == 1)
            {
                await root.Parse([.. Path(command).Skip(1), "--help"]).InvokeAsync();
                return Usage;
            }
            string message = command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var word, ..]
                ? $"'{Printable.Of(word)}' is no command here: " + NearOrAll(word, command)
                : Complaint.Of(parsed, parsed.Errors[0]);
            if (command.Subcommands.Count == 0 && parsed.UnmatchedTokens is [var unknown, ..]
                && unknown.StartsWith("--", StringComparison.Ordinal))
                message += Meant(command, unknown);
            return Refuse($"{message}{(message.EndsWith('?') ? "" : ".")} Try {Help(command)}.");
        }

        // A terminal that is closed asks as Ctrl-C and SIGTERM do: what is trained is saved. SIGQUIT (Ctrl-\) ends at
        // once; what was saved before is whole.
        using var stop = new CancellationTokenSource();
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        try
        {
            // No default handler: it prints a stack trace. Ctrl-C gets as long as a save takes.
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromMinutes(1) }, stop.Token);
        }
        catch (Exception e) when (Told(parsed.CommandResult.Command, e) is { } told)
        {
            Say(told.Text);
            return told.Code;
        }
    }

    // Of the processes that an mpirun started one says it, and the others do not wait for this one.
    static int Refuse(string message)
    {
        if (Mpi.IsLaunched) return MpiWorkers.Refuse(message);
        Say(message);
        return Usage;
    }

    /// <summary>What is said of an error, and the exit code; null for what is no error to be said.</summary>
    internal static (string Text, int Code)? Told(Command command, Exception e) => e switch
    {
        NobodyReadsException => null,
        UsageException => ($"{Remedies.Message(command, e)}. Try {Help(command)}.", Usage),
        ArgumentException or InvalidOperationException or InvalidDataException or IOException
            or UnauthorizedAccessException => (Remedies.Message(command, e), Failed),
        // A command says what is kept and how to go on; of others nothing was begun that could be.
        OperationCanceledException => (e.Message.StartsWith("interrupted", StringComparison.Ordinal) ? e.Message
            : "interrupted", Failed),
        OutOfMemoryException => ("there is not enough memory for this: take a smaller model, or smaller data", Failed),
        _ when Environment.GetEnvironmentVariable(Trace) is not null => null,
        _ => ($"a fault of chainrule itself ({e.GetType().Name}: {Printable.Of(e.Message, 200)}): please report it, "
            + $"with what the environment variable {Trace}=1 shows", Failed),
    };

    /// <summary>A message without what .NET adds to it for programs: <c> (Parameter 'x')</c>.</summary>
    internal static string Sentence(Exception e) => e is ArgumentException { ParamName: { } name }
        && e.Message.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal) is > 0 and var at
            ? e.Message[..at] : e.Message;

    /// <summary>Says on stderr what went wrong, in one line.</summary>
    internal static void Say(string message) => Console.Error.WriteLine(Printable.Message($"chainrule: {message}"));

    /// <summary>Adds lines to try to a command's help.</summary>
    public static Command WithExamples(this Command command, params string[] examples)
    {
        command.Options.Add(new HelpOption { Action = new HelpWithExamples(examples) });
        return command;
    }

    /// <summary>The end of a help: lines to try.</summary>
    public static void WriteExamples(string[] examples)
    {
        Console.WriteLine("Examples:");
        foreach (string example in examples) Console.WriteLine($"  {Shell.Tool}{example["chainrule".Length..]}");
    }

    /// <summary>A choice among names; anything else is an error that lists them.</summary>
    public static Option<T> Among<T>(this Option<T> option, params string[] names)
    {
        option.Validators.Add(r =>
        {
            if (r.Tokens is [var token, ..] && !names.Contains(token.Value))
                r.AddError($"{option.Name} {Printable.Of(token.Value)}: choose one of {string.Join(", ", names)}");
        });
        option.CompletionSources.Add(names);
        return option;
    }

    /// <summary>
    /// An option that there is not, and that was taken for one of several arguments; null if there is none. What
    /// follows -- is meant.
    /// </summary>
    static string? Stray(ParseResult parsed, string[] args) => args.Contains("--") ? null
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(static one => one.Tokens)
            .Select(static token => token.Value).FirstOrDefault(static text => OptionLike().IsMatch(text));

    [GeneratedRegex("^--[a-z][a-z-]+(=.*)?$")]
    private static partial Regex OptionLike();

    /// <summary>The option that is meant by one that there is not.</summary>
    static string Meant(Command command, string unknown)
    {
        string name = unknown.Split('=')[0][2..];
        if (Nearest.To(name, command.Options.Select(option => option.Name[2..])) is { } near)
            return $": did you mean --{near}?";
        if (command.Arguments.Any(
            static one => one.Description?.StartsWith("After --", StringComparison.Ordinal) == true))
            return ": options of its own are given after --";
        if (command.Options.All(option => option.Name != "--set")) return "";
        var sizes = Recipe.All.SelectMany(recipe => Setting.Of(recipe.Tiny));
        return sizes.FirstOrDefault(size => Nearest.Plain(size.Name) == Nearest.Plain(name)) is { } setting
            ? $": use --set {setting.Name}=VALUE instead" : "";
    }

    static string NearOrAll(string word, Command command)
    {
        string[] names = [.. command.Subcommands.Select(static one => one.Name)];
        return Nearest.To(word, names) is { } near ? $"did you mean {near}?"
            : $"choose one of {string.Join(", ", names)}";
    }

    /// <summary>How to ask for a command's help.</summary>
    static string Help(Command command) => $"'{Line(command)} --help'";

    /// <summary>A command as it is typed, without what follows.</summary>
    public static string Line(Command command) => string.Join(' ', [Shell.Tool, .. Path(command).Skip(1)]);

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
            WriteExamples(examples);
            return Done;
        }
    }
}

/// <summary>Options that were read and cannot be used: the command was not understood.</summary>
sealed class UsageException(string message, Exception inner) : Exception(message, inner);
