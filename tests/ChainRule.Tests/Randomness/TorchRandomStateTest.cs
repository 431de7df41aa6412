using ChainRule.Randomness;

namespace ChainRule.Tests.Randomness;

public class TorchRandomStateTest
{
    [Fact]
    public void A_state_saved_by_torch_in_mid_stream_is_continued_here()
    {
        int continued = 0;
        foreach (var stream in RecordedStreams.All.TorchNamed("mixed"))
        {
            for (int i = 0; i < stream.Calls.Length; i++)
            {
                if (stream.Calls[i].State is not { } state) continue;
                var random = new TorchRandom(99);
                random.SetState(Convert.FromBase64String(state));
                Assert.Equal((ulong)stream.Seed, random.InitialSeed);
                foreach (var call in stream.Calls[i..]) TorchCalls.Check(random, call);
                continued++;
            }
        }
        Assert.Equal(20, continued);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1247)]
    public void A_restored_stream_continues_and_keeps_the_normal_kept_back(int draws)
    {
        var random = new TorchRandom(6);
        random.Normal(new float[1]);
        random.Uniform(new float[draws]);
        byte[] state = random.GetState();
        var other = new TorchRandom(7);
        other.SetState(state);
        Assert.Equal(state, other.GetState());
        double[] expected = new double[5], got = new double[5];
        random.Normal(expected);
        other.Normal(got);
        Assert.Equal(expected, got);
    }

    [Fact]
    public void Bytes_that_are_no_state_say_so()
    {
        var random = new TorchRandom(0);
        Assert.StartsWith("random state: 100 bytes: a state of torch's CPU generator has 5056",
            Assert.ThrowsAny<ArgumentException>(() => random.SetState(new byte[100])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("random state: these bytes are none of torch's CPU generator",
            Assert.ThrowsAny<ArgumentException>(() => random.SetState(new byte[5056])).Message,
            StringComparison.Ordinal);
    }
}
