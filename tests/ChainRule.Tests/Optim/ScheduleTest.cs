using ChainRule.Optim;

namespace ChainRule.Tests.Optim;

public sealed class ScheduleTest
{
    public static TheoryData<string> Recorded =>
        Golden.Names("optim", "step_lr", "linear_lr", "cosine_annealing_lr", "cosine_with_warmup", "one_cycle_lr",
            "exponential_lr", "lambda_lr", "warm_restarts", "sequential_lr");

    [Theory, MemberData(nameof(Recorded))]
    public void Is_what_pytorch_computes(string name)
    {
        var golden = Golden.Case("optim", name);
        var schedule = golden.Op switch
        {
            "step_lr" => Schedule.Step(golden.Number("lr"), golden.Int("step_size"), golden.Number("gamma")),
            "linear_lr" => Schedule.Linear(golden.Number("lr") * golden.Number("start_factor"),
                golden.Number("lr") * golden.Number("end_factor"), golden.Int("total")),
            "exponential_lr" => Schedule.Exponential(golden.Number("lr"), golden.Number("gamma")),
            "lambda_lr" => Schedule.Lambda(golden.Number("lr"), step => 1.0 / (1 + step)),
            "warm_restarts" => Schedule.WarmRestarts(golden.Number("lr"), golden.Int("period"), golden.Int("growth"),
                golden.Number("min_lr")),
            "sequential_lr" => Schedule.Sequential(Schedule.Linear(0.01, 0.1, 10), (10, Schedule.Exponential(0.1, 0.9)),
                (30, Schedule.Step(0.1, 5, 0.5))),
            "cosine_annealing_lr" => Schedule.CosineAnnealing(golden.Number("lr"), golden.Int("t_max"),
                golden.Number("min_lr")),
            "cosine_with_warmup" => Schedule.Cosine(golden.Number("max_lr"), golden.Number("min_lr"),
                golden.Int("warmup"), golden.Int("total"), golden.Flag("from_zero")),
            _ => Schedule.OneCycle(golden.Number("max_lr"), golden.Int("total"), golden.Number("pct_start"),
                golden.Number("div_factor"), golden.Number("final_div_factor")),
        };
        Assert.Equal(60, golden.Output.Data.Length);
        for (int step = 0; step < 60; step++)
            Close.Equal([golden.Output.Data[step]], [schedule.LearningRate(step)], Close.Float64,
                $"{name}, step {step}");
    }

    [Fact]
    public void A_constant_stays() => Assert.Equal([0.1, 0.1], Rates(Schedule.Constant(0.1), 0, 1_000_000));

    [Fact]
    public void Parts_that_do_not_follow_one_another_are_refused()
    {
        Assert.Equal("sequential schedule: a part from step 5 after one from 5: give steps that rise from 1 or more",
            Assert.ThrowsAny<ArgumentException>(
                () => Schedule.Sequential(Schedule.Constant(1), (5, Schedule.Constant(1)), (5, Schedule.Constant(2))))
                    .Message);
        Assert.Contains("lambda schedule: learning rate of step 3 -0.1",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(
                () => Schedule.Lambda(0.1, step => step == 3 ? -1 : 1).LearningRate(3)).Message,
            StringComparison.Ordinal);
        Close.Equal([1, 0.5, 1, 0.5], Rates(Schedule.WarmRestarts(1, 2), 0, 1, int.MaxValue - 1, int.MaxValue),
            Close.Float64, "restarts far on");
    }

    [Fact]
    public void Piecewise_changes_at_its_steps()
    {
        var schedule = Schedule.Piecewise(0.1, (100_000, 0.01), (150_000, 0.001));
        Assert.Equal([0.1, 0.1, 0.01, 0.01, 0.001], Rates(schedule, 0, 99_999, 100_000, 149_999, 150_000));
        Assert.Equal([0.1], Rates(Schedule.Piecewise(0.1), 7));
    }

