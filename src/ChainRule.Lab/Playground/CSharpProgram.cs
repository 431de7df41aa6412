using System.Globalization;
using System.Text;

namespace ChainRule.Lab.Playground;

/// <summary>
/// A program in C# that trains what the playground trained: the same points, weights and batches, and so the same
/// losses to the bit.
/// </summary>
static class CSharpProgram
{
    public static string Of(Timeline line)
    {
        var (training, s) = (line.Training, line.Training.Settings);
        bool ids = s is { Classes: > 2, Loss: "crossEntropy" };
        string seed = ((uint)s.Seed).ToString(CultureInfo.InvariantCulture);
        string loss = ids ? "output.CrossEntropy(y)" : Choices.Losses[s.Loss].CSharp;
        int every = ProgramText.Every(line.Step);
        var changes = line.Changes.Where(change => change.Step <= line.Step).ToArray();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""""
            // A network of the playground, trained again: the same points, first weights and batches, the same losses.
            // In a project that references ChainRule, it is the Program.cs.
            using System.Globalization;
            using ChainRule;
            using ChainRule.Data;
            using ChainRule.Layers;
            using ChainRule.Optim;
            using ChainRule.Randomness;
            using ChainRule.Training;

            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            const double LearningRate = {{ProgramText.Of(s.LearningRate)}}, L2 = {{ProgramText.Of(s.L2)}};

            // x1, x2 and the target of each point; the first {{training.TrainCount}} are trained on.
            double[][] points = [.. """
            {{ProgramText.Points(training.Points, "    ")}}    """.Split((char[])[' ', '\n'],
                StringSplitOptions.RemoveEmptyEntries)
                .Select(point => point.Split(',').Select(double.Parse).ToArray())];
            const int TrainCount = {{training.TrainCount}};
            var (trainX, trainY) = (Inputs(points[..TrainCount]), Targets(points[..TrainCount]));
            var (testX, testY) = (Inputs(points[TrainCount..]), Targets(points[TrainCount..]));

            var rng = new TorchRandom({{seed}});
            var model = new Sequential({{Layers(s)}});

            """"");
        if (First(s) is { } first)
            text.Append(CultureInfo.InvariantCulture, $$"""
                foreach (var w in model.Parameters().Where(w => w.Rank > 1))
                {
                {{first}}}

                """);
        string optimizer = Choices.Optimizers[s.Optimizer].CSharp.Replace("rate", "schedule", StringComparison.Ordinal);
        text.Append(CultureInfo.InvariantCulture, $$"""

            var parameters = model.Parameters();
            var schedule = {{Choices.Schedules[s.Schedule].CSharp.Replace("Steps",
                s.ScheduleSteps.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)}};
            var optimizer = {{optimizer}};
            var batches = Batches.Shuffled(Dataset.From(trainX, trainY), {{s.BatchSize}}, {{seed}});
            var trainer = new Trainer<Tensor, {{(ids ? "Ids" : "Tensor")}}>(model, optimizer, batches, model.Forward,
                (output, y) => {{Penalised(s, loss)}}) { EvaluateEvery = int.MaxValue };

            """);
        if (changes.Length > 0) text.Append(Changed(changes));
        text.Append(CultureInfo.InvariantCulture, $$"""

            Print(0);
            trainer.Stepped += (step, _) =>
            {
            {{(changes.Length > 0 ? "    Change(step);" : "")}}
                if (step % {{every}} == 0 || step == {{line.Step}}) Print(step);
            };
            trainer.Fit({{line.Step}});

            void Print(int step) => Console.WriteLine(
                $"{step,8} {Loss(trainX, trainY):R} {Loss(testX, testY):R}");

            double Loss(Tensor x, {{(ids ? "Ids" : "Tensor")}} y)
            {
                using var mode = model.InEvaluation();
                using var quiet = NoGrad.Begin();
                var output = model.Forward(x);
                return {{loss}}.Item();
            }

            static Tensor Inputs(double[][] points) => Tensor.From(
                [.. points.SelectMany(p => Features(p[0], p[1]))], [points.Length, {{s.Features.Count}}]);

            static float[] Features(double x1, double x2) =>
                [{{string.Join(", ", s.Features.Select(name => $"(float)({ProgramText.Feature(name, "Math.Sin")})"))}}];

            {{Targets(s, ids)}}

            """);
        return text.ToString();
    }

    static string Targets(PlaygroundSettings s, bool ids) => ids
        ? "static Ids Targets(double[][] points) => Ids.From([.. points.Select(p => (int)p[2])], [points.Length]);"
        : s.Classes > 2
            ? "static Tensor Targets(double[][] points) =>\n    Tensor.OneHot(Ids.From([.. points.Select(p => "
                + $"(int)p[2])], [points.Length]), {s.Classes});"
            : "static Tensor Targets(double[][] points) =>\n    Tensor.From([.. points.Select(p => (float)"
                + $"{(s is { Classes: 2, Loss: not "crossEntropy" } ? "(2 * p[2] - 1)" : "p[2]")})], "
                + "[points.Length, 1]);";

    static string Penalised(PlaygroundSettings s, string loss) => s.L1 == 0 ? loss
        : $"parameters.Where(w => w.Rank > 1).Aggregate({loss}, (sum, w) => sum + {ProgramText.Of(s.L1)} * "
            + "w.Abs().Sum())";

    static string Layers(PlaygroundSettings s)
    {
        List<string> layers = [];
        int inputs = s.Features.Count;
        foreach (int outputs in s.Hidden)
        {
            List<string> block = [$"new Linear({inputs}, {outputs}, rng)"];
            if (s.Normalization == "batch") block.Add($"new BatchNorm({outputs})");
            if (s.Normalization == "layer") block.Add($"new LayerNorm({outputs})");
            block.Add(Choices.Activations[s.Activation].CSharp);
            if (s.Dropout > 0) block.Add($"new Dropout({ProgramText.Of(s.Dropout)}, rng)");
            string joined = string.Join(", ", block);
            layers.Add(!s.Skip ? joined : inputs == outputs ? $"new Residual(new Sequential({joined}))"
                : $"new Residual(new Sequential({joined}), new Linear({inputs}, {outputs}, rng, bias: false))");
            inputs = outputs;
        }
        layers.Add($"new Linear({inputs}, {Choices.Outputs(s)}, rng)");
        return string.Concat(layers.Select((layer, i) => $"{(i > 0 ? "," : "")}\n    {layer}"));
    }

    static string? First(PlaygroundSettings s)
    {
        string initialize = Choices.Initializations[s.Initialization].CSharp;
        string text = (initialize.Length > 0 ? $"    {initialize}\n" : "")
            + (s.InitialScale == 1 ? ""
                : $"    foreach (ref float x in w.Write<float>()) x *= (float){ProgramText.Of(s.InitialScale)};\n");
        return text.Length > 0 ? text : null;
    }

    // What was changed by hand, at the same steps.
    static string Changed(IReadOnlyList<WeightChange> changes)
    {
        var rows = changes.Select(c => $"    ({c.Step}, \"{c.Parameter}\", {c.Index}, "
            + $"{(c.Value is { } value ? value.ToString("R", CultureInfo.InvariantCulture) + "f" : "null")}, "
            + $"{(c.Frozen is { } frozen ? (frozen ? "true" : "false") : "null")}),\n");
        return $$"""

            // Weights that were set, frozen or freed by hand, each after its step.
            (int Step, string Name, int Index, float? Value, bool? Frozen)[] changes =
            [
            {{string.Concat(rows)}}];
            var named = model.NamedParameters().ToDictionary(one => one.Key, one => one.Value);
            var frozen = new Dictionary<(string Name, int Index), float>();
            Change(0);

            void Change(int step)
            {
                foreach (var ((name, index), value) in frozen) named[name].Write<float>()[index] = value;
                foreach (var c in changes.Where(c => c.Step == step))
                {
                    if (c.Value is { } value) named[c.Name].Write<float>()[c.Index] = value;
                    if (c.Frozen == false) frozen.Remove((c.Name, c.Index));
                    else if (c.Frozen == true || frozen.ContainsKey((c.Name, c.Index)))
                        frozen[(c.Name, c.Index)] = named[c.Name].Read<float>()[c.Index];
                }
            }

            """;
    }
}
