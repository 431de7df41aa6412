using System.Globalization;
using ChainRule.Randomness;

namespace ChainRule.Tests.Lectures;

/// <summary>
/// makemore part 1: one layer learns what counting pairs of letters knows. Lesson 15 has the rest of its numbers.
/// </summary>
public sealed class MakemorePart1Test
{
    [RealDataFact("names.txt")]
    public void All_names_at_once_descend_as_recorded()
    {
        // Equal pairs have equal losses, so the table of how often each occurs stands for the 228,146 examples.
        var data = new NamesData(context: 1);
        double[,] counts = new double[27, 27];
        foreach (var (x, y) in new[] { data.Train, data.Dev, data.Test })
            for (int i = 0; i < y.Count; i++) counts[x[i], y[i]]++;
        var share = Tensor.From(counts) / 228146;

        var w = Weights();
        Assert.Equal("3.7589536", Text(Loss(w, share, penalty: 0)));
        Assert.Equal("3.7686187", Text(Loss(w, share, penalty: 0.01)));
        Assert.Equal(["2.6890031", "2.4961378", "2.4726527"], Descend(w, share, penalty: 0, 10, 50, 100));
        Assert.Equal(["2.6965055", "2.5098548", "2.4899589", "2.4829697"],
            Descend(Weights(), share, penalty: 0.01, 10, 50, 100, 200));
    }

    [Fact]
    public void Five_pairs_of_one_name_descend_as_recorded()
    {
        Ids x = Ids.From(0, 5, 13, 13, 1), y = Ids.From(5, 13, 13, 1, 0);
        var w = Weights();
        List<string> losses = [];
        for (int update = 0; update <= 5; update++)
        {
            var loss = w.Rows(x).CrossEntropy(y);
            losses.Add(loss.Item().ToString("0.000000", CultureInfo.InvariantCulture));
            w.ZeroGrad();
            loss.Backward();
            w.AddInPlace(w.Grad, -0.1);
        }
        Assert.Equal(["3.769305", "3.749213", "3.729163", "3.709154", "3.689189", "3.669266"], losses);
    }

    static Tensor Weights() => Tensor.Randn([27, 27], new TorchRandom(2147483647)).To(DType.Float64).RequireGrad();

    static Tensor Loss(Tensor w, Tensor share, double penalty) =>
        -(share * w.LogSoftmax()).Sum() + penalty * w.Square().Mean();

    static List<string> Descend(Tensor w, Tensor share, double penalty, params int[] shown)
    {
        List<string> losses = [];
        for (int update = 1; update <= shown[^1]; update++)
        {
            w.ZeroGrad();
            Loss(w, share, penalty).Backward();
            w.AddInPlace(w.Grad, -50);
            if (shown.Contains(update)) losses.Add(Text(Loss(w, share, penalty)));
        }
        return losses;
    }

    static string Text(Tensor loss) => loss.Item().ToString("0.0000000", CultureInfo.InvariantCulture);
}
