namespace ChainRule.Layers;

/// <summary>
/// What weights are called elsewhere and how they are laid out there: loads the state of another program into a module,
/// and gives a module's state as that program calls it.
/// <code>
/// var names = WeightNames.Same
///     .Rename("encoder.*.scale", "blocks.*.norm.weight")
///     .Transpose("encoder.*.kernel", "blocks.*.linear.weight");
/// var report = names.Load(model, WeightFile.Tensors("theirs.npz"));
/// Safetensors.Write("for-them.safetensors", names.StateDict(model));
/// </code>
/// A part <c>*</c> of a name, between dots, stands for any, the same on both sides; <c>**</c>, once in a name, for one
/// part or several. Of several rules, the first that leads to a name of the module counts; a name that no rule knows
/// stays as it is. The state of torch's own layers needs no rule: names and layout are the same here.
/// </summary>
public sealed class WeightNames
{
    readonly WeightRule[] _rules;
    readonly string[] _left, _dropped, _added;

    WeightNames(WeightRule[] rules, string[] left, string[] dropped, string[] added) =>
        (_rules, _left, _dropped, _added) = (rules, left, dropped, added);

    /// <summary>Every name and layout is the same there as here.</summary>
    public static WeightNames Same { get; } = new([], [], [], []);

    /// <summary>A tensor that has another name there.</summary>
    /// <param name="theirs">Its name there, such as <c>h.*.ln_1.weight</c>.</param>
    /// <param name="ours">Its name here, such as <c>blocks.*.norm1.weight</c>.</param>
    /// <exception cref="ArgumentException">A name is empty, or there are not as many parts <c>*</c> in
    /// each.</exception>
    public WeightNames Rename(string theirs, string ours) => With(WeightRule.Of([theirs], [ours], 0, false));

    /// <summary>A second name there of a tensor, such as a head that shares the token embedding: either is enough, both
    /// must be equal, and <see cref="StateDict"/> gives both.</summary>
    /// <inheritdoc cref="Rename"/>
    public WeightNames Tie(string theirs, string ours) =>
        With(WeightRule.Of([theirs], [ours], 0, false) with { IsSecond = true });

    /// <summary>A matrix that is [inputs, outputs] there, and [outputs, inputs] here.</summary>
    /// <inheritdoc cref="Rename"/>
    public WeightNames Transpose(string theirs, string ours) => With(WeightRule.Of([theirs], [ours], 0, true));

    /// <summary>Several tensors of theirs are one here, one behind the other along an axis.</summary>
    /// <param name="theirs">Their names there, in order.</param>
    /// <param name="ours">The name here.</param>
    /// <param name="axis">The axis, from 0. <see cref="StateDict"/> cuts it into equal
    /// pieces.</param>
    /// <exception cref="ArgumentException">A name is empty, or there are not as many parts <c>*</c> in
    /// each.</exception>
    public WeightNames Join(IReadOnlyList<string> theirs, string ours, int axis = 0) =>
        With(WeightRule.Of(theirs, [ours], axis, false));

    /// <summary>One tensor of theirs is several here, of equal size along an axis.</summary>
    /// <param name="theirs">The name there.</param>
    /// <param name="ours">The names here, in order.</param>
    /// <param name="axis">The axis, from 0.</param>
    /// <exception cref="ArgumentException">A name is empty, or there are not as many parts <c>*</c> in
    /// each.</exception>
    public WeightNames Split(string theirs, IReadOnlyList<string> ours, int axis = 0) =>
        With(WeightRule.Of([theirs], ours, axis, false));

    /// <summary>A tensor there that is no weight, such as a mask: it is not loaded, and not missed.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public WeightNames Leave(string theirs)
    {
        WeightRule.Stars(theirs, nameof(theirs));
        return new(_rules, [.. _left, theirs], _dropped, _added);
    }

    /// <summary>Names that begin so are read without it, such as <c>_orig_mod.</c> of torch.compile.</summary>
    /// <exception cref="ArgumentException">The prefix is empty.</exception>
    public WeightNames DropPrefix(string prefix)
    {
        WeightRule.Stars(prefix, nameof(prefix));
        return new(_rules, _left, [.. _dropped, prefix], _added);
    }

    /// <summary>Names that no rule knows are looked for with this before them, such as <c>transformer.</c>.</summary>
    /// <exception cref="ArgumentException">The prefix is empty.</exception>
    public WeightNames AddPrefix(string prefix)
    {
        WeightRule.Stars(prefix, nameof(prefix));
        return new(_rules, _left, _dropped, [.. _added, prefix]);
    }

