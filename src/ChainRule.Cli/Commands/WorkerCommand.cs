using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using ChainRule.Distributed;
using ChainRule.Training;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule worker: one of the processes of <c>chainrule train --workers</c>, which starts them.</summary>
static class WorkerCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The run's folder" };
        var group = new Option<string>("--group")
            { Description = "The file that the workers share", HelpName = "FILE", Required = true };
        var rank = new Option<int>("--rank") { Description = "Which worker this is", HelpName = "N", Required = true };
        var data = new Option<string?>("--data") { Description = "Where the data is now", HelpName = "FILE" };
        var threads = TrainOptions.CreateThreads();
        var command = new Command("worker", "One of the processes that 'chainrule train --workers' starts")
            { folder, group, rank, data, threads };
        command.SetAction((parsed, _) => Task.Run(() =>
        {
            if (parsed.GetResult(threads) is not null) Compute.Threads = parsed.GetValue(threads);
            return Train(command, parsed.GetValue(folder)!, parsed.GetValue(group)!, parsed.GetValue(rank),
                parsed.GetValue(data));
        }));
        return command;
    }

    static int Train(Command command, string folder, string group, int rank, string? data)
    {
        // Who started this process hears Ctrl-C too, and tells all workers to stop after the same step.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var stop = new CancellationTokenSource();
        new Thread(() =>
        {
            while (Console.In.Read() >= 0) { }
            stop.Cancel();
        }) { IsBackground = true }.Start();
        using var workers = SharedMemory.Join(group, rank);
        try
        {
            var run = TrainingRun.Join(folder, workers, data);
            run.Trainer.Regrouped += e =>
            {
                if (run.Trainer.Workers is { Rank: 0, Size: var left })
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{e.Message}; {Printable.Count(left, "worker")} {(left == 1 ? "goes" : "go")} on from step "
                        + $"{run.Trainer.Step:N0}"));
            };
            var end = TrainingScreen.Show(run, null, stop.Token);
            return end is TrainingEnd.Cancelled or TrainingEnd.Stopped ? WorkerExit.Stopped : WorkerExit.Done;
        }
        // Who started this process says it, once for all.
        catch (Exception e) when (Tool.Told(command, e) is { } told)
        {
            workers.Fail(told.Text);
            return e is IOException and not WorkerException ? WorkerExit.Unwritten : Tool.Failed;
        }
    }
}
