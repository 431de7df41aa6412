using System.CommandLine;
using ChainRule.Cli.Commands;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli;

/// <summary>
/// The tool's commands by name. To make one is to run its code for the first time, which is compiled then; so a command
/// line makes the one that it names, and the tool's own help makes none.
/// </summary>
static class CommandTable
{
    const string Summary = "Train, sample and check small neural networks.";
    const int Gap = 2;

    static readonly string[] s_examples =
        ["chainrule train names", "chainrule sample runs/names-mlp --count 5 --prefix ma", "chainrule check"];

    /// <summary>All commands, in the order of help.</summary>
    internal static readonly Entry[] All =
    [
        new("train", "", "Train a model and save it", TrainCommand.Create),
        new("sample", "<DIR>", "Generate samples from a trained model", SampleCommand.Create),
        new("fit", "<FILE.csv>", "Train a model that predicts one column of a table, and judge it", FitCommand.Create),
        new("predict", "<DIR> <FILE>", "Predict new data by a trained model", PredictCommand.Create),
        new("evaluate", "<DIR> <FILE|FOLDER>", "Measure a trained model on other data", EvaluateCommand.Create),
        new("recommend", "", "Recommend places by location, tags and visits", RecommendCommand.Create),
        new("map", "<FILE.csv>", "Train a self-organising map of a table: what is alike lies close together",
            MapCommand.Create),
        new("check", "", "Check a model before training it: gradients, initial loss, overfitting a single batch",
            CheckCommand.Create),
        new("explain", "<DIR>", "Say where a gradient of a run, or a number of its output, came from",
            ExplainCommand.Create),
        new("rewind", "<DIR>",
            "Begin a new run where another stood after a step, with settings of training changed or not",
            RewindCommand.Create),
        new("step", "<PROGRAM> <NAME=NUMBER>", "Walk through a backward pass op by op, forward and back again",
            StepCommand.Create),
        new("diagnose", "<DIR|FILE.json>",
            "Find out what is wrong with a training, and try the cure beside a branch without it",
            DiagnoseCommand.Create),
        new("export", "<DIR>", "Write a run's model, or its curves, as a file for other programs",
            ExportCommand.Create),
        new("info", "<DIR>", "Describe a saved run; without one: version, vector width, threads", InfoCommand.Create),
        new("compare", "<DIR> <OTHER>", "Show what differs between two saved runs, and what it did to their losses",
            CompareCommand.Create),
        new("experiment", "<FILE.json>",
            "Train a base model and changes of it with several seeds, and say what changed what",
            ExperimentCommand.Create),
        new("tokenize", "<TEXT>", "Make token files of texts that need not fit into memory", TokenizeCommand.Create),
        new("data", "", "List the published data sets, and fetch them", static () => DataCommand.Create()),
        new("lessons", "<NUMBER> <OPTION>", "List the lessons; run one, or with --quick or --full all, and compare "
            + "their numbers with the lectures'", LessonsCommand.Create),
        new("learn", "<NUMBER>", "Exercises: write gradients by hand, and be told which mistake it is",
            LearnCommand.Create),
        new("derivation", "<FILE>", "Check gradients that were written by hand, and name the mistake",
            DerivationCommand.Create),
        new("lab", "", "Serve a playground of neural networks to a browser, with every number", LabCommand.Create),
    ];

    // Started by the tool itself, and shown in no help.
    static readonly Entry s_worker = new("worker", "", "One of the processes of train --workers", WorkerCommand.Create);

    /// <summary>
    /// Whether a command line asks for the tool's own help and nothing else: alone, or by no word at all.
    /// </summary>
    public static bool IsHelp(string[] args) => args is [] or ["help"] or ["--help" or "-h" or "-?" or "/h" or "/?"];

    /// <summary>The command line's root with the command that is named; with all of them if none is.</summary>
    public static Command Root(string[] args)
    {
        var root = new Command("chainrule", Summary);
        var named = All.Append(s_worker).Where(entry => args is [var first, ..] && first == entry.Name).ToArray();
        foreach (var entry in named is [] ? All : named) root.Add(entry.Create());
        root.Options.Add(new VersionOption());
        return root.WithExamples(s_examples);
    }

    /// <summary>Writes the tool's own help.</summary>
    public static void WriteHelp()
    {
        const string Asked = "-?, -h, --help";
        int options = Asked.Length + Gap, commands = All.Max(static entry => entry.Left.Length) + Gap;
        var lines = new List<string>
        {
            "Description:", "  " + Summary, "", "Usage:", "  chainrule [command] [options]", "", "Options:",
            "  " + "--version".PadRight(options) + "Show version information",
            "  " + Asked.PadRight(options) + "Show help and usage information", "", "Commands:",
        };
        // What does not fit a window goes on below where it began.
        int width = Terminal.Width == int.MaxValue ? int.MaxValue : Math.Max(Terminal.Width - Gap - commands, 1);
        foreach (var entry in All)
        {
            string left = entry.Left;
            foreach (string line in Terminal.Wrap(entry.Description, width))
            {
                lines.Add("  " + left.PadRight(commands) + line.TrimStart());
                left = "";
            }
        }
        Console.WriteLine(string.Join('\n', lines) + "\n");
        Tool.WriteExamples(s_examples);
    }

    /// <summary>A command as help lists it: its name, its arguments, what it does.</summary>
    internal sealed record Entry(string Name, string Arguments, string Description, Func<Command> Create)
    {
        /// <summary>The name and the arguments.</summary>
        public string Left => Arguments.Length == 0 ? Name : $"{Name} {Arguments}";
    }
}
