using ChainRule.Errors;
using ChainRule.Formats.Graph;
using ChainRule.Formats.Import;
using ChainRule.Layers;

namespace ChainRule.Formats;

/// <summary>
/// A network that was read from ONNX: it computes as other modules do, gradients flow through it, and it can be trained
/// on.
/// <code>
/// OnnxNetwork network = Onnx.Import("model.onnx");
/// Tensor y = network.Forward(x);
/// </code>
/// The file's initializers of real numbers are its parameters, under their names behind <c>weights.</c>; the running
/// statistics of batch norm are buffers. What stands in nodes is constant. Dropout drops nothing, and batch norm takes
/// its running statistics, in training too.
/// </summary>
public sealed class OnnxNetwork : Module
{
    readonly Dictionary<string, Tensor> _weights = [];
    readonly Dictionary<string, Tensor> _constants = [];
    readonly Dictionary<string, OnnxElement> _elements = [];
    readonly OnnxGraph _graph;
    readonly List<OnnxPort> _inputs;
    readonly string _what;

    internal OnnxNetwork(OnnxGraph graph, string what)
    {
        (_graph, _what) = (graph, what);
        Check();
        HashSet<string> statistics = [.. graph.Nodes.Where(node => node.Operator == "BatchNormalization")
            .SelectMany(node => node.Inputs.Skip(3))];
        // What a shape or a place is made of is no parameter, though it be a real number.
        foreach (var tensor in graph.Constants)
        {
            var value = OnnxValue.Of(tensor, what);
            _elements[tensor.Name] = value.Element;
            if (value.IsReal) _weights[tensor.Name] = statistics.Contains(tensor.Name) ? Buffer(value.Numbers)
                : Parameter(value.Numbers);
            else _constants[tensor.Name] = Constant(value.Numbers);
        }
        // Older files list their initializers among what goes in.
        _inputs = [.. graph.Inputs.Where(port => !_elements.ContainsKey(port.Name))];
    }

    /// <summary>What goes in: names, types and sizes.</summary>
    public IReadOnlyList<OnnxPort> Inputs => _inputs;

    /// <summary>What comes out.</summary>
    public IReadOnlyList<OnnxPort> Outputs => _graph.Outputs;

    /// <summary>All outputs of real numbers, by name, from all inputs.</summary>
    /// <exception cref="ArgumentException">An input is missing, or a node cannot be computed from what it was given.
    /// </exception>
    public IReadOnlyDictionary<string, Tensor> Forward(OnnxArguments inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var made = Run(inputs.Values).ToDictionary(one => one.Key, one => one.Value.Numbers);
        foreach (var y in made.Values) Seen(y);
        return made;
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Only(OnnxValue.Of(x));

    /// <inheritdoc/>
    protected override Tensor Compute(Ids ids) => Only(OnnxValue.Of(ids));

    Tensor Only(OnnxValue x)
    {
        if (_inputs is not [var only])
            throw new RefusedArgumentException($"{_what} takes {_inputs.Count} inputs, "
                + $"{Printable.List([.. _inputs.Select(port => port.Name)], 8)}: "
                + "give them all by Forward(OnnxArguments)", nameof(x));
        return Run(new Dictionary<string, OnnxValue> { [only.Name] = x })[Outputs[0].Name].Numbers;
    }

    internal Dictionary<string, OnnxValue> Run(IReadOnlyDictionary<string, OnnxValue> inputs)
    {
        Dictionary<string, OnnxValue> values = [];
        foreach (var port in _inputs)
        {
            if (!inputs.TryGetValue(port.Name, out var given))
                throw new RefusedArgumentException($"{_what}: the input '{Printable.Of(port.Name, 60)}' is missing",
                    nameof(inputs));
            if (port.Element is OnnxElement.Float32 or OnnxElement.Float64 && given.IsReal
                && given.Element != port.Element)
                throw new RefusedArgumentException($"{_what}: the input '{Printable.Of(port.Name, 60)}' is "
                    + $"{port.Element}, and {given.Element} was given: use x.To(DType.{port.Element})",
                    nameof(inputs));
            values[port.Name] = given;
        }
        foreach (var (name, x) in _weights.Concat(_constants)) values[name] = new(x, _elements[name]);
        foreach (var node in _graph.Nodes)
        {
            var run = new NodeRun(node, [.. node.Inputs.Select(name => name.Length == 0 ? (OnnxValue?)null
                : values[name])],
                _graph.Opset);
            OnnxValue[] made;
            try
            {
                made = Operators.Run(run);
            }
            catch (Exception e) when (e is ArgumentException and not RefusedArgumentException or OverflowException
                or IndexOutOfRangeException or InvalidOperationException)
            {
                throw new RefusedArgumentException(run.Refused(e.Message).Message, nameof(inputs), e);
            }
            for (int i = 0; i < node.Outputs.Count && i < made.Length; i++) values[node.Outputs[i]] = made[i];
        }
        return _graph.Outputs.ToDictionary(port => port.Name, port => values[port.Name]);
    }

    void Check()
    {
        const int Oldest = 6;
        if (_graph.Opset < Oldest)
            throw new InvalidDataException($"{_what} is of opset {_graph.Opset}: {Oldest} and newer ones are read");
        HashSet<string> known = [];
        foreach (string name in _graph.Constants.Select(one => one.Name))
            if (!known.Add(name)) throw new InvalidDataException(
                $"{_what} is damaged: '{Printable.Of(name, 60)}' is there twice");
        foreach (var port in _graph.Inputs) known.Add(port.Name);
        foreach (var port in _graph.Inputs)
            if (port.Element is OnnxElement.None or OnnxElement.Text && !_graph.Constants.Exists(one =>
                one.Name == port.Name))
                throw new InvalidDataException(
                    $"{_what}: its input '{Printable.Of(port.Name, 60)}' is no tensor of numbers");
        string[] missing = [.. _graph.Nodes.Where(node => !Operators.Has(node)).Select(Called).Distinct()];
        if (missing.Length > 0)
            throw new InvalidDataException(
                $"{_what} needs {Printable.List(missing, 8)}, which {(missing.Length == 1 ? "is"
                : "are")} not computed here");
        foreach (var node in _graph.Nodes)
        {
            foreach (string input in node.Inputs)
                if (input.Length > 0 && !known.Contains(input))
                    throw new InvalidDataException(
                        $"{_what} is damaged: node '{Printable.Of(node.Outputs.FirstOrDefault(""), 60)}' reads "
                        + $"'{Printable.Of(input, 60)}', which nothing before it computes");
            foreach (string output in node.Outputs)
                if (output.Length > 0 && !known.Add(output))
                    throw new InvalidDataException(
                        $"{_what} is damaged: '{Printable.Of(output, 60)}' is computed twice");
        }
        foreach (var port in _graph.Outputs)
            if (!known.Contains(port.Name))
                throw new InvalidDataException(
                    $"{_what} is damaged: nothing computes its output '{Printable.Of(port.Name, 60)}'");
        if (_graph.Outputs.Count == 0) throw new InvalidDataException($"{_what} is damaged: it has no output");
    }

    static string Called(OnnxNode node)
    {
        string name = node.Domain.Length == 0 ? node.Operator : $"{node.Domain}.{node.Operator}";
        return $"{Printable.Of(name, 60)} ('{Printable.Of(node.Outputs.FirstOrDefault(""), 40)}')";
    }
}
