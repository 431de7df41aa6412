namespace ChainRule.Layers;

/// <summary>
/// A layer, or a network of layers: what it computes, and the tensors it computes with. A new one overrides <see cref="Compute(Tensor)"/>:
/// <code>
/// sealed class Mlp(TorchRandom rng) : Module
/// {
///     Linear Hidden { get; } = new(2, 16, rng);
///     Linear Output { get; } = new(16, 1, rng);
///
///     protected override Tensor Compute(Tensor x) => Output.Forward(Hidden.Forward(x).Tanh());
/// }
/// </code>
/// Nothing is registered. Of a module's fields and auto-properties, tensors that want a gradient are its parameters, other tensors its buffers, and
/// modules its children, one by one or in lists; in the order of declaration, those of a base class first. Names are PyTorch's, so that weights
/// travel both ways: <c>Hidden.Weight</c> is <c>hidden.weight</c>, the first of a list <c>Layers</c> is <c>layers.0</c>.
/// </summary>
public abstract partial class Module
{
    Action<Tensor>? _observed;
    HashSet<Tensor>? _frozen;
    Shape? _outputShape;

    /// <summary>Whether the module behaves as in training: dropout drops, batch norm takes the batch's own statistics. True for a new one.</summary>
    public bool Training { get; private set; } = true;

    /// <summary>y = f(x), and whoever observes the module sees y.</summary>
    /// <exception cref="ArgumentException">The module takes ids, or x has another shape or number type than it takes.</exception>
    public Tensor Forward(Tensor x) => Seen(Compute(x));

    /// <summary>y = f(ids), and whoever observes the module sees y.</summary>
    /// <exception cref="ArgumentException">The module takes a tensor, or an id is not below its bound.</exception>
    public Tensor Forward(Ids ids) => Seen(Compute(ids));

    /// <summary>
    /// Shows every later output of this module, and of every module below it, as soon as it is computed: the module, its name seen from here ("" for
    /// this one), and the output, still in its graph. It ends when what is returned is disposed of.
    /// <code>using var watch = model.Observe((module, name, y) => Console.WriteLine($"{name}: {y.Std().Item():0.00}"));</code>
    /// </summary>
    /// <remarks>Layers keep no outputs: what nobody observes costs nothing and is free to go.</remarks>
    public IDisposable Observe(Action<Module, string, Tensor> look)
    {
        var watched = NamedModules().Select(named => (named.Value, new Action<Tensor>(y => look(named.Value, named.Key, y)))).ToArray();
        foreach (var (module, seen) in watched) module._observed += seen;
        return new Observation(watched);
    }

    /// <summary>Makes this module and every module below it behave as in training.</summary>
    public void Train() => SetTraining(true);

    /// <summary>Makes this module and every module below it behave as in use: nothing is dropped, batch norm takes its running statistics.</summary>
    public void Eval() => SetTraining(false);

    /// <summary>Forgets the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (var w in Parameters()) w.ZeroGrad();
    }

    /// <summary>
    /// Stops training this module and every module below it: parameters want no gradient, lose the one they have, so that no optimiser moves them,
    /// and are not listed as parameters.
    /// </summary>
    public void Freeze()
    {
        foreach (var (_, module) in NamedModules())
            (module._frozen ??= []).UnionWith(Anatomy.Of(module).Tensors(module).Select(named => named.Value).Where(x => x.WantsGrad));
        foreach (var w in Parameters()) w.RequireGrad(false).Slot.Grad = null;
    }

    /// <summary>Trains again what <see cref="Freeze"/> froze.</summary>
    public void Unfreeze()
    {
        foreach (var (_, module) in NamedModules())
        {
            foreach (var w in module._frozen ?? []) w.RequireGrad();
            module._frozen = null;
        }
    }

    /// <summary>
    /// Converts every parameter and buffer, in place: handles on them stay valid. Gradients are converted with them; a backward pass refuses a graph
    /// made before. An optimiser remembers numbers of the old type: convert first, then make the optimiser.
    /// </summary>
    public void To(DType dtype)
    {
        foreach (var (_, tensor) in StateDict()) tensor.ConvertInPlace(dtype);
    }

    /// <summary>What the module computes from a tensor.</summary>
    protected virtual Tensor Compute(Tensor x)
    {
        Throw.Argument($"{GetType().Name} takes ids, not a tensor: give it Ids, such as tokens");
        return default;
    }

    /// <summary>What the module computes from ids.</summary>
    protected virtual Tensor Compute(Ids ids)
    {
        Throw.Argument($"{GetType().Name} takes a tensor, not ids: put an Embedding before it");
        return default;
    }

    /// <summary>A tensor to be trained, all 0 until it is initialised. It outlives every <see cref="Scope"/>.</summary>
    protected static Tensor Parameter(Shape shape, double value = 0) => Buffer(shape, value).RequireGrad();

    /// <summary>A tensor that belongs to the module but is not trained. It outlives every <see cref="Scope"/>.</summary>
    protected static Tensor Buffer(Shape shape, double value = 0) => Tensor.Full(shape, value).Keep();

    /// <summary>Refuses an input whose last axis is not what the layer takes.</summary>
    private protected void CheckLastAxis(Tensor x, int size)
    {
        if (x.Rank == 0 || x.Shape[^1] != size)
            Throw.Argument($"{Describe()}: the input is {x.Shape}, and its last axis is not {size}: give [.., {size}]");
    }

    /// <summary>Shows an output to whoever observes the module; <see cref="Forward(Tensor)"/> does so by itself.</summary>
    private protected Tensor Seen(Tensor y)
    {
        _outputShape = y.Shape;
        _observed?.Invoke(y);
        return y;
    }

    void SetTraining(bool training)
    {
        foreach (var (_, module) in NamedModules()) module.Training = training;
    }

    sealed class Observation((Module Module, Action<Tensor> Seen)[] watched) : IDisposable
    {
        public void Dispose()
        {
            foreach (var (module, seen) in watched) module._observed -= seen;
        }
    }
}
