using ChainRule.Zoo.Experiments;

namespace ChainRule.Zoo.Tests.Experiments;

public sealed class SweepClaimTest : IDisposable
{
    const int Rounds = 100, Racers = 8;

    readonly string _folder = Directory.CreateTempSubdirectory("chainrule-claims-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static readonly TimeSpan s_long = TimeSpan.FromHours(1);

    SweepClaim?[] Race(string name, Func<ClaimWatch> watch)
    {
        using var start = new Barrier(Racers);
        var claims = new SweepClaim?[Racers];
        Thread[] threads = [.. Enumerable.Range(0, Racers).Select(i => new Thread(() =>
        {
            var own = watch();
            start.SignalAndWait();
            claims[i] = SweepClaim.TryTake(_folder, name, own);
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return claims;
    }

    [Fact]
    public void Of_many_who_claim_a_run_at_once_one_wins()
    {
        for (int round = 0; round < Rounds; round++)
        {
            var claims = Race($"run{round}", () => new(s_long));
            using var won = Assert.Single(claims, one => one is not null);
            Assert.Equal(1, won!.Generation);
        }
    }

    [Fact]
    public void Of_many_who_take_a_run_over_at_once_one_wins_and_the_earlier_owner_has_lost_it()
    {
        for (int round = 0; round < Rounds; round++)
        {
            using var slow = SweepClaim.TryTake(_folder, $"run{round}", new(s_long))!;
            // Patience of nothing: whoever looks takes a claim for given up.
            var claims = Race($"run{round}", () => new(TimeSpan.FromTicks(1)));
            int[] won = [.. claims.OfType<SweepClaim>().Select(one => one.Generation)];
            foreach (var one in claims) one?.Dispose();
            // Who looked only after another had won may take over from that one.
            Assert.Equal(Enumerable.Range(2, won.Length), won.Order());
            Assert.NotEmpty(won);
            Assert.True(slow.IsLost);
        }
    }

    [Fact]
    public void A_slow_owner_cannot_publish_what_was_taken_over()
    {
        string place = Path.Combine(_folder, "runs", "a");
        using var slow = SweepClaim.TryTake(_folder, "a", new(s_long))!;
        slow.TakeOver(place);
        Directory.CreateDirectory(slow.Work);
        File.WriteAllText(Path.Combine(slow.Work, "begun"), "1");
        Assert.Null(SweepClaim.TryTake(_folder, "a", new(s_long)));
        using var next = SweepClaim.TryTake(_folder, "a", new(TimeSpan.Zero))!;
        next.TakeOver(place);
        Assert.Equal("1", File.ReadAllText(Path.Combine(next.Work, "begun")));
        Assert.Throws<DirectoryNotFoundException>(() => File.WriteAllText(Path.Combine(slow.Work, "late"), ""));
        Assert.False(slow.Publish(place));
        Assert.True(next.Publish(place));
        Assert.Equal(["begun"], Directory.GetFiles(place).Select(Path.GetFileName));
    }

    [Fact]
    public void What_its_owner_let_go_of_or_a_dead_process_held_is_free_at_once()
    {
        SweepClaim.TryTake(_folder, "a", new(s_long))!.Dispose();
        using (var second = SweepClaim.TryTake(_folder, "a", new(s_long))) Assert.Equal(2, second!.Generation);
        if (!OperatingSystem.IsLinux()) return;
        var dead = ClaimOwner.New() with { Started = "1" };
        Assert.True(dead.IsDead);
        Assert.False(ClaimOwner.New().IsDead);
        Assert.False((dead with { Host = "another" }).IsDead);
        File.WriteAllText(Path.Combine(_folder, "b.1"), ChainRule.Zoo.Runs.RunFile.Line(dead) + "\n...");
        using var third = SweepClaim.TryTake(_folder, "b", new(s_long));
        Assert.Equal(2, third!.Generation);
    }
}
