namespace ChainRule.Zoo.Programs;

/// <summary>Reads a <see cref="ScalarProgram"/>, and computes it on the way.</summary>
sealed partial class ScalarProgramReader(string text, IReadOnlyDictionary<string, double> given,
    IReadOnlyDictionary<string, double> nudges)
{
    static readonly Dictionary<string, Func<Tensor, Tensor>> s_functions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tanh"] = x => x.Tanh(), ["sigmoid"] = x => x.Sigmoid(), ["relu"] = x => x.Relu(), ["exp"] = x => x.Exp(),
        ["log"] = x => x.Log(), ["ln"] = x => x.Log(), ["sqrt"] = x => x.Sqrt(), ["sin"] = x => x.Sin(),
        ["cos"] = x => x.Cos(), ["abs"] = x => x.Abs(),
    };

    // Deeper parentheses are no formula that somebody reads, nor are longer programs.
    const int Deepest = 200, MostNodes = 1000;

    readonly bool _semicolons = text.Split('\n').Any(line =>
        line.Split("//")[0].Split('#')[0].Contains(';', StringComparison.Ordinal));
    readonly HashSet<string> _assigned = [];
    // The end is that of the last word, number or sign: blanks and comments may follow it.
    int _at, _end, _depth, _open;
    // The first name without a number is said when the formula itself is right.
    ScalarProgramException? _missing;

    /// <summary>All numbers, each behind its inputs.</summary>
    public List<ScalarNode> Nodes { get; } = [];

    /// <summary>The numbers by their texts and names.</summary>
    public Dictionary<string, ScalarNode> Names { get; } = [];

    /// <summary>All statements; the last one's number.</summary>
    public ScalarNode Program()
    {
        ScalarNode? result = null;
        while (true)
        {
            while (Peek() is '\n' or ';') Take();
            if (Peek() == '\0' && result is not null) return _missing is null ? result : throw _missing;
            result = Statement();
            if (Peek() is not ('\0' or '\n' or ';'))
                throw Wrong(Peek() == ')' ? "a parenthesis closes that was not opened"
                    : "an operator is missing before it");
        }
    }

    ScalarNode Statement()
    {
        Peek();
        int begin = _at;
        string word = Word();
        if (word is "var" or "double" && (char.IsLetter(Peek()) || Peek() == '_'))
        {
            begin = _at;
            word = Word();
        }
        if (word.Length == 0 || Peek() != '=')
        {
            _at = begin;
            return Sum();
        }
        if (Names.ContainsKey(word) || given.ContainsKey(word))
        {
            _at = begin;
            if (_missing is not null) throw _missing;
            throw Wrong($"'{Printable.Of(word)}' has a value already: choose another name");
        }
        Take();
        int from = Start();
        var value = Assigned(word, from) ?? Sum();
        // What has a name of its own keeps it: in b = a, both are a.
        if (value.Op.Length > 0 && _assigned.Add(value.Name)) _assigned.Add(value.Name = word);
        return Names[word] = value;
    }

    // A number alone, with or without a sign, is a parameter.
    ScalarNode? Assigned(string word, int from)
    {
        bool minus = Peek() == '-';
        if (minus) Take();
        Peek();
        if (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.'))
        {
            double number = Digits();
            int to = _at;
            if (Peek() is '\0' or '\n' or ';')
            {
                var leaf = Tensor.Scalar((minus ? -number : number) + nudges.GetValueOrDefault(word), DType.Float64);
                return Added(new(word, "", leaf.RequireGrad(), from, to));
            }
        }
        _at = from;
        return null;
    }

    ScalarNode Sum()
    {
        int from = Start();
        var sum = Product();
        while (Peek() is '+' or '-')
        {
            char sign = Take();
            var other = Product();
            sum = sign == '+' ? Op("+", from, static x => x[0] + x[1], sum, other)
                : Op("-", from, static x => x[0] - x[1], sum, other);
        }
        return sum;
    }

    ScalarNode Product()
    {
        int from = Start();
        var product = Signed();
        while (Peek() is '*' or '/')
        {
            char sign = Take();
            var other = Signed();
            product = sign == '*' ? Op("*", from, static x => x[0] * x[1], product, other)
                : Op("/", from, static x => x[0] / x[1], product, other);
        }
        return product;
    }

    ScalarNode Signed()
    {
        int from = Start();
        if (Peek() != '-') return Power();
        Take();
        return Nested(() => Op("-", from, static x => -x[0], Signed()));
    }

    // a^b^c is a^(b^c), and −a^b is −(a^b).
    ScalarNode Power()
    {
        int from = Start();
        var x = Atom();
        if (Peek() is '²' or '³')
        {
            int sign = _at;
            string exponent = Take() == '²' ? "2" : "3";
            var whole = Names.GetValueOrDefault(exponent) ?? Added(new(exponent, "",
                Tensor.Scalar(exponent[0] - '0', DType.Float64), sign, _at));
            return Raised(x, whole, from);
        }
        if (Peek() != '^' && !(Peek() == '*' && _at + 1 < text.Length && text[_at + 1] == '*')) return x;
        if (Take() == '*') Take();
        return Raised(x, Nested(Signed), from);
    }

    ScalarNode Raised(ScalarNode x, ScalarNode exponent, int from) => exponent.Number.RequiresGrad
        ? Op("^", from, static x => x[0].Pow(x[1]), x, exponent)
        : Op("^", from, static x => x[0].Pow(x[1].Item()), x, exponent);

    ScalarNode Atom()
    {
        int from = Start();
        char c = Peek();
        if (c == '(')
        {
            Take();
            var inside = Inside();
            Close(from);
            return inside;
        }
        if (char.IsAsciiDigit(c) || c == '.')
        {
            double number = Digits();
            return Known(from) ?? Added(new(Text(from), "", Tensor.Scalar(number, DType.Float64), from, _at));
        }
        string name = Word();
        if (name.Length == 0)
            throw Wrong(c is '\0' or '\n' or ';' ? "the formula ends where a number or a name should follow"
                : "a number, a name or a parenthesis should stand here");
        if (name is "Math" or "Double" or "double" && Peek() == '.')
        {
            Take();
            name = Word();
        }
        if (Peek() != '(') return Leaf(name, from);
        bool isPower = name.Equals("pow", StringComparison.OrdinalIgnoreCase);
        if (!s_functions.TryGetValue(name, out var function) && !isPower)
        {
            _at = from;
            throw Wrong($"there is no function '{Printable.Of(name)}': take {string.Join(", ", s_functions.Keys)}, "
                + "pow");
        }
        int open = _at;
        Take();
        var argument = Inside();
        ScalarNode? exponent = null;
        if (isPower)
        {
            if (Peek() != ',') throw Wrong("pow takes two numbers: a comma and the exponent should stand here");
            Take();
            exponent = Inside();
        }
        Close(open);
        return exponent is not null ? Raised(argument, exponent, from)
            : Op(name.ToLowerInvariant(), from, x => function!(x[0]), argument);
    }

    ScalarNode Leaf(string name, int from)
    {
        if (Names.TryGetValue(name, out var known)) return known;
        if (given.TryGetValue(name, out double number))
            return Names[name] = Added(new(name, "", Tensor.Scalar(number, DType.Float64).RequireGrad(), from, _at));
        int to = _at;
        _at = from;
        if (s_functions.ContainsKey(name))
            throw Wrong($"{Printable.Of(name)} is a function: write {name.ToLowerInvariant()}({Argument(to)})");
        _missing ??= Wrong($"'{Printable.Of(name)}' has no number: give {Printable.Of(name)}=NUMBER");
        _at = to;
        return Names[name] = Added(new(name, "", Tensor.Scalar(1.0, DType.Float64).RequireGrad(), from, to));
    }

    // Within parentheses a line goes on.
    ScalarNode Inside()
    {
        _open++;
        var inside = Nested(Sum);
        Peek();
        _open--;
        return inside;
    }

    void Close(int open)
    {
        if (Peek() == ')')
        {
            Take();
            return;
        }
        if (Peek() is '\0' or ';') _at = open;
        throw Wrong(_at == open ? "this parenthesis is not closed" : "a ) should stand here");
    }

    ScalarNode Nested(Func<ScalarNode> part)
    {
        if (++_depth > Deepest) throw Wrong($"it is nested more than {Deepest} deep");
        var found = part();
        _depth--;
        return found;
    }

    ScalarNode Op(string op, int from, Func<Tensor[], Tensor> compute, params ScalarNode[] inputs) => Known(from)
        ?? Added(new(Text(from), op, compute([.. inputs.Select(x => x.Number)]), from, _end, inputs, compute));

    // The same text is the same part: tanh(x)*tanh(x) takes one number twice.
    ScalarNode? Known(int from) => Names.GetValueOrDefault(Text(from));

    ScalarNode Added(ScalarNode node)
    {
        if (Nodes.Count >= MostNodes) throw Wrong($"it computes more than {MostNodes:N0} numbers");
        Nodes.Add(node);
        Names.TryAdd(node.Name, node);
        return node;
    }

    string Text(int from) => text[from.._end];
}
