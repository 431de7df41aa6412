using ChainRule.Randomness;

namespace ChainRule.Tests.Randomness;

/// <summary>Repeats recorded calls on a stream; what comes out must be the same to the bit.</summary>
static class TorchCalls
{
    public static void Replay(RecordedStream stream)
    {
        var random = new TorchRandom((ulong)stream.Seed);
        foreach (var call in stream.Calls) Check(random, call);
    }

    public static void Check(TorchRandom random, RecordedCall call)
    {
        switch (call.What)
        {
            case "rand" or "uniform" when call.IsDouble:
                Assert.Equal(call.Doubles, Filled<double>(call, x => random.Uniform(x, call.A, High(call))));
                break;
            case "rand" or "uniform":
                Assert.Equal(call.Floats, Filled<float>(call, x => random.Uniform(x, call.A, High(call))));
                break;
            case "randn" or "normal" when call.IsDouble:
                Assert.Equal(call.Doubles, Filled<double>(call, x => random.Normal(x, call.A, Std(call))));
                break;
            case "randn" or "normal":
                Assert.Equal(call.Floats, Filled<float>(call, x => random.Normal(x, call.A, Std(call))));
                break;
            case "randint":
                CheckIntegers(random, call);
                break;
            case "randperm":
                Assert.Equal(call.Ints, Filled<int>(call, x => random.Permutation(x)));
                break;
            case "bernoulli" when call.IsDouble:
                Assert.Equal(call.Doubles, Filled<double>(call, x => random.Bernoulli(x, call.A)));
                break;
            case "bernoulli":
                Assert.Equal(call.Floats, Filled<float>(call, x => random.Bernoulli(x, call.A)));
                break;
            case "multinomial":
                CheckMultinomial(random, call);
                break;
            case "state":
                Assert.Equal(Convert.FromBase64String(call.State!), random.GetState());
                break;
            default:
                Assert.Fail($"a recorded call that no test knows: {call.What}");
                break;
        }
    }

    static void CheckIntegers(TorchRandom random, RecordedCall call)
    {
        long low = (long)call.A, high = (long)call.B;
        if (low >= int.MinValue && high <= 1L << 31)
            Assert.Equal(call.Ints, Filled<int>(call, x => random.Integers(x, low, high)));
        else
            Assert.Equal(call.Longs, Filled<long>(call, x => random.Integers(x, low, high)));
    }

    static void CheckMultinomial(TorchRandom random, RecordedCall call)
    {
        double[] weights = RecordedStreams.All.Weights;
        bool replacement = call.A != 0;
        int[] got = call.IsDouble
            ? Filled<int>(call, x => random.Multinomial(weights, x, replacement))
            : Filled<int>(call, x => random.Multinomial(Array.ConvertAll(weights, w => (float)w), x, replacement));
        Assert.Equal(call.Ints, got);
    }

    static T[] Filled<T>(RecordedCall call, Action<T[]> fill)
    {
        var x = new T[call.N];
        fill(x);
        return x;
    }

    static double High(RecordedCall call) => call.What == "rand" ? 1 : call.B;

    static double Std(RecordedCall call) => call.What == "randn" ? 1 : call.B;
}
