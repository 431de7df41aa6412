using System.Collections.ObjectModel;

namespace ChainRule.Layers;

public abstract partial class Module
{
    // Far deeper than any network: who gets here goes round in circles.
    const int Deepest = 200;

    /// <summary>
    /// This module, called "", and every module below it, by its name seen from here: parents before
    /// children, each once.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, Module>> NamedModules() => [.. Tree().DistinctBy(named => named.Value)];

    /// <summary>What is trained, by name, each tensor once: what a gradient step changes.</summary>
    /// <exception cref="InvalidOperationException">A part that is not found would be lost: it is named.</exception>
    public IReadOnlyList<KeyValuePair<string, Tensor>> NamedParameters()
    {
        CheckParts("parameters");
        return Trained();
    }

    /// <summary>What is trained, each tensor once.</summary>
    /// <exception cref="InvalidOperationException">A part that is not found would be lost: it is named.</exception>
    public IReadOnlyList<Tensor> Parameters() => [.. NamedParameters().Select(named => named.Value)];

    /// <summary>
    /// Tensors that belong to the module and were never meant to be trained, such as running statistics, by name.
    /// </summary>
    /// <exception cref="InvalidOperationException">A part that is not found would be lost: it is named.</exception>
    public IReadOnlyList<KeyValuePair<string, Tensor>> NamedBuffers()
    {
        CheckParts("buffers");
        return [.. Tensors((_, x) => !IsParameter(x)).DistinctBy(named => named.Value)];
    }

    /// <summary>How many numbers the parameters hold, frozen ones included; what is shared counts once.</summary>
    /// <exception cref="InvalidOperationException">A part that is not found would be lost: it is named.</exception>
    public long ParameterCount
    {
        get
        {
            CheckParts("parameters");
            return CountParameters();
        }
    }

    /// <summary>
    /// All parameters and buffers by name, as PyTorch's state_dict names them; what is shared stands under each of its
    /// names. These are the module's own tensors, which training changes: Clone() what must stay as it is.
    /// </summary>
    /// <exception cref="InvalidOperationException">A part that is not found would be lost: it is named. Or two tensors
    /// go by one name.</exception>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        CheckParts("state", always: true);
        return new ReadOnlyDictionary<string, Tensor>(State());
    }

    /// <summary>
    /// Copies saved numbers over the module's own, in place: all, or nothing where anything does not fit. Layers of
    /// which nothing is given stay as they are, so that a part can be loaded alone; the report names them, and with
    /// <paramref name="strict"/> they are refused. So is NaN, unless strict is false. A tensor that goes by several
    /// names needs one of them, and under all
    /// that are given it must be the same. Whole numbers under names that the module does not have, such as PyTorch's
    /// <c>num_batches_tracked</c>, are book-keeping and are left out.
    /// </summary>
    /// <param name="state">The numbers by name, such as <see cref="StateDict"/> of a module of the same layers, or
    /// what a file holds.</param>
    /// <param name="strict">
    /// True to refuse whole layers that are missing too, as for the file of the same model. False to load what
    /// fits and to report the rest, such as all but the head of a trained network. If null, whole layers may be
    /// missing, and nothing else.
    /// </param>
    /// <returns>What was loaded, and what was not.</returns>
    /// <exception cref="ArgumentException">
    /// A name is given twice, or tensors that are one here differ; or, unless strict is false, a name is missing or
    /// unexpected, a shape or number type differs, or a tensor holds NaN; nothing was changed.
    /// </exception>
    public LoadReport LoadStateDict(IEnumerable<KeyValuePair<string, Tensor>> state, bool? strict = null) =>
        LoadCalled(state, strict, static name => [name]);

    /// <param name="state">The numbers by our names.</param>
    /// <param name="strict">As of the public one.</param>
    /// <param name="called">What a name is called in reports and errors.</param>
    internal LoadReport LoadCalled(IEnumerable<KeyValuePair<string, Tensor>> state, bool? strict,
        Func<string, IReadOnlyList<string>> called)
    {
        var own = StateDict();
        var report = LoadReport.Compare(Describe(), own, state, out var fitting);
        bool wholeLayers = report.IsWholeLayers;
        report = report.Called(called);
        if (strict != false && !report.Complete && (strict == true || !wholeLayers))
            Throw.Argument($"{report}: give the state of a model of the same layers, sizes and type", nameof(state));
        if (strict != false && report.NotNumbers.Count > 0)
            Throw.Argument($"{report}: these are no weights to go on with, as after a loss of NaN: give a model that "
                + "was saved before, or strict: false to look at them",
                nameof(state));
        foreach (var (name, tensor) in fitting) own[name].CopyInPlace(tensor);
        return report;
    }

    /// <summary>The modules directly below, by name.</summary>
    protected virtual IEnumerable<KeyValuePair<string, Module>> Children() => ModuleFields.Of(this).Children(this);

    /// <summary>All parameters and buffers by name, whatever else there is.</summary>
    internal OrderedDictionary<string, Tensor> State() => Distinct(Tensors((_, _) => true));

    long CountParameters() =>
        Tensors((_, x) => IsParameter(x)).DistinctBy(named => named.Value).Sum(named => (long)named.Value.Count);

    /// <summary>What is trained, whatever else there is.</summary>
    internal KeyValuePair<string, Tensor>[] Trained() =>
        [.. Tensors((_, x) => x.RequiresGrad).DistinctBy(named => named.Value)];

    /// <summary>The parameters and buffers of this module itself, by name.</summary>
    private protected virtual IEnumerable<KeyValuePair<string, Tensor>> OwnState() =>
        ModuleFields.Of(this).Tensors(this);

    IEnumerable<KeyValuePair<string, Tensor>> Tensors(Func<Module, Tensor, bool> wanted) =>
        from parent in Tree()
        from named in parent.Value.OwnState()
        where wanted(parent.Value, named.Value)
        select KeyValuePair.Create(Join(parent.Key, named.Key), named.Value);

    static bool IsParameter(Tensor tensor) => tensor.Slot.Role == Role.Parameter;

    IEnumerable<KeyValuePair<string, Module>> Tree(string path = "", int depth = 0)
    {
        if (depth > Deepest)
            Throw.Invalid($"modules of {GetType().Name}: more than {Deepest} inside one another: one stands in itself: "
                + "remove the field leading back");
        yield return KeyValuePair.Create(path, this);
        foreach (var (name, child) in Children())
            foreach (var below in child.Tree(Join(path, name), depth + 1)) yield return below;
    }

    internal static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    OrderedDictionary<string, Tensor> Distinct(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var distinct = new OrderedDictionary<string, Tensor>();
        foreach (var (name, tensor) in tensors)
            if (!distinct.TryAdd(name, tensor))
                Throw.Invalid($"state of {Describe()}: two tensors go by the name '{name}': rename a field, or the key "
                    + "of a dictionary");
        return distinct;
    }
}
