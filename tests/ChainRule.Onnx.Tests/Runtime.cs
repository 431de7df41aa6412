using ChainRule.Formats;
using Microsoft.ML.OnnxRuntime;

namespace ChainRule.Onnx.Tests;

/// <summary>ONNX Runtime, the program that exported files are compared with; and the file as it is read here.</summary>
sealed class Runtime : IDisposable
{
    static readonly SessionOptions s_options = new()
    {
        IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
    };

    readonly InferenceSession _session;
    readonly OnnxNetwork? _network;

    public Runtime(OnnxModel model)
    {
        _session = new(model.ToBytes(), s_options);
        // Texts are no network's.
        if (!model.Operators.ContainsKey("LabelEncoder")) _network = Formats.Onnx.Import(model.ToBytes());
    }

    public void Dispose() => _session.Dispose();

    /// <summary>The first output of one input.</summary>
    public Tensor Run(Tensor x) => Alike(Run(new Dictionary<string, OrtValue> { ["input"] = Value(x) })["output"],
        _network!.Forward(x));

    public Tensor Run(Ids ids) => Alike(Run(new Dictionary<string, OrtValue> { ["input"] = Value(ids) })["output"],
        _network!.Forward(ids));

    static Tensor Alike(Tensor there, Tensor here)
    {
        Close.To(there, here);
        return there;
    }

    /// <summary>All outputs by name.</summary>
    public Dictionary<string, Tensor> Run(Dictionary<string, OrtValue> inputs) => Run(inputs, out _);

    /// <summary>All outputs of numbers by name, and the one of texts.</summary>
    public Dictionary<string, Tensor> Run(Dictionary<string, OrtValue> inputs, out string[] labels)
    {
        labels = [];
        using var options = new RunOptions();
        using var made = _session.Run(options, inputs, _session.OutputNames);
        Dictionary<string, Tensor> all = [];
        for (int i = 0; i < made.Count; i++)
        {
            var info = made[i].GetTensorTypeAndShape();
            if (info.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.String)
            {
                labels = made[i].GetStringTensorAsArray();
                continue;
            }
            Shape shape = Shape.Create([.. info.Shape.Select(size => (int)size)]);
            all[_session.OutputNames[i]] =
                info.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Double
                ? Tensor.From(made[i].GetTensorDataAsSpan<double>().ToArray(), shape)
                : Tensor.From(made[i].GetTensorDataAsSpan<float>().ToArray(), shape);
        }
        return all;
    }

    public static OrtValue Value(Tensor x)
    {
        long[] sizes = [.. x.Shape.Span.ToArray().Select(size => (long)size)];
        return x.DType == DType.Float64 ? OrtValue.CreateTensorValueFromMemory(x.ToArray<double>(), sizes)
            : OrtValue.CreateTensorValueFromMemory(x.ToArray<float>(), sizes);
    }

    public static OrtValue Value(Ids ids) => OrtValue.CreateTensorValueFromMemory(
        [.. ids.Span.ToArray().Select(id => (long)id)], [.. ids.Shape.Span.ToArray().Select(size => (long)size)]);
}
