using System.CommandLine;
using System.Globalization;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Cli.Commands;

/// <summary>
/// chainrule compare: what was changed between two runs, and what it did to their losses. One thing
/// at a time says most.
/// </summary>
static class CompareCommand
{
    public static Command Create()
    {
        var first = new Argument<string>("DIR") { Description = "The folder of a run" };
        var second = new Argument<string>("OTHER") { Description = "The folder of another" };
        var command = new Command("compare",
            "Show what differs between two saved runs, and what it did to their losses") { first, second };
        command.SetAction(parsed =>
        {
            Compare(parsed.GetRequiredValue(first), parsed.GetRequiredValue(second));
            return Tool.Done;
        });
        return command.WithExamples("chainrule compare runs/names-mlp runs/names-gpt");
    }

    static void Compare(string first, string second)
    {
        RunFolder a = RunFolder.Open(first), b = RunFolder.Open(second);
        Dictionary<string, string> before = Flat(a), after = Flat(b);
        string[] changed = [.. before.Keys.Union(after.Keys)
            .Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key))];

        Row("", Printable.Path(first), Printable.Path(second));
        foreach (string key in changed) Row(key, before.GetValueOrDefault(key, "–"), after.GetValueOrDefault(key, "–"));
        RunSummary? x = a.ReadSummary(), y = b.ReadSummary();
        Row("training loss", Number(x?.TrainLoss, "0.0000"), Number(y?.TrainLoss, "0.0000"));
        Row("validation loss", Number(x?.ValLoss, "0.0000"), Number(y?.ValLoss, "0.0000"));
        Row("parameters", Number(x?.Parameters, "N0"), Number(y?.Parameters, "N0"));
        Row("seconds", Number(x?.SecondsTraining, "0.0"), Number(y?.SecondsTraining, "0.0"));

        Console.WriteLine();
        // A seed is no cause of a difference in loss: it says how large chance is.
        Console.WriteLine(changed switch
        {
            [] => "Their settings are the same: what differs comes of the machine or of an earlier version.",
            ["seed"] => "Only the seed was changed: the difference in loss is chance, and another setting has to make "
                + "a larger one to count.",
            [_, _] when changed.Contains("seed") =>
                $"{changed.Single(key => key != "seed")} was changed, and the seed: how much of the difference in loss "
                + "is chance cannot be said; compare runs of one seed, and then of several.",
            [_] => $"One thing was changed, {changed[0]}: the difference in loss is its doing, or that of chance; "
                + "another seed tells.",
            _ => $"{changed.Length} things were changed: which of them made the difference cannot be said; change one "
                + "at a time.",
        });
    }

    /// <summary>All settings by name.</summary>
    static Dictionary<string, string> Flat(RunFolder run)
    {
        var settings = run.Settings;
        var flat = RunConfig.Of(run).Flat().ToDictionary(setting => setting.Key.Name,
            setting => Setting.Text(setting.Value));
        // Data is its content, wherever it lies.
        flat["data"] = $"{Printable.Of(Path.GetFileName(settings.Data))} "
            + $"{settings.DataSha256[..Math.Min(8, settings.DataSha256.Length)]}";
        return flat;
    }

    static string Number<T>(T? number, string format) where T : struct, IFormattable =>
        number?.ToString(format, CultureInfo.InvariantCulture) ?? "not finished";

    static void Row(string name, string first, string second) =>
        Console.WriteLine(
            $"{Printable.Of(name, 40),-16}{Printable.Of(first, 200),-28}{Printable.Of(second, 200)}".TrimEnd());
}
