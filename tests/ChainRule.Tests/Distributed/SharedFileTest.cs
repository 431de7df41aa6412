using ChainRule.Distributed;

namespace ChainRule.Tests.Distributed;

/// <summary>What processes that are no workers read of the file that workers share, and what is done with one that a
/// killed process left.</summary>
public sealed class SharedFileTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_killed_process_left_is_deleted_and_nothing_else()
    {
        string[] names = ["chainrule-1-killed", "chainrule-1-living", "chainrule-1-elsewhere", "chainrule-1-begun"];
        foreach (string name in names[..3]) SharedMemory.Create(_folder.PathOf(name), 2);
        File.WriteAllBytes(_folder.PathOf(names[3]), []);
        // Where a file says when the process that made it began, and in which numbering of processes it is.
        Overwrite(names[0], 24);
        Overwrite(names[2], 24);
        Overwrite(names[2], 32);
        SharedMemory.Sweep(_folder.Path);
        Assert.Equal(names[1..].Order(StringComparer.Ordinal),
            Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        void Overwrite(string name, int at)
        {
            using var file = File.OpenWrite(_folder.PathOf(name));
            file.Position = at;
            file.Write(BitConverter.GetBytes(1L));
        }
    }

    [Fact]
    public void Who_is_silent_and_why_one_failed_is_read_from_outside()
    {
        string path = _folder.PathOf("2");
        using var joined = new Barrier(2);
        Threads.Run(_folder, 2, worker =>
        {
            if (worker.Rank == 0) Assert.Null(SharedMemory.ReadFailure(path));
            Assert.All(SharedMemory.ReadSilence(path), silence => Assert.InRange(silence!.Value, TimeSpan.Zero,
                TimeSpan.FromMinutes(10)));
            joined.SignalAndWait();
            if (worker.Rank == 1) worker.Fail("the loss is NaN");
        });
        Assert.Equal("the loss is NaN", SharedMemory.ReadFailure(path));
        Assert.Equal([null, null], SharedMemory.ReadSilence(path));
    }
}
