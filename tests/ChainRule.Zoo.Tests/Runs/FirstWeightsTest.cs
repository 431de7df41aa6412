using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Tests;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class FirstWeightsTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static RunConfig Digits(string classes, int hidden = 8, int steps = 5) => RunConfig.For(TaskKind.Images, "dense")
        with { Steps = steps, Options = new ImageOptions(Size: 8, Classes: classes, PerClass: 20),
            Sizes = new DenseOptions(Hidden: hidden, Layers: 2) };

    TrainingRun Start(string name, RunConfig config) => TrainingRun.Start(_folder.PathOf(name), config);

    string Trained(string name, RunConfig config)
    {
        var run = Start(name, config);
        run.Train();
        run.Finish();
        return run.Folder.FullPath;
    }

    [Fact]
    public void What_fits_is_taken_and_the_output_layer_of_other_classes_is_not()
    {
        string first = Trained("first", Digits("0,1,2"));
        var saved = SavedModel.Load(first).Model.StateDict();
        var run = Start("then", Digits("3,4,5") with { From = first });
        Assert.Equal(["hidden.0.0.weight", "hidden.0.0.bias", "hidden.1.0.weight", "hidden.1.0.bias"],
            run.Transfer!.Taken);
        Assert.Equal(["head.weight (is of other classes)", "head.bias (is of other classes)"], run.Transfer.Left);
        Assert.EndsWith("; not taken: head.weight (is of other classes), head.bias (is of other classes)",
            run.Transfer.ToString(), StringComparison.Ordinal);
        foreach (string name in run.Transfer.Taken)
            Assert.Equal(saved[name].ToArray<float>(), run.Model.StateDict()[name].ToArray<float>());
        Assert.NotEqual(saved["head.weight"].ToArray<float>(), run.Model.StateDict()["head.weight"].ToArray<float>());

        // Of the same classes all is taken, and by the file it is the same.
        string file = Path.Combine(first, "model.safetensors");
        Assert.Equal(6, Start("same", Digits("0,1,2") with { From = file }).Transfer!.Taken.Count);
        var larger = Digits("0,1,2") with { From = first, Options = new ImageOptions(Size: 10, Classes: "0,1,2") };
        Assert.Equal(["hidden.0.0.weight (is [8, 64] there and [8, 100] here)"],
            Start("larger", larger).Transfer!.Left);
    }

    [Fact]
    public void A_run_says_what_it_began_with_and_goes_on_without_it()
    {
        string first = Trained("first", Digits("0,1,2"));
        var config = Digits("3,4,5", steps: 30) with { From = first };
        string whole = Trained("whole", config);
        var cut = Start("cut", config);
        SmallRun.Stop(cut, 13);
        Directory.Delete(first, recursive: true);
        var resumed = TrainingRun.Resume(cut.Folder.FullPath);
        Assert.Null(resumed.Transfer);
        resumed.Train();
        Assert.All(SmallRun.Bits(whole), file => Assert.Equal(file.Value,
            SmallRun.Bits(cut.Folder.FullPath)[file.Key]));
        Assert.Equal(Path.Combine(first, "model.safetensors"), RunConfig.Of(cut.Folder).From);
        string json = _folder.PathOf("cut/run.json");
        File.WriteAllText(json, File.ReadAllText(json).Replace("\"fromSha256\": \"", "\"fromSha256\": \"0",
            StringComparison.Ordinal));
        Assert.Contains("they differ in how the weights began", Assert.Throws<InvalidDataException>(
            () => SavedModel.Load(cut.Folder.FullPath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_taken_is_refused_in_a_sentence_and_nothing_is_made()
    {
        string first = Trained("first", Digits("0,1,2"));
        Refused("from nowhere: there is no such folder or file: give the folder of a run, or a file of safetensors",
            Digits("3,4") with { From = "nowhere" });
        Refused("from ", Digits("3,4") with { From = _folder.PathOf("") });
        Refused("from ", Digits("3,4") with { From = _folder.Write("text.safetensors", "text") });
        Refused("nothing of it fits: hidden.0.0.weight (is [8, 64] there and [5, 64] here), ",
            Digits("3,4", hidden: 5) with { From = first });
        var nan = SavedModel.Load(first).Model;
        nan.StateDict()["hidden.0.0.bias"].FillInPlace(float.NaN);
        Safetensors.Write(_folder.PathOf("nan.safetensors"), nan.StateDict());
        Refused("hidden.0.0.bias holds NaN: give a model that was trained to a finite loss",
            Digits("0,1,2") with { From = _folder.PathOf("nan.safetensors") });
        using var names = new SmallRun();
        string others = _folder.Write("others.txt", "anna\nbob\nclara\ndavid\n" + string.Join('\n',
            Enumerable.Repeat("emma", 40)));
        Refused("its characters are others than those of this data, so its weights mean others: give a model of the "
            + "same characters", names.Config() with { Data = others, From = names.Whole("names") });
        Refused("fit: from x: models of table are trained from the beginning, and as a whole: leave it out",
            RunConfig.For(TaskKind.Table, "mlp") with { From = "x" });
        Assert.False(Directory.Exists(_folder.PathOf("refused")));

        void Refused(string says, RunConfig config) => Assert.Contains(says, Assert.ThrowsAny<ArgumentException>(
            () => Start("refused", config)).Message, StringComparison.Ordinal);
    }
}
