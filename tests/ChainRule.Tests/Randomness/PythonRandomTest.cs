using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChainRule.Randomness;

namespace ChainRule.Tests.Randomness;

public class PythonRandomTest
{
    [Fact]
    public void The_streams_are_pythons_from_every_recorded_seed()
    {
        Assert.NotEmpty(RecordedStreams.All.Python);
        foreach (var stream in RecordedStreams.All.Python)
        {
            var random = new PythonRandom(stream.Seed);
            foreach (var call in stream.Calls) Check(random, call);
        }
    }

    [RealDataFact("names.txt")]
    public void Shuffling_the_names_from_seed_42_gives_the_lectures_order()
    {
        string[] names = RealData.Names();
        new PythonRandom(42).Shuffle<string>(names);
        Assert.Equal("yuheng diondre xavien jori juanluis erandi phia samatha phoenix emmelynn hollan hollis",
            string.Join(' ', names[..12]));
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names)));
        Assert.Equal("aa6ef27b585ff29ec7ac0ff6bcd7ee9859fe76a4561ac4a32f8ac030dddd3ec3",
            Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void A_negative_seed_starts_the_stream_of_its_absolute_value() =>
        Assert.Equal(new PythonRandom(1337).Random(), new PythonRandom(-1337).Random());

    [Fact]
    public void Wrong_arguments_say_what_is_wrong()
    {
        var random = new PythonRandom(0);
        Says("sample: 4 out of a population of 3: k must lie within 0 and 3", () => random.Sample<int>([1, 2, 3], 4));
        Says("randint: [2, 1] holds no number: a must not lie above b", () => random.RandInt(2, 1));
        Says("randbelow: no number lies in [0, 0): n must be at least 1", () => random.RandBelow(0));
        Says("choice: there are no items to choose from: give at least one", () => random.Choice<int>([]));
    }

    static void Says(string message, Action action) =>
        Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);

    static void Check(PythonRandom random, RecordedCall call)
    {
        switch (call.What.Split(' '))
        {
            case ["random"]:
                Assert.Equal(call.Doubles, call.Doubles.Select(_ => random.Random()));
                break;
            case ["uniform"]:
                Assert.Equal(call.Doubles, call.Doubles.Select(_ => random.Uniform(-1, 1)));
                break;
            case ["shuffle"]:
                int[] order = [.. Enumerable.Range(0, 20)];
                random.Shuffle<int>(order);
                Assert.Equal(call.Ints, order);
                break;
            case ["sample", var n, var k]:
                int[] population = [.. Enumerable.Range(0, int.Parse(n, CultureInfo.InvariantCulture))];
                Assert.Equal(call.Ints, random.Sample<int>(population, int.Parse(k, CultureInfo.InvariantCulture)));
                break;
            case ["randint"]:
                Assert.Equal(call.Ints, call.Ints.Select(_ => random.RandInt(-3, 1000)));
                break;
            case ["randint", "wide"]:
                Assert.Equal(call.Ints, call.Ints.Select(_ => random.RandInt(int.MinValue, int.MaxValue)));
                break;
            case ["randbelow"]:
                Assert.Equal(call.Longs, call.Longs.Select(_ => random.RandBelow((1L << 40) + 3)));
                break;
            case ["choice"]:
                Assert.Equal(call.Ints, call.Ints.Select(_ => random.Choice<int>([0, 1, 2, 3, 4, 5, 6])));
                break;
            case ["gauss"]:
                double mean = call.Doubles.Length == 3 ? 0.3 : 0, std = call.Doubles.Length == 3 ? 1.7 : 1;
                Assert.Equal(call.Doubles, call.Doubles.Select(_ => random.Gauss(mean, std)));
                break;
            default:
                Assert.Fail($"a recorded call that no test knows: {call.What}");
                break;
        }
    }
}
