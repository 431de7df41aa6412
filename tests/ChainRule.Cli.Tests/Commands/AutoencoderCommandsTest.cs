using ChainRule.Images;
using ChainRule.Randomness;
using ChainRule.Zoo.Images;

namespace ChainRule.Cli.Tests.Commands;

public sealed class AutoencoderCommandsTest : IDisposable
{
    readonly SmallTraining _small = new();

    public AutoencoderCommandsTest()
    {
        // Images of no class: a bright square somewhere.
        Directory.CreateDirectory(_small.PathOf("flat"));
        var rng = new TorchRandom(1);
        for (int i = 0; i < 30; i++)
        {
            int[] place = new int[2];
            rng.Integers(place, 0, 7);
            byte[] bytes = new byte[144];
            for (int y = 0; y < 5; y++) for (int x = 0; x < 5; x++) bytes[(place[0] + y) * 12 + place[1] + x] = 250;
            ImageFiles.Write(_small.PathOf($"flat/{i}.png"), new Pixels(12, 12, 1, bytes));
        }
    }

    public void Dispose() => _small.Dispose();

    [Fact]
    public void Images_of_no_class_are_learned_given_back_and_measured()
    {
        _small.Run("train", "autoencoder", "flat", "--steps", "200", "--out", "run").Well();
        string[] lines = _small.Run("predict", "run", "flat/0.png", "flat/1.png", "--out", "back", "--explain").Well()
            .Lines;
        Assert.StartsWith("flat/0.png  error 0.", lines[0], StringComparison.Ordinal);
        Assert.Equal(2, lines[0].Split("code ")[1].Split(' ').Length);
        Assert.Equal("page: reconstructed.html", lines[2]);
        Assert.Contains("Codes", File.ReadAllText(_small.PathOf("reconstructed.html")), StringComparison.Ordinal);
        var (given, back) = (ImageFiles.Read(_small.PathOf("flat/0.png")),
            ImageFiles.Read(_small.PathOf("back/0.png")));
        Assert.Equal((12, 12, 1), (back.Width, back.Height, back.Channels));
        double error = 0;
        for (int i = 0; i < 144; i++) error += Math.Pow(given.Bytes[i] - back.Bytes[i], 2) / 144;
        Assert.InRange(Math.Sqrt(error), 0, 80);
        Assert.Contains("back/0.png is already there: choose another --out", _small.Run("predict", "run", "flat/0.png",
            "--out", "back").Errors, StringComparison.Ordinal);

        string[] measured = _small.Run("evaluate", "run", "flat").Well().Lines;
        Assert.StartsWith("30 images: mean squared error 0.", measured[0], StringComparison.Ordinal);
        Assert.Equal(7, measured.Length);
        Assert.Equal("images flat: its images are in no subfolders: give a folder with a subfolder of PNG or JPEG "
            + "files for each class, such as cats and dogs", _small.Run("train", "images", "flat").Refused(1));
        Assert.Equal("evaluate: --count is for sequences, and run is a run on autoencoder: leave it out",
            _small.Run("evaluate", "run", "flat", "--count", "5").Refused(1));
    }
}
