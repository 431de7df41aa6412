using System.Diagnostics.CodeAnalysis;
using ChainRule.Randomness;

namespace ChainRule.Layers;

/// <summary>
/// A layer, or a network of layers: what it computes, and the tensors it computes with. A new one overrides
/// <see cref="Compute(Tensor)"/>:
/// <code>
/// sealed class Mlp(RandomSource rng) : Module
/// {
///     Linear Hidden { get; } = new(2, 16, rng);
///     Linear Output { get; } = new(16, 1, rng);
///
///     protected override Tensor Compute(Tensor x) => Output.Forward(Hidden.Forward(x).Tanh());
/// }
/// </code>
/// Nothing is registered. A module's fields and auto-properties are looked at, in the order of declaration, those of a
/// base class first: what <c>Parameter(…)</c> or <see cref="Tensor.RequireGrad"/> made is a parameter, what
/// <c>Buffer(…)</c> made is a buffer, and modules are its children; one by one, or in arrays, lists, dictionaries and
/// tuples, however deep. Names are PyTorch's, so that weights travel both ways: <c>Hidden.Weight</c> is
/// <c>hidden.weight</c>, the first of a list <c>Layers</c> is <c>layers.0</c>, and <c>Heads["age"]</c> is
/// <c>heads.age</c>. The result of an op is never state, wherever it is kept. Forward passes, lists of parameters, and
/// whoever saves, loads or trains refuse, by name, tensors and modules that cannot be found so.
/// </summary>
[DynamicallyAccessedMembers(Kept)]
public abstract partial class Module
{
    // Trimming and native compilation keep the fields of every type of module: they are what its
    // parameters are found by.
    internal const DynamicallyAccessedMemberTypes Kept = DynamicallyAccessedMemberTypes.AllFields;

    Action<Tensor>? _observed;
    HashSet<Tensor>? _frozen;
    bool _training = true;
    Shape? _outputShape;

    /// <summary>
    /// Whether the module behaves as in training: dropout drops, batch norm takes the batch's own statistics.
    /// True for a new one.
    /// </summary>
    public bool Training
    {
        get => _training && FrozenWeights.Current is null;
        internal set => _training = value;
    }

    /// <summary>
    /// Whether a training step keeps only what goes into this module and what comes out, and computes all between them
    /// again in the backward pass: the same bits for less memory and one more forward pass. Without gradients nothing
    /// is computed again, and what is between them is given back at once. Set it on the blocks of a deep network.
    /// Whoever observes parts of the module sees them twice.
    /// </summary>
    public bool Recomputes { get; set; }

    /// <summary>y = f(x), and whoever observes the module sees y.</summary>
    /// <exception cref="ArgumentException">The module takes ids, or x has another shape or number type
    /// than it takes.</exception>
    public Tensor Forward(Tensor x)
    {
        if (Recomputes && (_training || NoGrad.IsOn)) return Seen(Recomputation.Run(this, Compute, x));
        return IsChecked ? Seen(Compute(x)) : CheckedForward(x, null);
    }

    /// <summary>y = f(ids), and whoever observes the module sees y.</summary>
    /// <exception cref="ArgumentException">The module takes a tensor, or an id is not below its bound.</exception>
    public Tensor Forward(Ids ids)
    {
        if (ids is null) Throw.IfNull(ids, Describe());
        return IsChecked ? Seen(Compute(ids)) : CheckedForward(default, ids);
    }

    /// <summary>
    /// Shows every later output of this module, and of every module below it, as soon as it is computed: the
    /// module, its name seen from here ("" for this one), and the output, still in its graph. It ends when what is
    /// returned is disposed of.
    /// <code>
    /// using var watch = model.Observe((module, name, y) => Console.WriteLine($"{name}: {y.Std().Item():0.00}"));
    /// </code>
    /// </summary>
    /// <remarks>Layers keep no outputs: what nobody observes costs nothing and is free to go.</remarks>
    public IDisposable Observe(Action<Module, string, Tensor> observer)
    {
        Throw.IfNull(observer, $"observe {Describe()}");
        var watched = NamedModules()
            .Select(named => (named.Value, new Action<Tensor>(y => observer(named.Value, named.Key, y)))).ToArray();
        foreach (var (module, seen) in watched) module._observed += seen;
        return new Ending(() =>
        {
            foreach (var (module, seen) in watched) module._observed -= seen;
        });
    }

    /// <summary>Whether somebody sees what it computes.</summary>
    internal bool IsObserved => _observed is not null;

    /// <summary>Makes this module and every module below it behave as in training.</summary>
    public void Train() => SetTraining(true);

    /// <summary>
    /// Makes this module and every module below it behave as at inference: nothing is dropped, batch norm takes its
    /// running statistics.
    /// </summary>
    public void Eval() => SetTraining(false);

    /// <summary>
    /// Makes this module and every module below it behave as at inference until what is returned is disposed of; each
    /// is then as it was, so that a part which was in evaluation mode all along stays so.
    /// <code>using (model.InEvaluation()) Console.WriteLine(model.Forward(x));</code>
    /// </summary>
    public IDisposable InEvaluation()
    {
        var modes = NamedModules().Select(named => (named.Value, named.Value._training)).ToArray();
        Eval();
        return new Ending(() =>
        {
            foreach (var (module, training) in modes) module.Training = training;
        });
    }

    /// <summary>
    /// The network as it is now, to predict with: by copies of its weights, on any number of threads, fast for single
    /// rows.
    /// </summary>
    /// <param name="options">What the weights are rounded to; they stay as they are if null.</param>
    /// <exception cref="InvalidOperationException">A part that is not found would be lost: it is named.</exception>
    /// <exception cref="ArgumentException">Weights are to be rounded, and are float64, or larger than the format
    /// holds.</exception>
    public Predictor ToPredictor(PredictorOptions? options = null) => new(this, options ?? new());

