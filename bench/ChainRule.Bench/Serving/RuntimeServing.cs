using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ChainRule.Cli.Exporting;
using ChainRule.Formats;
using ChainRule.Zoo.Models;
using Microsoft.ML.OnnxRuntime;

namespace ChainRule.Bench.Serving;

/// <summary>A network in ONNX Runtime, whose session many requests run at once, on one thread each.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as its process.")]
sealed class RuntimeServing
{
    readonly InferenceSession _session;
    readonly RunOptions _run = new();
    readonly string[] _in, _out;
    readonly long[] _shape;

    public RuntimeServing(OnnxModel file, Shape shape)
    {
        using var options = Options();
        _session = new(file.ToBytes(), options);
        (_in, _out) = ([.. _session.InputNames], [.. _session.OutputNames]);
        _shape = [.. shape.Span.ToArray().Select(static size => (long)size)];
    }

    public static SessionOptions Options() => new() { IntraOpNumThreads = 1, InterOpNumThreads = 1,
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };

    public byte[] Predict(byte[] body)
    {
        using var x = OrtValue.CreateTensorValueFromMemory(MemoryMarshal.Cast<byte, float>(body).ToArray(), _shape);
        using var made = _session.Run(_run, _in, [x], _out);
        return MemoryMarshal.AsBytes(made[0].GetTensorDataAsSpan<float>()).ToArray();
    }
}

/// <summary>A GPT in ONNX Runtime that reads one token behind those whose keys and values it made before.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as its process.")]
sealed class RuntimeGpt
{
    readonly InferenceSession _session;
    readonly RunOptions _run = new();
    readonly string[] _in, _out;
    readonly long[] _empty;

    public RuntimeGpt(Gpt model)
    {
        var attention = model.Blocks[0].Attention;
        int heads = attention.Heads, width = model.Tokens.Weight.Shape[1] / heads;
        _empty = [1, heads, 0, width];
        using var options = RuntimeServing.Options();
        _session = new(GptCache.Export(model, anyBatch: false).ToBytes(), options);
        _in = [.. _session.InputNames];
        // What is remembered, in the order in which it goes in again, and the logits last.
        _out = [.. _in.Where(static name => name != "input").Select(static name => $"new_{name}"), "output"];
    }

    public int[] Generate(int begun, int count)
    {
        int[] drawn = new int[count];
        OrtValue[] past = [.. _in.Where(static name => name != "input").Select(_ =>
            OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), _empty))];
        int next = begun;
        for (int i = 0; i < count; i++)
        {
            using var id = OrtValue.CreateTensorValueFromMemory((long[])[next], [1, 1]);
            int at = 0;
            var outputs = _session.Run(_run, _in, [.. _in.Select(name => name == "input" ? id : past[at++])], _out);
            foreach (var used in past) used.Dispose();
            drawn[i] = next = TensorPrimitives.IndexOfMax(outputs[^1].GetTensorDataAsSpan<float>());
            outputs[^1].Dispose();
            past = [.. outputs.Take(outputs.Count - 1)];
        }
        foreach (var used in past) used.Dispose();
        return drawn;
    }
}