    /// <summary>
    /// Copies weights over the module's own, in place: all, or nothing where anything does not fit. Numbers are
    /// converted to the module's type. The report and the errors call tensors as they are called there, and give shapes
    /// as they are laid out here.
    /// </summary>
    /// <param name="module">What is loaded into.</param>
    /// <param name="state">The weights by their names there, such as <c>WeightFile.Tensors</c> gives.</param>
    /// <param name="strict">Whether all must fit; false loads what fits and reports the rest.</param>
    /// <exception cref="ArgumentException">With <paramref name="strict"/>, names are missing or unexpected, shapes
    /// differ, or numbers are NaN: all in one sentence, and nothing was changed; or two tensors that are one here
    /// differ.</exception>
    public LoadReport Load(Module module, IEnumerable<KeyValuePair<string, Tensor>> state, bool strict = true)
    {
        Throw.IfNull(module, "load weights by name");
        Throw.IfNull(state, "load weights by name");
        using var quiet = NoGrad.Begin();
        return new WeightLoad(this, module).Run(state, strict);
    }

    /// <summary>The module's parameters and buffers as they are called and laid out there; what is shared stands under
    /// each of its names.</summary>
    /// <exception cref="InvalidOperationException">A tensor that is several there cannot be cut into equal
    /// pieces.</exception>
    public IReadOnlyDictionary<string, Tensor> StateDict(Module module)
    {
        Throw.IfNull(module, "state by name");
        using var quiet = NoGrad.Begin();
        var own = module.StateDict();
        var state = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, x) in own)
        {
            bool known = false;
            foreach (var (rule, parts) in RulesOf(name, own))
            {
                known = true;
                string[] theirs = [.. rule.TheirNames(parts)], ours = [.. rule.OurNames(parts)];
                if (theirs.Length == 1)
                {
                    if (ours[0] == name)
                        state[theirs[0]] = ours.Length == 1 ? rule.Laid(x)
                            : rule.Joined([.. ours.Select(one => own[one])]) ?? x;
                    continue;
                }
                var pieces = rule.Pieces(x, theirs.Length);
                if (pieces.Length == 0)
                    Throw.Invalid($"state by name: '{name}' {x.Shape} is {theirs.Length} tensors there, and its axis "
                        + $"{rule.Axis} cannot be cut into as many equal pieces: give another rule for it");
                for (int i = 0; i < pieces.Length; i++) state[theirs[i]] = pieces[i];
            }
            if (!known) state[name] = x;
        }
        return state;
    }

    /// <summary>How many rules there are.</summary>
    public override string ToString() => $"weight names of {_rules.Length} rules";

    /// <summary>A name there without what stands before it, as the rules have it.</summary>
    internal string Plain(string theirs, IReadOnlyDictionary<string, Tensor> own)
    {
        foreach (string prefix in _dropped)
            if (theirs.StartsWith(prefix, StringComparison.Ordinal)) theirs = theirs[prefix.Length..];
        if (IsKnown(theirs)) return theirs;
        return _added.Select(prefix => prefix + theirs).FirstOrDefault(IsKnown) ?? theirs;

        bool IsKnown(string name) => IsLeft(name) || own.ContainsKey(name) || Find(name, own) is not null;
    }

    /// <summary>Whether a tensor there is no weight.</summary>
    internal bool IsLeft(string theirs) =>
        Array.Exists(_left, pattern => WeightRule.Match(pattern, theirs) is not null);

    /// <summary>The rule of a name there: the first that leads to names of the module, or else the first.</summary>
    internal (WeightRule Rule, int Index, string[] Parts)? Find(
        string theirs, IReadOnlyDictionary<string, Tensor> own)
    {
        (WeightRule, int, string[])? first = null;
        foreach (var rule in _rules)
        {
            if (rule.OfTheirs(theirs) is not { } found) continue;
            var match = (rule, found.Index, found.Parts);
            if (rule.OurNames(found.Parts).All(own.ContainsKey)) return match;
            first ??= match;
        }
        return first;
    }

    /// <summary>The rules that lead to a name here: the first, and those of second names.</summary>
    internal IEnumerable<(WeightRule Rule, string[] Parts)> RulesOf(
        string ours, IReadOnlyDictionary<string, Tensor> own)
    {
        bool any = false;
        foreach (var rule in _rules)
        {
            if (any && !rule.IsSecond || rule.OfOurs(ours) is not { } found
                || !rule.OurNames(found.Parts).All(own.ContainsKey)) continue;
            if (!ReferenceEquals(Find(WeightRule.Fill(rule.Theirs[0], found.Parts), own)?.Rule, rule)) continue;
            any |= !rule.IsSecond;
            yield return (rule, found.Parts);
        }
    }

    WeightNames With(WeightRule rule) => new([.. _rules, rule], _left, _dropped, _added);
}
