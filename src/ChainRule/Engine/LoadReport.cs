namespace ChainRule;

/// <summary>
/// What was found when saved numbers were loaded into a module or an optimiser: which names were loaded, and which did
/// not fit; prints as one sentence.
/// </summary>
/// <param name="Target">What was loaded into.</param>
/// <param name="Loaded">Names whose numbers were copied, or are those of another name of the same tensor.</param>
/// <param name="Missing">Names of the target that were not given.</param>
/// <param name="Unexpected">Names that were given and that the target does not have.</param>
/// <param name="Different">Names of another shape or number type: <c>'bias' [4] (Float32) for [3]
/// (Float32)</c>.</param>
/// <param name="Ignored">Whole numbers under names that the target does not have: book-keeping, such as
/// <c>num_batches_tracked</c>.</param>
public sealed record LoadReport(
    string Target, IReadOnlyList<string> Loaded, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected,
    IReadOnlyList<string> Different, IReadOnlyList<string> Ignored)
{
    /// <summary>Names of what was given that holds NaN: no weights to go on with.</summary>
    public IReadOnlyList<string> NotNumbers { get; init; } = [];

    /// <summary>Whether everything fitted.</summary>
    public bool Complete => Missing.Count + Unexpected.Count + Different.Count == 0;

    /// <summary>Whether some layers were given whole, and of the others nothing.</summary>
    internal bool IsWholeLayers =>
        Loaded.Count > 0 && Unexpected.Count + Different.Count == 0
            && !Missing.Select(Layer).Intersect(Loaded.Select(Layer)).Any();

    /// <summary>The report with names as they are called elsewhere.</summary>
    internal LoadReport Called(Func<string, IReadOnlyList<string>> called)
    {
        return this with
        {
            Loaded = All(Loaded), Missing = All(Missing), Unexpected = All(Unexpected), Ignored = All(Ignored),
            NotNumbers = All(NotNumbers), Different = [.. Different.Select(Renamed).Distinct(StringComparer.Ordinal)],
        };

        string[] All(IReadOnlyList<string> names) =>
            [.. names.SelectMany(called).Distinct(StringComparer.Ordinal)];

        string Renamed(string different)
        {
            int end = different.IndexOf(AfterName, StringComparison.Ordinal);
            return $"'{string.Join("' + '", called(different[1..end]))}{different[end..]}";
        }
    }

    // Between a name and its shape.
    const string AfterName = "' [";

    static string Layer(string name) => name[..Math.Max(0, name.LastIndexOf('.'))];

    public override string ToString()
    {
        List<string> complaints = [];
        Complain(complaints, "missing", Missing.Select(name => $"'{name}'"));
        Complain(complaints, "unexpected", Unexpected.Select(name => $"'{name}'"));
        Complain(complaints, "different", Different);
        Complain(complaints, "NaN in", NotNumbers.Select(name => $"'{name}'"));
        return $"load into {Target}: "
            + $"{(complaints.Count == 0 ? $"all {Loaded.Count} tensors fit" : string.Join("; ", complaints))}";
    }

    /// <summary>
    /// Copies saved numbers over a target's own, all or none: names, shapes and number types must be the same.
    /// </summary>
    internal static void LoadAll(string target, IEnumerable<KeyValuePair<string, Tensor>> own,
        IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        var mine = new Dictionary<string, Tensor>(own);
        var report = Compare(target, mine, state, out var fitting);
        if (!report.Complete) Throw.Argument($"{report}: give a state that {target} saved under the same settings");
        foreach (var (name, tensor) in fitting) mine[name].CopyInPlace(tensor);
    }

    /// <summary>Compares what a target has with what is given, and picks what fits.</summary>
    internal static LoadReport Compare(
        string target, IReadOnlyDictionary<string, Tensor> own, IEnumerable<KeyValuePair<string, Tensor>> state,
        out List<KeyValuePair<string, Tensor>> fitting)
    {
        Throw.IfNull(state, $"load into {target}", "the state");
        var given = new OrderedDictionary<string, Tensor>();
        foreach (var (name, tensor) in state)
        {
            string? lacking = name is null ? "a name is null"
                : tensor.Exists ? null : $"'{name}' was never given numbers";
            if (lacking is not null)
                Throw.Argument($"load into {target}: {lacking}: give names and tensors", nameof(state));
            if (!given.TryAdd(name!, tensor))
                Throw.Argument($"load into {target}: '{name}' is given twice: give each name once", nameof(state));
        }

        List<string> loaded = [], missing = [], different = [];
        fitting = [];
        foreach (var names in own.GroupBy(named => named.Value, named => named.Key))
        {
            string[] there = [.. names.Where(given.ContainsKey)];
            string[] alike = [.. there.Where(name => Fits(names.Key, given[name]))];
            if (there.Length == 0) missing.AddRange(names);
            different.AddRange(there.Except(alike)
                .Select(name => $"'{name}' {Kind(given[name])} for {Kind(names.Key)}"));
            if (alike.FirstOrDefault(name => !Same(given[name], given[alike[0]])) is { } other)
                Throw.Argument($"load into {target}: '{alike[0]}' and '{other}' are one tensor here, and differ where "
                    + "they come from: give one of them, or both the same",
                    nameof(state));
            if (alike.Length == 0) continue;
            fitting.Add(new(alike[0], Converted(given[alike[0]], names.Key.DType)));
            loaded.AddRange(names.Except(there).Concat(alike));
        }
        var unknown = given.Where(named => !own.ContainsKey(named.Key))
            .ToLookup(named => named.Value.Slot.Role == Role.Whole, named => named.Key);
        return new(target, loaded, missing, [.. unknown[false]], different, [.. unknown[true]])
        {
            NotNumbers = [.. from named in fitting where HoldsNaN(named.Value) select named.Key],
        };
    }

    // Whole numbers from a file are kept in float64, and go into a buffer of either type.
    static bool Fits(Tensor own, Tensor given) =>
        own.Shape == given.Shape && (own.DType == given.DType || given.Slot.Role == Role.Whole);

    static Tensor Converted(Tensor given, DType dtype) => given.DType == dtype ? given : given.To(dtype);

    static bool Same(Tensor a, Tensor b) =>
        a.IsSame(b)
            || a.Detach().To(DType.Float64).Read<double>().SequenceEqual(b.Detach().To(DType.Float64).Read<double>());

    static bool HoldsNaN(Tensor x) =>
        !x.Slot.IsFinite() && Enumerable.Range(0, x.Count).Any(i => double.IsNaN(DTypes.Read(x.Slot, i)));

    static string Kind(Tensor x) => $"{x.Shape} ({x.DType})";

    static void Complain(List<string> complaints, string what, IEnumerable<string> all)
    {
        string[] names = [.. all];
        const int Shown = 5;
        if (names.Length == 0) return;
        complaints.Add($"{what} {string.Join(", ", names.Take(Shown))}"
            + $"{(names.Length > Shown ? $" and {names.Length - Shown} more" : "")}");
    }
}
