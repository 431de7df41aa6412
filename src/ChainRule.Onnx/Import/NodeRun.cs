using ChainRule.Errors;
using ChainRule.Formats.Graph;

namespace ChainRule.Formats.Import;

/// <summary>A node that is computed: its inputs and settings.</summary>
sealed class NodeRun(OnnxNode node, OnnxValue?[] inputs, int opset)
{
    readonly Dictionary<string, object> _settings = node.Attributes.ToDictionary(one => one.Name, one => one.Value);

    public string Operator => node.Operator;

    public int Opset => opset;

    public int Inputs => inputs.Length;

    public int Outputs => node.Outputs.Count;

    public bool Has(int i) => i < inputs.Length && inputs[i] is not null;

    public bool Has(string setting) => _settings.ContainsKey(setting);

    /// <summary>An input that must be there.</summary>
    public OnnxValue X(int i = 0) => Has(i) ? inputs[i]!.Value : throw Refused($"input {i} is missing");

    public Tensor Real(int i = 0) => X(i) is { IsReal: true } x ? x.Numbers
        : throw Refused($"input {i} is of {X(i).Element}, and real numbers are wanted");

    public long[] Whole(int i) => X(i).Whole();

    public long Whole(string name, long otherwise) => _settings.TryGetValue(name, out object? value)
        ? value is long whole ? whole : throw Refused($"its setting '{name}' is no whole number") : otherwise;

    public double Real(string name, double otherwise) => _settings.TryGetValue(name, out object? value)
        ? value is double real ? real : throw Refused($"its setting '{name}' is no number") : otherwise;

    public string Text(string name, string otherwise) => _settings.TryGetValue(name, out object? value)
        ? value as string ?? throw Refused($"its setting '{name}' is no text") : otherwise;

    public long[]? Wholes(string name) => _settings.TryGetValue(name, out object? value)
        ? value as long[] ?? throw Refused($"its setting '{name}' are no whole numbers") : null;

    public OnnxTensor? Tensor(string name) => _settings.TryGetValue(name, out object? value) ? value as OnnxTensor
        : null;

    public object? Setting(string name) => _settings.GetValueOrDefault(name);

    /// <summary>Whole numbers that were a setting in older versions, and are an input in newer ones.</summary>
    public long[]? Wholes(string name, int input) => Has(input) ? Whole(input) : Wholes(name);

    /// <summary>An axis, which may count from the back.</summary>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis)
        : throw Refused($"axis {axis} of {rank}");

    public RefusedArgumentException Refused(string why) => new($"onnx: node '{Printable.Of(node.Outputs.Count > 0
        ? node.Outputs[0] : "", 60)}', {Printable.Of(node.Operator, 40)}: {why}", "model");
}
