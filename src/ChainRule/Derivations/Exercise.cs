using System.Diagnostics.CodeAnalysis;
using ChainRule.Randomness;

namespace ChainRule.Derivations;

/// <summary>
/// A program with holes to fill: <c>dw = ...</c>. What is written there is computed and compared, a gradient with the
/// engine's (<see cref="Derivation"/>), another tensor with what it should be; never is text compared with text.
/// <code>
/// var exercise = new Exercise("square", """
///     # The derivative of x**2
///     x = randn()
///     loss = x**2
///     dx = ...
///     """, """
///     # hint: the derivative of x**n is n * x**(n - 1)
///     dx = 2 * x
///     """);
/// Console.WriteLine(exercise.Check("x = randn()\nloss = x**2\ndx = 2"));
/// </code>
/// Both texts are in the language of docs/backprop-by-hand.md. The program are the lines before the first hole.
/// </summary>
public sealed class Exercise
{
    // One set of numbers could be met by chance, or by numbers in place of names.
    const int Draws = 3;

    readonly List<Statement> _program, _solved, _checks = [];
    readonly HashSet<string> _without;
    readonly string[] _wanted;
    readonly string _checkText;

    /// <param name="name">Such as <c>07-neuron</c>.</param>
    /// <param name="task">The file that is handed out: comments, a program, and lines with holes.</param>
    /// <param name="solution">
    /// Lines that fill the holes, below the program or alone. Comments give <c># hint: </c> a hint each;
    /// <c># without: softmax</c> functions that may not be used; <c># check: p = softmax(z, 1)</c> what a tensor is
    /// compared with that is no gradient. By default that is what the solution computes.
    /// </param>
    /// <exception cref="FormulaException">A line cannot be read.</exception>
    /// <exception cref="ArgumentException">There is no hole, or the solution leaves one open.</exception>
    public Exercise(string name, [StringSyntax("python")] string task, [StringSyntax("python")] string solution)
    {
        Throw.IfNull(name, "exercise");
        Throw.IfNull(task, "exercise");
        Throw.IfNull(solution, "exercise");
        (Name, Text, Solution) = (name, task, solution);
        Title = task.Split('\n')[0].TrimStart('#').Trim();
        var lines = FormulaReader.Read(task);
        int first = lines.FindIndex(HasHole);
        if (first < 0)
            Throw.Argument($"exercise '{Printable.Of(name)}': no line is left to write: leave a hole, as in dx = ...",
                nameof(task));
        _program = lines[..first];
        _wanted = [.. lines[first..].Where(HasHole).SelectMany(line => line.Assigned()).Distinct()];
        var solved = FormulaReader.Read(solution);
        _solved = solved[(FirstChange(solved) < 0 ? _program.Count : 0)..];
        var filled = _solved.SelectMany(line => line.Assigned()).ToHashSet();
        if (_solved.Any(HasHole) || _wanted.FirstOrDefault(hole => !filled.Contains(hole)) is not null)
            Throw.Argument($"exercise '{Printable.Of(name)}': the solution does not write {Printable.List(_wanted)}: "
                + "fill every hole", nameof(solution));
        Hints = [.. Marked("hint")];
        _without = [.. Marked("without").SelectMany(line => line.Split([',', ' '],
            StringSplitOptions.RemoveEmptyEntries))];
        _checkText = string.Join('\n', Marked("check"));
        _checks.AddRange(FormulaReader.Read(_checkText));
    }

    /// <summary>What it was called.</summary>
    public string Name { get; }

    /// <summary>The first line of the task.</summary>
    public string Title { get; }

    /// <summary>The text that is handed out.</summary>
    public string Text { get; }

    /// <summary>The lines that fill the holes, with their comments.</summary>
    public string Solution { get; }

    /// <summary>Hints, each of which says more than the one before.</summary>
    public IReadOnlyList<string> Hints { get; }

    /// <summary>Checks what a learner made of the task, with three draws of the program's numbers.</summary>
    public ExerciseResult Check([StringSyntax("python")] string text)
    {
        Throw.IfNull(text, "exercise");
        try
        {
            var lines = FormulaReader.Read(text);
            if (Changed(text, lines) is { } error) return new(false, null, error.ToString());
            List<Statement> written = lines[_program.Count..];
            if (Refused(text, written) is { } refused) return new(false, null, refused.ToString());
            var names = written.SelectMany(line => line.Assigned()).ToHashSet();
            if (_wanted.FirstOrDefault(wanted => !names.Contains(wanted)) is { } missing)
                return new(false, null, $"no line gives a value to {missing}: write {missing} = and its formula");
            for (int draw = 1; draw <= Draws; draw++)
            {
                var report = Report(text, written, draw);
                if (report.Passed) continue;
                return new(false, report, draw == 1 ? $"{report}" : "It is right with the first numbers that were "
                    + $"drawn, and not with others: write it with the names of the program.\n\n{report}");
            }
            return new(true, Report(text, written, 1), "");
        }
        catch (FormulaException e)
        {
            return new(false, null, e.ToString());
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // A gradient of what has none.
            return new(false, null, e.Message);
        }
    }

    public override string ToString() => Title;

    static bool HasHole(Statement line) => line.Value.Nodes().Any(one => one.Node.Kind == Kind.Hole)
        || line.Body.Any(HasHole);

