namespace ChainRule.Derivations;

/// <summary>
/// Reads formulas as learners of NumPy and PyTorch write them: assignments, a line each, and loops. An error names the
/// character.
/// </summary>
sealed class FormulaReader
{
    const int DeepestNesting = 100;

    static readonly string[][] s_operators = [["==", "!=", "<", ">", "<=", ">="], ["+", "-"], ["*", "/", "@", "%"]];

    // Modules whose functions are known by their own names.
    static readonly HashSet<string> s_modules = ["torch", "np", "numpy", "F", "nn", "functional", "math"];

    readonly string _text;
    readonly List<Token> _tokens;
    int _at, _depth;

    FormulaReader(string text) => (_text, _tokens) = (text, FormulaTokens.Of(text));

    Token Now => _tokens[_at];

    /// <summary>The lines of a text.</summary>
    public static List<Statement> Read(string text)
    {
        var reader = new FormulaReader(text);
        List<Statement> statements = [];
        while (reader.Now.Kind != TokenKind.End)
            if (!reader.SkipNewLine()) statements.Add(reader.Line(0));
        return statements;
    }

    /// <summary>One formula without a name.</summary>
    public static Expression ReadFormula(string text)
    {
        var reader = new FormulaReader(text);
        while (reader.SkipNewLine()) { }
        var formula = reader.Tuple();
        reader.EndLine();
        while (reader.SkipNewLine()) { }
        if (reader.Now.Kind != TokenKind.End) throw reader.Refuse("one formula is enough here: give others by steps");
        return formula;
    }

    bool SkipNewLine()
    {
        if (Now.Kind != TokenKind.NewLine) return false;
        _at++;
        return true;
    }

    Statement Line(int indent)
    {
        if (Now.Indent >= 0 && Now.Indent != indent)
            throw Refuse(Now.Indent > indent ? "this line is indented, and the line before opens no block"
                : "this line is indented less than its block");
        var first = Now;
        if (Take("for")) return Loop(first, indent);
        var target = Postfix();
        if (target.Kind == Kind.Method && target.Text.EndsWith('_')) return InPlace(target);
        string name = target.Kind == Kind.Name ? target.Text
            : target.Kind == Kind.Index && target.Parts[0].Kind == Kind.Name ? target.Parts[0].Text
            : throw new FormulaException(_text, first.At, "a line gives a value to a name: write name = formula");
        string op = Now.Text;
        if (Now.Kind != TokenKind.Operator || op is not ("=" or "+=" or "-=" or "*=" or "/="))
            throw Refuse($"after '{Printable.Of(name)}' comes {Now}: write = or += and a formula");
        _at++;
        var value = Tuple();
        EndLine();
        return new(name, target.Kind == Kind.Index ? target : null, op, value, first.At);
    }

    Statement Loop(Token first, int indent)
    {
        if (++_depth > DeepestNesting) throw Refuse("the loops are nested too deeply");
        string counter = Name("for counts by a name");
        if (!Take("in")) throw Refuse($"for {counter} is followed by 'in', not by {Now}");
        var over = Formula();
        Expect(":");
        if (!SkipNewLine())
        {
            var only = Line(indent);
            _depth--;
            return new(counter, null, "for", over, first.At, only);
        }
        while (SkipNewLine()) { }
        int inner = Now.Indent;
        if (Now.Kind == TokenKind.End || inner <= indent)
            throw Refuse("the loop has no lines: indent those that belong to it");
        List<Statement> body = [];
        while (Now.Kind != TokenKind.End && (Now.Indent >= inner || Now.Indent < 0)) body.Add(Line(inner));
        _depth--;
        return new(counter, null, "for", over, first.At, [.. body]);
    }

    // x.index_add_(0, i, y) is x[i] += y, and the same is meant by x.add_(y) and its like.
    Statement InPlace(Expression call)
    {
        var target = call.Parts[0];
        if (target.Kind != Kind.Name)
            throw new FormulaException(_text, call.At, "only a name can be changed in place");
        EndLine();
        var arguments = call.Parts[1..];
        (string? op, int count) = call.Text switch
        {
            "add_" => ("+=", 1),
            "sub_" => ("-=", 1),
            "mul_" => ("*=", 1),
            "div_" => ("/=", 1),
            "index_add_" => ("+=", 3),
            _ => (null, 0),
        };
        if (op is null || arguments.Length != count)
            throw new FormulaException(_text, call.At,
                $"'{Printable.Of(call.Text)}' with {arguments.Length} arguments is not known here: write += or x[i] "
                + "+= y");
        if (count == 3 && !arguments[0].Is(Kind.Number, "0"))
            throw new FormulaException(_text, arguments[0].At, "index_add_ adds along axis 0 here");
        return new(target.Text, count == 3 ? new(Kind.Index, "[", call.At, target, arguments[1]) : null, op,
            arguments[^1], target.At);
    }

    Expression Tuple()
    {
        var first = Formula();
        if (!Now.Is(",")) return first;
        List<Expression> parts = [first];
        int at = Now.At;
        while (Take(",")) parts.Add(Formula());
        return new(Kind.Tuple, "(", at, [.. parts]);
    }

