using ChainRule.Errors;
using ChainRule.Formats.Import;

namespace ChainRule.Formats;

/// <summary>Several inputs by name: what a computation is given while it is exported, and what a network that was read
/// is
/// given to compute.
/// <code>
/// var outputs = network.Forward(new OnnxArguments().Add("ids", words).Add("mask", x));
/// </code>
/// </summary>
public sealed class OnnxArguments
{
    readonly Dictionary<string, Tensor> _numbers = [];
    readonly Dictionary<string, Ids> _whole = [];

    internal IReadOnlyDictionary<string, OnnxValue> Values =>
        _numbers.Select(one => KeyValuePair.Create(one.Key, OnnxValue.Of(one.Value)))
            .Concat(_whole.Select(one => KeyValuePair.Create(one.Key, OnnxValue.Of(one.Value)))).ToDictionary();

    /// <summary>Gives numbers.</summary>
    /// <exception cref="ArgumentException">The name has been given already.</exception>
    public OnnxArguments Add(string name, Tensor numbers)
    {
        CheckNew(name);
        _numbers[name] = numbers;
        return this;
    }

    /// <summary>Gives whole numbers.</summary>
    /// <exception cref="ArgumentException">The name has been given already.</exception>
    public OnnxArguments Add(string name, Ids whole)
    {
        ArgumentNullException.ThrowIfNull(whole);
        CheckNew(name);
        _whole[name] = whole;
        return this;
    }

    /// <summary>An input of numbers.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public Tensor Tensor(string name) => _numbers.TryGetValue(name, out var x) ? x
        : throw new RefusedArgumentException($"onnx: there is no input of numbers '{name}'", nameof(name));

    /// <summary>An input of whole numbers.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public Ids Ids(string name) => _whole.TryGetValue(name, out var x) ? x
        : throw new RefusedArgumentException($"onnx: there is no input of whole numbers '{name}'", nameof(name));

    void CheckNew(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_numbers.ContainsKey(name) || _whole.ContainsKey(name))
            throw new RefusedArgumentException($"onnx: input '{name}' is given twice", nameof(name));
    }
}