    /// <summary>The comments of the solution that begin with a word and a colon, with the lines that go on.</summary>
    List<string> Marked(string word)
    {
        List<string> found = [];
        bool inside = false;
        foreach (string line in Solution.Split('\n').Select(line => line.TrimEnd()))
        {
            if (line.StartsWith($"# {word}: ", StringComparison.Ordinal)) found.Add(line[(word.Length + 4)..]);
            else if (inside && line.StartsWith("#   ", StringComparison.Ordinal)) found[^1] += $" {line[4..].Trim()}";
            else
            {
                inside = false;
                continue;
            }
            inside = true;
        }
        return found;
    }

    /// <summary>Where the program is no more that of the task; null if it is.</summary>
    FormulaException? Changed(string text, List<Statement> lines)
    {
        int i = FirstChange(lines);
        return i < 0 ? null : new(text, i < lines.Count ? lines[i].At : text.Length, "the program was changed here, "
            + $"and only the lines after it are yours to write: put back {_program[i]}");
    }

    /// <summary>The first line of the program that is not that of the task; -1 if all are.</summary>
    int FirstChange(List<Statement> lines)
    {
        for (int i = 0; i < _program.Count; i++)
            if (i >= lines.Count || lines[i].ToString() != _program[i].ToString()) return i;
        return -1;
    }

    /// <summary>Where a function is used that should be written out; null if none is.</summary>
    FormulaException? Refused(string text, IEnumerable<Statement> lines)
    {
        foreach (var line in lines)
        {
            foreach (var (node, _) in line.Value.Nodes())
                if (node.Kind is Kind.Call or Kind.Method && _without.Contains(node.Text))
                    return new(text, node.At, $"'{node.Text}' is what this exercise takes apart: write it without");
            if (Refused(text, line.Body) is { } inner) return inner;
        }
        return null;
    }

    DerivationReport Report(string text, List<Statement> written, int draw)
    {
        Dictionary<string, object?> values = [];
        new FormulaRunner(Text, values) { Random = new TorchRandom((ulong)draw) }.Run(_program);
        var plain = values.ToDictionary(one => one.Key, one => one.Value is Tensor x ? x.Detach() : one.Value);
        List<StepResult> results = [];
        using (NoGrad.Begin())
        {
            Dictionary<string, object?> right = new(plain), mine = new(plain);
            new FormulaRunner(Solution, right).Run(_solved);
            new FormulaRunner(_checkText, right).Run(_checks);
            var failed = ForwardRun(text, written, mine);
            foreach (string name in _wanted.Where(name => !IsGradient(name, values)))
                results.Add(Forward(name, failed.GetValueOrDefault(name), mine.GetValueOrDefault(name), right[name]));
        }
        if (results.Count < _wanted.Length)
        {
            var steps = Derivation.Of(values, text, written).Report().Steps;
            // The corrected formula would be the solution.
            results.AddRange(steps.Select(step => step with { Diagnosis = step.Diagnosis is { } mistake
                ? mistake with { Corrected = null } : null }));
        }
        return new([.. results.OrderBy(step => written.FindLastIndex(line => line.Assigned().Contains(step.Name)))],
            [], "formulas");
    }

    static bool IsGradient(string name, Dictionary<string, object?> values) => values.ContainsKey("loss")
        && name[0] == 'd' && FormulaFunctions.TensorIn(values.GetValueOrDefault(name[1..])) is not null;

    /// <summary>Runs all lines; those that cannot be computed, and why.</summary>
    Dictionary<string, FormulaException> ForwardRun(string text, List<Statement> lines,
        Dictionary<string, object?> values)
    {
        Dictionary<string, FormulaException> failed = [];
        var runner = new FormulaRunner(text, values);
        foreach (var line in lines)
        {
            try
            {
                runner.Run(line);
                foreach (string name in line.Assigned()) if (_wanted.Contains(name)) runner.CheckTensor(name, line.At);
            }
            catch (FormulaException e)
            {
                var cause = line.Read().Select(name => failed.GetValueOrDefault(name))
                    .FirstOrDefault(why => why is not null);
                foreach (string name in line.Assigned()) failed.TryAdd(name, cause ?? e);
            }
        }
        return failed;
    }

    static StepResult Forward(string name, FormulaException? error, object? mine, object? right)
    {
        var expected = FormulaFunctions.Tensor(right);
        if (error is not null)
            return new(name, expected.Shape, error.IsHole ? Verdict.Open : Verdict.Wrong, double.NaN, [], double.NaN,
                double.NaN, null) { Error = error };
        var given = FormulaFunctions.Tensor(mine);
        var difference = Difference.Of(given, expected, DType.Float64, expected.Abs().Max().Item());
        bool same = given.Shape == expected.Shape;
        var diagnosis = difference.Close ? null : new NamedMistake(Mistake.Unexplained, same
            ? "other numbers than those that were asked for"
            : $"its shape is {given.Shape}, and {expected.Shape} is asked for");
        return new(name, expected.Shape, difference.Exact ? Verdict.Exact : difference.Close ? Verdict.Close
            : Verdict.Wrong, difference.Largest, same ? Places.Index(expected.Shape, difference.At) : [],
            same ? given.Read<double>()[difference.At] : double.NaN,
            same ? expected.Read<double>()[difference.At] : double.NaN, diagnosis);
    }
}
