using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Playground;

/// <summary>Says what is to be drawn of a training as it stands.</summary>
static class Frames
{
    // More weights and maps than these are not looked at one by one.
    const int MostWeights = 20_000, MostMaps = 256;

    public static byte[] Of(Timeline line, bool playing, double stepsPerSecond, int grid)
    {
        var training = line.Training;
        using var scope = Scope.Begin("playground frame");
        var reply = new LabReply();
        int[] widths = [.. training.Settings.Hidden, Choices.Outputs(training.Settings)];
        var parameters = training.Parameters;
        bool few = parameters.Sum(one => (long)one.Value.Count) <= MostWeights;
        // A field of the answer is made before the next: the blocks stand in this order.
        var answer = new FrameAnswer(line.Step, line.Furthest, playing, line.BatchLoss, training.Loss(ofTest: false),
            training.Loss(ofTest: true), training.Trainer.Optimizer.LearningRate, playing ? stepsPerSecond : 0,
            line.Broken, reply.Add(Curve(line)), widths, grid == 0 ? null : Maps(training, grid, widths, reply),
            few ? reply.Add(Numbers(parameters, w => w)) : null,
            few ? reply.Add(Numbers(parameters, w => w.HasGrad ? w.Grad : null)) : null,
            reply.Add(Places(line)), reply.Add(training.Confusion()));
        return reply.ToBytes<PlaygroundAnswer>(answer, PlaygroundJson.Default.PlaygroundAnswer);
    }

    static double[] Curve(Timeline line)
    {
        double[] numbers = new double[3 * line.Curve.Count];
        for (int i = 0; i < line.Curve.Count; i++)
            (numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2]) =
                (line.Curve[i].Step, line.Curve[i].Train, line.Curve[i].Test);
        return numbers;
    }

    // [neurons, grid, grid] of what is [grid², neurons] in each layer.
    static NumberBlock Maps(PlaygroundTraining training, int grid, int[] widths, LabReply reply)
    {
        var outputs = training.Network.Outputs(training.Plane(grid));
        int points = grid * grid, all = widths.Sum(), shown = Math.Min(all, MostMaps);
        float[] maps = new float[shown * points];
        int at = 0;
        foreach (var output in outputs)
        {
            var numbers = output.Read<float>();
            int width = output.Shape[^1];
            bool last = output.IsSame(outputs[^1]);
            // The outputs come last, however many neurons there are.
            int from = last ? shown - width : at;
            for (int n = 0; n < width && (last || from + n < shown - widths[^1]); n++)
                for (int p = 0; p < points; p++) maps[(from + n) * points + p] = numbers[p * width + n];
            at += width;
        }
        return reply.Add(maps);
    }

    static float[] Numbers(IReadOnlyList<KeyValuePair<string, Tensor>> parameters, Func<Tensor, Tensor?> of)
    {
        float[] numbers = new float[parameters.Sum(one => one.Value.Count)];
        int at = 0;
        foreach (var (_, w) in parameters)
        {
            if (of(w) is { } x) x.Read<float>().CopyTo(numbers.AsSpan(at));
            at += w.Count;
        }
        return numbers;
    }

    static int[] Places(Timeline line)
    {
        var starts = new Dictionary<string, int>();
        int at = 0;
        foreach (var (name, w) in line.Training.Parameters)
        {
            starts[name] = at;
            at += w.Count;
        }
        return [.. line.Frozen.Select(one => starts[one.Parameter] + one.Index)];
    }
}
