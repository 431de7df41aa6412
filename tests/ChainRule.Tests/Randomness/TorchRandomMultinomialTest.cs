using ChainRule.Randomness;

namespace ChainRule.Tests.Randomness;

public class TorchRandomMultinomialTest
{
    [Fact]
    public void A_hundred_draws_from_three_probabilities_are_the_lectures()
    {
        var random = new TorchRandom(2147483647);
        float[] p = new float[3];
        random.Uniform(p);
        float sum = p.Sum();
        for (int i = 0; i < p.Length; i++) p[i] /= sum;
        int[] samples = new int[100];
        random.Multinomial(p, samples, replacement: true);
        Assert.Equal(
            "1,1,2,0,0,2,1,1,0,0,0,1,1,0,0,1,1,0,0,1,0,2,0,0,1,0,0,1,0,0,0,1,1,1,0,1,1,0,0,1,1,1,0,1,1,0,1,1,0,2,"
            + "0,0,0,0,0,0,0,0,0,0,1,1,0,0,0,0,0,0,0,0,1,0,0,1,0,0,0,0,0,0,0,1,2,0,0,0,0,0,0,1,0,0,2,0,1,0,0,1,1,1",
            string.Join(',', samples));
    }

    [RealDataFact("names.txt")]
    public void The_bigram_model_says_what_the_lectures_said_in_all_three_ways()
    {
        Assert.Equal("mor. axx. minaymoryles. kondlaisah. anchshizarie.", Sample(MultinomialMethod.Cdf));
        Assert.Equal("cexze. momasurailezitynn. konimittain. llayn. ka.", Sample(MultinomialMethod.Race));
        Assert.Equal("junide. janasah. p. cony. a.", Sample(MultinomialMethod.Mkl));
    }

    [Theory]
    [InlineData(MultinomialMethod.Race)]
    [InlineData(MultinomialMethod.Cdf)]
    [InlineData(MultinomialMethod.Mkl)]
    public void Each_way_draws_in_proportion_to_the_weights(MultinomialMethod method)
    {
        double[] weights = [3, 0, 1, 4];
        int[] samples = new int[80_000];
        new TorchRandom(3).Multinomial(weights, samples, replacement: true, method);
        int[] counts = new int[4];
        foreach (int s in samples) counts[s]++;
        Assert.Equal(0, counts[1]);
        // five standard deviations of a binomial count, √(n·p·(1−p)) ≤ 142
        Assert.InRange(counts[0], 30_000 - 710, 30_000 + 710);
        Assert.InRange(counts[2], 10_000 - 710, 10_000 + 710);
        Assert.InRange(counts[3], 40_000 - 710, 40_000 + 710);
    }

    [Fact]
    public void Without_replacement_every_category_of_weight_comes_once_and_none_without()
    {
        float[] weights = [1, 0, 5, 2, 0, 0.001f];
        int[] samples = new int[4];
        var random = new TorchRandom(8);
        for (int i = 0; i < 100; i++)
        {
            random.Multinomial(weights, samples);
            Assert.Equal([0, 2, 3, 5], samples.Order());
        }
    }

    [Fact]
    public void Wrong_weights_say_what_is_wrong()
    {
        var random = new TorchRandom(0);
        Says("multinomial: the weights sum to 0: give at least one weight above 0", [0, 0], 1, true);
        Says("multinomial: there are no weights: give at least one", [], 1, true);
        Says("multinomial: weight 1 is -0.5: weights are finite and not negative", [1, -0.5f], 1, true);
        Says("multinomial: weight 0 is NaN: weights are finite and not negative", [float.NaN, 1], 1, true);
        Says("multinomial: weight 2 is Infinity: weights are finite and not negative",
            [1, 1, float.PositiveInfinity], 1, true);
        Says("multinomial: 3 samples without replacement from 2 weights above 0: ask for fewer or draw with "
            + "replacement", [1, 0, 1], 3, false);
        Says("multinomial: the cdf draws with replacement only: choose the race", [1, 1, 1], 2, false,
            MultinomialMethod.Cdf);

        void Says(string message, float[] weights, int n, bool replacement, MultinomialMethod? method = null)
        {
            var error =
                Assert.ThrowsAny<ArgumentException>(() => random.Multinomial(weights, new int[n], replacement, method));
            Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        }
    }

    static string Sample(MultinomialMethod method)
    {
        float[,] counts = new float[27, 27];
        foreach (string name in RealData.Names())
        {
            int previous = 0;
            foreach (char letter in name + '.')
            {
                int next = letter == '.' ? 0 : letter - 'a' + 1;
                counts[previous, next]++;
                previous = next;
            }
        }
        var random = new TorchRandom(2147483647);
        var names = new List<string>();
        float[] row = new float[27];
        while (names.Count < 5)
        {
            string name = "";
            int letter = 0;
            do
            {
                float sum = 0;
                for (int i = 0; i < 27; i++) sum += counts[letter, i];
                for (int i = 0; i < 27; i++) row[i] = counts[letter, i] / sum;
                letter = random.Multinomial(row, method);
                name += letter == 0 ? '.' : (char)('a' + letter - 1);
            }
            while (letter != 0);
            names.Add(name);
        }
        return string.Join(' ', names);
    }
}
