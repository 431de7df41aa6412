using ChainRule.Randomness;

namespace ChainRule.Tests.Randomness;

public class NumpyRandomTest
{
    [Fact]
    public void The_streams_are_numpys_from_every_recorded_seed()
    {
        Assert.NotEmpty(RecordedStreams.All.Numpy);
        foreach (var stream in RecordedStreams.All.Numpy)
        {
            var random = new NumpyRandom((uint)stream.Seed);
            foreach (var call in stream.Calls) Check(random, call);
        }
    }

    [Fact]
    public void Wrong_arguments_say_what_is_wrong()
    {
        var random = new NumpyRandom(0);
        Says("normal: std is -1: give a finite number, 0 or more", () => random.Normal(0, -1));
        Says("randint: [3, 3) holds no number: low must be below high", () => random.RandInt(3, 3));
        Says("permutation: of -1 numbers: n must be 0 or more", () => random.Permutation(-1));
    }

    static void Says(string message, Action action) =>
        Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);

    static void Check(NumpyRandom random, RecordedCall call)
    {
        double[] x = call.What is "rand" or "normal" or "uniform" ? new double[call.Doubles.Length] : [];
        switch (call.What)
        {
            case "rand":
                random.Rand(x);
                Assert.Equal(call.Doubles, x);
                break;
            case "uniform":
                random.Uniform(x, -2, 3);
                Assert.Equal(call.Doubles, x);
                break;
            case "normal":
                bool standard = x.Length == 2;
                random.Normal(x, standard ? 0 : 0.3, standard ? 1 : 1.7);
                Assert.Equal(call.Doubles, x);
                break;
            case "shuffle":
                int[] order = [.. Enumerable.Range(0, 20)];
                random.Shuffle<int>(order);
                Assert.Equal(call.Ints, order);
                break;
            case "permutation":
                Assert.Equal(call.Ints, random.Permutation(13));
                break;
            case "randint":
                Assert.Equal(call.Ints, call.Ints.Select(_ => random.RandInt(-3, 1000)));
                break;
            case "randint one":
                Assert.Equal(call.Ints, call.Ints.Select(_ => random.RandInt(4, 5)));
                break;
            case "randint wide":
                Assert.Equal(call.Ints, call.Ints.Select(_ => random.RandInt(int.MinValue, int.MaxValue)));
                break;
            default:
                Assert.Fail($"a recorded call that no test knows: {call.What}");
                break;
        }
    }
}
