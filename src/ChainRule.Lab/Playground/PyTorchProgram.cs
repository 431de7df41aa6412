using System.Globalization;

namespace ChainRule.Lab.Playground;

/// <summary>
/// A program that trains the same network in PyTorch: the same points, layers, first weights and batches, from the same
/// generators. Losses agree as closely as float32 sums in another order do.
/// </summary>
static class PyTorchProgram
{
    public static string Of(Timeline line)
    {
        var (training, s) = (line.Training, line.Training.Settings);
        bool ids = s is { Classes: > 2, Loss: "crossEntropy" };
        int every = ProgramText.Every(line.Step);
        string seed = ((uint)s.Seed).ToString(CultureInfo.InvariantCulture);
        string features = string.Join(", ", s.Features.Select(name => ProgramText.Feature(name, "math.sin")));
        string loss = ids ? "F.cross_entropy(output, y)" : Choices.Losses[s.Loss].PyTorch;
        return string.Create(CultureInfo.InvariantCulture, $$"""
            # A network of the playground in PyTorch: the same points, layers, first weights and batches.
            import math

            import torch
            from torch import nn
            from torch.nn import functional as F

            LR, STEPS = {{ProgramText.Of(s.LearningRate)}}, {{s.ScheduleSteps}}

            # x1, x2 and the target of each point; the first {{training.TrainCount}} are trained on.
            POINTS = [[float(x) for x in point.split(",")] for point in '''
            {{ProgramText.Points(training.Points, "")}}'''.split()]
            TRAIN = {{training.TrainCount}}


            def features(x1, x2):
                return [{{features}}]


            inputs = torch.tensor([features(p[0], p[1]) for p in POINTS])
            {{Targets(s, ids)}}
            {{Layers(s)}}
            weights = [w for w in model.parameters() if w.dim() > 1]
            {{First(s)}}
            groups = [dict(params=weights, weight_decay={{ProgramText.Of(s.L2)}}),
                      dict(params=[w for w in model.parameters() if w.dim() <= 1], weight_decay=0)]
            optimizer = {{Choices.Optimizers[s.Optimizer].PyTorch}}
            schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, {{Choices.Schedules[s.Schedule].PyTorch}})


            def loss_of(output, y):
                return {{loss}}


            def print_losses(step):
                model.eval()
                with torch.no_grad():
                    output = model(inputs)
                train, test = loss_of(output[:TRAIN], targets[:TRAIN]), loss_of(output[TRAIN:], targets[TRAIN:])
                print(f"{step:8} {train:.9g} {test:.9g}")
                model.train()


            order, drawn = [], torch.Generator().manual_seed({{seed}})
            print_losses(0)
            for step in range(1, {{line.Step}} + 1):
                if not order:
                    order = torch.randperm(TRAIN, generator=drawn).split({{s.BatchSize}})
                    order = list(order)
                batch = order.pop(0)
                loss = loss_of(model(inputs[batch]), targets[batch])
                {{(s.L1 == 0 ? "" : $"loss = loss + {ProgramText.Of(s.L1)} * sum(w.abs().sum() for w in weights)")}}
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
                if step % {{every}} == 0 or step == {{line.Step}}:
                    print_losses(step)

            """);
    }

    static string Targets(PlaygroundSettings s, bool ids) => ids
        ? "targets = torch.tensor([int(p[2]) for p in POINTS])"
        : s.Classes > 2 ? $"targets = F.one_hot(torch.tensor([int(p[2]) for p in POINTS]), {s.Classes}).float()"
        : $"targets = torch.tensor([[{(s is { Classes: 2, Loss: not "crossEntropy" } ? "2 * p[2] - 1" : "p[2]")}] "
            + "for p in POINTS])";

    static string Layers(PlaygroundSettings s)
    {
        List<string> layers = [];
        int inputs = s.Features.Count;
        foreach (int outputs in s.Hidden)
        {
            List<string> block = [$"nn.Linear({inputs}, {outputs})"];
            if (s.Normalization == "batch") block.Add($"nn.BatchNorm1d({outputs})");
            if (s.Normalization == "layer") block.Add($"nn.LayerNorm({outputs})");
            block.Add(Choices.Activations[s.Activation].PyTorch);
            if (s.Dropout > 0) block.Add($"nn.Dropout({ProgramText.Of(s.Dropout)})");
            string joined = string.Join(", ", block);
            layers.Add(s.Skip ? $"Skip(nn.Sequential({joined}), "
                + $"{(inputs == outputs ? "nn.Identity()" : $"nn.Linear({inputs}, {outputs}, bias=False)")})" : joined);
            inputs = outputs;
        }
        layers.Add($"nn.Linear({inputs}, {Choices.Outputs(s)})");
        string skip = !s.Skip ? "" : """


            class Skip(nn.Module):
                def __init__(self, inner, past):
                    super().__init__()
                    self.inner, self.past = inner, past

                def forward(self, x):
                    return self.past(x) + self.inner(x)



            """;
        return $"{skip}torch.manual_seed({((uint)s.Seed).ToString(CultureInfo.InvariantCulture)})\n"
            + $"model = nn.Sequential({string.Concat(layers.Select(layer => $"\n    {layer},"))}\n)";
    }

    // Layers draw from torch's own generator, as those here draw from theirs.
    static string First(PlaygroundSettings s)
    {
        string initialize = Choices.Initializations[s.Initialization].PyTorch
            .Replace(", generator=rng", "", StringComparison.Ordinal);
        string scale = s.InitialScale == 1 ? "" : $"    w.mul_({ProgramText.Of(s.InitialScale)})\n";
        return initialize.Length + scale.Length == 0 ? ""
            : $"with torch.no_grad():\n  for w in weights:\n"
                + $"{(initialize.Length > 0 ? $"    {initialize}\n" : "")}{scale}";
    }
}
