namespace ChainRule.Bench.Tests;

public sealed class ClockTest
{
    [Theory]
    [InlineData(0.001, 300)]
    [InlineData(0.1, 3)]
    [InlineData(2, 1)]
    public void A_round_is_as_many_steps_as_last_three_tenths_of_a_second_and_is_told_per_step(double seconds,
        int steps)
    {
        var step = new Ticking(seconds);
        var clock = new Clock(step, step.Time);
        Assert.Equal(steps, clock.Steps);
        Assert.Equal(seconds, clock.Round(), 1e-9);
        Assert.Equal(seconds, Assert.Single(clock.Rounds), 1e-9);
    }

    [Theory]
    [InlineData(0.001, 500)]
    [InlineData(0.02, 60)]
    [InlineData(1, 5)]
    public void It_warms_up_for_sixty_steps_and_half_a_second_and_no_longer_than_five(double seconds, int steps)
    {
        var step = new Ticking(seconds);
        _ = new Clock(step, step.Time);
        Assert.InRange(step.Taken - 1, steps, steps + 1);
    }

    [Fact]
    public void What_a_step_allocates_is_counted()
    {
        var step = new Ticking(0.1, bytes: 100_000);
        var clock = new Clock(step, step.Time);
        clock.Round();
        Assert.InRange(clock.AllocatedBytes, 100_000, 101_000);
    }

    [Fact]
    public void The_median_is_the_middle_or_the_mean_of_the_middle_two()
    {
        Assert.Equal(2, Line.Median([9, 1, 2]));
        Assert.Equal(3, Line.Median([9, 4, 1, 2]));
    }

    /// <summary>Each step makes its own clock's hand move on by as much.</summary>
    sealed class Ticking(double seconds, int bytes = 0) : Workload
    {
        byte[] _kept = [];

        public Hand Time { get; } = new();

        public int Taken { get; private set; }

        public override void Step()
        {
            if (bytes > 0) _kept = new byte[bytes];
            Time.Seconds += seconds;
            Taken++;
        }

        public override double[] Check() => [_kept.Length];
    }

    sealed class Hand : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => (long)Math.Round(Seconds * TimestampFrequency);
    }
}
