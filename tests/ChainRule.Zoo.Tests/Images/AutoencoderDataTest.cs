using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Zoo.Tests.Images;

public sealed class AutoencoderDataTest
{
    static readonly Recipe s_recipe = Recipe.Find(TaskKind.Autoencoder, "dense");

    [Fact]
    public void Gradients_are_those_of_central_differences()
    {
        var trial = TrainingTask.Of(TaskKind.Autoencoder).Open(null, new AutoencoderOptions(Size: 8))
            .CreateTrial(s_recipe, seed: 3);
        GradCheck.Require("autoencoder", trial.TinyLoss, trial.Tiny.NamedParameters());
        Assert.Null(trial.Classes);
    }

    [Fact]
    public void Two_numbers_explain_more_than_the_mean_image_and_than_a_line_could()
    {
        using var folder = new TemporaryFolder();
        var config = RunConfig.For(TaskKind.Autoencoder, "dense") with
            { Steps = 600, Options = new AutoencoderOptions(Size: 14) };
        var run = TrainingRun.Start(folder.PathOf("run"), config);
        run.Train();
        var summary = run.Finish();
        Assert.InRange(summary.Metrics["testExplained"], 0.25, 1);
        var data = (AutoencoderData)run.Data;
        var model = (ImageAutoencoder)run.Model;
        Assert.Equal("[1000, 2]", AutoencoderData.Encode(model, data.Test).Shape.ToString());
        Assert.Equal("[1000, 196]", AutoencoderData.Reconstruct(model, data.Test).Shape.ToString());
        Assert.Contains("% on test data", Assert.Single(data.Report(summary)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_recipe_reaches_its_goal_on_drawn_digits_in_a_part_of_its_steps()
    {
        using var folder = new TemporaryFolder();
        var config = RunConfig.For(TaskKind.Autoencoder, "dense");
        var run = TrainingRun.Start(folder.PathOf("run"), config with { Steps = 800,
            Training = config.Training with { EvalEvery = 800 } });
        run.Train();
        Assert.InRange(run.Finish().ValLoss, 0, s_recipe.For(TaskKind.Autoencoder).Goal);
    }

    [Fact]
    public void One_class_is_enough_where_no_class_is_asked_for()
    {
        var options = new AutoencoderOptions(Size: 6).Images with { Classes = "3" };
        Assert.Throws<InvalidDataException>(() => ImageData.Open(null, options with { FewestClasses = 2 }));
        var data = new AutoencoderData(ImageData.Open(null, options with { FewestClasses = 1 }));
        Assert.Equal(450, data.Train.Shape[0]);
        Assert.Equal(data.Preprocessing.Shape, TrainingTask.Of(TaskKind.Autoencoder).ReadPreprocessing(name =>
            data.Preprocessing.Metadata[name]).Shape);
        Assert.Throws<InvalidDataException>(() => TrainingTask.Of(TaskKind.Images).ReadPreprocessing(name =>
            data.Preprocessing.Metadata[name]));
    }

    [Fact]
    public void Noise_is_there_in_training_alone_and_is_drawn_on_after_a_resume()
    {
        var model = new ImageAutoencoder(new(Bottleneck: 3, Hidden: 8, Noise: 0.5), [1, 4, 4], new TorchRandom(1));
        var x = Tensor.Randn([2, 1, 4, 4], new TorchRandom(2));
        Assert.NotEqual(model.Forward(x).ToArray<float>(), model.Forward(x).ToArray<float>());
        using (model.InEvaluation())
            Assert.Equal(model.Forward(x).ToArray<float>(), model.Forward(x).ToArray<float>());

        using var folder = new TemporaryFolder();
        var config = RunConfig.For(TaskKind.Autoencoder, "dense") with
        {
            Steps = 40, Options = new AutoencoderOptions(Size: 6),
            Sizes = new ImageAutoencoderOptions(Hidden: 8, Noise: 0.3),
        };
        var whole = TrainingRun.Start(folder.PathOf("whole"), config);
        whole.Train();
        SmallRun.Stop(TrainingRun.Start(folder.PathOf("cut"), config), 13);
        TrainingRun.Resume(folder.PathOf("cut")).Train();
        var (one, two) = (SmallRun.Bits(folder.PathOf("whole")), SmallRun.Bits(folder.PathOf("cut")));
        Assert.Equal(one.Keys, two.Keys);
        Assert.All(one, file => Assert.Equal(file.Value, two[file.Key]));
        Assert.Equal(config.Options, RunConfig.Of(whole.Folder).Options);
    }

    [Fact]
    public void What_was_saved_of_the_images_is_read_again()
    {
        var task = TrainingTask.Of(TaskKind.Autoencoder);
        var preprocessing = task.Open(null, new AutoencoderOptions(Size: 6)).Preprocessing;
        var read = task.ReadPreprocessing(name => preprocessing.Metadata[name]);
        Assert.Equal(preprocessing.Shape, read.Shape);
        Assert.Equal(36, read.Shape.Outputs);
        Assert.Equal("autoencoder: channels 2: give 1, grey, or 3, colour", Assert.ThrowsAny<ArgumentException>(
            () => new AutoencoderOptions(Channels: 2).Check("autoencoder")).Message);
    }
}
