using ChainRule.Tests;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class RunFolderTest : IDisposable
{
    static readonly RunSettings s_settings = new("mlp", "{}", "embedded", "00", 42, 10);

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_appears_whole_with_what_it_was_filled_with()
    {
        string path = _folder.PathOf("runs/mine");
        RunFolder.Create(path, s_settings, beside =>
        {
            Assert.False(Directory.Exists(path));
            File.WriteAllText(Path.Combine(beside, "last.safetensors"), "numbers");
        });
        Assert.Equal(["last.safetensors", "run.json"], Directory.GetFiles(path).Select(Path.GetFileName).Order());
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.PathOf("runs")));
        Assert.Equal(s_settings, RunFolder.Open(path).Settings);
    }

    [Fact]
    public void An_empty_folder_of_ones_own_is_filled_and_kept()
    {
        string path = Directory.CreateDirectory(_folder.PathOf("mine")).FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var made = RunFolder.Create(path + "/", s_settings,
            beside => File.WriteAllText(Path.Combine(beside, "last.safetensors"), "numbers"));
        Assert.Equal(path, made.FullPath);
        Assert.Equal(["last.safetensors", "run.json"], Directory.GetFiles(path).Select(Path.GetFileName).Order());
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(path));
    }

    [Fact]
    public void What_is_already_there_is_not_touched()
    {
        string path = Create("mine");
        Refused(path, $"train: {path} already holds a run: choose another --out, or go on with it by --resume {path}; "
            + "a program gives another folder, or calls TrainingRun.Resume");
        string file = _folder.Write("file", "text");
        Refused(file, $"train: {file} is a file: choose another --out");
        Refused(Path.Combine(file, "a/b"),
            $"train: {file}/a/b cannot be made, because {file} is a file: choose another --out");
        string full = Directory.CreateDirectory(_folder.PathOf("full")).FullName;
        File.WriteAllText(Path.Combine(full, "diary"), "mine");
        Refused(full, $"train: {full} is already there and is not an empty folder: choose another --out, and nothing "
            + "in it is touched");
        Assert.Equal("train: ' ' is no path: give that of a new folder by --out",
            Assert.ThrowsAny<ArgumentException>(() => RunFolder.Create(" ", s_settings, _ => { })).Message);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Of_two_starts_at_once_the_second_says_that_another_trains_there(bool wasThere)
    {
        string path = _folder.PathOf("mine");
        if (wasThere) Directory.CreateDirectory(path);
        Assert.Equal($"train: {path} is trained in by another process, which has just begun there: choose another "
            + "--out, or wait for its end",
            Assert.Throws<IOException>(() => RunFolder.Create(path, s_settings, beside =>
            {
                File.WriteAllText(Path.Combine(beside, "last.safetensors"), "second");
                Directory.CreateDirectory(path);
                _folder.Write("mine/last.safetensors", "first");
            })).Message);
        Assert.Equal("first", File.ReadAllText(Path.Combine(path, "last.safetensors")));
    }

    [Fact]
    public void A_disk_that_fills_up_leaves_no_folder()
    {
        string path = _folder.PathOf("mine");
        var e = Assert.Throws<IOException>(() => RunFolder.Create(path, s_settings, beside =>
        {
            File.WriteAllText(Path.Combine(beside, "last.safetensors"), "half");
            throw new IOException($"No space left on device : '{beside}/last.safetensors'");
        }));
        Assert.Equal($"train: nothing can be written at {path} (No space left on device): choose another --out",
            e.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_failure_leaves_no_folder_above_either_but_those_that_were_there()
    {
        Directory.CreateDirectory(_folder.PathOf("there"));
        Assert.Throws<DivideByZeroException>(
            () => RunFolder.Create(_folder.PathOf("there/a/b/mine"), s_settings,
                _ => throw new DivideByZeroException()));
        Assert.Equal([_folder.PathOf("there")],
            Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_failure_of_any_other_kind_leaves_no_folder_either()
    {
        Assert.Throws<DivideByZeroException>(
            () => RunFolder.Create(_folder.PathOf("mine"), s_settings, _ => throw new DivideByZeroException()));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_place_where_one_may_not_write_is_one_sentence()
    {
        if (!OperatingSystem.IsLinux()) return;
        // Not even root makes a folder here.
        var e = Assert.Throws<IOException>(() => RunFolder.Create("/sys/chainrule-run", s_settings, _ => { }));
        const string Why = "(permission is denied|no folder can be made there|the disk can only be read)";
        Assert.Matches($@"^train: nothing can be written at /sys/chainrule-run \({Why}\): choose another --out$",
            e.Message);
        Assert.DoesNotContain(".tmp", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_free_name_is_counted_up_to()
    {
        string path = _folder.PathOf("names-mlp");
        Assert.Equal(path, RunFolder.Free(path));
        Directory.CreateDirectory(path);
        Assert.Equal(path + "-2", RunFolder.Free(path));
        File.WriteAllText(path + "-2", "");
        Assert.Equal(path + "-3", RunFolder.Free(path));
    }

    [Fact]
    public void Metrics_of_earlier_versions_called_the_learning_rate_rate()
    {
        var run = RunFolder.Open(Create("mine"));
        File.WriteAllText(Path.Combine(run.FullPath, "metrics.jsonl"),
            """{"step":3,"trainLoss":2.5,"valLoss":2.25,"rate":0.004,"seconds":1.5}""" + "\n");
        RunMetrics line = Assert.Single(run.ReadMetrics());
        Assert.Equal(new(3, 2.5, 2.25, 0.004, 1.5), line);
        run.WriteMetrics([line]);
        Assert.Equal("""{"step":3,"trainLoss":2.5,"valLoss":2.25,"learningRate":0.004,"seconds":1.5}""" + "\n",
            File.ReadAllText(Path.Combine(run.FullPath, "metrics.jsonl")));
    }

    [Fact]
    public void Metrics_and_summary_come_back_as_they_went()
    {
        var run = RunFolder.Open(Create("mine"));
        Assert.Empty(run.ReadMetrics());
        Assert.Null(run.ReadSummary());
        RunMetrics[] metrics = [new(0, null, 3.3, 0.1, 0), new(10, 2.5, 2.4999999999999996, 1e-300, 1.25)];
        run.WriteMetrics(metrics);
        Assert.Equal(metrics, run.ReadMetrics());
        var summary = new RunSummary("mlp", "embedded", 42, 10, 5, 3.3, 2.1, 2.2, null, 10, 1.5, 6.7,
            ["Zoë", "O'Hara"]) { Metrics = new Dictionary<string, double> { ["perplexity"] = 9.03 } };
        run.WriteSummary(summary);
        Assert.Equal(summary.Samples, run.ReadSummary()!.Samples);
        Assert.Equal(summary.Metrics, run.ReadSummary()!.Metrics);
        Assert.Equal((summary with { Samples = [] }).ToString(), (run.ReadSummary()! with { Samples = [] }).ToString());
        run.WriteSummary(summary with { Seed = ulong.MaxValue });
        Assert.Equal($"{run.FullPath}/summary.json: it and run.json are not of one run: put this run's own files back; "
            + "or, if run.json is right, delete it, and --resume writes it anew",
            Assert.Throws<InvalidDataException>(run.ReadSummary).Message);
        Assert.Contains("Zoë", File.ReadAllText(Path.Combine(run.FullPath, "summary.json")), StringComparison.Ordinal);
    }

    string Create(string name) =>
        RunFolder.Create(_folder.PathOf(name), s_settings,
            beside => File.WriteAllText(Path.Combine(beside, "last.safetensors"), "numbers")).FullPath;

    void Refused(string path, string says)
    {
        string[] before = Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories);
        Assert.Equal(says,
            Assert.Throws<IOException>(() => RunFolder.Create(path, s_settings,
                beside => throw new InvalidOperationException(beside))).Message);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories));
    }
}
