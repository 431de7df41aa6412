using System.Globalization;
using System.Text;
using ChainRule.Tracing;

namespace ChainRule.Cli.Exporting.Source;

/// <summary>
/// A network as methods of C#, one for each layer: what its ops read and compute gets names, and weights become fields.
/// </summary>
sealed class SourceNetwork
{
    readonly Dictionary<int, string> _names = [];
    readonly HashSet<string> _taken;
    readonly StringBuilder _fields = new();
    readonly HashSet<int> _read;
    readonly string _parameters, _arguments;

    /// <param name="runs">What ran.</param>
    /// <param name="inputs">What the inputs are called.</param>
    /// <param name="taken">Names that the program has for other things.</param>
    public SourceNetwork(SourceRuns runs, IReadOnlyList<string> inputs, params IEnumerable<string> taken)
    {
        (Runs, _taken) = (runs, [.. taken]);
        var first = runs.First;
        _read = [.. first.Ops.SelectMany(op => op.Inputs).Concat(first.Outputs).Select(one => one.Value.Id)];
        for (int i = 0; i < inputs.Count; i++) _names[first.Inputs[i].Id] = inputs[i];
        _taken.UnionWith(inputs);
        bool ids = runs.All[0].Ids.Length > 0, steps = runs.All[0].Steps > 0;
        string[] more = [.. ids ? ["int[] ids"] : (string[])[], .. steps ? ["int steps"] : (string[])[]];
        _parameters = string.Join(", ", more);
        _arguments = string.Join(", ", more.Select(one => one.Split(' ')[1]));
        Methods = Write(inputs);
        Fields = _fields.ToString();
    }

    public SourceRuns Runs { get; }

    /// <summary>The methods: <c>Compute</c>, which calls one for each layer.</summary>
    public string Methods { get; }

    /// <summary>The weights.</summary>
    public string Fields { get; }

    /// <summary>Whether anything reads a value.</summary>
    public bool IsRead(TracedValue value) => _read.Contains(value.Id);

