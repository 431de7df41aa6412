using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using ChainRule.Tests;

namespace ChainRule.Cli.Tests.Commands;

/// <summary>Processes that train one model together, as a user starts them, and as the system ends them.</summary>
public sealed class WorkersTest : IDisposable
{
    static readonly string[] s_train = ["train", "names", "--model", "mlp", "--steps", "400", "--batch-size", "32",
        "--eval-every", "100", "--dropout", "0.1", "--set", "hidden=32"];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Processes_that_share_memory_or_come_from_an_mpirun_train_the_same_model()
    {
        byte[] alone = Trained("alone", [.. s_train, "--set", "shards=16"]);
        Assert.Equal(alone, Trained("three", [.. s_train, "--workers", "3", "--threads", "2"]));
        Assert.Contains(Info("three"), line => Regex.IsMatch(line, @"^trained by      3 workers: a step computes "
            + @"[\d.]+ to [\d.]+ ms, waits [\d.]+ to [\d.]+ ms, sends [\d.]+ MB each.* "
            + @"\(the last measured, up to step 400\)$"));
        Assert.DoesNotContain(Info("alone"), line => line.StartsWith("trained by", StringComparison.Ordinal));
        Assert.Equal(alone, Trained("one", [.. s_train, "--workers", "1"]));
        foreach (var (mpirun, workers) in (IEnumerable<(string, int)>)[("mpirun.openmpi", 4), ("mpirun.mpich", 3)])
        {
            if (!File.Exists($"/usr/bin/{mpirun}")) continue; // said by the tests of transports
            Assert.Equal(alone, ByMpi(mpirun, workers));
        }
    }

    [Fact]
    public void A_worker_that_is_killed_is_done_without()
    {
        byte[] alone = Trained("alone", [.. s_train, "--set", "shards=16"]);
        var ended = KilledAt("step       0", 1, [.. s_train, "--workers", "4", "--out", "four"], "four");
        Assert.True(ended.Code == 0, ended.Errors);
        Assert.Matches(@"worker \d \(process \d+\) is gone: .*; 3 workers go on from step \d+", ended.Output);
        Assert.Equal(alone, File.ReadAllBytes(_folder.PathOf("four/model.safetensors")));
    }

    // 30 of them by CHAINRULE_LONG=1.
    [Fact]
    public void A_kill_at_any_moment_changes_no_bit()
    {
        byte[] alone = Trained("alone", [.. s_train, "--set", "shards=16"]);
        var random = new Random(1);
        for (int kill = Environment.GetEnvironmentVariable("CHAINRULE_LONG") == "1" ? 30 : 2; kill > 0; kill--)
        {
            string name = $"killed-{kill}";
            string[] words = [.. s_train, "--workers", $"{random.Next(2, 5)}", "--out", name];
            var ended = KilledAt("step       0", 1, words, name, random.Next(1500));
            Assert.True(ended.Code == 0, ended.Errors);
            Assert.Equal(alone, File.ReadAllBytes(_folder.PathOf($"{name}/model.safetensors")));
        }
    }

    [Fact]
    public void Where_all_are_killed_any_number_goes_on_from_what_was_saved()
    {
        byte[] alone = Trained("alone", [.. s_train, "--set", "shards=16"]);
        string sentence = KilledAt("step     100", 2, [.. s_train, "--workers", "2", "--out", "two"], "two").Refused(1);
        Assert.Matches(@"^all 2 workers are gone: step \d+ was saved last; what was saved before is whole, and to "
            + "go on from there: .*--resume two$", sentence);
        CommandLine.Run(_folder.Path, ["train", "names", "--resume", "two", "--workers", "3"]).Well();
        Assert.Equal(alone, File.ReadAllBytes(_folder.PathOf("two/model.safetensors")));
    }

    [MixedVectorsFact]
    public void Workers_whose_processors_add_in_other_orders_are_refused_in_a_sentence()
    {
        string[] one = ["-n", "1", "dotnet", CommandLine.Tool, .. s_train, "--out", "two"];
        string[] narrow = [.. one.Take(2), "env", "DOTNET_EnableAVX2=0", .. one.Skip(2)];
        var (code, output) = Run("mpirun.openmpi", ["--oversubscribe", .. one, ":", .. narrow]);
        Assert.NotEqual(0, code);
        Assert.Matches("worker 1 \\(on .+\\) computes with X64 vectors of 128 bits, and worker 0 with X64 vectors of "
            + "(256|512) bits with fused products: the bits would depend on which of them computes a shard: set "
            + "DOTNET_EnableAVX512=0, or DOTNET_EnableAVX2=0, on all, so that they are alike", output);
        Assert.False(File.Exists(_folder.PathOf("two/model.safetensors")));
    }

