using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

/// <summary>What a folder can suffer between two sittings: each is one sentence, and nothing in the folder is touched.</summary>
public sealed class DamageTest : IDisposable
{
    readonly SmallRun _small = new();
    readonly string _run;

    public DamageTest() => _run = _small.Stopped("run", 31);

    public void Dispose() => _small.Dispose();

    string Model => Path.Combine(_run, "model.safetensors");

    string Last => Path.Combine(_run, "last.safetensors");

    string Settings => Path.Combine(_run, "run.json");

    [Fact]
    public void What_is_no_run()
    {
        Refused(_small.PathOf("gone"), $"{_small.PathOf("gone")}: there is no such folder: give one that 'chainrule train' wrote");
        Refused(_small.Data, $"{_small.Data}: this is a file: give the folder that 'chainrule train' wrote");
        string empty = Directory.CreateDirectory(_small.PathOf("empty")).FullName;
        Refused(empty, $"{empty}: this folder holds no run (no run.json): give one that 'chainrule train' wrote");
        Assert.Equal("run: '' is no path: give the folder that 'chainrule train' wrote", Assert.Throws<ArgumentException>(() => TrainingRun.Resume("")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"model\":\"mlp\",\"steps\":\"many\"}")]
    public void Settings_that_are_no_settings(string json)
    {
        File.WriteAllText(Settings, json);
        Refused(_run, $"{Settings}: this is not the JSON that a run writes: start a new run");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"model\":\"mlp\",\"options\":\"{}\",\"data\":\"embedded\",\"dataSha256\":\"00\",\"seed\":1,\"steps\":-1}")]
    public void Settings_that_lack_something(string json)
    {
        File.WriteAllText(Settings, json);
        Refused(_run, $"{Settings}: settings are missing, because the file was changed: start a new run");
    }

    [Fact]
    public void Settings_of_a_model_that_there_is_not_or_of_sizes_that_cannot_be()
    {
        string before = File.ReadAllText(Settings);
        File.WriteAllText(Settings, before.Replace("\"mlp\"", "\"gpt9\"", StringComparison.Ordinal));
        Assert.StartsWith("model 'gpt9': there is no such model: choose one of ",
            Assert.Throws<ArgumentException>(() => TrainingRun.Resume(_run)).Message, StringComparison.Ordinal);
        File.WriteAllText(Settings, before.Replace("Context", "Contxt", StringComparison.Ordinal));
        Assert.StartsWith("model mlp: its sizes cannot be read from ", Assert.Throws<InvalidDataException>(() => TrainingRun.Resume(_run)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("last.safetensors")]
    public void A_file_that_was_cut_off_at_any_length(string file)
    {
        string path = Path.Combine(_run, file);
        byte[] whole = File.ReadAllBytes(path);
        foreach (int length in (int[])[0, 7, 100, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(path, whole[..length]);
            string[] before = SmallRun.Everything(_run);
            Assert.StartsWith($"safetensors '{file}': ", Assert.Throws<InvalidDataException>(() => TrainingRun.Resume(_run)).Message, StringComparison.Ordinal);
            Assert.Equal(before, SmallRun.Everything(_run));
        }
    }

    [Fact]
    public void A_file_that_is_gone()
    {
        File.Move(Model, _small.PathOf("kept"));
        Refused(_run, $"{_run}: no model is saved yet: go on with: chainrule train names --resume {_run}");
        File.Move(_small.PathOf("kept"), Model);
        File.Delete(Last);
        Assert.StartsWith($"safetensors: there is no file '{Last}'", Assert.Throws<FileNotFoundException>(() => TrainingRun.Resume(_run)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_another_kind_or_seed()
    {
        File.Copy(Path.Combine(_small.Whole("bigram", model: "bigram"), "model.safetensors"), Model, overwrite: true);
        string says = $"{Model}: it is another run's: its model is bigram, and this run's is mlp: put this run's own file back, or start a new run";
        Refused(_run, says);
        Assert.Equal(says, Assert.Throws<InvalidDataException>(() => SavedModel.Load(_run)).Message);
        File.Copy(Path.Combine(_small.Whole("other", seed: 8), "model.safetensors"), Model, overwrite: true);
        Refused(_run, $"{Model}: it is another run's: its seed is 8, and this run's is 42: put this run's own file back, or start a new run");
    }

    [Fact]
    public void A_checkpoint_of_another_run()
    {
        File.Copy(Path.Combine(_small.Whole("other", seed: 8), "last.safetensors"), Last, overwrite: true);
        Refused(_run, $"{Last}: it is another run's: its seed is 8, and this run's is 42: put this run's own file back, or start a new run");
        File.Copy(Model, Last, overwrite: true);
        Refused(_run, $"resume: {Last} is not a trainer's checkpoint: it says nothing of where training stood");
    }

    [Fact]
    public void A_model_that_no_run_wrote()
    {
        Training.Safetensors.Write(Model, [KeyValuePair.Create("weight", Tensor.From(1f, 2f))]);
        Refused(_run, $"{Model}: its metadata lacks 'vocabulary', because no run wrote it: put this run's own file back, or start a new run");
    }

    [Fact]
    public void Names_that_were_moved_or_changed()
    {
        File.Move(_small.Data, _small.PathOf("elsewhere.txt"));
        string[] before = SmallRun.Everything(_run);
        Assert.Equal($"resume {_run}: the names are no longer at {_small.Data}: say where by --data",
            Assert.Throws<FileNotFoundException>(() => TrainingRun.Resume(_run)).Message);
        Assert.Equal(before, SmallRun.Everything(_run));
        File.WriteAllText(_small.Data, File.ReadAllText(_small.PathOf("elsewhere.txt")) + "\nkim");
        Refused(_run, $"resume {_run}: {_small.Data} is not the file that the run was started with (its SHA-256 differs): give that file by --data");
    }

    [Fact]
    public void Metrics_that_are_no_metrics()
    {
        string file = Path.Combine(_run, "metrics.jsonl");
        string whole = File.ReadAllText(file);
        File.AppendAllText(file, "{\"step\":3");
        Refused(_run, $"{file}: this is not the JSON that a run writes: delete it, and --resume writes it anew");
        File.Delete(file);
        Assert.Equal(whole.Count(c => c == '\n'), TrainingRun.Resume(_run).Folder.ReadMetrics().Count);
    }

    [Fact]
    public void A_model_that_is_not_there_yet_when_it_is_asked_for()
    {
        _small.Start("new");
        string run = _small.PathOf("new");
        Assert.Equal($"{run}: no model is saved yet: go on with: chainrule train names --resume {run}",
            Assert.Throws<InvalidDataException>(() => SavedModel.Load(run)).Message);
    }

    void Refused(string folder, string says)
    {
        string[] before = Directory.Exists(folder) ? SmallRun.Everything(folder) : [];
        Assert.Equal(says, Assert.Throws<InvalidDataException>(() => TrainingRun.Resume(folder)).Message);
        Assert.Equal(before, Directory.Exists(folder) ? SmallRun.Everything(folder) : []);
    }
}
