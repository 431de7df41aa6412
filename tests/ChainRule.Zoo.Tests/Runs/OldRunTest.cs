using System.Text.Json;
using System.Text.Json.Nodes;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

/// <summary>
/// Runs of the version before settings of training were kept: recorded then, stopped at step 31 of 60 on a hundred
/// names, and finished for comparison.
/// </summary>
public sealed class OldRunTest : IDisposable
{
    static readonly string s_recorded = Path.Combine(AppContext.BaseDirectory, "Golden", "old-runs");

    readonly TemporaryFolder _folder = new();
    readonly SmallRun _small = new();

    public void Dispose()
    {
        _folder.Dispose();
        _small.Dispose();
    }

    [Theory]
    [InlineData("gpt")]
    [InlineData("mlp")]
    public void It_resumes_to_the_recorded_losses_and_names(string model)
    {
        string run = Copy(model);
        var resumed = TrainingRun.Resume(run);
        Assert.Equal(31, resumed.Trainer.Step);
        resumed.Train();
        var (now, then) = (resumed.Finish(),
            JsonNode.Parse(File.ReadAllText(Path.Combine(s_recorded, $"{model}-finished.json")))!);
        Assert.Equal((double)then["trainLoss"]!, now.TrainLoss, 1e-5);
        Assert.Equal((double)then["valLoss"]!, now.ValLoss, 1e-5);
        Assert.Equal((double)then["testLoss"]!, now.TestLoss!.Value, 1e-5);
        Assert.Equal(then["samples"]!.Deserialize<string[]>(), now.Samples);
    }

    [Theory]
    [InlineData("gpt", "a", "lcrifiuvuaitrvwfss")]
    [InlineData("mlp", "aalcrifiuvukitrvlfss", "mdlegtbseeog")]
    public void It_samples_what_it_sampled_then(string model, string first, string second)
    {
        var saved = SavedLanguageModel.Load(Copy(model));
        var rng = new TorchRandom(42);
        Assert.Equal([first, second],
            [saved.Model.Sample(saved.Vocabulary, rng), saved.Model.Sample(saved.Vocabulary, rng)]);
    }

    [Theory]
    [InlineData("gpt", DecayedParameters.Matrices)]
    [InlineData("mlp", DecayedParameters.All)]
    public void Its_settings_are_those_of_its_recipe_then(string model, DecayedParameters decayed)
    {
        var run = RunFolder.Open(Copy(model));
        Assert.Null(run.Settings.Training);
        var (config, usual) = (RunConfig.Of(run), RunConfig.For(run.Settings.Kind, model));
        Assert.Equal((usual.Training with { WeightDecayOn = decayed }).Complete(60), config.Training);
        Assert.Equal((60, 42ul, Path.Combine(run.FullPath, "data.txt")), (config.Steps, config.Seed, config.Data));
    }

    /// <summary>
    /// On one machine, to the bit: what a run of today reaches, the same run reaches without what was
    /// added to its files.
    /// </summary>
    [Theory]
    [InlineData("bigram")]
    [InlineData("gpt")]
    [InlineData("lstm")]
    [InlineData("wavenet")]
    public void Without_what_was_added_a_run_ends_in_the_same_bits(string model)
    {
        string whole = _small.Whole("whole", model: model), old = _small.Stopped("old", 31, model),
            file = Path.Combine(old, "run.json");
        var settings = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        Assert.True(settings.Remove("training"));
        File.WriteAllText(file, settings.ToJsonString());
        foreach (string name in (string[])["model.safetensors", "last.safetensors"])
            RemoveTraining(Path.Combine(old, name));
        var resumed = TrainingRun.Resume(old);
        resumed.Train();
        resumed.Finish();
        foreach (string name in (string[])["model.safetensors", "last.safetensors"])
        {
            var (one, two) = (Training.Safetensors.Read(Path.Combine(whole, name)),
                Training.Safetensors.Read(Path.Combine(old, name)));
            Assert.Equal(one.Names, two.Names);
            Assert.All(one.Names, tensor => Assert.Equal(one.Bytes(tensor), two.Bytes(tensor)));
        }
    }

    /// <summary>A file of tensors is the length of a header of JSON, the header, and the numbers.</summary>
    static void RemoveTraining(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int length = (int)BitConverter.ToUInt64(bytes);
        var header = JsonNode.Parse(bytes.AsSpan(8, length))!;
        Assert.True(header["__metadata__"]!.AsObject().Remove("training"));
        byte[] shorter = System.Text.Encoding.UTF8.GetBytes(header.ToJsonString().PadRight(length));
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)shorter.Length), .. shorter,
            .. bytes[(8 + length)..]]);
    }

    string Copy(string model)
    {
        string run = _folder.PathOf(model);
        Directory.CreateDirectory(run);
        foreach (string file in Directory.GetFiles(Path.Combine(s_recorded, model)))
            File.Copy(file, Path.Combine(run, Path.GetFileName(file)));
        return run;
    }
}
