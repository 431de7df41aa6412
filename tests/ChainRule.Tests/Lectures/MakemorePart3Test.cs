using System.Globalization;
using ChainRule.Randomness;
using Xunit.Abstractions;

namespace ChainRule.Tests.Lectures;

/// <summary>
/// makemore part 3: the batch-norm network, written out in the engine's own ops, with torch's stream.
/// </summary>
public sealed class MakemorePart3Test(ITestOutputHelper output)
{
    [RealDataFact("names.txt")]
    public void The_batch_norm_network_prints_the_losses_of_the_lecture()
    {
        const int Context = 3, Width = 10, Hidden = 200, Vocabulary = 27, Batch = 32;
        var (x, y) = new NamesData(Context).Train;
        Assert.Equal(182625, y.Count);

        var g = new TorchRandom(2147483647);
        var c = Tensor.Randn([Vocabulary, Width], g);
        var w1 = Tensor.Randn([Context * Width, Hidden], g) * (5.0 / 3) / Math.Sqrt(Context * Width);
        var w2 = Tensor.Randn([Hidden, Vocabulary], g) * 0.01;
        var b2 = Tensor.Randn([Vocabulary], g) * 0;
        var gain = Tensor.Ones([1, Hidden]);
        var bias = Tensor.Zeros([1, Hidden]);
        Tensor[] parameters = [c, w1, w2, gain, bias, b2];
        foreach (var p in parameters) p.RequireGrad();
        Assert.Equal(12097, parameters.Sum(p => p.Count));

        int[] rows = new int[Batch];
        List<string> losses = [];
        for (int step = 0; step <= 10_000; step++)
        {
            using var scope = Scope.Begin();
            g.Integers(rows, 0, y.Count);
            var h = c.Rows(x.Rows(rows)).Reshape(-1, Context * Width).MatMul(w1);
            h = gain * (h - h.Mean(0, keepDim: true)) / h.Std(0, keepDim: true) + bias;
            var loss = (h.Tanh().MatMul(w2) + b2).CrossEntropy(y.Rows(rows));
            foreach (var p in parameters) p.ZeroGrad();
            loss.Backward();
            foreach (var p in parameters) p.AddInPlace(p.Grad, -0.1);
            if (step % 10_000 == 0) losses.Add(loss.Item().ToString("0.0000", CultureInfo.InvariantCulture));
        }

        output.WriteLine($"step 0: {losses[0]}, step 10,000: {losses[1]}");
        Assert.Equal(["3.3239", "2.0322"], losses);
    }
}
