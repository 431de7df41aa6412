namespace ChainRule.Derivations;

/// <summary>Changes of sums and means: over which axis, whether it is kept, and of what.</summary>
static class SumEdits
{
    const int MostAxes = 4;

    public static IEnumerable<Repair> Of(Expression formula, EditContext context) =>
        Present(formula).Concat(Missing(formula)).Concat(OfFactor(formula)).Concat(Copied(formula, context));

    static IEnumerable<Repair> Present(Expression formula)
    {
        foreach (var (node, replace) in formula.Nodes())
        {
            if (node.Kind is not (Kind.Method or Kind.Call) || node.Text is not ("sum" or "mean")
                || node.Parts.Length == 0) continue;
            string quoted = FormulaEdits.Quoted(node);
            var of = node.Parts[0];
            bool kept = node.Parts.Any(part => part.Kind == Kind.Keyword
                && part.Text is "keepdim" or "keepdims" && part.Parts[0].Text is "True" or "1")
                || node.Parts.Length > 2 && node.Parts[2].Text is "True" or "1";
            var axis = node.Parts.Skip(1).Select(part => part.Kind == Kind.Keyword && part.Text is "dim" or "axis"
                ? part.Parts[0] : part).FirstOrDefault(part => part.Kind != Kind.Keyword);
            if (axis is not null)
            {
                var other = (Expression)new(Kind.Method, node.Text, node.At, of, axis,
                    new(Kind.Keyword, "keepdim", -1, Expression.Name(kept ? "False" : "True")));
                yield return new(Mistake.KeepDim, kept ? $"{quoted} keeps an axis of size 1 that should go"
                    : $"{quoted} loses an axis: keep it (keepdim=True)", replace(other));
            }
            yield return new(Mistake.MeanForSum, $"a {node.Text} stands where a {Other(node.Text)} belongs: {quoted}",
                replace(node with { Text = Other(node.Text) }));
            foreach (int instead in Enumerable.Range(0, MostAxes))
                foreach (bool keep in (bool[])[kept, !kept])
                    yield return new(Mistake.WrongAxis, $"{quoted} runs over the wrong axis: {instead} is the one",
                        replace(Expression.Sums(of, instead, keep) with { Text = node.Text }));
            if (axis is not null)
                yield return new(Mistake.WrongAxis, $"{quoted} should run over all axes",
                    replace(new(Kind.Method, node.Text, node.At, of)));
            yield return new(Mistake.ExtraSum, $"the {node.Text} in {quoted} should not be there", replace(of));
        }
    }

    static IEnumerable<Repair> Missing(Expression formula)
    {
        foreach (var (node, replace) in FormulaEdits.Terms(formula))
        {
            string sentence = $"a sum over an axis that was broadcast is missing: of {FormulaEdits.Quoted(node)}";
            foreach (int axis in Enumerable.Range(0, MostAxes))
                foreach (bool keep in (bool[])[false, true])
                    yield return new(Mistake.MissingSum, sentence, replace(Expression.Sums(node, axis, keep)));
            yield return new(Mistake.MissingSum, sentence,
                replace(new(Kind.Method, "sum", node.At, node, new Expression(Kind.Tuple, "(", -1, Expression.Number(0),
                    Expression.Number(1)))));
            yield return new(Mistake.MissingSum, sentence, replace(new(Kind.Method, "sum", node.At, node)));
        }
    }

    static IEnumerable<Repair> Copied(Expression formula, EditContext context)
    {
        if (context.Wrong.Called(context.Wrong.X) is not { } name) yield break;
        var ones = new Expression(Kind.Call, "ones_like", -1, Expression.Name(name));
        yield return new(Mistake.MissingBroadcast, $"{FormulaEdits.Quoted(formula)} is not copied to all numbers of "
            + $"{name}", Expression.Binary("*", formula, ones));
    }

    // a · Σ b for Σ a b.
    static IEnumerable<Repair> OfFactor(Expression formula)
    {
        foreach (var (node, replace) in formula.Nodes())
        {
            if (node.Kind != Kind.Binary || node.Text is not ("*" or "/")) continue;
            for (int i = 0; i < 2; i++)
            {
                var sum = node.Parts[i];
                if (sum.Kind != Kind.Method || sum.Text is not ("sum" or "mean")) continue;
                var product = node.With(i, sum.Parts[0]);
                yield return new(Mistake.SumOfFactor, $"{FormulaEdits.Quoted(sum)} is the sum of one factor: sum the "
                    + $"product, {FormulaEdits.Quoted(product)}", replace(sum.With(0, product)));
            }
        }
        foreach (var (node, replace) in formula.Nodes())
        {
            if (!node.Is(Kind.Method, "sum") || !node.Parts[0].Is(Kind.Binary, "*")) continue;
            var of = node.Parts[0];
            for (int i = 0; i < 2; i++)
                yield return new(Mistake.SumOfFactor, $"the sum takes in {FormulaEdits.Quoted(of.Parts[1 - i])}, which "
                    + "belongs outside", replace(of.With(i, node.With(0, of.Parts[i]))));
        }
    }

    static string Other(string name) => name == "sum" ? "mean" : "sum";
}
