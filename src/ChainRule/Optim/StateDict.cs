namespace ChainRule.Optim;

/// <summary>Named tensors that training continues from.</summary>
static class StateDict
{
    /// <summary>Copies saved tensors over the owner's, all or none: names, shapes and number types must be the same.</summary>
    public static void Load(string owner, IEnumerable<KeyValuePair<string, Tensor>> own, IEnumerable<KeyValuePair<string, Tensor>> saved)
    {
        Throw.IfNull(saved, $"load {owner}", "the state", "state");
        var given = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in saved)
            if (name is null || !given.TryAdd(name, tensor)) Throw.Argument($"load {owner}: '{name}' is given twice: give each name once");

        var wanted = new Dictionary<string, Tensor>(own);
        string? missing = wanted.Keys.FirstOrDefault(name => !given.ContainsKey(name));
        string? unknown = given.Keys.FirstOrDefault(name => !wanted.ContainsKey(name));
        string remedy = $"give a state that {owner} saved under the same settings";
        if (missing is not null && unknown is not null) Throw.Argument($"load {owner}: '{missing}' is missing and '{unknown}' is unknown: {remedy}");
        if (missing is not null) Throw.Argument($"load {owner}: '{missing}' is missing: {remedy}");
        if (unknown is not null) Throw.Argument($"load {owner}: '{unknown}' is unknown: {remedy}");
        foreach (var (name, tensor) in wanted)
        {
            var other = given[name];
            if (other.Shape != tensor.Shape || other.DType != tensor.DType)
                Throw.Argument($"load {owner}: '{name}' is {other.Shape} ({other.DType}) where {tensor.Shape} ({tensor.DType}) is needed: {remedy}");
        }

        foreach (var (name, tensor) in wanted) tensor.CopyInPlace(given[name]);
    }
}
