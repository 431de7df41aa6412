using System.Collections.ObjectModel;

namespace ChainRule.Layers;

public abstract partial class Module
{
    // Far deeper than any network: who gets here goes round in circles.
    const int Deepest = 200;

    /// <summary>This module, called "", and every module below it, by its name seen from here: parents before children, each once.</summary>
    public IReadOnlyList<KeyValuePair<string, Module>> NamedModules() => [.. Tree().DistinctBy(named => named.Value)];

    /// <summary>What is trained, by name, each tensor once: what a gradient step changes.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> NamedParameters() =>
        [.. Tensors((_, x) => x.WantsGrad).DistinctBy(named => named.Value)];

    /// <summary>What is trained, each tensor once.</summary>
    public IReadOnlyList<Tensor> Parameters() => [.. NamedParameters().Select(named => named.Value)];

    /// <summary>Tensors that belong to the module and were never meant to be trained, such as running statistics, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> NamedBuffers() =>
        [.. Tensors((module, x) => !module.IsParameter(x)).DistinctBy(named => named.Value)];

    /// <summary>How many numbers the parameters hold, frozen ones included; what is shared counts once.</summary>
    public long ParameterCount =>
        Tensors((module, x) => module.IsParameter(x)).DistinctBy(named => named.Value).Sum(named => (long)named.Value.Count);

    /// <summary>
    /// All parameters and buffers by name, as PyTorch's state_dict names them; what is shared stands under each of its names. These are the module's
    /// own tensors, which training changes: Clone() what must stay as it is.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> StateDict() =>
        new ReadOnlyDictionary<string, Tensor>(new OrderedDictionary<string, Tensor>(Tensors((_, _) => true)));

    /// <summary>Copies saved numbers over the module's own, in place: all, or nothing where anything does not fit.</summary>
    /// <exception cref="ArgumentException">A name is missing or unexpected, or a shape or number type differs; nothing was changed.</exception>
    public void LoadStateDict(IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        var given = new OrderedDictionary<string, Tensor>();
        foreach (var (name, tensor) in state)
            if (!given.TryAdd(name, tensor)) Throw.Argument($"load into {Describe()}: '{name}' is given twice: give each name once");

        var own = StateDict();
        List<string> complaints = [];
        Complain(complaints, "missing", own.Keys.Where(name => !given.ContainsKey(name)).Select(name => $"'{name}'"));
        Complain(complaints, "unexpected", given.Keys.Where(name => !own.ContainsKey(name)).Select(name => $"'{name}'"));
        Complain(complaints, "different", own.Where(named => given.TryGetValue(named.Key, out var other) && !Alike(named.Value, other))
            .Select(named => $"'{named.Key}' {Kind(given[named.Key])} for {Kind(named.Value)}"));
        if (complaints.Count > 0)
            Throw.Argument($"load into {Describe()}: {string.Join("; ", complaints)}: give the state of a model of the same layers, sizes and type");

        foreach (var (name, tensor) in own) tensor.CopyInPlace(given[name]);
    }

    /// <summary>The modules directly below, by name.</summary>
    private protected virtual IEnumerable<KeyValuePair<string, Module>> Children() => Anatomy.Of(this).Children(this);

    IEnumerable<KeyValuePair<string, Tensor>> Tensors(Func<Module, Tensor, bool> wanted) =>
        from parent in Tree()
        from named in Anatomy.Of(parent.Value).Tensors(parent.Value)
        where wanted(parent.Value, named.Value)
        select KeyValuePair.Create(Join(parent.Key, named.Key), named.Value);

    bool IsParameter(Tensor tensor) => tensor.WantsGrad || _frozen is { } frozen && frozen.Contains(tensor);

    IEnumerable<KeyValuePair<string, Module>> Tree(string path = "", int depth = 0)
    {
        if (depth > Deepest)
            Throw.Invalid($"modules of {GetType().Name}: more than {Deepest} inside one another: one stands in itself: remove the field leading back");
        yield return KeyValuePair.Create(path, this);
        foreach (var (name, child) in Children())
            foreach (var below in child.Tree(Join(path, name), depth + 1)) yield return below;
    }

    static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    static bool Alike(Tensor a, Tensor b) => a.Shape == b.Shape && a.DType == b.DType;

    static string Kind(Tensor x) => $"{x.Shape} ({x.DType})";

    static void Complain(List<string> complaints, string what, IEnumerable<string> all)
    {
        string[] names = [.. all];
        const int Shown = 5;
        if (names.Length == 0) return;
        complaints.Add($"{what} {string.Join(", ", names.Take(Shown))}{(names.Length > Shown ? $" and {names.Length - Shown} more" : "")}");
    }
}
