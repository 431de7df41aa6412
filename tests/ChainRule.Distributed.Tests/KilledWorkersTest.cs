namespace ChainRule.Distributed.Tests;

/// <summary>Processes that are killed at any moment: the others notice it, and go on without them.</summary>
public sealed class KilledWorkersTest
{
    const int Workers = 5;

    // Thirty workers are killed: in each round one, and then two at once, or nearly so.
    [Fact]
    public async Task Those_who_live_go_on_whoever_is_killed_and_whenever()
    {
        var chance = new Random(1);
        for (int round = 0; round < 10; round++) await Round(chance);
    }

    static async Task Round(Random chance)
    {
        string path = SharedMemory.Create(Workers);
        List<WorkerProcess> living =
            [.. Enumerable.Range(0, Workers).Select(rank => WorkerProcess.Talking(path, rank))];
        List<WorkerProcess> all = [.. living];
        try
        {
            foreach (var one in living) Assert.Equal("joined", await one.Line());
            await Kill(living, chance, 1);
            await Kill(living, chance, 2);
            SharedMemory.RequestStop(path);
            List<string> ends = [];
            foreach (var one in living)
            {
                var (lines, code) = await one.End();
                Assert.Equal(0, code);
                ends.Add(Assert.Single(lines));
            }
            Assert.Equal(["stopped as worker 0 of 2", "stopped as worker 1 of 2"], ends);
        }
        finally
        {
            all.ForEach(one => one.Dispose());
            File.Delete(path);
        }
    }

    static async Task Kill(List<WorkerProcess> living, Random chance, int count)
    {
        await Task.Delay(chance.Next(60));
        for (int i = 0; i < count; i++)
        {
            var one = living[chance.Next(living.Count)];
            one.Kill();
            living.Remove(one);
            await Task.Delay(chance.Next(80));
        }
        // Two that die one after the other may be missed together, or each by itself.
        foreach (var one in living)
        {
            string line;
            do
            {
                line = await one.Line();
                Assert.StartsWith("regrouped ", line, StringComparison.Ordinal);
            } while (line != $"regrouped {living.Count}");
        }
    }
}
