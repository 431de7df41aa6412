namespace ChainRule;

/// <summary>
/// What a tensor is to the module that holds it: only parameters and buffers are its state. The
/// result of an op never is.
/// </summary>
enum Role : byte
{
    None,
    Parameter,
    Buffer,
    Constant,

    /// <summary>Whole numbers that were read from a file: no module's weights.</summary>
    Whole,
}

/// <summary>
/// What a <see cref="Tensor"/> is a handle on: numbers, shape, gradient and producer. The engine works on slots. A
/// scope takes its slots back and hands them out again, so that a training step in steady state makes no garbage;
/// <see cref="Stamp"/> is what a stale handle lacks.
/// </summary>
sealed class Slot
{
    // Slots that a scope took back on this thread, to be handed out again.
    [ThreadStatic]
    static Stack<Slot>? s_free;

    // A gradient that was cleared: kept for its memory alone, so that a training step allocates none.
    Slot? _cleared;

    Slot() { }

    public Storage Storage { get; private set; } = null!;

    public Shape Shape { get; private set; }

    public DType DType { get; private set; }

    public int Count { get; private set; }

    /// <summary>Raised when the slot is taken back: a handle with an older stamp is refused.</summary>
    public int Stamp { get; private set; }

    /// <summary>The scope that takes the slot back at its end; null where the garbage collector does.</summary>
    public ScopeFrame? Owner { get; private set; }

    /// <summary>dL/d(this), of the same shape; null until a backward pass reaches it.</summary>
    public Slot? Grad { get; set; }

    /// <summary>Whether a backward pass should reach it.</summary>
    public bool RequiresGrad { get; set; }

    /// <summary>The graph node that computed it; null if it is a leaf.</summary>
    public Node? Producer { get; set; }

    /// <summary>What it is to the module that holds it.</summary>
    public Role Role { get; set; }

    /// <summary>
    /// Of a gradient: the optimiser that stepped along it since it was last added to; null if none did.
    /// </summary>
    public object? Stepped { get; set; }

    /// <summary>A slot with numbers of its own, in the innermost open scope.</summary>
    public static Slot Make(Shape shape, DType dtype, bool zeroed = false) =>
        Make(shape, dtype, zeroed, ScopeFrame.Current);

    /// <summary>A slot with numbers of its own, in the scope named; null means that it outlives every scope.</summary>
    public static Slot Make(Shape shape, DType dtype, bool zeroed, ScopeFrame? owner)
    {
        int count = shape.Elements;
        return Make(DTypes.Storage(dtype, count, zeroed, owner), shape, dtype, owner);
    }

    /// <summary>The same numbers under another shape: nothing is copied.</summary>
    public Slot Reshaped(Shape shape) => Make(Storage, shape, DType, ScopeFrame.Current);

    /// <summary>The same numbers in storage of their own, in the innermost open scope.</summary>
    public Slot Copy() => Copy(ScopeFrame.Current);

    /// <summary>
    /// The same numbers in storage of their own, in the scope named; null means that the copy outlives every scope.
    /// </summary>
    public Slot Copy(ScopeFrame? owner)
    {
        var copy = Make(Shape, DType, zeroed: false, owner);
        DTypes.Convert(this, copy);
        return copy;
    }

    /// <summary>
    /// Makes the numbers, and the gradient, another type; the slot stays. A graph that read the old numbers can tell.
    /// </summary>
    public void ConvertTo(DType dtype)
    {
        if (dtype == DType) return;
        var converted = Make(Shape, dtype, zeroed: false, Owner);
        DTypes.Convert(this, converted);
        converted.Storage.Version = Storage.Version + 1;
        (Storage, DType, _cleared) = (converted.Storage, dtype, null);
        Grad?.ConvertTo(dtype);
    }

    /// <summary>Forgets the gradient: there is none until a backward pass reaches the slot again.</summary>
    public void ClearGrad()
    {
        if (Grad is not { } grad) return;
        if (Producer is null && grad.Owner is null) (grad.Storage.ZeroPending, _cleared) = (true, grad);
        Grad = null;
    }

    /// <summary>Forgets the gradient and gives its memory up.</summary>
    public void DropGrad() => (Grad, _cleared) = (null, null);

    /// <summary>Whether the next backward pass finds memory for its gradient.</summary>
    public bool HasGradMemory => Grad is not null || _cleared is not null;

    /// <summary>Takes the gradient away with its memory; null where there is none.</summary>
    public Slot? TakeGrad()
    {
        var grad = Grad;
        Grad = null;
        return grad;
    }

    /// <summary>Gives memory for the next gradient.</summary>
    public void LendGrad(Slot memory) => (memory.Storage.ZeroPending, _cleared) = (true, memory);

    /// <summary>
    /// The gradient to add to, made of zeros at the first call. It lives as long as the slot itself does.
    /// </summary>
    public Slot GradToAdd()
    {
        var grad = Grad ??= Cleared() ?? Make(Shape, DType, zeroed: true, Owner);
        grad.Stepped = null;
        return grad;
    }

    /// <summary>
    /// The gradient for whoever reaches all of it: to be overwritten where nothing was added before, which saves making
    /// it zero and reading the zeros.
    /// </summary>
    public Slot GradToAdd(out bool first)
    {
        first = Grad is null || Grad.Storage.ZeroPending;
        var grad = Grad ??= Cleared() ?? Make(Shape, DType, zeroed: false, Owner);
        (grad.Storage.ZeroPending, grad.Stepped) = (false, null);
        return grad;
    }

    public Span<T> Span<T>() where T : unmanaged, System.Numerics.INumber<T> => ((Storage<T>)Storage).First(Count);

    /// <summary>Whether no number is NaN or infinite.</summary>
    public bool IsFinite()
    {
        var work = new Finiteness(this);
        DTypes.Run(DType, ref work);
        return work.IsFinite;
    }

    /// <summary>
    /// Takes the slot out of its scope; what made it dies with the scope, so it becomes a leaf, to which
    /// no gradient flows.
    /// </summary>
    public void Keep()
    {
        if (Producer is not null) RequiresGrad = false;
        (Owner, Storage.Owner, Producer) = (null, null, null);
        Grad?.Keep();
    }

    public void TakeBack()
    {
        Stamp++;
        Producer?.Release();
        (Storage, Grad, Producer, Owner, Role, Stepped, _cleared) = (null!, null, null, null, Role.None, null, null);
        (s_free ??= new Stack<Slot>()).Push(this);
    }

    Slot? Cleared()
    {
        var cleared = _cleared;
        _cleared = null;
        return cleared;
    }

    static Slot Make(Storage storage, Shape shape, DType dtype, ScopeFrame? owner)
    {
        var slot = owner is not null && s_free is { Count: > 0 } free ? free.Pop() : new Slot();
        (slot.Storage, slot.Shape, slot.DType, slot.Count, slot.Owner, slot.RequiresGrad) =
            (storage, shape, dtype, shape.Elements, owner, false);
        owner?.Add(slot);
        return slot;
    }

    struct Finiteness(Slot slot) : INumeric
    {
        public bool IsFinite { get; private set; }

        void INumeric.Run<T>() => IsFinite = Kernels.FiniteCheck.All<T>(slot.Span<T>());
    }
}
