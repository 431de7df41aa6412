using System.Globalization;
using ChainRule.Zoo.Settings;

namespace ChainRule.Lab.Runs;

/// <summary>
/// Which runs are shown: <c>model = gpt and valLoss &lt; 2.1</c>. A comparison is a column, an operator
/// (<c>= != &lt; &lt;= &gt; &gt;= ~</c>, of which <c>~</c> says that a text holds another) and a value; comparisons are
/// joined by <c>and</c>, which may be left out, <c>or</c>, <c>not</c> and parentheses. A word alone is looked for in
/// names. What holds blanks stands in quotes. A run that lacks the value fits no comparison but <c>!=</c>.
/// </summary>
static class RunFilter
{
    const int LongestText = 2000, Deepest = 50;

    /// <summary>The filter that a text says.</summary>
    /// <param name="text">The text; empty to show all.</param>
    /// <param name="columns">The columns there are.</param>
    /// <exception cref="ArgumentException">It is no filter.</exception>
    public static Func<RunEntry, bool> Parse(string? text, IReadOnlyList<string> columns)
    {
        Throw.IfNull(columns, "filter");
        if (string.IsNullOrWhiteSpace(text)) return _ => true;
        if (text.Length > LongestText)
            throw new ArgumentException($"filter: it has {text.Length:N0} characters: give at most {LongestText:N0}");
        var parser = new Parser(FilterTokens.Of(text), columns);
        return parser.Whole();
    }

    sealed class Parser(IReadOnlyList<FilterToken> tokens, IReadOnlyList<string> columns)
    {
        int _at, _depth;

        FilterToken Now => tokens[_at];

        public Func<RunEntry, bool> Whole()
        {
            var all = Or();
            return Now.Kind == FilterTokenKind.End ? all
                : throw Refused($"'{Printable.Of(Now.Text, 40)}' is not expected here: remove it, or join it by and");
        }

        Func<RunEntry, bool> Or()
        {
            var left = And();
            while (Skip("or"))
            {
                var (one, other) = (left, And());
                left = run => one(run) || other(run);
            }
            return left;
        }

        Func<RunEntry, bool> And()
        {
            var left = Not();
            while (Skip("and") || Now.Kind is not (FilterTokenKind.End or FilterTokenKind.Close) && !Is("or"))
            {
                var (one, other) = (left, Not());
                left = run => one(run) && other(run);
            }
            return left;
        }

        Func<RunEntry, bool> Not()
        {
            if (++_depth > Deepest) throw Refused($"it is nested more than {Deepest} times: make it simpler");
            Func<RunEntry, bool> result;
            if (Skip("not"))
            {
                var inner = Not();
                result = run => !inner(run);
            }
            else if (Now.Kind == FilterTokenKind.Open)
            {
                _at++;
                result = Or();
                if (Now.Kind != FilterTokenKind.Close) throw Refused("a parenthesis is not closed: add a ')'");
                _at++;
            }
            else result = Comparison();
            _depth--;
            return result;
        }

        Func<RunEntry, bool> Comparison()
        {
            var name = Word("the name of a column, or a word to look for in names");
            if (Now.Kind != FilterTokenKind.Operator)
                return run => run.Name.Contains(name.Text, StringComparison.OrdinalIgnoreCase);
            string sign = tokens[_at++].Text, column = Column(name.Text), value = Word("a value").Text;
            bool isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
            return sign switch
            {
                "=" or "==" => run => IsEqual(run[column]),
                "!=" => run => !IsEqual(run[column]),
                "~" => run => run[column] is { IsEmpty: false } cell
                    && cell.ToString().Contains(value, StringComparison.OrdinalIgnoreCase),
                _ when !isNumber => throw Refused($"{column} {sign} {Printable.Of(value, 40)}: this compares "
                    + "numbers: give one, or use = or ~"),
                "<" => run => run[column].Number < number,
                "<=" => run => run[column].Number <= number,
                ">" => run => run[column].Number > number,
                _ => run => run[column].Number >= number,
            };

            bool IsEqual(Cell cell) => !cell.IsEmpty && (isNumber && cell.IsNumber ? cell.Number.Equals(number)
                : cell.ToString().Equals(value, StringComparison.OrdinalIgnoreCase));
        }

        string Column(string name)
        {
            string plain = Plain(name);
            string? found = columns.FirstOrDefault(one => one == name) ?? columns.FirstOrDefault(
                one => Plain(one) == plain);
            if (found is not null) return found;
            string meant = Nearest.To(name, columns) is { } near ? $"did you mean {near}?"
                : "choose one of the table's columns";
            throw Refused($"'{Printable.Of(name, 40)}' is no setting and no metric of these runs: {meant}");
        }

        static string Plain(string name) => Nearest.Plain(name).Replace(" ", "", StringComparison.Ordinal);

        FilterToken Word(string wanted) => Now.Kind is FilterTokenKind.Word or FilterTokenKind.Quoted ? tokens[_at++]
            : throw Refused((Now.Kind == FilterTokenKind.End ? "the end" : $"'{Printable.Of(Now.Text, 40)}'")
                + $" stands where {wanted} is expected");

        bool Is(string word) => Now.Kind == FilterTokenKind.Word
            && Now.Text.Equals(word, StringComparison.OrdinalIgnoreCase);

        bool Skip(string word)
        {
            if (!Is(word)) return false;
            _at++;
            return true;
        }
    }

    internal static ArgumentException Refused(string why) => new($"filter: {why}");
}
