using System.Diagnostics;
using ChainRule.Workers.Bench;

namespace ChainRule.Distributed.Tests;

public sealed class StepModelTest
{
    // A shard takes 3 ms; both of its buckets are complete when its backward pass ends.
    static readonly ShardProfile s_profile = new(0.001, 0.002, 0.004, [(1000, 0.002), (3000, 0.002)], 0, 0);

    static readonly Link s_free = new("free", 0, double.PositiveInfinity, 0);

    [Theory]
    [InlineData(1, 16, 16 * 0.003 + 0.004)]
    [InlineData(4, 16, 4 * 0.003 + 0.004)]
    [InlineData(3, 16, 6 * 0.003 + 0.004)]
    [InlineData(16, 16, 0.003 + 0.004)]
    public void Where_messages_cost_nothing_a_step_is_what_the_worker_of_most_shards_computes(int workers, int shards,
        double seconds) => Assert.Equal(seconds, new StepModel(s_profile, s_free).Seconds(workers, shards), 1e-12);

    [Fact]
    public void After_the_backward_pass_gradients_go_twice_over_the_link_and_three_words_more()
    {
        // 4 workers of one part each: 3/4 of 16,000 bytes are sent in parts, and again as sums. The second bucket's
        // parts wait for the first's, whose sums then wait for them: the link is never idle, but for one latency.
        var link = new Link("slow", Latency: 0.01, Rate: 1e6, Message: 0);
        double first = 3 / 4.0 * 4000 / 1e6, second = 3 / 4.0 * 12_000 / 1e6;
        double exchange = first + second + link.Latency + second + link.Latency;
        Assert.Equal(0.003 + exchange + 3 * link.Latency + 0.004, new StepModel(s_profile, link).Seconds(4, 4), 1e-12);
    }

    [Fact]
    public void A_bucket_that_is_ready_early_costs_no_time_where_the_backward_pass_is_longer()
    {
        var early = s_profile with { Buckets = [(4000, 0.0001)] };
        var link = new Link("quick", 0, Rate: 1e9, Message: 0);
        Assert.Equal(0.007, new StepModel(early, link).Seconds(4, 4), 1e-12);
        // Shared memory is moved by the processor that computes.
        Assert.Equal(0.007 + 2 * 12_000 / 1e9, new StepModel(early, link with { UsesProcessor = true }).Seconds(4, 4),
            1e-12);
    }

    [Fact]
    public void Messages_cost_more_with_each_worker_until_more_of_them_are_slower()
    {
        var link = new Link("chatty", 0, double.PositiveInfinity, Message: 1e-5);
        double Seconds(int workers) => new StepModel(s_profile, link).Seconds(workers, 1024);
        Assert.True(Seconds(64) < Seconds(32));
        Assert.True(Seconds(1024) > Seconds(256));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Where_the_tree_divides_evenly_2_times_n_less_1_nths_of_the_parameters_are_sent(int workers)
    {
        long sent = Enumerable.Range(0, workers).Sum(rank => StepModel.BytesSent([8000], rank, workers, shards: 16));
        Assert.Equal(2 * (workers - 1) * 4 * 8000, sent);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void A_trainer_sends_what_the_tree_says_and_a_thousandth_more(int workers)
    {
        var (sent, tree, least) = WorkerCost.BytesOf(WorkerCase.Find("mlp"), workers);
        Assert.InRange(sent / tree, 1, 1.001);
        Assert.True(tree >= least);
    }

    [Fact]
    public void A_slow_link_brings_a_message_no_earlier_than_its_rate_and_latency_allow()
    {
        string path = SharedMemory.Create(2);
        long began = 0, ended = 0;
        byte[] sent = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)], received = new byte[1000];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(rank => new Thread(() =>
        {
            using var inner = SharedMemory.Join(path, rank);
            using var link = new SlowLink(inner, new("slow", Latency: 0.02, Rate: 1e5, Message: 0));
            if (rank == 0) began = Stopwatch.GetTimestamp();
            unsafe
            {
                fixed (byte* from = sent, to = received)
                {
                    int asked = rank == 0 ? link.Send(1, 5, from, 1000) : link.Receive(0, 5, to, 1000);
                    for (int times = 0; !link.IsDone(asked); times++) link.Pause(times);
                }
            }
            if (rank == 1) ended = Stopwatch.GetTimestamp();
            link.GatherTexts("");
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        File.Delete(path);
        Assert.Equal(sent, received);
        // 10 ms for 1,000 bytes, and 20 ms.
        Assert.InRange(Stopwatch.GetElapsedTime(began, ended).TotalSeconds, 0.0299, double.MaxValue);
    }
}
