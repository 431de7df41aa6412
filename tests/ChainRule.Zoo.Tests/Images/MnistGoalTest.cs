using ChainRule.Tests;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Images;

/// <summary>
/// What docs/images.md says of MNIST, by the commands that stand there. It takes half an hour on two cores, and runs
/// where CHAINRULE_LONG is 1.
/// </summary>
public sealed class MnistGoalTest
{
    [LongFact("train-images-idx3-ubyte.gz")]
    public void An_mlp_reads_98_point_3_percent_within_a_minute() =>
        Reaches("mlp", 4000, 2000, new ImageOptions(), null, report => report.Accuracy, 0.983, 60);

    [LongFact("train-images-idx3-ubyte.gz")]
    public void A_cnn_reads_99_point_2_percent_within_four_minutes() =>
        Reaches("cnn", 2500, 500, new ImageOptions(), null, report => report.Accuracy, 0.992, 4 * 60);

    [LongFact("train-images-idx3-ubyte.gz")]
    public void A_cnn_reads_99_point_5_percent_within_fifteen_minutes_by_augmentation() =>
        Reaches("cnn", 9000, 1500, new ImageOptions(Augment: true), null, report => report.Accuracy, 0.995, 15 * 60);

    [LongFact("train-images-idx3-ubyte.gz")]
    public void Nines_of_64_by_64_pixels_are_told_from_all_others() =>
        Reaches("cnn", 1200, 400, new ImageOptions(Positive: "9", Size: 64, Augment: true),
            new CnnOptions(Width: 8, Blocks: 4), report => report.BalancedAccuracy, 0.98, 15 * 60);

    static void Reaches(string model, int steps, int every, ImageOptions options, ModelOptions? sizes,
        Func<ImageReport, double> measured, double least, double seconds)
    {
        using TemporaryFolder folder = new(), mnist = new();
        foreach (string file in Directory.GetFiles(RealData.Folder!, "*ubyte*"))
            File.Copy(file, mnist.PathOf(Path.GetFileName(file)));
        var config = RunConfig.For(TaskKind.Images, model);
        var run = TrainingRun.Start(folder.PathOf("run"), config with { Data = mnist.Path, Steps = steps,
            Options = options, Sizes = sizes ?? config.Sizes, Training = config.Training with { EvalEvery = every } });
        run.Train();
        var summary = run.Finish();
        Assert.InRange(measured(ImageReport.Of(summary)!), least, 1);
        Assert.InRange(summary.SecondsTraining, 0, seconds);
    }
}

/// <summary>A fact about a real data file that takes minutes: it runs where CHAINRULE_LONG is 1.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute(string file)
    {
        File = file;
        Skip = Environment.GetEnvironmentVariable("CHAINRULE_LONG") == "1" ? new RealDataFactAttribute(file).Skip
            : "it takes minutes: set CHAINRULE_LONG=1 to run it";
    }

    public string File { get; }
}
