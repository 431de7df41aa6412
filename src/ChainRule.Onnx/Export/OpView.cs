using ChainRule.Errors;
using ChainRule.Tracing;

namespace ChainRule.Formats.Export;

/// <summary>An op that is to be translated, as it ran in every sample.</summary>
sealed class OpView(Exporter exporter, int at)
{
    readonly TracedOp[] _runs = [.. exporter.Samples.Traces.Select(trace => trace.Ops[at])];

    public Exporter Exporter => exporter;

    public GraphBuilder Builder => exporter.Builder;

    public string Name => _runs[0].Name;

    public int Inputs => _runs[0].Inputs.Count;

    public int Outputs => _runs[0].Outputs.Count;

    public DType DType => _runs[0].Outputs[0].DType;

    /// <summary>The shapes of input i, sample by sample.</summary>
    public Shape[] Shapes(int i = 0) => [.. _runs.Select(run => run.Inputs[i].Shape)];

    /// <summary>The shapes of an output.</summary>
    public Shape[] Made(int i = 0) => [.. _runs.Select(run => run.Outputs[i].Shape)];

    /// <summary>The name of input i.</summary>
    public string X(int i = 0) => exporter.Read(_runs[0].Inputs[i].Value.Id, Shapes(i));

    /// <summary>The numbers of an input that is a constant, the same in every sample.</summary>
    public Tensor Constant(int i, string called)
    {
        if (_runs[0].Inputs[i].Value.Constant is not { } numbers)
            throw Refused($"its {called} depend on the input, and ONNX wants them fixed");
        return numbers.Detach().Reshape(_runs[0].Inputs[i].Shape.Span);
    }

    public bool Has(string name) => _runs[0].Attributes.ContainsKey(name);

    /// <summary>A setting, which is the same in every sample.</summary>
    public T Get<T>(string name)
    {
        T[] all = All<T>(name);
        return all.All(one => one!.Equals(all[0])) ? all[0]
            : throw Refused($"its setting '{name}' changes with the dynamic axes");
    }

    /// <summary>A setting, sample by sample; the last is of the sizes of the first, and of other numbers.</summary>
    public T[] All<T>(string name)
    {
        T[] all = [.. _runs.Select(run => (T)run.Attributes[name])];
        return typeof(T).IsValueType && !all[0]!.Equals(all[^1]) ? throw Refused($"its setting '{name}' depends on the "
            + "numbers of the input, and was computed outside of tensor ops: compute it with ops") : all;
    }

    public string Node(string op, IReadOnlyList<string> inputs, params (string Name, object Value)[] attributes) =>
        Builder.Node(op, inputs, attributes);

    public string Number(double value) => Builder.Number(value, DType);

    /// <summary>
    /// The first axis of an input, and the one behind the last, that an op takes as [outer, count, inner].
    /// </summary>
    public (int First, int End) Folded(int rankOf = 0)
    {
        Shape[] shapes = Shapes(rankOf);
        int[] outer = All<int>("outer"), count = All<int>("count"), inner = All<int>("inner");
        for (int first = 0; first <= shapes[0].Rank; first++)
            for (int end = first; end <= shapes[0].Rank; end++)
            {
                // Where a size is 1 there are several answers, and all are right; an axis is better than none.
                if (end == first && shapes[0].Rank > 0 && end < shapes[0].Rank) continue;
                if (Enumerable.Range(0, shapes.Length).All(k => Product(shapes[k], 0, first) == outer[k]
                    && Product(shapes[k], first, end) == count[k]
                    && Product(shapes[k], end, shapes[k].Rank) == inner[k])) return (first, end);
            }
        throw Refused($"its axes of {shapes[0]} are not found");
    }

    public static long Product(Shape shape, int first, int end)
    {
        long product = 1;
        for (int axis = first; axis < end; axis++) product *= shape[axis];
        return product;
    }

    public RefusedArgumentException Refused(string why) =>
        new($"onnx: op {at}, {_runs[0]}, cannot be written: {why}", "compute");
}
