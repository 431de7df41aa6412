using System.Buffers.Binary;
using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using ChainRule.Cli.Pages;
using ChainRule.Kernels;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule info: what a saved run is; without one, what this machine and this version are.</summary>
static class InfoCommand
{
    public static Command Create()
    {
        var folder = new Argument<string?>("DIR")
            { Description = "The folder of a run", Arity = ArgumentArity.ZeroOrOne };
        var page = new Option<bool>("--page")
            { Description =
            "Write a page of the run's curves into its folder: losses, metrics, and the sizes of weights, "
                + "gradients and updates of every layer" };
        var open = new Option<bool>("--open") { Description = "Write the page and open it in a browser" };
        var command = new Command("info", "Describe a saved run; without one: version, vector width, threads")
            { folder, page, open };
        command.Validators.Add(r =>
        {
            if (r.GetValue(folder) is null && (r.GetValue(page) || r.GetValue(open)))
                r.AddError($"{(r.GetValue(page) ? page : open).Name} is of a run: give the folder of one");
        });
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(folder) is not { } path) Machine();
            else Run(path);
            if (!parsed.GetValue(page) && !parsed.GetValue(open)) return Tool.Done;
            string written = RunPage.Write(RunFolder.Open(parsed.GetValue(folder)!));
            Console.WriteLine($"\nThe page: {Printable.Path(written)}");
            if (parsed.GetValue(open)) Browser.Show(written);
            return Tool.Done;
        });
        return command.WithExamples("chainrule info", "chainrule info runs/names-mlp",
            "chainrule info runs/names-mlp --page --open");
    }

    static void Machine()
    {
        var version = typeof(Tensor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;
        int widest = Vector512.IsHardwareAccelerated ? 512
            : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64;
        Console.WriteLine(
            $"ChainRule {version.InformationalVersion.Split('+')[0]} on {RuntimeInformation.FrameworkDescription}, "
            + $"{RuntimeInformation.RuntimeIdentifier}");
        Console.WriteLine($"SIMD width: {widest} bits ({widest / 32} float32 at once)");
        Console.WriteLine($"threads: {Compute.Threads}");
    }

    static string Metric(KeyValuePair<string, double> metric) =>
        string.Create(CultureInfo.InvariantCulture, $"{Setting.Words(metric.Key)} {metric.Value:0.####}");

    /// <summary>How it is trained: of a rule of its own, what that knows of.</summary>
    static string Training(RunConfig config) => config switch
    {
        { Kind: TaskKind.Patterns } => "Hebb's rule",
        { Sizes: KohonenMapOptions { Online: false } map } => string.Create(CultureInfo.InvariantCulture,
            $"Kohonen's rule, batch form, {Printable.Count(map.Epochs, "epoch")}"),
        { Sizes: KohonenMapOptions map } => string.Create(CultureInfo.InvariantCulture, $"Kohonen's rule, online form, "
            + $"{Printable.Count(map.Epochs, "epoch")}, learningRate {config.Training.LearningRate}"),
        _ when Recipe.Find(config.Kind, config.Model).IsSolved(config.Kind) && config.Steps == 0 => "solved at once",
        _ => All(config.Training),
    };

    static string All(TrainingSettings training) =>
        string.Join(", ", Setting.Of(typeof(TrainingSettings))
            .Select(setting => $"{setting.Name} {Setting.Text(setting.ValueIn(training))}"));

    /// <summary>How the data is read: what is not as it is left to be.</summary>
    static string Reading(RunConfig config)
    {
        var usual = TrainingTask.Of(config.Kind).UsualOptions;
        return string.Join(", ", Setting.Of(config.Options)
            .Where(setting => !Equals(setting.ValueIn(config.Options), setting.ValueIn(usual)))
            .Select(setting => $"{setting.Name} {Printable.Of(Setting.Text(setting.ValueIn(config.Options)))}"));
    }

    /// <summary>Who trained before the last ones, where their number was another.</summary>
    static string Before(IReadOnlyList<WorkerTimes> all)
    {
        var last = all.Where((one, i) => i + 1 < all.Count && all[i + 1].Workers.Count != one.Workers.Count)
            .Select(one => string.Create(CultureInfo.InvariantCulture,
                $"{Printable.Count(one.Workers.Count, "worker")} up to step {one.Step:N0}"));
        return last.Any() ? $"; before: {string.Join(", ", last)}" : "";
    }

    /// <summary>The hash of what follows a file's header, which says by what the tensors were trained.</summary>
    static string WeightsHash(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> length = stackalloc byte[sizeof(long)];
        file.ReadExactly(length);
        file.Seek(BinaryPrimitives.ReadInt64LittleEndian(length), SeekOrigin.Current);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    static void Run(string path)
    {
        var run = RunFolder.Open(path);
        var settings = run.Settings;
        var task = TrainingTask.Of(settings.Kind);
        var summary = run.ReadSummary();
        var metrics = run.ReadMetrics();
        static void Row(string name, FormattableString value) =>
            Console.WriteLine($"{name,-16}{value.ToString(CultureInfo.InvariantCulture)}");
        Row("run", $"{Printable.Path(path)}");
        Row("model", $"{Printable.Of(settings.Model)} {Printable.Of(settings.Options, 400)}");
        Row("training", $"{Training(RunConfig.Of(run))}");
        Row("data", $"{Printable.Path(settings.Data)}");
        if (Reading(RunConfig.Of(run)) is { Length: > 0 } reading) Row("data is read", $"{reading}");
        Row("seed", $"{settings.Seed}");
        Row("steps", $"{(metrics.Count > 0 ? metrics[^1].Step : 0):N0} of {settings.Steps:N0} at the last evaluation");
        if (settings.BranchOf is { } origin)
            Row("branched", $"from {Printable.Path(origin)} at step {settings.FirstStep:N0}");
        if (summary is null) Row("not finished", $"to go on: {run.ResumeCommand(path)}");
        if (metrics.Where(m => !double.IsNaN(m.ValLoss)).Select(m => (double?)m.ValLoss).Min() is { } best)
            Row("best", $"{best:0.0000} {(task.HoldsBack ? "validation loss" : task.ValidationName)}");
        if (summary is not null)
        {
            string start = string.Create(CultureInfo.InvariantCulture, $"{summary.InitialLoss:0.0000} at the start");
            string test = summary.TestLoss is { } loss
                ? string.Create(CultureInfo.InvariantCulture, $", {loss:0.0000} test") : "";
            if (task.HoldsBack)
                Row("losses",
                    $"{summary.TrainLoss:0.0000} training, {summary.ValLoss:0.0000} validation{test}; {start}");
            else Row(task.ValidationName, $" {summary.ValLoss:0.0000}; {start}");
            if (summary.Metrics.Count > 0)
                Row("metrics", $"{string.Join(", ", summary.Metrics.Select(Metric))}{(task.HoldsBack
                    ? " on validation data" : "")}");
            if (ImageReport.Of(summary) is { } report)
                Row(report.Part, $"{report.Summary()} on {Printable.Count(report.Count, "image")}");
            if (DefectReport.Of(summary) is { } defects)
                Row("defects", $"ROC-AUC {defects.SeenRocAuc:0.0000} on kinds trained on, {
                    defects.HeldOut.RocAuc:0.0000} on the kind held out");
            Row("speed", $"{summary.StepsPerSecond:N0} steps a second, {summary.SecondsTraining:0.0} s");
        }
        if (run.ReadWorkers() is [.., var workers] all)
            Row("trained by", $"{workers} (the last measured, up to step {workers.Step:N0}{Before(all)})");
        foreach (string alarm in GradientAlarm.Of(run.ReadLayers())) Row("warning", $"{alarm}");
        Console.WriteLine();
        if (settings.Kind == TaskKind.Patterns)
            foreach (string line in summary?.Samples ?? []) Console.WriteLine(Printable.Of(line, 200));
        Console.WriteLine(run.HasModel ? SavedModel.Load(path).Model : "no model is saved yet");
        if (run.HasModel) Row("weights", $"SHA-256 {WeightsHash(run.ModelPath)} (of the tensors alone)");
    }
}
