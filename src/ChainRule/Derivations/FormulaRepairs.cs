namespace ChainRule.Derivations;

/// <summary>A change of a formula that may take a mistake back.</summary>
readonly record struct Repair(Mistake Mistake, string Sentence, Expression Formula);

/// <summary>
/// Tries small changes of a wrong step's formulas, one at a time, until the gradient is right: what was changed is the
/// mistake.
/// </summary>
static class FormulaRepairs
{
    // How many changes are tried depends on how large the tensors are.
    const long MostNumbers = 200_000_000;
    const int Least = 100, Most = 6_000, MostAfterFirst = 400;

    /// <summary>What explains a wrong step: what its numbers show, with the formula as it should be.</summary>
    /// <param name="breaks">Whether a line's change makes another step wrong that is computed by the same line.</param>
    public static NamedMistake Diagnose(WrongGradient wrong, NamedMistake? shown, GivenStep step,
        Dictionary<string, object?> known, Func<Statement, Statement, bool> breaks)
    {
        NamedMistake? first = null;
        int tries = 0, most = (int)Math.Clamp(MostNumbers / Math.Max(1, Numbers(step, known)), Least, Most);
        foreach (var (repair, lines, changed) in Changes(wrong, step, known))
        {
            if (++tries > most) break;
            if (!IsRight(wrong, step, lines, known) || Line(step, lines) is var (line, by) && breaks(line, by))
                continue;
            var found = new NamedMistake(repair.Mistake, repair.Sentence, changed.ToString());
            if (shown is null || Tells(found.Mistake, shown.Mistake)) return found;
            if (found.Mistake == shown.Mistake) return shown with { Corrected = found.Corrected };
            if (first is null) most = Math.Min(most, tries + MostAfterFirst);
            first ??= found;
        }
        return shown is not null ? shown with { Corrected = first?.Corrected }
            : new(Mistake.Unexplained, "none of the mistakes that were tried explains it alone");
    }

    static (Statement Line, Statement By) Line(GivenStep step, List<(string Text, Statement Line)> lines)
    {
        int at = lines.FindIndex(one => !step.Lines.Exists(old => ReferenceEquals(old.Line, one.Line)));
        return (step.Lines[at].Line, lines[at].Line);
    }

    // The formula shows more than the numbers do.
    static bool Tells(Mistake formula, Mistake numbers) => formula switch
    {
        Mistake.Overwritten => numbers is Mistake.MissingUse or Mistake.ExtraUse,
        Mistake.MeanForSum => numbers is Mistake.ExtraFactor,
        Mistake.ExtraFactor => numbers is Mistake.MissingFactor or Mistake.ExtraUse,
        Mistake.MissingFactor => numbers is Mistake.ExtraFactor,
        Mistake.WrongAxis => numbers is Mistake.MissingSum or Mistake.ExtraSum,
        Mistake.MissingSum => numbers is Mistake.SoftmaxJacobian,
        Mistake.MissingMean => numbers is Mistake.MissingLocalDerivative or Mistake.ExtraFactor,
        Mistake.WrongExponent or Mistake.InvertedFactor or Mistake.WrongMask => numbers is not Mistake.Sign,
        _ => false,
    };

    static long Numbers(GivenStep step, Dictionary<string, object?> known) => step.Lines
        .SelectMany(line => line.Line.Read()).Distinct()
        .Sum(name => known.TryGetValue(name, out object? value) && value is Tensor x ? (long)x.Count * 4 : 10);

    static bool IsRight(WrongGradient wrong, GivenStep step, List<(string Text, Statement Line)> lines,
        Dictionary<string, object?> known)
    {
        Dictionary<string, object?> values = new(known);
        try
        {
            foreach (var (text, line) in lines) new FormulaRunner(text, values).Run(line);
            return values.TryGetValue(step.Name, out object? value) && value is Tensor x && wrong.IsRight(x);
        }
        catch (FormulaException)
        {
            return false;
        }
    }

    static IEnumerable<(Repair Repair, List<(string Text, Statement Line)> Lines, Statement Changed)> Changes(
        WrongGradient wrong, GivenStep step, Dictionary<string, object?> known)
    {
        var places = Places(step.Lines).ToList();
        foreach (var (line, replace) in places)
        {
            foreach (string op in (string[])["+=", "=", "-="])
            {
                if (op == line.Op || line.Op is "*=" or "/=") continue;
                var changed = line with { Op = op };
                var mistake = op == "+=" && line.Op == "=" ? Mistake.Overwritten
                    : op == "=" ? Mistake.ExtraUse : Mistake.Sign;
                yield return (new(mistake, mistake switch
                {
                    Mistake.Overwritten => $"'{line.Target}' is overwritten by '=': what came from other uses is lost: "
                        + "accumulate with '+='",
                    Mistake.ExtraUse => $"'{line.Op}' adds to what '{line.Target}' held before: begin with '='",
                    _ => $"'{line.Op}' has the wrong sign",
                }, line.Value), replace(changed), changed);
            }
        }
        foreach (var edit in FormulaEdits.Kinds)
        {
            foreach (var (line, replace) in places)
            {
                foreach (var repair in edit(line.Value, new(wrong, known)))
                {
                    var changed = line with { Value = repair.Formula };
                    yield return (repair, replace(changed), changed);
                }
            }
        }
    }

    /// <summary>Every assignment, and what makes all lines anew with it replaced.</summary>
    static IEnumerable<(Statement Line, Func<Statement, List<(string Text, Statement Line)>> Replace)> Places(
        List<(string Text, Statement Line)> lines)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            int at = i;
            foreach (var (line, replace) in Inside(lines[i].Line))
                yield return (line, by =>
                {
                    List<(string, Statement)> all = [.. lines];
                    all[at] = (lines[at].Text, replace(by));
                    return all;
                });
        }
    }

    static IEnumerable<(Statement Line, Func<Statement, Statement> Replace)> Inside(Statement line)
    {
        if (!line.IsLoop) yield return (line, static by => by);
        for (int i = 0; i < line.Body.Length; i++)
        {
            int at = i;
            foreach (var (inner, replace) in Inside(line.Body[i]))
                yield return (inner, by =>
                {
                    Statement[] body = [.. line.Body];
                    body[at] = replace(by);
                    return line with { Body = body };
                });
        }
    }
}
