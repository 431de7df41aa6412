using ChainRule.Zoo.Runs;

namespace ChainRule.Cli.Tests.Commands;

/// <summary>One training that nothing breaks off, for all tests of those that something does.</summary>
public sealed class Unbroken : IDisposable
{
    public const int Steps = 4000;

    public Unbroken() => Small.Train("whole", Steps);

    public SmallTraining Small { get; } = new();

    public void Dispose() => Small.Dispose();
}

/// <summary>However training is broken off, what was saved resumes to the bits of a training that was not.</summary>
public sealed class TrainBrokenOffTest(Unbroken unbroken) : IClassFixture<Unbroken>
{
    // Runs that may end before they are broken off.
    const int Most = 20;

    readonly SmallTraining _small = unbroken.Small;

    [Fact]
    public void Killed_at_any_moment_it_resumes_to_the_same_bits()
    {
        var random = new Random();
        string run = "killed";
        string[] command = _small.Command(run, Unbroken.Steps);
        // On a loaded machine a kill may come too late: a run that ended well is compared, and another begun.
        for (int kills = 0, runs = 1; kills < 4;)
        {
            using var running = CommandLine.Start(_small.Path, command);
            // From the first line on the folder is there. The moment falls anywhere between two
            // evaluations, or into a save.
            int lines = random.Next(1, 4), moment = random.Next(0, 60);
            running.Said += _ =>
            {
                if (--lines != 0) return;
                Thread.Sleep(moment);
                running.Kill();
            };
            var ended = running.Wait();
            Assert.Empty(ended.Errors);
            if (ended.Code == 0)
            {
                AssertAsUnbroken(run);
                Assert.True(runs < Most, $"{kills} kills came in time in {runs} runs");
                run = $"killed{runs++}";
                command = _small.Command(run, Unbroken.Steps);
                continue;
            }
            kills++;
            command = Resume(run);
        }
        _small.Run(Resume(run)).Well();
        AssertAsUnbroken(run);
    }

    [Fact]
    public void Killed_as_it_begins_there_is_no_folder_or_one_that_resumes()
    {
        _small.Train("short", 20);
        for (int i = 0; i < 5; i++)
        {
            string name = $"early{i}";
            using var running = CommandLine.Start(_small.Path, _small.Command(name, 20));
            // As soon as anything is on the disk, and the odd ones as soon as the folder has its name;
            // then a little later each.
            while (Directory.GetFileSystemEntries(_small.Path, i % 2 == 0 ? name + "*" : name).Length == 0
                && !running.HasEnded) Thread.Yield();
            Thread.Sleep(i / 2);
            running.Kill();
            running.Wait();
            if (!Directory.Exists(_small.PathOf(name))) continue;
            _small.Run(Resume(name)).Well();
            _small.AssertSameBits("short", name);
        }
    }

    [Fact]
    public void Interrupted_it_saves_says_how_to_go_on_and_goes_on_to_the_same_bits()
    {
        if (OperatingSystem.IsWindows()) return;
        var ended = Interrupted("interrupted");
        Assert.Equal((1, ""), (ended.Code, ended.Errors));
        Assert.Matches(@"^Stopped at step [\d,]+, and saved. To go on: chainrule train names --resume interrupted$",
            ended.Lines[^1]);

        var resumed = _small.Run(Resume("interrupted")).Well();
        Assert.Equal("resumed at step " + ended.Lines[^1].Split(' ')[3].TrimEnd(','), resumed.Lines[2]);
        AssertAsUnbroken("interrupted");
    }

    [Fact]
    public void A_terminal_that_is_closed_saves_as_an_interruption_does()
    {
        if (OperatingSystem.IsWindows()) return;
        var ended = Interrupted("hung-up", running => running.HangUp());
        Assert.Equal((1, ""), (ended.Code, ended.Errors));
        Assert.Matches(@"^Stopped at step [\d,]+, and saved. To go on: chainrule train names --resume hung-up$",
            ended.Lines[^1]);
        _small.Run(Resume("hung-up")).Well();
        AssertAsUnbroken("hung-up");
    }

    [Fact]
    public void Two_that_go_on_with_one_run_exclude_each_other()
    {
        Interrupted("shared");
        using var first = CommandLine.Start(_small.Path, Resume("shared"));
        int lines = 0;
        Ended? second = null;
        first.Said += _ =>
        {
            // It trains: whoever comes now is refused, and the one that was first is not disturbed.
            if (++lines == 4) second = _small.Run(Resume("shared"));
        };
        Assert.Equal(0, first.Wait().Code);
        Assert.Equal($"resume {_small.PathOf("shared")}: another process trains in this folder now: wait for its end, "
            + "or stop it", second!.Refused(1));
        AssertAsUnbroken("shared");
        Assert.False(File.Exists(_small.PathOf("shared/run.lock")));
    }

    [Fact]
    public void A_disk_that_fills_up_leaves_what_was_saved_and_says_how_to_go_on()
    {
        if (!OperatingSystem.IsLinux()) return;
        Interrupted("full");
        var before = _small.Bits("full");

        // 200 kB is enough for the model and too little for the checkpoint: its writing fails half-way,
        // as on a disk that is full.
        var ended = CommandLine.RunWithFilesBelow(400, _small.Path, Resume("full"));
        string says = ended.Refused(1);
        Assert.StartsWith($"safetensors: '{_small.PathOf("full")}/last.safetensors' cannot be written and is as it "
            + "was: ", says, StringComparison.Ordinal);
        Assert.EndsWith("; what was saved before is whole, and to go on from there: chainrule train names --resume "
            + "full", says, StringComparison.Ordinal);
        Assert.Equal(before.Last, _small.Bits("full").Last);
        Assert.DoesNotContain(Directory.GetFiles(_small.PathOf("full")),
            file => file.EndsWith(".tmp", StringComparison.Ordinal));

        _small.Run(Resume("full")).Well();
        AssertAsUnbroken("full");
    }

    static string[] Resume(string run) => ["train", "names", "--resume", run];

    // A run that ended before the signal came is put away, and another begun.
    Ended Interrupted(string run, Action<CommandLine>? send = null)
    {
        for (int tries = 1; ; tries++)
        {
            using var running = CommandLine.Start(_small.Path, _small.Command(run, Unbroken.Steps));
            int lines = 4;
            running.Said += _ =>
            {
                if (--lines == 0) (send ?? (process => process.Interrupt()))(running);
            };
            var ended = running.Wait();
            if (ended.Code != 0 || tries == Most) return ended;
            Directory.Delete(_small.PathOf(run), recursive: true);
        }
    }

    void AssertAsUnbroken(string run)
    {
        _small.AssertSameBits("whole", run);
        Assert.Equal(
            RunFolder.Open(_small.PathOf("whole")).ReadMetrics().Select(line => line with { Seconds = 0 }),
            RunFolder.Open(_small.PathOf(run)).ReadMetrics().Select(line => line with { Seconds = 0 }));
        Assert.DoesNotContain(Directory.GetFiles(_small.PathOf(run)),
            file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }
}
