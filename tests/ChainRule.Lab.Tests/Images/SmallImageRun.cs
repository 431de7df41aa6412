using System.Globalization;
using System.Text;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Lab.Tests.Images;

/// <summary>Runs of a few steps on bars of 12 × 12 pixels, upright or lying, whose file is a test's own.</summary>
sealed class SmallImageRun : IDisposable
{
    public const int Size = 12;

    static readonly Dictionary<string, ModelOptions> s_small = new()
    {
        ["cnn"] = new CnnOptions(Width: 3, Blocks: 2),
        ["lenet"] = new LeNetOptions(Width: 2, Width2: 3, Hidden: 5, Hidden2: 4),
        ["resnet"] = new ResNetOptions(Width: 3, Stages: 2),
        ["mlp"] = new ImageMlpOptions(Hidden: 6, Layers: 2),
        ["dense"] = new DenseOptions(Hidden: 6, Norm: DenseNorm.Layer, Skips: true),
    };

    readonly TemporaryFolder _folder = new();

    public SmallImageRun() => Data = _folder.Write("bars.csv", Rows());

    public string Data { get; }

    public void Dispose() => _folder.Dispose();

    public void Train(string folder, string model, ImageOptions? options = null, int steps = 3)
    {
        var config = RunConfig.For(TaskKind.Images, model);
        var run = TrainingRun.Start(folder, config with { Data = Data, Steps = steps, Sizes = s_small[model],
            Options = options ?? new(), Training = config.Training with { BatchSize = 8 } });
        run.Train();
        run.Finish();
    }

    /// <summary>A small convolutional network that learns drawn digits for a few hundred steps.</summary>
    public static void TrainDigits(string folder, int steps)
    {
        var config = RunConfig.For(TaskKind.Images, "cnn");
        var run = TrainingRun.Start(folder, config with { Steps = steps, Sizes = new CnnOptions(Width: 6, Blocks: 2),
            Options = new ImageOptions(PerClass: 60) });
        run.Train();
        run.Finish();
    }

    /// <summary>A picture with numbers of all sizes.</summary>
    public static Pixels Picture(int width = Size, int height = Size, int channels = 1, int seed = 1)
    {
        var rng = new TorchRandom((ulong)seed);
        byte[] bytes = new byte[width * height * channels];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(256 * rng.NextDouble());
        return new(width, height, channels, bytes);
    }

    static string Rows()
    {
        var rng = new TorchRandom(7);
        var text = new StringBuilder();
        for (int i = 0; i < 40; i++)
        {
            int at = 2 + (int)(rng.NextDouble() * (Size - 4));
            for (int y = 0; y < Size; y++)
            {
                for (int x = 0; x < Size; x++)
                {
                    bool isBar = (i % 2 == 0 ? x : y) == at;
                    text.Append(CultureInfo.InvariantCulture, $"{(isBar ? 16 : (x * y + i) % 3)},");
                }
            }
            text.Append(i % 2 == 0 ? "upright\n" : "lying\n");
        }
        return text.ToString();
    }
}
