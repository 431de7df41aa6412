namespace ChainRule.Bench.Tests;

/// <summary>The program itself, started as a process: what a table of growth and a time of start are made of.</summary>
public sealed class ChildTest
{
    [Fact]
    public void The_first_step_is_told_and_timed_from_the_start_of_the_process()
    {
        var (line, seconds) = Child.Run("--only", "gpt-1x1x8x4x2", "--first-step");
        Assert.Equal("gpt-1x1x8x4x2", line.GetProperty("ready").GetString());
        Assert.InRange(seconds, 0.02, 60);
    }

    [Fact]
    public void A_size_is_measured_in_a_process_of_its_own()
    {
        var size = new GptSize(1, 1, 8, 4, 2);
        var grown = Growth.Measure(size, threads: 1, rounds: 1);
        Assert.Equal(size, grown.Size);
        Assert.InRange(grown.Seconds, 1e-7, 1);
        // Parameters with two numbers each that AdamW keeps, in float32, are there between steps.
        Assert.InRange(grown.LiveBytes, 12 * size.Parameters, grown.PeakBytes);
    }

    [Fact]
    public void A_process_that_fails_is_reported()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Child.Run("--only", "nothing"));
        Assert.Equal("--only nothing: the process ended with 2 and said nothing", error.Message);
    }
}
