using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class SavedModelTest : IDisposable
{
    readonly SmallRun _small = new();

    public void Dispose() => _small.Dispose();

    [Theory]
    [InlineData("mlp")]
    [InlineData("bigram")]
    public void What_was_saved_is_read_back_and_draws_what_the_run_drew(string model)
    {
        string folder = _small.Whole("run", model: model);
        var saved = SavedLanguageModel.Load(folder);
        Assert.Equal(model, SavedModel.Load(folder).Recipe.Name);
        Assert.False(saved.Model.Training);

        var rng = new TorchRandom(42);
        string[] drawn = [.. Enumerable.Range(0, 1000)
            .Select(_ => saved.Model.Sample(saved.Vocabulary, rng, new(Samples.Temperature)))];
        Assert.Equal(RunFolder.Open(folder).ReadSummary()!.Samples,
            drawn.Where(name => name.Length > 0).Except(File.ReadAllLines(_small.Data)).Take(20));
    }

    [Fact]
    public void The_file_says_what_it_is()
    {
        var file = Safetensors.Read(Path.Combine(_small.Whole("run", seed: 7), "model.safetensors"));
        Assert.Equal("mlp", file.Metadata["model"]);
        Assert.Equal("7", file.Metadata["seed"]);
        Assert.Equal("names.txt", file.Metadata["data"]);
        Assert.StartsWith(".a", file.Metadata["vocabulary"], StringComparison.Ordinal);
    }
}
