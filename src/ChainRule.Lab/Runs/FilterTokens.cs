namespace ChainRule.Lab.Runs;

enum FilterTokenKind
{
    Word,
    Quoted,
    Operator,
    Open,
    Close,
    End,
}

readonly record struct FilterToken(FilterTokenKind Kind, string Text);

/// <summary>The words, operators and parentheses of a filter.</summary>
static class FilterTokens
{
    const string Operators = "<>=!~";

    /// <summary>All of them, and the end.</summary>
    /// <exception cref="ArgumentException">A quote is not closed, or an operator is none.</exception>
    public static List<FilterToken> Of(string text)
    {
        List<FilterToken> tokens = [];
        for (int i = 0; i < text.Length;)
        {
            char c = text[i];
            int from = i;
            if (char.IsWhiteSpace(c)) i++;
            else if (c is '(' or ')')
            {
                tokens.Add(new(c == '(' ? FilterTokenKind.Open : FilterTokenKind.Close, $"{c}"));
                i++;
            }
            else if (c is '"' or '\'')
            {
                int end = text.IndexOf(c, i + 1);
                if (end < 0) throw RunFilter.Refused($"a quote is not closed: add a {c}");
                tokens.Add(new(FilterTokenKind.Quoted, text[(i + 1)..end]));
                i = end + 1;
            }
            else if (Operators.Contains(c))
            {
                while (i < text.Length && Operators.Contains(text[i])) i++;
                string sign = text[from..i];
                if (sign is not ("=" or "==" or "!=" or "<" or "<=" or ">" or ">=" or "~"))
                    throw RunFilter.Refused($"'{sign}' is no operator: use one of = != < <= > >= ~");
                tokens.Add(new(FilterTokenKind.Operator, sign));
            }
            else
            {
                while (i < text.Length && !char.IsWhiteSpace(text[i]) && !Operators.Contains(text[i])
                    && text[i] is not ('(' or ')' or '"' or '\'')) i++;
                tokens.Add(new(FilterTokenKind.Word, text[from..i]));
            }
        }
        tokens.Add(new(FilterTokenKind.End, ""));
        return tokens;
    }
}
