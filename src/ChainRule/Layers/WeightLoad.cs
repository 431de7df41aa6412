namespace ChainRule.Layers;

/// <summary>One loading of weights that have other names where they come from.</summary>
sealed class WeightLoad(WeightNames names, Module module)
{
    readonly IReadOnlyDictionary<string, Tensor> _own = module.StateDict();
    readonly OrderedDictionary<string, (Tensor Numbers, string[] From)> _made = new(StringComparer.Ordinal);
    readonly Dictionary<string, (WeightRule Rule, Tensor?[] Pieces)> _waiting = new(StringComparer.Ordinal);
    readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public LoadReport Run(IEnumerable<KeyValuePair<string, Tensor>> state, bool strict)
    {
        foreach (var (given, x) in state)
        {
            if (given is null || !x.Exists)
                Throw.Argument($"load into {module.Describe()}: {(given is null ? "a name is null" : $"'{given}' was "
                    + "never given numbers")}: give names and tensors", nameof(state));
            string name = names.Plain(given!, _own);
            if (!_seen.Add(name))
                Throw.Argument($"load into {module.Describe()}: '{name}' is given twice: give each name once",
                    nameof(state));
            if (!names.IsLeft(name)) Take(name, x, nameof(state));
        }
        return module.LoadCalled(_made.Select(one => KeyValuePair.Create(one.Key, one.Value.Numbers)), strict,
            Theirs);
    }

    void Take(string name, Tensor x, string parameter)
    {
        if (names.Find(name, _own) is not var (rule, index, parts))
        {
            Put(name, x, parameter, name);
            return;
        }
        string[] ours = [.. rule.OurNames(parts)];
        if (rule.Theirs.Length > 1)
        {
            if (!_waiting.TryGetValue(ours[0], out var waiting))
                _waiting[ours[0]] = waiting = (rule, new Tensor?[rule.Theirs.Length]);
            waiting.Pieces[index] = x;
            if (Array.Exists(waiting.Pieces, piece => piece is null)) return;
            Tensor[] pieces = [.. waiting.Pieces.Select(piece => piece!.Value)];
            Put(ours[0], rule.Joined(pieces) ?? pieces[0], parameter, [.. rule.TheirNames(parts)]);
            return;
        }
        // What cannot be cut is put as it is, and its shape is reported.
        Tensor[] cut = ours.Length == 1 ? [rule.Laid(x)] : rule.Pieces(x, ours.Length);
        for (int i = 0; i < ours.Length; i++) Put(ours[i], cut.Length == 0 ? x : cut[i], parameter, name);
    }

    void Put(string ours, Tensor x, string parameter, params string[] from)
    {
        bool counts = x.Slot.Role == Role.Whole;
        if (!counts && _own.TryGetValue(ours, out var own) && own.DType != x.DType) x = x.To(own.DType);
        if (_made.TryAdd(ours, (x, from))) return;
        var before = _made[ours];
        if (before.Numbers.Shape != x.Shape
            || !before.Numbers.To(DType.Float64).Read<double>().SequenceEqual(x.To(DType.Float64).Read<double>()))
            Throw.Argument($"load into {module.Describe()}: '{before.From[0]}' and '{from[0]}' are one tensor here, "
                + "and differ where they come from: give one of them, or a model in which they are two", parameter);
        _made[ours] = (x, [.. before.From, .. from]);
    }

    /// <summary>What a name of the module is called where the weights come from: of a tensor that is made of several,
    /// those that were given, or those that were not.</summary>
    IReadOnlyList<string> Theirs(string ours)
    {
        if (_made.TryGetValue(ours, out var made)) return made.From;
        if (names.RulesOf(ours, _own).FirstOrDefault() is not ({ } rule, var parts)) return [ours];
        string[] all = [.. rule.TheirNames(parts)];
        return _waiting.TryGetValue(ours, out var waiting) ? [.. all.Where((_, i) => waiting.Pieces[i] is null)] : all;
    }
}
