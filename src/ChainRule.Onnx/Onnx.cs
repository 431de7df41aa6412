using ChainRule.Formats.Export;
using ChainRule.Formats.Graph;
using ChainRule.Layers;

namespace ChainRule.Formats;

/// <summary>
/// Writes networks as ONNX, which many programs run, and reads those of other programs.
/// <code>
/// Onnx.Export(model, x).Save("model.onnx");
/// OnnxNetwork network = Onnx.Import("model.onnx");
/// </code>
/// To be written, the network is run on an example, as at inference, and what ran is written down op by op, in opset
/// 17. Parameters
/// keep their names. It is run at several sizes of the dynamic axes, and with other numbers: what would be right for
/// the example alone is refused, and says where.
/// </summary>
/// <remarks>ONNX, Open Neural Network Exchange, operators version 17.</remarks>
public static class Onnx
{
    /// <summary>The version of the operators that files are written with.</summary>
    public const int Opset = 17;

    /// <summary>A network that takes a tensor, <c>input</c>, and gives one, <c>output</c>.</summary>
    /// <param name="model">The network.</param>
    /// <param name="example">An input of the sizes that it takes.</param>
    /// <param name="axes">Which axes may change; axis 0, <c>batch</c>, if none is given.</param>
    /// <exception cref="ArgumentException">The network holds an op that has no counterpart in ONNX, or computes
    /// something outside of ops.</exception>
    public static OnnxModel Export(Module model, Tensor example, params IReadOnlyList<DynamicAxis> axes) =>
        Export(model, [OnnxInput.Of("input", example, Usual(axes))],
            x => new Dictionary<string, Tensor> { ["output"] = model.Forward(x.Tensor("input")) });

    /// <summary>A network that takes ids, such as tokens.</summary>
    /// <inheritdoc cref="Export(Module, Tensor, IReadOnlyList{DynamicAxis})"/>
    public static OnnxModel Export(Module model, Ids example, params IReadOnlyList<DynamicAxis> axes) =>
        Export(model, [OnnxInput.Of("input", example, Usual(axes))],
            x => new Dictionary<string, Tensor> { ["output"] = model.Forward(x.Ids("input")) });

    /// <summary>Any computation with a module's parameters, of several inputs and outputs.</summary>
    /// <param name="model">Whose parameters keep their names; it computes as at inference.</param>
    /// <param name="inputs">Names, examples and dynamic axes of what goes in.</param>
    /// <param name="compute">From the inputs to the outputs by name. It is called several times, at several
    /// sizes.</param>
    /// <inheritdoc cref="Export(Module, Tensor, IReadOnlyList{DynamicAxis})"/>
    public static OnnxModel Export(Module model, IReadOnlyList<OnnxInput> inputs,
        Func<OnnxArguments, IReadOnlyDictionary<string, Tensor>> compute)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(compute);
        using var mode = model.InEvaluation();
        return new(Exporter.Write(Samples.Of(model, inputs, compute)));
    }

    /// <summary>
    /// A network of a table's rows, with the encoding of its columns inside: each column is an input, [batch, 1], and
    /// takes what the table holds. A number is a double, NaN where it is missing; a category or a boolean is a text,
    /// empty where it is missing; a date is its day number, with the time of day as a part of it, counted from 1
    /// January of the year 1, which is <c>date.Ticks / 864e9</c>.
    /// </summary>
    /// <param name="model">The network, from encoded rows to its outputs.</param>
    /// <param name="columns">How the columns become numbers.</param>
    /// <param name="answers">What the outputs are: <c>prediction</c>; or <c>probabilities</c> and <c>label</c>.</param>
    /// <inheritdoc cref="Export(Module, Tensor, IReadOnlyList{DynamicAxis})" path="/exception"/>
    public static OnnxModel Export(Module model, Data.TableEncoder columns, OnnxAnswers answers)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(answers);
        using var mode = model.InEvaluation();
        return new(TableGraph.Write(model, columns, answers));
    }

    /// <summary>Reads a network.</summary>
    /// <param name="path">The file. Numbers that lie in files of their own are read from its folder alone.</param>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no such file, is damaged, or needs operators that are not here:
    /// they
    /// are named.</exception>
    public static OnnxNetwork Import(string path)
    {
        string what = $"onnx '{Printable.Of(Path.GetFileName(path) ?? "", 80)}'";
        using var file = Data.Files.OpenRead("onnx", path);
        if (file.Length > Array.MaxLength)
            throw new InvalidDataException(
                $"{what} is of {file.Length:N0} bytes, and a model file has 2 GB at most: put its "
                + "numbers into files beside it");
        byte[] bytes = new byte[file.Length];
        try
        {
            file.ReadExactly(bytes);
        }
        catch (IOException e)
        {
            Data.Files.Refuse($"onnx: '{Printable.Path(path)}' cannot be read", path, e);
        }
        return new(GraphReader.Read(bytes, what, Path.GetDirectoryName(Path.GetFullPath(path))), what);
    }

    /// <summary>Reads a network from a file's bytes.</summary>
    /// <inheritdoc cref="Import(string)" path="/exception"/>
    public static OnnxNetwork Import(ReadOnlyMemory<byte> bytes) => new(GraphReader.Read(bytes, "onnx", null), "onnx");

    static IReadOnlyList<DynamicAxis> Usual(IReadOnlyList<DynamicAxis> axes) =>
        axes is { Count: > 0 } ? axes : [new(0, "batch")];
}
