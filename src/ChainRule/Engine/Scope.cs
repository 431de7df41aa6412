namespace ChainRule;

/// <summary>
/// An optional scope, a using block, around work whose tensors are not needed afterwards, such as one training step:
/// <code>using var step = Scope.Begin();</code>
/// What is made inside lives in storage rented from free lists and is taken back at the end of the block. A tensor used
/// after that is refused by a named error, and can never show another tensor's numbers. <see cref="Tensor.Keep"/> saves
/// one from it. Parameters and their gradients, made outside, are untouched. Without a scope everything works the same,
/// and the garbage collector does the tidying. A scope and what is made in it belong to the thread that began it:
/// another thread may read them only while the scope is sure to stay open.
/// </summary>
public readonly ref struct Scope
{
    readonly ScopeFrame? _frame;
    readonly int _stamp;

    Scope(ScopeFrame frame) => (_frame, _stamp) = (frame, frame.Stamp);

    /// <summary>Refused by the compiler: it would begin nothing.</summary>
    [Obsolete("new Scope() begins nothing: write Scope.Begin()", error: true)]
    public Scope() => Throw.Invalid("scope: new Scope() begins nothing: write Scope.Begin()");

    /// <summary>Opens a scope on this thread; scopes nest.</summary>
    public static Scope Begin(string name = "training step") => new(ScopeFrame.Push(name));

    /// <summary>Ends it, once: called at the end of the using block.</summary>
    /// <exception cref="InvalidOperationException">A scope begun inside it is still open, or another
    /// thread began it.</exception>
    public void Dispose()
    {
        if (_frame is not null && _frame.Stamp == _stamp) _frame.Pop();
    }
}

/// <summary>An open scope: what was made in it since it began.</summary>
sealed class ScopeFrame
{
    [ThreadStatic]
    static ScopeFrame? s_current;

    [ThreadStatic]
    static ScopeFrame? s_spare;

    readonly List<Slot> _slots = [];
    readonly List<Ids> _ids = [];
    ScopeFrame? _outer;

    public static ScopeFrame? Current => s_current;

    public string Name { get; private set; } = "";

    /// <summary>Raised at the end: a scope that is ended twice has an older one.</summary>
    public int Stamp { get; private set; }

    public static ScopeFrame Push(string name)
    {
        var frame = s_spare ?? new ScopeFrame();
        s_spare = null;
        (frame.Name, frame._outer) = (name, s_current);
        return s_current = frame;
    }

    /// <summary>
    /// Makes a block of code work as if no scope were open: what it makes is the garbage collector's.
    /// </summary>
    public static ScopeFrame? Suspend()
    {
        var open = s_current;
        s_current = null;
        return open;
    }

    public static void Resume(ScopeFrame? open) => s_current = open;

    /// <summary>Whether a scope is this one, or one that this was begun in.</summary>
    public bool IsWithin(ScopeFrame scope) => this == scope || _outer?.IsWithin(scope) == true;

    public void Add(Slot slot) => _slots.Add(slot);

    public void Add(Ids ids) => _ids.Add(ids);

    public void Pop()
    {
        if (!ReferenceEquals(s_current, this))
            Throw.Invalid(
                $"scope '{Name}' ended out of turn: end the scopes begun inside it first, on the thread that began it");
        s_current = _outer;
        Stamp++;

        foreach (var slot in _slots)
        {
            // A reshape shares its storage, perhaps with something kept or made outside: the storage knows whose
            // it is, and goes back once.
            if (slot.Storage.Owner == this) slot.Storage.TakeBack();
            if (slot.Owner == this) slot.TakeBack();
        }
        foreach (var ids in _ids) ids.TakeBack(this);
        _slots.Clear();
        _ids.Clear();
        s_spare = this;
    }
}
