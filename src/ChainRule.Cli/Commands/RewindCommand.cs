using System.CommandLine;
using System.Globalization;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule rewind: begins a new run where another stood after one of its steps.</summary>
static class RewindCommand
{
    // The settings that are changed most; all that can be changed go by --set.
    static readonly (string Option, string Value, string Name, string Description)[] s_named =
    [
        ("--steps", "N", "steps", "Number of training steps, with those before the branch"),
        ("--optimizer", "NAME", "optimizer", "Another optimizer: what it remembers of gradients begins anew"),
        ("--learning-rate", "RATE", "learningRate", "Greatest learning rate; the schedule lowers it"),
        ("--batch-size", "N", "batchSize", "Examples in a batch; with another number the order begins anew"),
        ("--weight-decay", "DECAY", "weightDecay", "Weight decay: how strongly weights are pulled towards 0"),
        ("--dropout", "P", "dropout", "Probability with which a unit is set to 0 in training"),
        ("--eval-every", "N", "evalEvery", "Steps between two evaluations"),
    ];

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run; nothing in it is changed" };
        var step = new Option<int>("--step") { Description = "The step to begin the new run at", HelpName = "N",
            Required = true }.AtLeast(0);
        var output = new Option<string?>("--out")
            { Description = "The new run's folder [default: DIR-step-N, numbered]", HelpName = "NEW" };
        var data = new Option<string?>("--data") { Description = "Where the data is now, if it was moved",
            HelpName = "FILE" };
        var set = new Option<string[]>("--set")
        {
            Description = "Another setting of training, such as schedule=constant or clipNorm=none; may be repeated",
            HelpName = "NAME=VALUE",
        };
        (Option<string?> Option, string Name)[] named = [.. s_named.Select(one => (new Option<string?>(one.Option)
            { Description = one.Description, HelpName = one.Value }, one.Name))];
        var command = new Command("rewind",
            "Begin a new run where another stood after a step, with settings of training changed or not")
            { folder, step, output, data };
        foreach (var (option, _) in named) command.Options.Add(option);
        command.Options.Add(set);
        command.SetAction(parsed =>
        {
            List<GivenSetting> changes = [];
            foreach (var (option, name) in named)
                if (parsed.GetValue(option) is { } text)
                    changes.Add(new($"{option.Name} {Printable.Of(text)}", name, text));
            foreach (string given in parsed.GetValue(set) ?? [])
            {
                if (given.Split('=', 2) is not [var name, var text] || name.Trim().Length == 0)
                    throw new ArgumentException($"--set {Printable.Of(given)}: give NAME=VALUE, such as "
                        + "schedule=constant");
                changes.Add(new($"--set {Printable.Of(given)}", name.Trim(), text.Trim()));
            }
            string from = parsed.GetRequiredValue(folder);
            int at = parsed.GetValue(step);
            string to = parsed.GetValue(output)
                ?? RunFolder.Free(string.Create(CultureInfo.InvariantCulture,
                    $"{Path.TrimEndingDirectorySeparator(from)}-step-{at}"));
            var made = TrainingRun.Branch(from, at, to, changes, parsed.GetValue(data));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Printable.Path(to)} begins where "
                + $"{Printable.Path(from)} stood after step {at:N0}, and goes to step {made.Settings.Steps:N0}."));
            if (NewOptimizer(RunConfig.Of(RunFolder.Open(from)), RunConfig.Of(made)) is { } sentence)
                Console.WriteLine(sentence);
            Console.WriteLine(made.Settings.Steps > at ? $"To train it: {made.ResumeCommand(to)}"
                : "No step is left to train: give more by --steps, or an earlier step.");
            return Tool.Done;
        });
        return command.WithExamples("chainrule rewind runs/names-mlp --step 500",
            "chainrule rewind runs/names-mlp --step 500 --out runs/slower --learning-rate 0.001",
            "chainrule rewind runs/names-gpt --step 2000 --batch-size 64 --steps 6000 --set schedule=constant",
            "chainrule rewind runs/names-mlp --step 500 --optimizer sgd --learning-rate 0.1");
    }

    static string? NewOptimizer(RunConfig before, RunConfig now)
    {
        if (before.Training.Optimizer == now.Training.Optimizer) return null;
        string rate = before.Training.LearningRate != now.Training.LearningRate ? ""
            : $" The learning rate is still {Setting.Text(now.Training.LearningRate)}, which was that of "
                + $"{Setting.Text(before.Training.Optimizer)}: give --learning-rate for another.";
        return $"It is trained by {Setting.Text(now.Training.Optimizer)} from there, in place of "
            + $"{Setting.Text(before.Training.Optimizer)}, whose state is not taken along: what the optimizer "
            + $"remembers of gradients begins anew.{rate}";
    }
}
