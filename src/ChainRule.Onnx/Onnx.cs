using ChainRule.Formats.Export;
using ChainRule.Layers;

namespace ChainRule.Formats;

/// <summary>
/// Writes networks as ONNX, which many programs run.
/// <code>
/// Onnx.Export(model, x).Save("model.onnx");
/// </code>
/// The network is run on an example, as at inference, and what ran is written down op by op, in opset 17. Parameters
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
    /// <param name="compute">From the inputs to the outputs by name. It is called several times, at several sizes.</param>
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

    static IReadOnlyList<DynamicAxis> Usual(IReadOnlyList<DynamicAxis> axes) =>
        axes is { Count: > 0 } ? axes : [new(0, "batch")];
}
