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
        Side a = Side.Of(first), b = Side.Of(second);
        Dictionary<string, string> before = a.Settings, after = b.Settings;
        string[] changed = [.. before.Keys.Union(after.Keys)
            .Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key))];

        Row("", Printable.Path(first), Printable.Path(second));
        foreach (string key in changed) Row(key, before.GetValueOrDefault(key, "–"), after.GetValueOrDefault(key, "–"));
        Row("training loss", a.Number(a.TrainLoss, "0.0000"), b.Number(b.TrainLoss, "0.0000"));
        Row("validation loss", a.Number(a.ValLoss, "0.0000"), b.Number(b.ValLoss, "0.0000"));
        Row("parameters", a.Number(a.Parameters, "N0"), b.Number(b.Parameters, "N0"));
        Row("seconds", a.Number(a.Seconds, "0.0"), b.Number(b.Seconds, "0.0"));

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

    static void Row(string name, string first, string second) =>
        Console.WriteLine(
            $"{Printable.Of(name, 40),-16}{Printable.Of(first, 200),-28}{Printable.Of(second, 200)}".TrimEnd());

    /// <summary>What is known of one of the two.</summary>
    /// <param name="Settings">All settings by name.</param>
    /// <param name="Missing">What stands in the place of a number that is not known.</param>
    sealed record Side(Dictionary<string, string> Settings, double? TrainLoss, double? ValLoss, long? Parameters,
        double? Seconds, string Missing)
    {
        public static Side Of(string folder)
        {
            // The playground keeps no clock.
            if (SavedPlayground.In(folder) is { Curve: [.., var last] } saved)
                return new(SavedPlayground.Settings(saved, folder), last.Train, last.Test, saved.Model.ParameterCount,
                    null, "–");
            var run = RunFolder.Open(folder);
            var summary = run.ReadSummary();
            return new(Flat(run), summary?.TrainLoss, summary?.ValLoss, summary?.Parameters, summary?.SecondsTraining,
                "not finished");
        }

        public string Number<T>(T? number, string format) where T : struct, IFormattable =>
            number?.ToString(format, CultureInfo.InvariantCulture) ?? Missing;

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
    }
}
