using ChainRule.Zoo.Tasks;

namespace ChainRule.Bench.Tests;

public sealed class RecordingTest
{
    [Fact]
    public void Runs_with_and_without_recording_are_timed_in_pairs()
    {
        var cost = Recording.Measure(TaskKind.Table, "dense", steps: 20, rounds: 2);
        Assert.Equal("table dense", cost.Name);
        Assert.InRange(cost.Ratio, 0.01, 100);
        Assert.InRange(cost.Fraction, 1e-6, 10);
    }
}