    /// <summary>Forgets the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (var (_, w) in Trained()) w.ZeroGrad();
    }

    /// <summary>
    /// Stops training this module and every module below it: parameters require no gradient, lose the one they have, so
    /// that no optimiser moves them, and are not listed as parameters.
    /// </summary>
    public void Freeze()
    {
        foreach (var (_, module) in NamedModules())
            (module._frozen ??= []).UnionWith(
                module.OwnState().Select(named => named.Value).Where(x => x.RequiresGrad));
        foreach (var (_, w) in Trained()) w.RequireGrad(false).Slot.DropGrad();
    }

    /// <summary>Trains again what <see cref="Freeze"/> froze.</summary>
    public void Unfreeze()
    {
        foreach (var (_, module) in NamedModules())
        {
            foreach (var w in module._frozen ?? []) w.RequireGrad();
            module._frozen = null;
        }
        CountMade();
    }

    /// <summary>
    /// Converts every parameter and buffer, in place: handles on them stay valid. Gradients are converted with them;
    /// a backward pass refuses a graph made before. An optimiser remembers numbers of the old type: convert first,
    /// then make the optimiser.
    /// </summary>
    public void To(DType dtype)
    {
        foreach (var (_, tensor) in State()) tensor.ConvertInPlace(dtype);
    }

    /// <summary>What the module computes from a tensor.</summary>
    protected virtual Tensor Compute(Tensor x)
    {
        Throw.Argument($"{GetType().Name} takes ids, not a tensor: give it Ids, such as tokens", nameof(x));
        return default;
    }

    /// <summary>What the module computes from ids.</summary>
    protected virtual Tensor Compute(Ids ids)
    {
        Throw.Argument($"{GetType().Name} takes a tensor, not ids: put an Embedding before it", nameof(ids));
        return default;
    }

    /// <summary>A tensor to be trained, all 0 until it is initialised. It outlives every <see cref="Scope"/>.</summary>
    protected static Tensor Parameter(Shape shape, double value = 0) => Parameter(Tensor.Full(shape, value));

    /// <summary>
    /// A tensor to be trained, from the numbers it begins with. It outlives every <see cref="Scope"/>, and is cut
    /// from their graph.
    /// </summary>
    protected static Tensor Parameter(Tensor start)
    {
        CountMade();
        return start.Keep().RequireGrad();
    }

    /// <summary>
    /// A tensor that is saved with the module but not trained, such as running statistics. It outlives every
    /// <see cref="Scope"/>.
    /// </summary>
    protected static Tensor Buffer(Shape shape, double value = 0) => Buffer(Tensor.Full(shape, value));

    /// <summary>
    /// A tensor that is saved with the module but not trained, from the numbers it begins with. It outlives every
    /// <see cref="Scope"/>.
    /// </summary>
    protected static Tensor Buffer(Tensor start)
    {
        CountMade();
        return Marked(start, Role.Buffer);
    }

    /// <summary>
    /// A tensor that the module computes with and that is neither trained nor saved, such as a mask. It outlives every
    /// <see cref="Scope"/>.
    /// </summary>
    protected static Tensor Constant(Tensor numbers) => Marked(numbers, Role.Constant);

    /// <summary>Refuses an input whose last axis is not what the layer takes.</summary>
    /// <exception cref="ArgumentException">It is of another size; the sentence names the layer.</exception>
    protected void CheckLastAxis(Tensor x, int size)
    {
        if (x.Rank == 0 || x.Shape[^1] != size)
            Throw.Argument($"{Describe()}: the input is {x.Shape}, and its last axis is not {size}: give [.., {size}]",
                nameof(x));
    }

    /// <summary>
    /// Shows an output to whoever observes the module. <see cref="Forward(Tensor)"/> does so by itself; a layer of
    /// several inputs, which has a method of its own, returns its output through here.
    /// </summary>
    protected Tensor Seen(Tensor y)
    {
        // New parts, and a pass through the outermost: perhaps they were made by it.
        if (_partsAt != s_made && _names is { } before && !s_within) CheckUnchanged(before);
        _outputShape = y.Shape;
        _observed?.Invoke(y);
        return y;
    }

    static Tensor Marked(Tensor tensor, Role role)
    {
        (tensor.Keep().Slot.RequiresGrad, tensor.Slot.Role) = (false, role);
        return tensor;
    }

    void SetTraining(bool training)
    {
        foreach (var (_, module) in NamedModules()) module.Training = training;
    }

    /// <summary>
    /// Puts everything back that a forward pass in evaluation mode may change: modes, what is written in place, and
    /// what the modules' generators drew.
    /// </summary>
    internal IDisposable Undisturbed()
    {
        var generators = Generators().Select(named => (named.Value, named.Value.GetState())).ToArray();
        var journal = Journal.Begin();
        var modes = InEvaluation();
        return new Ending(() =>
        {
            modes.Dispose();
            journal.Dispose();
            foreach (var (generator, state) in generators) generator.SetState(state);
        });
    }

    /// <summary>The generators that modules hold in their fields, such as dropout's, by name, each once.</summary>
    internal IEnumerable<KeyValuePair<string, RandomSource>> Generators() =>
        (from named in NamedModules()
         from other in ModuleFields.Of(named.Value).Others(named.Value)
         where other.Value is RandomSource
         select KeyValuePair.Create(Join(named.Key, other.Name), (RandomSource)other.Value)).DistinctBy(
             named => named.Value);

    sealed class Ending(Action end) : IDisposable
    {
        Action? _end = end;

        public void Dispose()
        {
            _end?.Invoke();
            _end = null;
        }
    }
}
