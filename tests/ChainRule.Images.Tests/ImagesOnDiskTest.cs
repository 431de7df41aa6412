using System.Buffers.Binary;
using System.Security.Cryptography;
using ChainRule.Tests;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Images.Tests;

public sealed class ImagesOnDiskTest : IDisposable
{
    const int Each = 30, Steps = 24, BatchSize = 16;

    readonly TemporaryFolder _folder = new();

    public ImagesOnDiskTest() => ImageFiles.Install();

    string Data => _folder.PathOf("data");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_on_images_that_stay_on_the_disk_has_the_bits_of_one_in_memory(bool augment)
    {
        Draw(Each);
        var held = Run("held", inMemory: null, augment);
        var read = Run("read", inMemory: 0, augment);
        Assert.DoesNotContain("decoded as they are read", held.Data.Describe(held.Model), StringComparison.Ordinal);
        Assert.EndsWith(", decoded as they are read", read.Data.Describe(read.Model), StringComparison.Ordinal);
        held.Train();
        read.Train();
        Assert.Equal(Weights("held"), Weights("read"));
        Assert.Equal(held.Trainer.History.Points, read.Trainer.History.Points, (one, other) =>
            (one.TrainLoss, one.ValidationLoss).Equals((other.TrainLoss, other.ValidationLoss))
            && one.Metrics.SequenceEqual(other.Metrics));
        RunSummary expected = held.Finish(), found = read.Finish();
        Assert.Equal((expected.TrainLoss, expected.ValLoss, expected.TestLoss),
            (found.TrainLoss, found.ValLoss, found.TestLoss));
        Assert.Equal(expected.Metrics, found.Metrics);
        Assert.Equal(ImageReport.Of(expected)!.Errors, ImageReport.Of(found)!.Errors);
    }

    [Fact]
    public void A_run_that_is_stopped_goes_on_with_the_next_batch()
    {
        Draw(Each);
        Run("whole", inMemory: 0, augment: true).Train();
        var stopped = Run("stopped", inMemory: 0, augment: true);
        using var stop = new CancellationTokenSource();
        stopped.Trainer.Stepped += (step, _) =>
        {
            if (step == 11) stop.Cancel();
        };
        Assert.Equal(Training.TrainingEnd.Cancelled, stopped.Train(cancellationToken: stop.Token));
        TrainingRun.Resume(_folder.PathOf("stopped")).Train();
        Assert.Equal(Weights("whole"), Weights("stopped"));
    }

    [Fact]
    public void A_file_that_is_gone_in_mid_training_is_named_and_the_run_goes_on_when_it_is_back()
    {
        Draw(Each);
        Run("whole", inMemory: 0).Train();
        string file = Path.Combine(Data, "dark", "7.png"), aside = _folder.PathOf("aside.png");
        var broken = Run("broken", inMemory: 0);
        broken.Trainer.Stepped += (step, _) =>
        {
            if (step == 10 && File.Exists(file)) File.Move(file, aside);
        };
        string message = Assert.Throws<FileNotFoundException>(() => broken.Train()).Message;
        Assert.StartsWith("image: ", message, StringComparison.Ordinal);
        Assert.Contains($"'{file}'", message, StringComparison.Ordinal);
        Assert.Equal($"resume {_folder.PathOf("broken")}: what is in {Data} is not what the run was started with (a "
            + "file was changed, added or taken away): put it back, or give a folder with the same files by --data",
            Assert.Throws<InvalidDataException>(() => TrainingRun.Resume(_folder.PathOf("broken"))).Message);
        File.Move(aside, file);
        TrainingRun.Resume(_folder.PathOf("broken")).Train();
        Assert.Equal(Weights("whole"), Weights("broken"));
    }

    [Fact]
    public void A_file_that_is_another_in_mid_training_is_refused()
    {
        Draw(Each);
        string file = Path.Combine(Data, "bright", "3.png");
        var run = Run("run", inMemory: 0);
        run.Trainer.Stepped += (step, _) =>
        {
            if (step == 4) File.Copy(Path.Combine(Data, "dark", "3.png"), file, overwrite: true);
        };
        Assert.Equal($"image {file}: it is not what it was when the images were opened: put it back as it was, or "
            + "start a new run", Assert.Throws<InvalidDataException>(() => run.Train()).Message);
        run = Run("other", inMemory: 0);
        run.Trainer.Stepped += (step, _) =>
        {
            if (step == 4) File.WriteAllBytes(file, File.ReadAllBytes(file)[..^20]);
        };
        Assert.StartsWith($"image {file}: ", Assert.Throws<InvalidDataException>(() => run.Train()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_autoencoder_holds_its_images_and_the_limit_is_a_setting()
    {
        Assert.Equal("images: inMemory 2001: give a whole number from 0 to 2,000, or none",
            Assert.Throws<ArgumentException>(() => new ImageOptions(InMemory: 2001).Check("images")).Message);
        Draw(Each);
        Assert.Equal(27 * 2, ((AutoencoderData)TrainingTask.Of(TaskKind.Autoencoder).Open(Data)).Train.Shape[0]);
    }

    TrainingRun Run(string name, int? inMemory, bool augment = false)
    {
        var config = RunConfig.For(TaskKind.Images, "cnn");
        return TrainingRun.Start(_folder.PathOf(name), config with
        {
            Data = Data, Steps = Steps,
            Training = config.Training with { BatchSize = BatchSize, EvalEvery = 8 },
            Options = new ImageOptions(Size: 16, Augment: augment, Noise: augment ? 0.1 : null, InMemory: inMemory),
        });
    }

    /// <summary>The hash of the numbers of a model's file: what stands before them says how images were read.</summary>
    string Weights(string name)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(_folder.PathOf(name), "model.safetensors"));
        return Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(8 + (int)BinaryPrimitives.ReadInt64LittleEndian(
            bytes))));
    }

    void Draw(int each) => StripedImages.Draw(Data, each);
}