    /// <summary>What a value is called.</summary>
    public string Read(TracedValue value)
    {
        if (_names.TryGetValue(value.Id, out string? name)) return name;
        if (value.Constant is not { } numbers)
            throw new ArgumentException($"export: {value} is a second output of an op, which is not written as C#");
        string field = Unique(SourceText.Pascal(value.Name ?? "Constant"));
        if (Runs.IsFixed(value.Id)) return _names[value.Id] = Field(field, numbers);
        if (!Runs.IsCorner(value.Id))
            throw new ArgumentException($"export: {value} depends on what goes in, and was computed outside of tensor "
                + "ops: this is not written as C#");
        string full = $"[{string.Join(", ", numbers.Shape.Span.ToArray())}]";
        return _names[value.Id] = $"Corner({Field(field, numbers)}, {full}, {Runs.Shape(trace =>
            trace.Values[value.Id].Shape)})";
    }

    /// <summary>Ids that an op picks by: those that go in, a part of them, or constant ones.</summary>
    public string IdsOf(Ids[] ids)
    {
        int[][] given = [.. Runs.All.Select(run => run.Ids)], picked = [.. ids.Select(one => one.Span.ToArray())];
        if (given[0].Length > 0)
        {
            for (int from = 0; from + picked[0].Length <= given[0].Length; from++)
            {
                bool part = given.Zip(picked).All(one => from + one.Second.Length <= one.First.Length
                    && one.First.AsSpan(from, one.Second.Length).SequenceEqual(one.Second));
                bool whole = given.Zip(picked).All(one => one.First.Length == one.Second.Length);
                if (part && whole) return "ids";
                if (part)
                    return $"ids[{from}..({from} + {Runs.Size([.. picked.Select(one => one.Length)])})]";
            }
        }
        int begin = picked[0].Length == 0 ? 0 : picked[0][0];
        if (picked.All(one => one.SequenceEqual(Enumerable.Range(begin, one.Length))))
            return $"Enumerable.Range({begin}, {Runs.Size([.. picked.Select(one => one.Length)])}).ToArray()";
        if (picked.All(one => one.SequenceEqual(picked[0]))) return $"[{string.Join(", ", picked[0])}]";
        throw new ArgumentException("export: the model picks rows by ids that are neither those that go in nor fixed: "
            + "this is not written as C#");
    }

    string Field(string name, Tensor numbers)
    {
        _fields.Append(SourceText.Field(name, numbers)).Append('\n');
        return name;
    }

    string Unique(string wish)
    {
        string name = wish;
        for (int i = 2; !_taken.Add(name); i++) name = string.Create(CultureInfo.InvariantCulture, $"{wish}{i}");
        return name;
    }

    string Write(IReadOnlyList<string> inputs)
    {
        var ops = Runs.First.Ops;
        var main = new StringBuilder();
        var layers = new StringBuilder();
        for (int from = 0, to; from < ops.Count; from = to)
        {
            string? layer = LayerOf(ops[from]);
            for (to = from + 1; to < ops.Count; to++)
            {
                string? next = LayerOf(ops[to]);
                if (next is null) continue;
                layer ??= next;
                if (next != layer) break;
            }
            Layer(layer ?? "network", from, to, main, layers);
        }
        string[] outputs = [.. Runs.First.Outputs.Select(one => Read(one.Value))];
        string kind = outputs.Length == 1 ? "double[]"
            : $"({string.Join(", ", outputs.Select((_, i) => $"double[] Output{i}"))})";
        string parameters = string.Join(", ", inputs.Select(name => $"double[] {name}").Append(_parameters)
            .Where(one => one.Length > 0));
        return $$"""
                /// <summary>The network, layer by layer.</summary>
                static {{kind}} Compute({{parameters}})
                {
            {{main}}        return {{(outputs.Length == 1 ? outputs[0] : $"({string.Join(", ", outputs)})")}};
                }

            {{layers}}
            """;
    }

    void Layer(string layer, int from, int to, StringBuilder main, StringBuilder layers)
    {
        var ops = Runs.First.Ops;
        var own = new HashSet<int>(ops.Skip(from).Take(to - from).SelectMany(op => op.Outputs).Select(y => y.Id));
        TracedValue[] comesIn = [.. ops.Skip(from).Take(to - from).SelectMany(op => op.Inputs).Select(x => x.Value)
            .Where(x => x.Constant is null && !own.Contains(x.Id)).DistinctBy(x => x.Id)];
        var later = new HashSet<int>(ops.Skip(to).SelectMany(op => op.Inputs).Concat(Runs.First.Outputs)
            .Select(x => x.Value.Id));
        var body = new StringBuilder();
        for (int i = from; i < to; i++)
        {
            var y = ops[i].Outputs[0];
            string call = new SourceOps(this, i).Call();
            string name = Unique(SourceText.Camel(OwnerOf(ops[i]) ?? ops[i].Name));
            _names[y.Id] = name;
            body.Append(CultureInfo.InvariantCulture, $"        double[] {name} = {call}; // ")
                .Append(Runs.Shape(trace => trace.Ops[i].Outputs[0].Shape)).Append('\n');
        }
        string[] made = [.. ops.Skip(from).Take(to - from).Select(op => op.Outputs[0]).Where(y => later.Contains(y.Id))
            .Select(y => _names[y.Id])];
        string method = Unique(SourceText.Pascal(layer) + "Layer");
        string parameters = string.Join(", ", comesIn.Select(x => $"double[] {_names[x.Id]}").Append(_parameters)
            .Where(one => one.Length > 0));
        string arguments = string.Join(", ", comesIn.Select(x => _names[x.Id]).Append(_arguments)
            .Where(one => one.Length > 0));
        string kind = made.Length == 1 ? "double[]" : $"({string.Join(", ", made.Select(name => $"double[] {name}"))})";
        main.Append(CultureInfo.InvariantCulture, $"        {(made.Length == 1 ? $"double[] {made[0]}"
            : $"var ({string.Join(", ", made)})")} = {method}({arguments});\n");
        layers.Append(CultureInfo.InvariantCulture,
            $"    // {layer}\n    static {kind} {method}({parameters})\n    {{\n")
            .Append(body)
            .Append(CultureInfo.InvariantCulture, $"        return {(made.Length == 1 ? made[0]
                : $"({string.Join(", ", made)})")};\n    }}\n\n");
    }

    // blocks.0.up.weight is of blocks.0.
    static string? LayerOf(TracedOp op)
    {
        if (OwnerOf(op) is not { } owner) return null;
        string[] parts = owner.Split('.');
        return parts.Length > 1 && parts[1].All(char.IsAsciiDigit) ? $"{parts[0]}.{parts[1]}" : parts[0];
    }

    // The layer whose weights an op reads.
    static string? OwnerOf(TracedOp op)
    {
        if (op.Inputs.Select(x => x.Value.Name).FirstOrDefault(name => name is not null) is not { } name) return null;
        int dot = name.LastIndexOf('.');
        return dot < 0 ? name : name[..dot];
    }
}
