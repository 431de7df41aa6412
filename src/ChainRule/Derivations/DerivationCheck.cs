namespace ChainRule.Derivations;

/// <summary>A step: the gradient of a named tensor, as it was given.</summary>
/// <param name="Lines">Of formulas: the lines that compute it, each with the text it stands in; those that compute
/// what they read on the way are among them.</param>
/// <param name="Numbers">Otherwise the numbers.</param>
sealed record GivenStep(string Name, Slot Of, List<(string Text, Statement Line)> Lines, Tensor? Numbers);

/// <summary>Runs the learner's lines and compares.</summary>
sealed class DerivationCheck(LossGraph graph, IReadOnlyDictionary<string, object?> named,
    IReadOnlyDictionary<Slot, string> names, IReadOnlyList<GivenLines> given)
{
    static readonly Dictionary<Slot, Tensor> s_none = [];

    readonly Dictionary<string, object?> _values = [];
    readonly Dictionary<string, FormulaException> _failed = [];
    readonly Dictionary<Slot, Tensor> _right = graph.Gradients(s_none);
    List<GivenStep> _steps = [];

    public DerivationReport Report()
    {
        foreach (var (name, value) in named)
            _values[name] = Plain(value);
        CheckNames();
        _steps = Steps();
        if (_steps.Count == 0)
            Throw.Invalid(given.Any(lines => lines.IsBelowProgram)
                ? "derivation: no line below the program is the gradient of one of its tensors: write them below loss "
                    + "= ..., and call the gradient of h dh"
                : "derivation: no line is the gradient of a tensor that was named: name the tensors, as in "
                    + "Name(\"h\", h), and call their gradients dh");
        Run();
        List<StepResult> results = [];
        foreach (var step in _steps) results.Add(Result(step, results));
        return new([.. results], [.. Unread()]);
    }

    static object? Plain(object? value) => value is Tensor x ? x.Detach().To(DType.Float64)
        : value is object?[] { Length: 2 } pair && FormulaFunctions.TensorIn(value) is not null
        ? new object?[] { Plain(pair[0]), pair[1] } : value;

    /// <summary>Names that lines give a value to, and that are no gradient of a named tensor and read by no line: they
    /// may be a gradient that was written with a slip of the pen.</summary>
    IEnumerable<string> Unread()
    {
        var lines = given.SelectMany(one => one.Lines).ToList();
        return lines.SelectMany(line => line.Assigned()).Distinct().Where(name => Target(name, false) is null
            && !lines.Any(line => !line.Assigned().Contains(name) && line.Read().Contains(name)));
    }

    /// <summary>The tensor whose gradient a name is; null if it is a step on the way.</summary>
    Slot? Target(string name, bool alone)
    {
        foreach (string prefix in (string[])["dL_d", "grad_", "d", ""])
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || prefix.Length == 0 && !alone) continue;
            if (named.TryGetValue(name[prefix.Length..], out object? value)
                && FormulaFunctions.TensorIn(value) is { } x) return x.Slot;
        }
        return null;
    }

    void CheckNames()
    {
        HashSet<string> known = [.. named.Keys];
        foreach (var lines in given)
        {
            if (lines.Numbers is not null) known.Add(lines.Name);
            foreach (var line in lines.Lines) CheckNames(lines.Text, line, known);
        }
    }

    static void CheckNames(string text, Statement line, HashSet<string> known)
    {
        if (line.IsLoop) known.Add(line.Target);
        foreach (var (node, _) in line.Value.Nodes().Concat(line.Index?.Nodes() ?? []))
            if (node.Kind == Kind.Name && !known.Contains(node.Text) && !FormulaRunner.IsConstant(node.Text))
                throw Unknown(node.Text, node.At);
        if (!line.IsLoop && line.Op != "=" && !known.Contains(line.Target)) throw Unknown(line.Target, line.At);
        foreach (var inner in line.Body) CheckNames(text, inner, known);
        known.Add(line.Target);
        FormulaException Unknown(string name, int at) =>
            new FormulaRunner(text, known.ToDictionary(key => key, _ => (object?)null)).Unknown(name, at);
    }

    List<GivenStep> Steps()
    {
        List<(string Text, Statement Line)> all =
            [.. given.SelectMany(lines => lines.Lines.Select(line => (lines.Text, line)))];
        List<string> order = [];
        foreach (var lines in given)
        {
            if (lines.Numbers is not null) Last(lines.Name);
            foreach (var line in lines.Lines) foreach (string name in line.Assigned()) Last(name);
        }
        List<GivenStep> steps = [];
        foreach (string name in order)
        {
            var numbers = given.LastOrDefault(lines => lines.Numbers is not null && lines.Name == name)?.Numbers;
            if (Target(name, numbers is not null) is not { } slot)
            {
                if (numbers is not null)
                    Throw.Invalid($"derivation: step '{Printable.Of(name)}' is the gradient of no tensor that was "
                        + $"named: named are {Printable.List([.. names.Values])}");
                continue;
            }
            if (!graph.Reaches(slot) || !slot.RequiresGrad)
                Throw.Invalid($"derivation: the loss depends on '{names[slot]}' through nothing that requires a "
                    + $"gradient, so that there is no {Printable.Of(name)} to compare with: call RequireGrad() before "
                    + "computing");
            steps.Add(new(name, slot, numbers is null ? Needed(all, name) : [], numbers));
        }
        return steps;
        void Last(string name)
        {
            order.Remove(name);
            order.Add(name);
        }
    }

    /// <summary>The lines that a step is computed by, from the values of other steps.</summary>
    List<(string Text, Statement Line)> Needed(List<(string Text, Statement Line)> all, string name)
    {
        HashSet<string> needed = [name];
        bool[] taken = new bool[all.Count];
        for (bool more = true; more;)
        {
            more = false;
            for (int i = all.Count - 1; i >= 0; i--)
            {
                if (taken[i] || !all[i].Line.Assigned().Any(needed.Contains)) continue;
                taken[i] = more = true;
                foreach (string read in all[i].Line.Read())
                    if (Target(read, false) is null) needed.Add(read);
            }
        }
        return [.. all.Where((_, i) => taken[i])];
    }

    void Run()
    {
        foreach (var lines in given)
        {
            if (lines.Numbers is { } numbers) _values[lines.Name] = numbers.Detach().To(DType.Float64);
            var runner = new FormulaRunner(lines.Text, _values);
            foreach (var line in lines.Lines)
            {
                try
                {
                    runner.Run(line);
                    foreach (string name in line.Assigned())
                        if (Target(name, false) is not null) runner.CheckTensor(name, line.At);
                }
                catch (FormulaException e)
                {
                    foreach (string name in line.Assigned()) Fail(name, line, e);
                }
            }
        }
    }

    // Later steps go on from the engine's gradient.
    void Fail(string name, Statement line, FormulaException e)
    {
        var cause = line.Read().Select(read => _failed.GetValueOrDefault(read)).FirstOrDefault(why => why is not null);
        _failed.TryAdd(name, cause ?? e);
        _values[name] = Target(name, false) is { } slot ? Right(slot) : null;
    }

    Tensor Right(Slot slot) => _right.TryGetValue(slot, out var gradient) ? gradient.To(DType.Float64)
        : Tensor.Zeros(slot.Shape, DType.Float64);

    StepResult Result(GivenStep step, List<StepResult> before)
    {
        var right = Right(step.Of);
        if (_failed.TryGetValue(step.Name, out var error) && error.IsHole)
            return new(step.Name, step.Of.Shape, Verdict.Open, double.NaN, [], double.NaN, double.NaN, null)
            { Error = error };
        if (error is not null && before.Exists(IsWrong) && Computed(step) is { } alone
            && Wrong(step, alone, right).IsRight(alone))
            return new(step.Name, step.Of.Shape, Verdict.FollowsFromWrong, double.NaN, [], double.NaN, double.NaN, null)
            { Error = error };
        if (error is not null)
            return new(step.Name, step.Of.Shape, Verdict.Wrong, double.NaN, [], double.NaN, double.NaN,
                FormulaRepairs.Diagnose(Wrong(step, right, right), null, step, Known(step), Breaks(step)))
            { Error = error };
        var mine = AsTensor(_values[step.Name]);
        double above = WrongGradient.LargestOf(graph, step.Of, _right);
        var difference = Difference.Of(mine, right, step.Of.DType, above);
        var verdict = difference.Exact ? Verdict.Exact : difference.Close ? Verdict.Close : Verdict.Wrong;
        NamedMistake? diagnosis = null;
        if (verdict == Verdict.Wrong)
        {
            bool isFormula = step.Numbers is null;
            var local = isFormula ? Local(step) : mine;
            var wrong = isFormula ? Wrong(step, local, right) : Alone(step, mine);
            if (before.Exists(IsWrong) && wrong.IsRight(local))
                verdict = Verdict.FollowsFromWrong;
            else diagnosis = FormulaRepairs.Diagnose(wrong, GradientMistakes.Find(wrong), step, Known(step),
                Breaks(step));
        }
        bool same = mine.Shape == right.Shape && mine.Count > 0;
        return new(step.Name, step.Of.Shape, verdict, difference.Largest,
            same ? Places.Index(right.Shape, difference.At) : [],
            same ? mine.Read<double>()[difference.At] : double.NaN,
            same ? right.Read<double>()[difference.At] : double.NaN, diagnosis);
    }

    /// <summary>
    /// Whether a change of one of a step's lines makes another step wrong that is right and computed by it too.
    /// </summary>
    Func<Statement, Statement, bool> Breaks(GivenStep step) => (line, by) => _steps.Exists(other =>
    {
        int at = other == step ? -1 : other.Lines.FindIndex(one => ReferenceEquals(one.Line, line));
        if (at < 0 || !IsRight(other)) return false;
        List<(string, Statement)> changed = [.. other.Lines];
        changed[at] = (other.Lines[at].Text, by);
        return !IsRight(other with { Lines = changed });
    });

    bool IsRight(GivenStep step) => Computed(step) is { } alone && Difference.Of(alone, Right(step.Of), step.Of.DType,
        WrongGradient.LargestOf(graph, step.Of, _right)).Close;

    static bool IsWrong(StepResult one) => one.Verdict is Verdict.Wrong or Verdict.FollowsFromWrong;

    /// <summary>The same; null where the formulas cannot be computed.</summary>
    Tensor? Computed(GivenStep step)
    {
        try
        {
            return Local(step);
        }
        catch (FormulaException)
        {
            return null;
        }
    }

    /// <summary>A step by its formulas, where all other gradients are the engine's.</summary>
    Tensor Local(GivenStep step)
    {
        var values = Known(step);
        foreach (var (text, line) in step.Lines) new FormulaRunner(text, values).Run(line);
        return AsTensor(values[step.Name]);
    }

    /// <summary>What a step's formulas may read: the named tensors, and the engine's gradients of the others.</summary>
    Dictionary<string, object?> Known(GivenStep step)
    {
        Dictionary<string, object?> values = [];
        foreach (string name in named.Keys) values[name] = _values[name];
        foreach (var other in _steps) if (other.Name != step.Name) values[other.Name] = Right(other.Of);
        return values;
    }

    /// <summary>Of formulas: beside the engine's gradients.</summary>
    WrongGradient Wrong(GivenStep step, Tensor local, Tensor right)
    {
        HashSet<string> read = [.. step.Lines.SelectMany(line => line.Line.Read())];
        var stops = _steps.Where(other => other.Of != step.Of && read.Contains(other.Name))
            .Select(other => other.Of).Distinct().Where(_right.ContainsKey)
            .ToDictionary(slot => slot, slot => _right[slot]);
        return new(graph, step.Of, local, right, stops, _right, slot => names.GetValueOrDefault(slot));
    }

    /// <summary>Of numbers: beside what follows from the learner's own earlier steps.</summary>
    WrongGradient Alone(GivenStep step, Tensor mine)
    {
        Dictionary<Slot, Tensor> own = [];
        foreach (var other in _steps.TakeWhile(other => other != step))
            if (other.Of != step.Of && !_failed.ContainsKey(other.Name) && AsTensor(_values[other.Name]) is var x
                && x.Shape == other.Of.Shape)
                own[other.Of] = x.To(other.Of.DType);
        var follows = graph.Gradients(own);
        var right = follows.TryGetValue(step.Of, out var dx) ? dx.To(DType.Float64) : Right(step.Of);
        return new(graph, step.Of, mine, right, own, follows, slot => names.GetValueOrDefault(slot));
    }

    static Tensor AsTensor(object? value) => FormulaFunctions.Tensor(value);
}
