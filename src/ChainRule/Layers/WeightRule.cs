namespace ChainRule.Layers;

/// <summary>
/// How names and layout of some weights differ: one of theirs is one of ours, or several of either are one of the
/// other, piece by piece along an axis.
/// </summary>
sealed record WeightRule(string[] Theirs, string[] Ours, int Axis, bool Transposes)
{
    /// <summary>Whether the tensor has another name there beside this one.</summary>
    public bool IsSecond { get; init; }

    const string Any = "*", Several = "**";

    /// <summary>Checks patterns, and makes a rule of them.</summary>
    public static WeightRule Of(IReadOnlyList<string> theirs, IReadOnlyList<string> ours, int axis, bool transposes)
    {
        Throw.IfNull(theirs, "weight names");
        Throw.IfNull(ours, "weight names");
        if (theirs.Count == 0 || ours.Count == 0)
            Throw.Argument("weight names: a list of names is empty: give one name or more",
                theirs.Count == 0 ? nameof(theirs) : nameof(ours));
        string stars = Stars(theirs[0], nameof(theirs));
        foreach (string one in theirs) Same(one, nameof(theirs));
        foreach (string one in ours) Same(one, nameof(ours));
        if (axis is < 0 or >= Shape.MaxRank)
            Throw.OutOfRange($"weight names: axis {axis}: give 0 to {Shape.MaxRank - 1}", nameof(axis));
        return new([.. theirs], [.. ours], axis, transposes);

        void Same(string pattern, string parameter)
        {
            if (Stars(pattern, parameter) != stars)
                Throw.Argument($"weight names: '{theirs[0]}' and '{pattern}' do not have the same parts "
                    + $"'{Any}' in the same order: give the same in each", parameter);
        }
    }

    /// <summary>What stands for each part <c>*</c> of a pattern in a name; null where they do not match.</summary>
    public static string[]? Match(string pattern, string name)
    {
        if (!pattern.Contains(Any, StringComparison.Ordinal)) return pattern == name ? [] : null;
        string[] parts = pattern.Split('.'), given = name.Split('.');
        int wide = Array.IndexOf(parts, Several), more = given.Length - parts.Length;
        if (more < 0 || more > 0 && wide < 0) return null;
        List<string> found = [];
        for (int i = 0, at = 0; i < parts.Length; i++)
        {
            int length = i == wide ? more + 1 : 1;
            if (IsAny(parts[i])) found.Add(string.Join('.', given[at..(at + length)]));
            else if (parts[i] != given[at]) return null;
            at += length;
        }
        return [.. found];
    }

    /// <summary>A pattern with its parts <c>*</c> filled.</summary>
    public static string Fill(string pattern, string[] parts)
    {
        int next = 0;
        return string.Join('.', pattern.Split('.').Select(part => IsAny(part) ? parts[next++] : part));
    }

    /// <summary>The parts of a pattern that stand for any, one behind the other.</summary>
    public static string Stars(string? pattern, string parameter)
    {
        if (string.IsNullOrEmpty(pattern))
            Throw.Argument("weight names: a name is empty or null: give one such as 'layers.*.weight'", parameter);
        string[] stars = [.. pattern!.Split('.').Where(IsAny)];
        if (stars.Count(star => star == Several) > 1)
            Throw.Argument($"weight names: '{pattern}' has '{Several}' twice: give it once", parameter);
        return string.Join(' ', stars);
    }

    static bool IsAny(string part) => part is Any or Several;

    /// <summary>Which of their patterns a name matches, and what its parts <c>*</c> are.</summary>
    public (int Index, string[] Parts)? OfTheirs(string name) => Of(Theirs, name);

    /// <summary>Which of our patterns a name matches, and what its parts <c>*</c> are.</summary>
    public (int Index, string[] Parts)? OfOurs(string name) => Of(Ours, name);

    /// <summary>Our names for such parts.</summary>
    public IEnumerable<string> OurNames(string[] parts) => Ours.Select(pattern => Fill(pattern, parts));

    /// <summary>Their names for such parts.</summary>
    public IEnumerable<string> TheirNames(string[] parts) => Theirs.Select(pattern => Fill(pattern, parts));

    /// <summary>A matrix laid out the other way, where the rule says so.</summary>
    public Tensor Laid(Tensor x) => Transposes && x.Rank == 2 ? x.T : x;

    /// <summary>Equal pieces along the axis; none where it cannot be divided so.</summary>
    public Tensor[] Pieces(Tensor x, int count)
    {
        if (Axis >= x.Rank || x.Shape[Axis] % count != 0) return [];
        int size = x.Shape[Axis] / count;
        return [.. Enumerable.Range(0, count).Select(i => x.Slice(Axis, i * size, (i + 1) * size))];
    }

    /// <summary>Pieces one behind the other along the axis; null where their shapes do not go together.</summary>
    public Tensor? Joined(Tensor[] pieces)
    {
        var first = pieces[0];
        bool alike = Axis < first.Rank && Array.TrueForAll(pieces, piece => piece.Rank == first.Rank
            && piece.DType == first.DType
            && Enumerable.Range(0, first.Rank).All(axis => axis == Axis || piece.Shape[axis] == first.Shape[axis]));
        return alike ? Tensor.Concat(Axis, pieces) : null;
    }

    static (int Index, string[] Parts)? Of(string[] patterns, string name)
    {
        for (int i = 0; i < patterns.Length; i++) if (Match(patterns[i], name) is { } parts) return (i, parts);
        return null;
    }
}
