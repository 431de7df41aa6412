using ChainRule.Training;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class StopRequestTest : IDisposable
{
    readonly SmallRun _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void A_run_that_is_asked_to_stop_saves_and_goes_on_to_the_bits_of_one_that_was_not()
    {
        string whole = _runs.Whole("whole");
        var run = _runs.Start("asked");
        int last = 0;
        run.Trainer.Stepped += (step, _) =>
        {
            last = step;
            if (step == 20) run.Folder.RequestStop();
            // It is looked for twenty times a second.
            if (step >= 20) Thread.Sleep(20);
        };
        Assert.Equal(TrainingEnd.Stopped, run.Train());
        Assert.InRange(last, 20, 30);
        Assert.Equal(last, run.Trainer.Step);
        Assert.False(File.Exists(_runs.PathOf("asked/stop.request")));
        Assert.False(run.Folder.IsTraining);
        var resumed = TrainingRun.Resume(_runs.PathOf("asked"));
        Assert.Equal(TrainingEnd.Completed, resumed.Train());
        resumed.Finish();
        Assert.Equal(SmallRun.Bits(whole), SmallRun.Bits(_runs.PathOf("asked")));
    }

    [Fact]
    public void Where_nobody_trains_there_is_nothing_to_stop()
    {
        var run = RunFolder.Open(_runs.Stopped("stopped", 5));
        var e = Assert.Throws<InvalidOperationException>(run.RequestStop);
        Assert.EndsWith("stopped: no process trains in this folder now: there is nothing to stop", e.Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(run.FullPath, "stop.request")));
    }

    [Fact]
    public void A_request_that_was_left_stops_nobody()
    {
        string folder = _runs.Stopped("left", 5);
        File.WriteAllText(Path.Combine(folder, "stop.request"), "");
        var run = TrainingRun.Resume(folder);
        run.Trainer.Stepped += (_, _) => Thread.Sleep(2);
        Assert.Equal(TrainingEnd.Completed, run.Train());
    }

    [Fact]
    public async Task It_is_seen_whether_a_process_trains_and_asking_disturbs_nobody()
    {
        string folder = _runs.Stopped("seen", 5);
        Assert.False(RunFolder.Open(folder).IsTraining);
        using var stop = new CancellationTokenSource();
        var asking = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) RunFolder.IsTrainedIn(folder);
        });
        for (int i = 0; i < 50; i++)
        {
            using var held = RunLock.Take(folder);
            Assert.NotNull(held);
            Assert.True(RunFolder.IsTrainedIn(folder));
        }
        await stop.CancelAsync();
        await asking;
        Assert.False(RunFolder.IsTrainedIn(folder));
    }
}
