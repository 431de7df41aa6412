using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

public sealed class SamplingTest
{
    // Probabilities 1/2, 1/4, 1/8, 1/8.
    static readonly Tensor s_logits = Tensor.From((float)Math.Log(4), (float)Math.Log(2), 0, 0);

    [Fact]
    public void With_nothing_said_probabilities_are_the_models_own() => Are(new(), 0.5, 0.25, 0.125, 0.125);

    [Fact]
    public void A_temperature_divides_the_logits()
    {
        Are(new(temperature: 0.5), 16.0 / 22, 4.0 / 22, 1.0 / 22, 1.0 / 22);
        Are(new(temperature: 1e30), 0.25, 0.25, 0.25, 0.25);
    }

    [Fact]
    public void Top_k_leaves_the_likeliest_and_what_is_as_likely_as_the_last_of_them()
    {
        Are(new(topK: 1), 1, 0, 0, 0);
        Are(new(topK: 2), 2.0 / 3, 1.0 / 3, 0, 0);
        Are(new(topK: 3), 0.5, 0.25, 0.125, 0.125);
        Are(new(topK: 200), 0.5, 0.25, 0.125, 0.125);
    }

    [Fact]
    public void Top_p_leaves_as_few_as_have_that_share_together()
    {
        Are(new(topP: 0.1), 1, 0, 0, 0);
        Are(new(topP: 0.5), 1, 0, 0, 0);
        Are(new(topP: 0.51), 2.0 / 3, 1.0 / 3, 0, 0);
        Are(new(topP: 1), 0.5, 0.25, 0.125, 0.125);
    }

    [Fact]
    public void Top_p_is_of_what_top_k_and_the_temperature_leave() =>
        Are(new(temperature: 0.5, topK: 2, topP: 0.75), 1, 0, 0, 0);

    [Fact]
    public void Draws_are_as_frequent_as_the_probabilities()
    {
        var (rng, how) = (new TorchRandom(1), new Sampling(topK: 2));
        int[] drawn = [.. Enumerable.Range(0, 3000).Select(_ => how.Draw(s_logits, rng))];
        Assert.All(drawn, id => Assert.InRange(id, 0, 1));
        Assert.InRange(drawn.Count(id => id == 0), 2000 - 110, 2000 + 110);
    }

    [Fact]
    public void Temperature_0_takes_the_likeliest_and_draws_nothing()
    {
        var rng = new TorchRandom(1);
        byte[] before = rng.GetState();
        Assert.Equal(0, new Sampling(temperature: 0).Draw(s_logits, rng));
        Assert.Equal(before, rng.GetState());
    }

    [Fact]
    public void Logits_may_be_float64() =>
        Assert.Equal(0, new Sampling(topK: 1).Draw(s_logits.To(DType.Float64), new TorchRandom(1)));

    [Fact]
    public void What_cannot_be_is_one_sentence()
    {
        Assert.Equal("sample: temperature -0.1: give 0 or more", Refused(() => new Sampling(-0.1)));
        Assert.Equal("sample: temperature NaN: give 0 or more", Refused(() => new Sampling(double.NaN)));
        Assert.Equal("sample: temperature Infinity: give 0 or more",
            Refused(() => new Sampling(double.PositiveInfinity)));
        Assert.Equal("sample: top-k 0: give 1 or more", Refused(() => new Sampling(topK: 0)));
        Assert.Equal("sample: top-p 0: give a probability in (0, 1]", Refused(() => new Sampling(topP: 0)));
        Assert.Equal("sample: top-p 1.5: give a probability in (0, 1]", Refused(() => new Sampling(topP: 1.5)));
        Assert.Equal("sample: top-p NaN: give a probability in (0, 1]", Refused(() => new Sampling(topP: double.NaN)));
    }

    static string Refused(Func<Sampling> make) => Assert.ThrowsAny<ArgumentException>(make).Message;

    static void Are(Sampling how, params double[] expected) =>
        Close.Equal(expected, how.Probabilities(s_logits).To(DType.Float64).Read<double>(), 1e-6, how.ToString());
}
