using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

/// <summary>
/// What a folder can suffer between two sittings: each is one sentence, and nothing in the folder is touched.
/// </summary>
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
        Refused(_small.PathOf("gone"),
            $"{_small.PathOf("gone")}: there is no such folder: give one "
                + "that 'chainrule train', 'fit', 'map' or 'recommend fit' wrote");
        Refused(_small.Data, $"{_small.Data}: this is a file: give the folder "
            + "that 'chainrule train', 'fit', 'map' or 'recommend fit' wrote");
        string empty = Directory.CreateDirectory(_small.PathOf("empty")).FullName;
        Refused(empty, $"{empty}: this folder holds no run (no run.json): give one "
            + "that 'chainrule train', 'fit', 'map' or 'recommend fit' wrote");
        Assert.Equal("run: '' is no path: give the folder "
            + "that 'chainrule train', 'fit', 'map' or 'recommend fit' wrote",
            Assert.ThrowsAny<ArgumentException>(() => TrainingRun.Resume("")).Message);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("A\0\u0001")]
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
    [InlineData("""{"model":"mlp","options":"{}","data":"embedded","dataSha256":"00","seed":1,"steps":-1}""")]
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
            Assert.ThrowsAny<ArgumentException>(() => TrainingRun.Resume(_run)).Message, StringComparison.Ordinal);
        File.WriteAllText(Settings, before.Replace("Context", "Contxt", StringComparison.Ordinal));
        Assert.StartsWith("model mlp: its sizes cannot be read from ",
            Assert.Throws<InvalidDataException>(() => TrainingRun.Resume(_run)).Message, StringComparison.Ordinal);
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
            string why = length == 0 ? "empty" : "damaged, or no run wrote it",
                lost = file[0] == 'l' ? "training cannot go on without it: " : "";
            Assert.Equal($"{path}: this file is {why}: {lost}put back a copy of it, or start a new run",
                Assert.Throws<InvalidDataException>(() => TrainingRun.Resume(_run)).Message);
            Assert.Equal(before, SmallRun.Everything(_run));
        }
    }

    [Fact]
    public void A_best_model_that_is_gone_is_made_anew_where_training_stands_at_it()
    {
        string run = _small.Stopped("fresh", 0), model = Path.Combine(run, "model.safetensors");
        byte[] kept = File.ReadAllBytes(model);
        File.Delete(model);
        Assert.Equal(
            $"{run}: the best model is gone (no model.safetensors): put back a copy of it, or make it anew by: "
            + $"chainrule train names --resume {run}",
            Assert.Throws<InvalidDataException>(() => SavedModel.Load(run)).Message);
        TrainingRun.Resume(run);
        Assert.Equal(kept, File.ReadAllBytes(model));
    }

    [Fact]
    public void A_file_that_is_gone()
    {
        File.Move(Model, _small.PathOf("kept"));
        Assert.Equal(
            $"{_run}: the best model is gone (no model.safetensors): put back a copy of it, or start a new run",
            Assert.Throws<InvalidDataException>(() => SavedModel.Load(_run)).Message);
        Refused(_run, $"resume {_run}: the best model, of step 24, is gone (no model.safetensors), and "
            + "last.safetensors holds that of step 31: put back a copy of model.safetensors, or start a new run");
        File.Move(_small.PathOf("kept"), Model);
        File.Delete(Last);
        Assert.Equal($"{Last}: this file is not there: training cannot go on without it: put back a copy of it, or "
            + "start a new run",
            Assert.Throws<FileNotFoundException>(() => TrainingRun.Resume(_run)).Message);
    }

    [Fact]
    public void A_best_model_that_is_gone_is_written_again_where_training_stands_at_its_best()
    {
        string run = _small.Stopped("best", 24), model = Path.Combine(run, "model.safetensors");
        File.Delete(model);
        TrainingRun.Resume(run).Train();
        Assert.Equal(SmallRun.Bits(_small.Whole("whole")), SmallRun.Bits(run));
    }

    public static TheoryData<string> Files =>
        [.. (string[])["run.json", "last.safetensors", "model.safetensors", "metrics.jsonl",
            "summary.json", "run.lock"]];

    /// <summary>Nothing waits for a writer, and nothing is trained first.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_of_a_run_is_a_plain_file(string file)
    {
        string path = Path.Combine(_run, file);
        File.Delete(path);
        Directory.CreateDirectory(path);
        RefusedAs(path, "is a folder");
        Directory.Delete(path);
        if (OperatingSystem.IsWindows()) return;
        using (var made = System.Diagnostics.Process.Start("mkfifo", [path])) made.WaitForExit();
        RefusedAs(path, "is a pipe");
        File.Delete(path);
        File.CreateSymbolicLink(path, "/dev/zero");
        RefusedAs(path, "is a device");
        File.Delete(path);
        File.CreateSymbolicLink(path, _small.PathOf("nowhere"));
        RefusedAs(path, "is a link that leads to no file");
        File.Delete(path);
        File.CreateSymbolicLink(path, path);
        RefusedAs(path, "is a link that leads to no file");
    }

    [Fact]
    public void Settings_that_were_changed_after_the_start()
    {
        string before = File.ReadAllText(Settings);
        File.WriteAllText(Settings, before.Replace("\"names\"", "\"text\"", StringComparison.Ordinal));
        string says = $"{Model}: it and run.json are not of one run: its kind is names, and run.json's is text: put "
            + "this run's own files back, or start a new run";
        Assert.Equal(says, Assert.Throws<InvalidDataException>(() => SavedModel.Load(_run)).Message);
        Refused(_run, says.Replace(Model, Last, StringComparison.Ordinal));
    }

    [Fact]
    public void Training_that_was_changed_after_the_start()
    {
        string before = File.ReadAllText(Settings);
        File.WriteAllText(Settings, before.Replace("\"learningRate\": 0.004", "\"learningRate\": 0.4",
            StringComparison.Ordinal));
        string says = $"{Model}: it and run.json are not of one run: they differ in how the model is trained: put this "
            + "run's own files back, or start a new run";
        Assert.Equal(says, Assert.Throws<InvalidDataException>(() => SavedModel.Load(_run)).Message);
        Refused(_run, says.Replace(Model, Last, StringComparison.Ordinal));
        File.WriteAllText(Settings, before.Replace("\"batchSize\": 128", "\"batchSize\": 0", StringComparison.Ordinal));
        Refused(_run, $"{Settings}: the file was changed, and cannot be used (training: batchSize 0: give a whole "
            + "number from 1 to 1,000,000): start a new run");
        File.WriteAllText(Settings, before.Replace("\"adamw\"", "\"adamx\"", StringComparison.Ordinal));
        Refused(_run, $"{Settings}: this is not the JSON that a run writes: start a new run");
    }

    [Fact]
    public void A_model_of_another_kind_or_seed()
    {
        File.Copy(Path.Combine(_small.Whole("bigram", model: "bigram"), "model.safetensors"), Model, overwrite: true);
        string says = $"{Model}: it and run.json are not of one run: its model is bigram, and run.json's is mlp: put "
            + "this run's own files back, or start a new run";
        Refused(_run, says);
        Assert.Equal(says, Assert.Throws<InvalidDataException>(() => SavedModel.Load(_run)).Message);
        File.Copy(Path.Combine(_small.Whole("other", seed: 8), "model.safetensors"), Model, overwrite: true);
        Refused(_run, $"{Model}: it and run.json are not of one run: its seed is 8, and run.json's is 42: put this "
            + "run's own files back, or start a new run");
    }

    [Fact]
    public void A_checkpoint_of_another_run()
    {
        File.Copy(Path.Combine(_small.Whole("other", seed: 8), "last.safetensors"), Last, overwrite: true);
        Refused(_run, $"{Last}: it and run.json are not of one run: its seed is 8, and run.json's is 42: put this "
            + "run's own files back, or start a new run");
        File.Copy(Model, Last, overwrite: true);
        Refused(_run, $"resume: {Last} is not a trainer's checkpoint: it says nothing of where training stood: give "
            + "the last.safetensors that a trainer wrote");
    }

    [Fact]
    public void A_model_that_no_run_wrote()
    {
        Training.Safetensors.Write(Model, [KeyValuePair.Create("weight", Tensor.From(1f, 2f))]);
        Refused(_run, $"{Model}: its metadata lacks 'vocabulary', because no run wrote it: put this run's own file "
            + "back, or start a new run");
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
        Refused(_run, $"resume {_run}: {_small.Data} is not the file that the run was started with (its SHA-256 "
            + "differs): give that file by --data");
        File.WriteAllBytes(_small.Data, [.. "ann\n"u8, 0, 1, 2]);
        Refused(_run, $"resume {_run}: {_small.Data} is not the file that the run was started with (its SHA-256 "
            + "differs): give that file by --data");
        File.Delete(_small.Data);
        Directory.CreateDirectory(_small.Data);
        Assert.Equal(
            $"resume {_run}: the names are no longer at {_small.Data}, which now is a folder: say where by --data",
            Assert.Throws<FileNotFoundException>(() => TrainingRun.Resume(_run)).Message);
    }

    [Fact]
    public void Metrics_that_are_no_metrics()
    {
        string file = Path.Combine(_run, "metrics.jsonl");
        string whole = File.ReadAllText(file);
        File.AppendAllText(file, "{\"step\":3");
        Refused(_run, $"{file}: this is not the JSON that a run writes: delete it, and --resume writes it anew");
        File.WriteAllBytes(file, [.. "A"u8, 0, 1, 0xff, 0xfe]);
        Refused(_run, $"{file}: this is not the JSON that a run writes: delete it, and --resume writes it anew");
        File.Delete(file);
        Assert.Equal(whole.Count(c => c == '\n'), TrainingRun.Resume(_run).Folder.ReadMetrics().Count);
    }

    [Fact]
    public void Metrics_of_another_run()
    {
        string file = Path.Combine(_run, "metrics.jsonl"), own = File.ReadAllText(file);
        File.Copy(Path.Combine(_small.Whole("other", seed: 8), "metrics.jsonl"), file, overwrite: true);
        Refused(_run, $"{file}: it and last.safetensors are not of one run: they differ in the losses of step 0: "
            + "put this run's own file back; or, if last.safetensors is right, delete it, and --resume writes it anew");
        File.WriteAllText(file, own);
        TrainingRun.Resume(_run);
    }

    [Fact]
    public void A_number_of_steps_that_was_changed()
    {
        File.WriteAllText(Settings, File.ReadAllText(Settings).Replace("\"steps\": 60", "\"steps\": 90",
            StringComparison.Ordinal));
        Refused(_run, $"{Last}: it and run.json are not of one run: its steps is 60, and run.json's is 90: put this "
            + "run's own files back, or start a new run");
    }

    [Fact]
    public void A_model_that_is_not_there_yet_when_it_is_asked_for()
    {
        _small.Start("new");
        string run = _small.PathOf("new");
        Assert.Equal($"{run}: no model is saved yet: go on with: chainrule train names --resume {run}",
            Assert.Throws<InvalidDataException>(() => SavedModel.Load(run)).Message);
    }

    void RefusedAs(string path, string why)
    {
        string says = $"{path}: this {why}, where a run has a plain file: ";
        List<Action> reading = [() => TrainingRun.Resume(_run)];
        if (path == Settings || path == Model) reading.Add(() => SavedModel.Load(_run));
        if (path.EndsWith("metrics.jsonl", StringComparison.Ordinal))
            reading.Add(() => RunFolder.Open(_run).ReadMetrics());
        if (path.EndsWith("summary.json", StringComparison.Ordinal))
            reading.Add(() => RunFolder.Open(_run).ReadSummary());
        foreach (var read in reading)
            Assert.StartsWith(says, Assert.Throws<InvalidDataException>(read).Message, StringComparison.Ordinal);
    }

    void Refused(string folder, string says)
    {
        string[] before = Directory.Exists(folder) ? SmallRun.Everything(folder) : [];
        Assert.Equal(says, Assert.Throws<InvalidDataException>(() => TrainingRun.Resume(folder)).Message);
        Assert.Equal(before, Directory.Exists(folder) ? SmallRun.Everything(folder) : []);
    }
}