    [Fact]
    public void What_one_worker_does_after_a_loss_is_measured_anew()
    {
        var ended = KilledAt("step       0", 1, [.. s_train, "--workers", "2", "--out", "two"], "two");
        Assert.True(ended.Code == 0, ended.Errors);
        Assert.Contains(Info("two"), line => Regex.IsMatch(line, @"^trained by      1 worker: a step computes "
            + @"[\d.]+ ms \(the last measured, up to step 400(; before: 2 workers up to step \d+)?\)$"));
        string[] lines = File.ReadAllLines(_folder.PathOf("two/workers.jsonl"));
        Assert.Equal(lines.Length, lines.Distinct().Count());
        Assert.Contains("\"sent\":0}", lines[^1], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Who_does_not_wait_for_a_worker_that_stands_still_ends_at_once_by_a_second_interrupt()
    {
        using var said = new ManualResetEventSlim();
        using var waits = new ManualResetEventSlim();
        string? sentence = null;
        using var run = CommandLine.Start(_folder.Path, [.. s_train.Select(word => word == "400" ? "1000000" : word),
            "--workers", "2", "--out", "two"]);
        run.Said += line =>
        {
            if (line.StartsWith("step       0", StringComparison.Ordinal)) said.Set();
            if (!line.StartsWith("all stop", StringComparison.Ordinal)) return;
            sentence = line;
            waits.Set();
        };
        Assert.True(said.Wait(TimeSpan.FromMinutes(10)));
        int stopped = Workers("two")[^1].Id;
        Signal("STOP", stopped);
        run.Interrupt();
        Assert.True(waits.Wait(TimeSpan.FromMinutes(10)));
        run.Interrupt();
        Assert.Equal(1, run.Wait().Code);
        Assert.Matches(@$"^all stop after their step: the others wait for .*worker \d \(process {stopped}\).*; a "
            + "second Ctrl-C ends at once, with everything saved up to the last evaluation$", sentence);
    }

    static void Signal(string name, int process)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process}"]);
        kill.WaitForExit();
    }

    [Fact]
    public void A_refused_start_leaves_no_folder_and_one_sentence()
    {
        Assert.StartsWith("--workers 41: the run has 16 shards to share: give at most as many workers",
            CommandLine.Run(_folder.Path, [.. s_train, "--workers", "41", "--out", "new"]).Refused(1),
            StringComparison.Ordinal);
        Assert.StartsWith("--workers 2: the run has 1 shard to share: ", CommandLine.Run(_folder.Path,
            [.. s_train, "--workers", "2", "--set", "shards=1", "--out", "new"]).Refused(1), StringComparison.Ordinal);
        Assert.StartsWith("--workers 2: 'train patterns' is trained by one process, by a rule of its own: leave "
            + "--workers out", CommandLine.Run(_folder.Path, "train", "patterns", "--workers", "2", "--out", "new")
                .Refused(2), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Assert.Matches(@"^(train|AdamW): .* NaN", CommandLine.Run(_folder.Path,
            [.. s_train, "--workers", "2", "--learning-rate", "1e30", "--out", "nan"]).Refused(1));
    }

    [MpirunTheory, InlineData("mpirun.openmpi"), InlineData("mpirun.mpich")]
    public void Of_workers_of_an_mpirun_one_says_what_was_refused_and_no_folder_is_left(string mpirun)
    {
        Assert.StartsWith("chainrule: names: there is no file nofile.txt: give ",
            Assert.Single(Said(mpirun, ["--data", "nofile.txt"], [])), StringComparison.Ordinal);
        Assert.Equal([$"chainrule: worker 1 (on {Environment.MachineName}) was asked for seed 7, and worker 0 for seed "
            + "42: give all workers the same command"], Said(mpirun, [], ["--seed", "7"]));
        Assert.StartsWith($"chainrule: worker 1 (on {Environment.MachineName}): Unrecognized command or argument "
            + "'--bogus'", Assert.Single(Said(mpirun, [], ["--bogus"])), StringComparison.Ordinal);
        Assert.StartsWith("chainrule: mpirun started 2 workers: the run has 1 shard to share: ",
            Assert.Single(Said(mpirun, ["--set", "shards=1"], [])), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Assert.Matches("NaN", Assert.Single(Said(mpirun, ["--learning-rate", "1e30"], [])));
    }

    // The lines that two workers say, the second of which is given some words more; they must fail.
    string[] Said(string mpirun, string[] words, string[] ofSecond)
    {
        string[] one = ["-n", "1", "dotnet", CommandLine.Tool, .. s_train, "--out", "new", .. words];
        var (code, output) = Run(mpirun, [.. mpirun == "mpirun.openmpi" ? ["--oversubscribe"] : Array.Empty<string>(),
            .. one, ":", .. one, .. ofSecond]);
        string[] said = [.. output.Split('\n').Where(line => line.StartsWith("chainrule: ", StringComparison.Ordinal))];
        Assert.True(code != 0 && said.Length > 0, $"code {code}: {output}");
        return said;
    }

    [Fact]
    public void Wrong_numbers_are_refused_in_a_sentence()
    {
        Assert.Equal("--workers 0: give a whole number from 1 to 64. Try 'chainrule train names --help'.",
            CommandLine.Run(_folder.Path, [.. s_train, "--workers", "0"]).Refused(2));
        Assert.StartsWith("--workers 5: the run has 4 shards to share: give at most as many workers, or start a "
            + "new run "
            + "with more by --set shards=N",
            CommandLine.Run(_folder.Path, [.. s_train, "--workers", "5", "--set", "shards=4"]).Refused(1),
            StringComparison.Ordinal);
        CommandLine.Run(_folder.Path, ["train", "names", "--steps", "5", "--out", "whole"]).Well();
        Assert.Equal("this run computes each batch as a whole, which one process does alone: train it without "
            + "--workers, or start a new run with --workers",
            CommandLine.Run(_folder.Path, ["train", "names", "--resume", "whole", "--workers", "2"]).Refused(1));
    }

    string[] Info(string name) => CommandLine.Run(_folder.Path, ["info", name]).Well().Lines;

    byte[] Trained(string name, string[] words)
    {
        CommandLine.Run(_folder.Path, [.. words, "--out", name]).Well();
        return File.ReadAllBytes(_folder.PathOf($"{name}/model.safetensors"));
    }

    byte[] ByMpi(string mpirun, int workers)
    {
        var (code, output) = Run(mpirun, [.. mpirun == "mpirun.openmpi" ? ["--oversubscribe"] : Array.Empty<string>(),
            "-n", $"{workers}", "dotnet", CommandLine.Tool, .. s_train, "--out", mpirun]);
        Assert.True(code == 0, output);
        return File.ReadAllBytes(_folder.PathOf($"{mpirun}/model.safetensors"));
    }

    (int Code, string Output) Run(string mpirun, string[] words)
    {
        var start = new ProcessStartInfo(mpirun) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true,
            RedirectStandardError = true };
        foreach (string word in words) start.ArgumentList.Add(word);
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, $"{errors}\n{output.Result}");
    }

