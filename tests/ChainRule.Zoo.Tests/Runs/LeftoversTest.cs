using System.Globalization;
using ChainRule.Tests;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class LeftoversTest : IDisposable
{
    const string Gone = "999999999";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_killed_starts_left_is_swept_and_nothing_else()
    {
        string living = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        Make($"mine.{Gone}.tmp", "last.safetensors", "last.safetensors.x1.tmp");
        Make($"other.{Gone}.tmp");
        Make($"locked-by-nobody.{living}.tmp", RunLock.FileName);
        Make($"alive.{living}.tmp", "last.safetensors");
        Make($"somebodys.{Gone}.tmp", "last.safetensors", "diary");
        Make("named.tmp", "last.safetensors");
        Make($"held.{Gone}.tmp");
        using var held = RunLock.Take(_folder.PathOf($"held.{Gone}.tmp"));
        _folder.Write($"file.{Gone}.tmp", "text");

        Leftovers.Sweep(_folder.Path);
        Assert.Equal([$"alive.{living}.tmp", $"file.{Gone}.tmp", $"held.{Gone}.tmp", "named.tmp",
            $"somebodys.{Gone}.tmp"],
            Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_that_is_not_there_has_none() => Leftovers.Sweep(_folder.PathOf("gone"));

    [Fact]
    public void The_next_start_sweeps_them()
    {
        Make($"run.{Gone}.tmp", "last.safetensors");
        RunFolder.Create(_folder.PathOf("run"), new("mlp", "{}", "embedded", "00", 42, 10), _ => { });
        Assert.Equal([_folder.PathOf("run")], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Starts_beside_each_other_do_not_take_one_another_for_left()
    {
        var settings = new RunSettings("mlp", "{}", "embedded", "00", 42, 10);
        const int Starters = 4, Starts = 100;
        using var ended = new CancellationTokenSource();
        var sweepers = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            while (!ended.IsCancellationRequested) Leftovers.Sweep(_folder.Path);
        })).ToArray();
        foreach (var sweeper in sweepers) sweeper.Start();
        Parallel.For(0, Starters, new() { MaxDegreeOfParallelism = Starters }, starter =>
        {
            for (int i = 0; i < Starts; i++)
                RunFolder.Create(_folder.PathOf($"run-{starter}-{i}"), settings,
                    path => File.WriteAllText(Path.Combine(path, "last.safetensors"), "x"));
        });
        ended.Cancel();
        foreach (var sweeper in sweepers) sweeper.Join();
        string[] made = Directory.GetDirectories(_folder.Path);
        Assert.Equal(Starters * Starts, made.Length);
        Assert.All(made, path => Assert.Equal(["last.safetensors", "run.json"],
            Directory.GetFiles(path).Select(Path.GetFileName).Order(StringComparer.Ordinal)));
    }

    void Make(string folder, params string[] files)
    {
        Directory.CreateDirectory(_folder.PathOf(folder));
        foreach (string file in files) File.WriteAllText(_folder.PathOf($"{folder}/{file}"), "x");
    }
}