    Expression Formula() => Level(0);

    Expression Level(int level)
    {
        if (++_depth > DeepestNesting * 4) throw Refuse("the brackets are nested too deeply");
        var a = level + 1 < s_operators.Length ? Level(level + 1) : Sign();
        while (Now.Kind == TokenKind.Operator && Array.IndexOf(s_operators[level], Now.Text) >= 0)
        {
            var op = _tokens[_at++];
            a = Expression.Binary(op.Text, a, level + 1 < s_operators.Length ? Level(level + 1) : Sign(), op.At);
        }
        _depth--;
        return a;
    }

    Expression Sign()
    {
        var op = Now;
        if (++_depth > DeepestNesting * 4) throw Refuse("the signs are nested too deeply");
        var x = Take("+") ? Sign() : Take("-") || Take("~") ? Expression.Unary(op.Text, Sign(), op.At) : Power();
        _depth--;
        return x;
    }

    Expression Power()
    {
        var x = Postfix();
        var op = Now;
        return Take("**") ? Expression.Binary("**", x, Sign(), op.At) : x;
    }

    Expression Postfix()
    {
        var x = Atom();
        while (true)
        {
            int at = Now.At;
            if (Take("."))
            {
                at = Now.At;
                string name = Name("after '.' comes the name of a method");
                bool module = x.Kind == Kind.Name && s_modules.Contains(x.Text);
                if (Take("("))
                    x = module ? new(Kind.Call, name, at, [.. Arguments(")")])
                        : new(Kind.Method, name, at, [x, .. Arguments(")")]);
                else x = module ? Expression.Name(name, at) : Expression.Attribute(x, name, at);
            }
            else if (x.Kind == Kind.Name && Take("(")) x = new(Kind.Call, x.Text, x.At, [.. Arguments(")")]);
            else if (Take("["))
            {
                List<Expression> parts = Arguments("]");
                if (parts.Count == 0) throw Refuse("an index is empty: say which numbers, or write [:]", at);
                x = new(Kind.Index, "[", at, [x, .. parts]);
            }
            else return x;
        }
    }

    List<Expression> Arguments(string end)
    {
        List<Expression> arguments = [];
        while (!Take(end))
        {
            if (arguments.Count > 0)
            {
                Expect(",");
                if (Take(end)) break;
            }
            arguments.Add(end == "]" ? Place() : Argument());
        }
        return arguments;
    }

    Expression Argument()
    {
        var name = Now;
        if (name.Kind != TokenKind.Name || !_tokens[_at + 1].Is("=")) return Formula();
        _at += 2;
        return new(Kind.Keyword, name.Text, name.At, Formula());
    }

    Expression Place()
    {
        int at = Now.At;
        if (TakeDots()) return Expression.Name("...", at);
        var empty = new Expression(Kind.Empty, "", at);
        var start = Now.Is(":") ? empty : Formula();
        if (!Take(":")) return start;
        var stop = Now.Is(":") || Now.Is(",") || Now.Is("]") ? empty : Formula();
        var step = Take(":") && !Now.Is(",") && !Now.Is("]") ? Formula() : empty;
        return new(Kind.Slice, ":", at, start, stop, step);
    }

    Expression Atom()
    {
        var token = Now;
        if (token.Kind is TokenKind.Number or TokenKind.Name)
        {
            _at++;
            return new(token.Kind == TokenKind.Number ? Kind.Number : Kind.Name,
                token.Kind == TokenKind.Number ? token.Text.Replace("_", "", StringComparison.Ordinal) : token.Text,
                token.At);
        }
        if (Take("["))
            return new(Kind.Tuple, "[", token.At, [.. Arguments("]")]);
        if (TakeDots()) return new(Kind.Hole, "...", token.At);
        if (!Take("(")) throw Refuse($"a number, a name or '(' is missing before {token}");
        if (Take(")")) return new(Kind.Tuple, "(", token.At);
        var inner = Formula();
        if (!Now.Is(","))
        {
            Expect(")");
            return inner;
        }
        List<Expression> parts = [inner];
        while (Take(",") && !Now.Is(")")) parts.Add(Formula());
        Expect(")");
        return new(Kind.Tuple, "(", token.At, [.. parts]);
    }

    bool TakeDots()
    {
        if (!Now.Is(".") || !_tokens[_at + 1].Is(".") || !_tokens[_at + 2].Is(".")) return false;
        _at += 3;
        return true;
    }

    bool Take(string text)
    {
        if (!Now.Is(text)) return false;
        _at++;
        return true;
    }

    void Expect(string text)
    {
        if (!Take(text)) throw Refuse($"'{text}' is missing before {Now}");
    }

    string Name(string what)
    {
        if (Now.Kind != TokenKind.Name) throw Refuse($"{what}, not {Now}");
        return _tokens[_at++].Text;
    }

    void EndLine()
    {
        if (!SkipNewLine() && !Take(";") && Now.Kind != TokenKind.End)
            throw Refuse($"{Now} does not belong to this formula: an operator is missing before it, or the line "
                + "should end");
    }

    FormulaException Refuse(string sentence, int at = -1) => new(_text, at < 0 ? Now.At : at, sentence);
}
