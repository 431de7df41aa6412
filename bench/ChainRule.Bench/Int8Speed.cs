using System.Globalization;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Bench;

/// <summary>Linear layers of predictors, in turns: weights as float32 and as whole numbers.</summary>
static class Int8Speed
{
    static readonly (int Rows, int Inputs, int Outputs)[] s_sizes =
    [
        (1, 256, 256), (1, 1024, 1024), (1, 4096, 4096), (64, 256, 256), (64, 1024, 1024), (256, 1024, 1024),
        (256, 4096, 1024),
    ];

    /// <summary>Prints a line for each size.</summary>
    public static void Run(int rounds, TextWriter output)
    {
        output.WriteLine("us of processor time, linear       float32      int8   float32 / int8");
        foreach (var (rows, inputs, outputs) in s_sizes)
        {
            var rng = new TorchRandom(1);
            var model = new Linear(inputs, outputs, rng);
            var x = Tensor.Randn([rows, inputs], rng);
            Predictor exact = model.ToPredictor(), rounded = model.ToPredictor(new() { Weights = WeightFormat.Int8 });
            var (one, other) = InferenceRace.InTurns(() => exact.Predict(x), () => rounded.Predict(x), rounds);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{$"{rows} rows, {inputs} to {outputs}",-30} {one,11:F2} {other,9:F2} {one / other,8:F2}"));
        }
    }
}