    [Fact]
    public void What_ends_stays_at_its_last_rate()
    {
        Assert.Equal([0.01, 0.01], Rates(Schedule.Linear(1, 0.01, 10), 10, int.MaxValue));
        Assert.Equal([6e-5, 6e-5], Rates(Schedule.Cosine(6e-4, 6e-5, 10, 50), 51, int.MaxValue));
        var cycle = Schedule.OneCycle(0.1, 10);
        Assert.Equal([cycle.LearningRate(9), cycle.LearningRate(9)], Rates(cycle, 10, int.MaxValue));
        Close.Equal([0.1 / 25 / 1e4], [cycle.LearningRate(9)], 1e-12, "the last rate");
    }

    [Fact]
    public void One_cycle_may_only_fall()
    {
        // PyTorch's own numbers: the top lies one step before the first.
        double[] recorded = [0.09755283560345443, 0.0904508879153485, 0.0793893450575732,
            0.0654509879153485, 0.0500002];
        Close.Equal(recorded, Rates(Schedule.OneCycle(0.1, 10, pctStart: 0), 0, 1, 2, 3, 4), Close.Float64, "falling");
    }

    [Fact]
    public void One_cycle_may_begin_or_end_at_its_top()
    {
        // Where the top is the first or the last step, one of the two halves has no length.
        Assert.Equal(0.1, Schedule.OneCycle(0.1, 10, pctStart: 0.1).LearningRate(0));
        double[] rising = Rates(Schedule.OneCycle(0.1, 10, pctStart: 1), 0, 9, 10);
        Close.Equal([0.004, 0.1, 0.1], rising, 1e-15, "rising");
    }

    [Fact]
    public void A_schedule_of_ones_own_is_one_formula() =>
        Assert.Equal([1, 0.5, 0.25], Rates(new InverseTime(1), 0, 1, 3));

    [Fact]
    public void Wrong_settings_are_named()
    {
        Refused("learning rate: step -1: give 0 or more", () => Schedule.Constant(0.1).LearningRate(-1));
        Refused("constant schedule: learning rate -0.1: give a finite number, 0 or more",
            () => Schedule.Constant(-0.1));
        Refused("step schedule: every 0: give 1 or more", () => Schedule.Step(0.1, 0));
        Refused("step schedule: gamma NaN: give a finite number, 0 or more", () => Schedule.Step(0.1, 1, double.NaN));
        Refused("piecewise schedule: a change at step 10 after one at 20: give steps that rise from 1 or more",
            () => Schedule.Piecewise(0.1, (20, 0.01), (10, 0.001)));
        Refused("piecewise schedule: learning rate from step 20 Infinity: give a finite number, 0 or more",
            () => Schedule.Piecewise(0.1, (20, double.PositiveInfinity)));
        Refused("linear schedule: steps 0: give 1 or more", () => Schedule.Linear(1, 0.1, 0));
        Refused("cosine schedule: warmup 50 of 50 steps: give 0 or more, and fewer than there are steps",
            () => Schedule.Cosine(1, 0, 50, 50));
        Refused("cosine annealing schedule: steps -3: give 1 or more", () => Schedule.CosineAnnealing(1, -3));
        Refused("one-cycle schedule: pctStart 30: give a fraction from 0 to 1", () => Schedule.OneCycle(1, 100, 30));
        Refused("one-cycle schedule: divFactor 0: give a number above 0",
            () => Schedule.OneCycle(1, 100, divFactor: 0));
        Refused("one-cycle schedule: finalDivFactor NaN: give a number above 0",
            () => Schedule.OneCycle(1, 100, finalDivFactor: double.NaN));
        Refused("one-cycle schedule: total 1: give 2 or more", () => Schedule.OneCycle(1, 1));
    }

    static void Refused(string message, Func<object> make) =>
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(make).Message);

    static double[] Rates(Schedule schedule, params int[] steps) => [.. steps.Select(schedule.LearningRate)];

    sealed record InverseTime(double First) : Schedule
    {
        protected override double At(int t) => First / (1 + t);
    }
}
