using System.Globalization;
using ChainRule.Diagnostics;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Tests.Lectures;

/// <summary>
/// makemore part 3, the deep network: after a thousand and one steps its layers and gradients measure
/// what the lecture prints.
/// </summary>
public sealed class MakemorePart3DiagnosticsTest
{
    const int Context = 3, Width = 10, Hidden = 100, Vocabulary = 27, Batch = 32;

    [RealDataFact("names.txt")]
    public void The_deep_network_measures_what_the_lecture_prints()
    {
        var (x, y) = new NamesData(Context).Train;
        var g = new TorchRandom(2147483647);
        var c = Tensor.Randn([Vocabulary, Width], g);
        var weights = new Tensor[6];
        for (int i = 0; i < 6; i++)
        {
            int fanIn = i == 0 ? Context * Width : Hidden;
            weights[i] = Tensor.Randn([fanIn, i == 5 ? Vocabulary : Hidden], g) / Math.Sqrt(fanIn);
        }
        var gains = Array.ConvertAll(weights, w => Tensor.Full([w.Shape[1]], w.Equals(weights[5]) ? 0.1 : 1));
        var biases = Array.ConvertAll(weights, w => Tensor.Zeros([w.Shape[1]]));
        Tensor[] parameters = [c, .. weights, .. gains, .. biases];
        foreach (var p in parameters) p.RequireGrad();
        Assert.Equal(47024, parameters.Sum(p => p.Count));

        var named = weights.Select((w, i) => KeyValuePair.Create($"w{i}", w))
            .Prepend(KeyValuePair.Create("C", c)).ToArray();
        var optimizer = new Sgd(parameters, learningRate: 0.1);
        int[] rows = new int[Batch];
        var layers = new Dictionary<string, Tensor>();
        for (int step = 0; ; step++)
        {
            using var scope = Scope.Begin();
            g.Integers(rows, 0, y.Count);
            layers.Clear();
            var h = c.Rows(x.Rows(rows)).Reshape(-1, Context * Width);
            for (int i = 0; i < 6; i++)
            {
                h = h.MatMul(weights[i]);
                h = gains[i] * (h - h.Mean(0, keepDim: true)) / (h.Var(0, keepDim: true) + 1e-5).Sqrt() + biases[i];
                if (i < 5) layers[$"tanh {i}"] = h = h.Tanh();
            }
            var loss = h.CrossEntropy(y.Rows(rows));
            if (step == 0)
            {
                Assert.Equal("3.2870", Text(loss.Item(), "0.0000"));
                Assert.True(InitialLoss.Check(loss.Item(), Vocabulary).Passed);
            }
            optimizer.ZeroGrad();
            loss.Backward();
            if (step < 1000)
            {
                optimizer.Step();
                continue;
            }

            var awake = Saturation.Of(layers);
            Assert.Equal(["0.63", "0.64", "0.65", "0.65", "0.65"], awake.Lines.Select(l => Text(l.Std, "0.00")));
            Assert.Equal(["2.78", "2.56", "2.25", "1.69", "1.88"],
                awake.Lines.Select(l => Text(100 * l.SaturatedFraction, "0.00")));
            Assert.True(awake.Passed, awake.ToString());

            // As the lecture does, gradients are compared with the parameters after the step.
            var ratios = UpdateRatio.Of(named, optimizer.Step).Lines;
            Assert.Equal(-3.1, ratios[0].Log10, 0.1);
            Assert.All(ratios.Skip(1), r => Assert.InRange(r.Log10, -2.4, -1.9));

            var flow = GradientFlow.Of(named);
            Assert.True(flow.Passed, flow.ToString());
            Near([2.640702e-03, 2.245584e-03, 2.045742e-03, 1.983134e-03, 1.952382e-03],
                GradientFlow.Of(layers), l => l.Std);
            Near([8.020534e-03, 9.241077e-03, 7.132879e-03, 6.234305e-03, 5.742187e-03, 5.672205e-03, 1.209416e-02],
                flow, l => l.Std);
            Near([8.012630e-03, 4.881091e-02, 6.964619e-02, 6.073741e-02, 5.631483e-02, 5.570125e-02, 1.160106e-01],
                flow, l => l.Ratio);
            Assert.Equal(["+0.000000", "+0.000246", "+0.000113", "-0.000086", "+0.000052", "+0.000032", "-0.000082"],
                flow.ToString().Split('\n').Skip(1).Select(line => line.Split("]  ")[1].Split("  ")[0]));
            return;
        }
    }

    static void Near(double[] expected, Report<GradientFlowResult> report, Func<GradientFlowResult, double> number) =>
        Close.Equal(expected, report.Lines.Select(number).ToArray(), Close.Float32, report.ToString());

    static string Text(double x, string format) => x.ToString(format, CultureInfo.InvariantCulture);
}