    // Some of the workers are killed when a line begins so, or up to so many milliseconds later.
    Ended KilledAt(string line, int count, string[] words, string name, int later = 0)
    {
        using var said = new ManualResetEventSlim();
        using var run = CommandLine.Start(_folder.Path, words);
        run.Said += one =>
        {
            if (one.StartsWith(line, StringComparison.Ordinal)) said.Set();
        };
        Assert.True(said.Wait(TimeSpan.FromMinutes(10)));
        if (later == 0) Kill(Workers(name), count);
        else
        {
            Thread.Sleep(later);
            foreach (var worker in Workers(name).Take(count)) worker.Kill();
        }
        return run.Wait();
    }

    // The processes of a run that is being trained.
    List<Process> Workers(string name) => [.. Process.GetProcessesByName("dotnet").Where(process =>
    {
        string file = $"/proc/{process.Id}/cmdline";
        string[] words = File.Exists(file) ? File.ReadAllText(file).Split('\0') : [];
        return words.Contains("worker") && words.Contains(_folder.PathOf(name));
    })];

    static void Kill(List<Process> workers, int count)
    {
        Assert.True(workers.Count >= count, $"{workers.Count} workers");
        foreach (var worker in workers.Take(count)) worker.Kill();
    }

    /// <summary>A test of workers that Open MPI's and MPICH's mpirun start.</summary>
    sealed class MpirunTheoryAttribute : TheoryAttribute
    {
        public MpirunTheoryAttribute() => Skip = File.Exists("/usr/bin/mpirun.openmpi")
            && File.Exists("/usr/bin/mpirun.mpich") ? null : "mpirun.openmpi and mpirun.mpich are not both here";
    }

    /// <summary>A test that starts a worker with narrower vectors than another has.</summary>
    sealed class MixedVectorsFactAttribute : FactAttribute
    {
        public MixedVectorsFactAttribute() => Skip = !File.Exists("/usr/bin/mpirun.openmpi")
            ? "mpirun.openmpi is not here: it gives each worker an environment of its own"
            : !Vector256.IsHardwareAccelerated ? "this processor has no vectors that can be taken away" : null;
    }
}
