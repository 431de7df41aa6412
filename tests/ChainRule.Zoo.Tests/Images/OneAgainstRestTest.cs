using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Images;

public sealed class OneAgainstRestTest
{
    [Fact]
    public void One_class_is_told_from_all_others_by_one_output_and_rare_ones_count_alike()
    {
        var data = ImageData.Open(null, new ImageOptions(Size: 64, Positive: "9"));
        Assert.Equal(["not 9", "9"], data.Encoding.Classes);
        Assert.Equal((4096, 1), (data.Encoding.Shape.Input.Elements, data.Encoding.Shape.Outputs));
        Assert.Equal(450, data.Training().Targets.Span.ToArray().Sum());
        // Of a single batch, nines are now more, now fewer than a tenth: unweighted, the first loss is that of any.
        Assert.Equal(Math.Log(2), ImageData.Open(null, new ImageOptions(Positive: "9", ClassWeights: false))
            .CreateTrial(Recipe.Find(TaskKind.Images, "lenet"), seed: 3).FirstLoss().Item(), 0.05);
        var trial = data.CreateTrial(Recipe.Find(TaskKind.Images, "lenet"), seed: 3);
        GradCheck.Require("one output", trial.TinyLoss, trial.Tiny.NamedParameters());
    }

    [Fact]
    public void It_learns_and_its_report_has_balanced_accuracy_and_roc_auc()
    {
        using var folder = new TemporaryFolder();
        var config = RunConfig.For(TaskKind.Images, "lenet");
        var run = TrainingRun.Start(folder.PathOf("run"), config with { Steps = 200,
            Options = new ImageOptions(Positive: "9"), Training = config.Training with { EvalEvery = 200 } });
        run.Train();
        var summary = run.Finish();
        var report = ImageReport.Of(summary)!;
        // However rare nines are, a model that knows nothing has a loss of ln 2.
        Assert.Equal(Math.Log(2), summary.InitialLoss, 0.02);
        Assert.InRange(report.BalancedAccuracy, 0.95, 1);
        Assert.InRange(report.RocAuc!.Value, 0.98, 1);
        Assert.InRange(summary.Metrics["balancedAccuracy"], 0.9, 1);
        Assert.Contains(run.Data.Show(summary), line => line == report.Summary());
        // A model's folder says it all again.
        Assert.True(((ImageEncoding)SavedModel.Load(folder.PathOf("run")).Preprocessing).HasOneOutput);
    }

    [RealDataFact("train-images-idx3-ubyte.gz")]
    public void Is_it_a_nine_on_a_part_of_mnist_made_64_by_64()
    {
        // The whole of MNIST takes minutes; docs/images.md has its command. Here 6,000 images are learned from.
        var read = IdxImages.FromFolder(RealData.Folder!, new ImageOptions(Size: 28));
        var part = read with { Train = read.Train.Take([.. Enumerable.Range(0, 6000)]).With(1, 64),
            Test = read.Test!.Take([.. Enumerable.Range(0, 2000)]).With(1, 64) };
        var data = new ImageData(part, new ImageOptions(Positive: "9"));
        var sizes = new CnnOptions(Width: 6, Blocks: 4);
        var plan = Recipe.Find(TaskKind.Images, "cnn").For(TaskKind.Images);
        var model = new Cnn(sizes, data.Encoding.Shape.Input, 1, new TorchRandom(42));
        var report = Trained.On(data, model, plan, steps: 150);
        Assert.InRange(report.BalancedAccuracy, 0.97, 1);
        Assert.InRange(report.RocAuc!.Value, 0.99, 1);
    }

    [Fact]
    public void A_class_that_is_not_there_is_one_sentence()
    {
        Assert.Equal("images drawn digits, embedded: --positive nine: there is no such class: give one of 0, 1, 2, 3, "
            + "4, 5, 6, 7, 8, 9", Refused(new ImageOptions(Positive: "nine")));
        Assert.Equal("train images: positive 9: drawn surfaces are good or defect", Assert.Throws<ArgumentException>(
            () => new ImageOptions(Positive: "9", Drawn: ImageDrawing.Surfaces).Check("train images")).Message);
    }

    static string Refused(ImageOptions options) =>
        Assert.ThrowsAny<ArgumentException>(() => ImageData.Open(null, options)).Message.Split(" (Parameter")[0];
}
