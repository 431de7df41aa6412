using System.Diagnostics;
using System.Globalization;
using ChainRule.Formats;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;
using Microsoft.ML.OnnxRuntime;

namespace ChainRule.Bench;

/// <summary>
/// Predictions on one thread beside ONNX Runtime, which runs the same network as it was exported, in the same process
/// and in turns: medians of processor time.
/// </summary>
static class InferenceRace
{
    const double RoundSeconds = 0.15, WarmSeconds = 0.5;

    const ulong Seed = 1;

    static readonly (string Name, Func<(Module Model, Tensor X, Ids? Ids)> Make)[] s_networks =
    [
        ("mlp 784-128-10, batch 1", () => Mlp(1, 784, 128, 10)),
        ("mlp 784-1024-1024-10, batch 1", () => Mlp(1, 784, 1024, 1024, 10)),
        ("mlp 784-256-128-10, batch 64", () => Mlp(64, 784, 256, 128, 10)),
        ("cnn 28 x 28, batch 1", () => Cnn(1)),
        ("cnn 28 x 28, batch 64", () => Cnn(64)),
        ("gpt 4 x 4 x 128, 64 tokens", () => (SmallGpt(), default, Ids.Random([1, 64], 0, 65, new TorchRandom(Seed)))),
    ];

    /// <summary>Prints a line for each network; false where ONNX Runtime was ahead in any.</summary>
    public static bool Run(string? only, int rounds, TextWriter output)
    {
        bool ahead = true;
        output.WriteLine("us of processor time   ours   ONNX Runtime   ratio");
        foreach (var (name, make) in s_networks)
        {
            if (only is not null && !name.Contains(only, StringComparison.Ordinal)) continue;
            var (model, x, ids) = make();
            model.Eval();
            var predictor = model.ToPredictor();
            using var peer = new Peer(
                ids is null ? Formats.Onnx.Export(model, x) : Formats.Onnx.Export(model, ids), x, ids);
            Func<Tensor> predict = ids is null ? () => predictor.Predict(x) : () => predictor.Predict(ids);
            peer.Check(predict());
            var (ours, theirs) = InTurns(() => predict(), peer.Run, rounds);
            ahead &= ours < theirs;
            Print(output, name, ours, theirs);
        }
        if (only is null || "sampled".Contains(only, StringComparison.Ordinal))
        {
            var gpt = SmallGpt();
            var predictor = gpt.ToPredictor();
            var rng = new TorchRandom(Seed);
            Action sample = () => predictor.Run(() => gpt.GenerateIds([0], rng).Take(64).Count());
            int count = Warm(sample);
            Print(output, "gpt, 64 sampled tokens", Median([.. Enumerable.Range(0, rounds).Select(_ => Time(sample,
                count))]), null);
        }
        if (only is null || "int8".Contains(only, StringComparison.Ordinal)) Int8Speed.Run(rounds, output);
        return ahead;
    }

    static void Print(TextWriter output, string name, double ours, double? theirs) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-30} {ours,9:F2} {(theirs is { } t ? $"{t:F2}" : "-"),9} "
            + $"{(theirs is { } peer ? $"{ours / peer:F2}" : "-"),6}"));

    public static (Module Model, Tensor X, Ids? Ids) Mlp(int batch, params int[] sizes)
    {
        var rng = new TorchRandom(Seed);
        List<Module> layers = [];
        for (int i = 0; i + 1 < sizes.Length; i++)
        {
            if (i > 0) layers.Add(new Layers.Relu());
            layers.Add(new Linear(sizes[i], sizes[i + 1], rng));
        }
        return (new Sequential([.. layers]), Tensor.Randn([batch, sizes[0]], rng), null);
    }

    public static (Module Model, Tensor X, Ids? Ids) Cnn(int batch)
    {
        var rng = new TorchRandom(Seed);
        ConvOptions relu = new() { Relu = true };
        return (new Sequential(new Layers.Conv2d(1, 32, 3, rng, padding: 1, options: relu), new Layers.MaxPool2d(2),
            new Layers.Conv2d(32, 64, 3, rng, padding: 1, options: relu), new Layers.MaxPool2d(2), new Flatten(),
            new Linear(64 * 7 * 7, 128, rng), new Layers.Relu(), new Linear(128, 10, rng)),
            Tensor.Randn([batch, 1, 28, 28], rng), null);
    }

    public static Gpt SmallGpt() => new(new(Context: 64, Width: 128, Layers: 4, Heads: 4), 65, new TorchRandom(Seed));

    /// <summary>Medians of two, each in its turn.</summary>
    public static (double Ours, double Theirs) InTurns(Action ours, Action theirs, int rounds)
    {
        int a = Warm(ours), b = Warm(theirs);
        List<double> mine = [], other = [];
        for (int round = 0; round < rounds; round++)
        {
            mine.Add(Time(ours, a));
            other.Add(Time(theirs, b));
        }
        return (Median(mine), Median(other));
    }

    // How often it runs in a round.
    static int Warm(Action run)
    {
        var watch = Stopwatch.StartNew();
        int count = 0;
        for (; watch.Elapsed.TotalSeconds < WarmSeconds; count++) run();
        return Math.Max(1, (int)(count * RoundSeconds / watch.Elapsed.TotalSeconds));
    }

    static double Time(Action run, int count)
    {
        var before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < count; i++) run();
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / count;
    }

    static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    /// <summary>The network in ONNX Runtime; its output is written to memory that is there.</summary>
    sealed class Peer : IDisposable
    {
        readonly InferenceSession _session;
        readonly RunOptions _run = new();
        readonly string[] _in, _out;
        readonly OrtValue[] _x, _y;

        public Peer(OnnxModel file, Tensor x, Ids? ids)
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
            _session = new(file.ToBytes(), options);
            (_in, _out) = ([.. _session.InputNames], [.. _session.OutputNames]);
            _x = [ids is null ? OrtValue.CreateTensorValueFromMemory(x.ToArray<float>(), Sizes(x.Shape))
                : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(ids.Span.ToArray(), id => (long)id),
                    Sizes(ids.Shape))];
            using var made = _session.Run(_run, _in, _x, _out);
            var shape = made[0].GetTensorTypeAndShape();
            _y = [OrtValue.CreateTensorValueFromMemory(new float[shape.ElementCount], shape.Shape)];
        }

        public void Run() => _session.Run(_run, _in, _x, _out, _y);

        /// <summary>Refuses to race where the two do not compute the same.</summary>
        public void Check(Tensor ours)
        {
            Run();
            var theirs = _y[0].GetTensorDataAsSpan<float>();
            double largest = ours.Abs().Max().Item();
            for (int i = 0; i < theirs.Length; i++)
                if (!(Math.Abs(ours.Read<float>()[i] - theirs[i]) <= 1e-5 * largest))
                    throw new ArgumentException($"inference: number {i} is {ours.Read<float>()[i]} here and "
                        + $"{theirs[i]} in ONNX Runtime");
        }

        public void Dispose()
        {
            foreach (var value in (OrtValue[])[.. _x, .. _y]) value.Dispose();
            _run.Dispose();
            _session.Dispose();
        }

        static long[] Sizes(Shape shape) => [.. shape.Span.ToArray().Select(size => (long)size)];
    }
}
