using System.Globalization;

namespace ChainRule.Cli;

/// <summary>
/// A formula of numbers, such as <c>tanh(x1*w1 + b)</c>, computed with tensors of one number: + − * / and powers,
/// parentheses, functions. Every part of it has its own text as a name.
/// </summary>
sealed class ScalarExpression
{
    static readonly Dictionary<string, Func<Tensor, Tensor>> s_functions = new()
    {
        ["tanh"] = x => x.Tanh(), ["sigmoid"] = x => x.Sigmoid(), ["relu"] = x => x.Relu(), ["exp"] = x => x.Exp(),
        ["log"] = x => x.Log(), ["ln"] = x => x.Log(), ["sqrt"] = x => x.Sqrt(), ["sin"] = x => x.Sin(),
        ["cos"] = x => x.Cos(), ["abs"] = x => x.Abs(),
    };

    // Deeper parentheses are no formula that somebody reads.
    const int Deepest = 200;

    readonly string _text;
    readonly IReadOnlyDictionary<string, double> _given;
    readonly Dictionary<string, Tensor> _names = [];
    int _at, _depth;

    ScalarExpression(string text, IReadOnlyDictionary<string, double> given) => (_text, _given) = (text, given);

    /// <summary>Computes it.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="given">The number of each name in it.</param>
    /// <returns>The result, and what its parts are called.</returns>
    /// <exception cref="ArgumentException">It is no formula, or a name has no number: the message says
    /// where.</exception>
    public static (Tensor Result, IReadOnlyDictionary<string, Tensor> Names) Read(string text,
        IReadOnlyDictionary<string, double> given)
    {
        var read = new ScalarExpression(text, given);
        var result = read.Sum();
        if (read.Peek() is not '\0') throw read.Wrong(read.Peek() == ')' ? "a parenthesis closes that was not opened"
            : "an operator is missing before it");
        if (given.Keys.FirstOrDefault(name => !read._names.ContainsKey(name)) is { } unused)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"step: {Printable.Of(unused)}={given[unused]}: ")
                + $"there is no {Printable.Of(unused)} in {Printable.Of(text, 80)}: leave it out");
        if (result.IsLeaf)
            throw new ArgumentException($"step: {Printable.Of(text, 80)} computes nothing: give a formula such as "
                + "'tanh(x*w + b)' and the numbers x=2 w=-3 b=1");
        return (result, read._names);
    }

    Tensor Sum()
    {
        int from = Start();
        var sum = Product();
        while (Peek() is '+' or '-')
        {
            char sign = Take();
            var other = Product();
            sum = Named(sign == '+' ? sum + other : sum - other, from);
        }
        return sum;
    }

    Tensor Product()
    {
        int from = Start();
        var product = Signed();
        while (Peek() is '*' or '/')
        {
            char sign = Take();
            var other = Signed();
            product = Named(sign == '*' ? product * other : product / other, from);
        }
        return product;
    }

    Tensor Signed()
    {
        int from = Start();
        if (Peek() != '-') return Power();
        Take();
        return Nested(() => Named(-Signed(), from));
    }

    // a^b^c is a^(b^c), and −a^b is −(a^b).
    Tensor Power()
    {
        int from = Start();
        var x = Atom();
        if (Peek() != '^' && !(Peek() == '*' && _at + 1 < _text.Length && _text[_at + 1] == '*')) return x;
        if (Take() == '*') Take();
        var exponent = Nested(Signed);
        return Named(exponent.RequiresGrad ? x.Pow(exponent) : x.Pow(exponent.Item()), from);
    }

    Tensor Atom()
    {
        int from = Start();
        char c = Peek();
        if (c == '(')
        {
            Take();
            var inside = Nested(Sum);
            Close(from);
            return inside;
        }
        if (char.IsAsciiDigit(c) || c == '.') return Number();
        if (!char.IsLetter(c) && c != '_')
            throw Wrong(c == '\0' ? "the formula ends where a number or a name should follow"
                : "a number, a name or a parenthesis should stand here");
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] == '_')) _at++;
        string name = _text[from.._at];
        if (Peek() != '(') return Leaf(name, from);
        if (!s_functions.TryGetValue(name, out var function))
        {
            _at = from;
            throw Wrong($"there is no function '{Printable.Of(name)}': take {string.Join(", ", s_functions.Keys)}");
        }
        int open = _at;
        Take();
        var argument = Nested(Sum);
        Close(open);
        return Named(function(argument), from);
    }

    Tensor Number()
    {
        int from = _at;
        Digits();
        // 1e-3: a power of ten belongs to the number.
        if (_at < _text.Length && _text[_at] is 'e' or 'E')
        {
            int sign = _at + 1 < _text.Length && _text[_at + 1] is '+' or '-' ? 2 : 1;
            if (_at + sign < _text.Length && char.IsAsciiDigit(_text[_at + sign]))
            {
                _at += sign;
                Digits();
            }
        }
        if (double.TryParse(_text[from.._at], NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return Named(Tensor.Scalar(number, DType.Float64), from);
        _at = from;
        throw Wrong(double.IsInfinity(number) ? "this number is too large" : "this is no number");

        void Digits()
        {
            while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.')) _at++;
        }
    }

    Tensor Leaf(string name, int from)
    {
        if (_names.TryGetValue(name, out var known)) return known;
        if (_given.TryGetValue(name, out double number))
            return _names[name] = Tensor.Scalar(number, DType.Float64).RequireGrad();
        _at = from;
        throw Wrong($"'{Printable.Of(name)}' has no number: give {Printable.Of(name)}=NUMBER");
    }

    void Close(int open)
    {
        if (Peek() == ')')
        {
            Take();
            return;
        }
        if (Peek() == '\0') _at = open;
        throw Wrong(Peek() == '(' && _at == open ? "this parenthesis is not closed" : "a ) should stand here");
    }

    Tensor Nested(Func<Tensor> part)
    {
        if (++_depth > Deepest) throw Wrong($"it is nested more than {Deepest} deep");
        var found = part();
        _depth--;
        return found;
    }

    // The same text is the same part: tanh(x)*tanh(x) takes one number twice.
    Tensor Named(Tensor x, int from)
    {
        string text = _text[from.._at].Trim();
        return _names.TryGetValue(text, out var known) ? known : _names[text] = x;
    }

    int Start()
    {
        Peek();
        return _at;
    }

    /// <summary>The next character that is no blank; \0 at the end.</summary>
    char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    char Take() => _text[_at++];

    ArgumentException Wrong(string why) => new($"step: {Printable.Of(_text, 80)}: character {_at + 1}"
        + $"{(_at < _text.Length ? $", '{Printable.Of(_text[_at].ToString())}'" : "")}: {why}");
}
