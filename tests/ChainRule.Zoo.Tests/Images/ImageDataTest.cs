using System.Buffers.Binary;
using ChainRule.Diagnostics;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Zoo.Tests.Images;

public sealed class ImageDataTest
{
    public static TheoryData<string> Models { get; } = [.. Recipe.Of(TaskKind.Images).Keys];

    [Fact]
    public void Drawn_digits_are_the_same_each_time_ten_classes_alike_and_no_image_twice()
    {
        ReadImages one = DrawnDigits.Draw(), two = DrawnDigits.Draw();
        Assert.Equal(one.Sha256, two.Sha256);
        Assert.Equal((5000, 1000), (one.Train.Count, one.Test!.Count));
        Assert.All(one.Train.Labels.CountBy(label => label), group => Assert.Equal(500, group.Value));
        Assert.Equal(6000, Enumerable.Range(0, 5000).Select(i => Convert.ToHexString(one.Train.Pixels(i)))
            .Concat(Enumerable.Range(0, 1000).Select(i => Convert.ToHexString(one.Test.Pixels(i)))).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_gradient_of_a_model_is_right_and_its_first_loss_is_the_expected_one(string name)
    {
        var trial = TrainingTask.Of(TaskKind.Images).Open(null)
            .CreateTrial(Recipe.Find(TaskKind.Images, name), seed: 3);
        GradCheck.Require(name, trial.TinyLoss, trial.Tiny.NamedParameters());
        Assert.Equal(Math.Log(10), trial.FirstLoss().Item(), 0.05);
    }

    [Theory]
    [InlineData("lenet", 300)]
    [InlineData("mlp", 400)]
    [InlineData("cnn", 120)]
    [InlineData("resnet", 250, 14)]
    public void A_recipe_reaches_its_goal_on_drawn_digits_in_a_part_of_its_steps(string model, int steps,
        int? size = null)
    {
        using var folder = new TemporaryFolder();
        var config = RunConfig.For(TaskKind.Images, model);
        var run = TrainingRun.Start(folder.PathOf("run"),
            config with { Steps = steps, Options = new ImageOptions(Size: size),
                Training = config.Training with { EvalEvery = steps } });
        run.Train();
        var summary = run.Finish();
        Assert.InRange(summary.ValLoss, 0, Recipe.Find(TaskKind.Images, model).For(TaskKind.Images).Goal);
        Assert.InRange(summary.Metrics["accuracy"], 0.97, 1);
        // The last model is the best: dropout is off, and batch norm takes its running statistics.
        Assert.Equal(run.Trainer.History.Best!.Value.Metrics["accuracy"], summary.Metrics["accuracy"], 1e-9);
        Assert.Equal(run.Trainer.History.Points[^1].Metrics["accuracy"],
            run.Folder.ReadMetrics()[^1].Metrics["accuracy"]);
        Assert.Equal("Of 1,000 test images:", run.Data.Show(run.Folder.ReadSummary()!).First());
    }

    [Fact]
    public void A_run_that_was_stopped_ends_in_the_same_bits_though_images_are_varied()
    {
        using var folder = new TemporaryFolder();
        var options = new ImageOptions(Augment: true, Noise: 0.05, Cutout: 0.2, Flip: true);
        var config = RunConfig.For(TaskKind.Images, "mlp") with { Steps = 40, Options = options };
        var whole = TrainingRun.Start(folder.PathOf("whole"), config);
        whole.Train();
        SmallRun.Stop(TrainingRun.Start(folder.PathOf("cut"), config), 23);
        TrainingRun.Resume(folder.PathOf("cut")).Train();
        var (one, two) = (SmallRun.Bits(folder.PathOf("whole")), SmallRun.Bits(folder.PathOf("cut")));
        Assert.Equal(one.Keys, two.Keys);
        Assert.All(one, file => Assert.Equal(file.Value, two[file.Key]));
        Assert.Equal(options, RunConfig.Of(whole.Folder).Options);
    }

    [Fact]
    public void Without_limits_a_varied_image_is_as_it_was_and_with_one_it_is_not()
    {
        float[] image = [.. Enumerable.Range(0, 2 * 36).Select(i => i / 72f)], varied = new float[72];
        new Augmentation(0, 0, 0, 0, 0, false).Apply(image, varied, 2, 6, new(1));
        Assert.Equal(image, varied);
        foreach (var one in (Augmentation[])[new(0.3, 0, 0, 0, 0, false), new(0, 30, 0, 0, 0, false),
            new(0, 0, 0.3, 0, 0, false), new(0, 0, 0, 0.1, 0, false), new(0, 0, 0, 0, 0.5, false)])
        {
            one.Apply(image, varied, 2, 6, new(1));
            Assert.NotEqual(image, varied);
            Assert.All(varied, pixel => Assert.InRange(pixel, 0, 1));
        }
    }

    [Fact]
    public void A_folder_of_idx_files_has_its_test_part_and_a_pair_has_none()
    {
        using var folder = new TemporaryFolder();
        Idx(folder, "train", 40);
        Assert.StartsWith("40 images (train-images-idx3-ubyte) of 4 classes, grey, 5 × 5: 36 to train, 4 to validate",
            Describe(folder.PathOf("train-images-idx3-ubyte")), StringComparison.Ordinal);
        Idx(folder, "t10k", 12);
        Assert.EndsWith(" of 4 classes, grey, 5 × 5: 36 to train, 4 to validate, 12 to test", Describe(folder.Path),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_data_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        string images = folder.PathOf("train-images-idx3-ubyte"), shown = $"images {folder.Path}";
        Refuses($"{shown}: it holds no folders of images: give a folder with a subfolder of PNG or JPEG files for each "
            + "class, such as cats and dogs", folder.Path);
        Directory.CreateDirectory(folder.PathOf("cats"));
        Refuses($"{shown}: it has one class, cats, and two or more are needed: give a folder with a subfolder of PNG "
            + "or JPEG files for each class, such as cats and dogs", folder.Path);
        Directory.CreateDirectory(folder.PathOf("dogs"));
        Refuses($"{shown}: class cats has 0 PNG or JPEG files, and 2 are the fewest, one of them to validate with: add "
            + "some, or take the folder away", folder.Path);
        Idx(folder, "train", 40);
        File.Delete(folder.PathOf("train-labels-idx1-ubyte"));
        Refuses($"images {images}: there are no labels beside it (no train-labels-idx1-ubyte): give the images of a "
            + "pair, such as train-images-idx3-ubyte, with the labels beside them, train-labels-idx1-ubyte", images);
        Idx(folder, "train", 40, labels: 39);
        Refuses($"images {images}: 40 images, and {folder.PathOf("train-labels-idx1-ubyte")} holds [39] of UInt8: give "
            + "one whole number for each image", images);
        Refuses("images: there is no folder or file nowhere: give a folder with a subfolder of PNG or JPEG files for "
            + "each class, a folder or pair of IDX files such as MNIST's, or a CSV file of pixels", "nowhere");
    }

    static void Refuses(string message, string source) =>
        Assert.Equal(message, Assert.ThrowsAny<Exception>(() => Describe(source)).Message);

    static string Describe(string source)
    {
        var data = TrainingTask.Of(TaskKind.Images).Open(source);
        var recipe = Recipe.Find(TaskKind.Images, "mlp");
        return data.Describe(recipe.Build(recipe.Tiny, data.Preprocessing.Shape, new TorchRandom(1)));
    }

    /// <summary>Images of 5 × 5 of four classes, as bytes of IDX.</summary>
    static void Idx(TemporaryFolder folder, string part, int count, int? labels = null)
    {
        byte[] pixels = new byte[16 + count * 25], classes = new byte[8 + (labels ?? count)];
        foreach (var (at, number) in ((int[])[0x0803, count, 5, 5]).Index())
            BinaryPrimitives.WriteInt32BigEndian(pixels.AsSpan(4 * at), number);
        BinaryPrimitives.WriteInt32BigEndian(classes, 0x0801);
        BinaryPrimitives.WriteInt32BigEndian(classes.AsSpan(4), labels ?? count);
        for (int i = 16; i < pixels.Length; i++) pixels[i] = (byte)(i * 37);
        for (int i = 8; i < classes.Length; i++) classes[i] = (byte)(i % 4);
        folder.Write($"{part}-images-idx3-ubyte", pixels);
        folder.Write($"{part}-labels-idx1-ubyte", classes);
    }
}
