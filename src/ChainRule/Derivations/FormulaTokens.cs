using System.Text;
using System.Text.RegularExpressions;

namespace ChainRule.Derivations;

/// <summary>What a character or a few of them are to the reader of formulas.</summary>
enum TokenKind
{
    Number,
    Name,
    Operator,
    NewLine,
    End,
}

/// <param name="Indent">Of the first of a line: how far it is indented.</param>
readonly record struct Token(TokenKind Kind, string Text, int At, int Indent)
{
    public bool Is(string text) => Kind is TokenKind.Operator or TokenKind.Name && Text == text;

    /// <summary>As errors name it.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.NewLine => "the end of the line",
        TokenKind.End => "the end",
        _ => $"'{Printable.Of(Text, 20)}'",
    };
}

/// <summary>
/// Cuts the text of formulas into numbers, names and operators; a line ends where no bracket is open.
/// </summary>
static partial class FormulaTokens
{
    public static List<Token> Of(string text)
    {
        List<Token> tokens = [];
        var open = new Stack<Token>();
        int at = 0, indent = 0;
        bool begins = true;
        while (at < text.Length)
        {
            var match = Piece().Match(text, at);
            string piece = match.Value;
            switch (piece.Length == 0 ? '\0' : piece[0])
            {
                case '\0':
                    string shown = Rune.TryGetRuneAt(text, at, out var rune) ? rune.ToString() : text[at..(at + 1)];
                    throw new FormulaException(text, at, $"'{Printable.Of(shown)}' is no character of a "
                        + "formula: write numbers, names, + - * / @ ** and brackets");
                case '\n':
                    if (!begins && open.Count == 0) tokens.Add(new(TokenKind.NewLine, "", at, 0));
                    if (open.Count == 0) (begins, indent) = (true, 0);
                    break;
                case ' ' or '\t' or '\r' or '\\':
                    if (begins) indent = piece.Length;
                    break;
                case '#':
                    break;
                default:
                    var token = new Token(
                        char.IsAsciiDigit(piece[^1]) && !char.IsLetter(piece[0]) && piece[0] != '_'
                            || char.IsAsciiDigit(piece[0]) ? TokenKind.Number
                        : char.IsLetter(piece[0]) || piece[0] == '_' ? TokenKind.Name : TokenKind.Operator,
                        piece, at, begins ? indent : -1);
                    Bracket(text, token, open);
                    tokens.Add(token);
                    begins = false;
                    break;
            }
            at += piece.Length;
        }
        if (open.TryPop(out var bracket))
            throw new FormulaException(text, bracket.At, $"this '{bracket.Text}' is never closed");
        tokens.Add(new(TokenKind.NewLine, "", text.Length, 0));
        tokens.Add(new(TokenKind.End, "", text.Length, 0));
        return tokens;
    }

    static void Bracket(string text, Token token, Stack<Token> open)
    {
        if (token.Text is "(" or "[") open.Push(token);
        if (token.Text is not (")" or "]")) return;
        string expected = token.Text == ")" ? "(" : "[";
        if (!open.TryPop(out var bracket))
            throw new FormulaException(text, token.At, $"'{token.Text}' closes what was never opened");
        if (bracket.Text != expected)
            throw new FormulaException(text, token.At,
                $"'{token.Text}' closes a '{bracket.Text}': write '{(bracket.Text == "(" ? ")" : "]")}'");
    }

    [GeneratedRegex(@"\G(\n|[ \t\r]+|\\(?=\r?\n)|\#[^\n]*|(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d+)?|[\p{L}_][\p{L}\p{N}_]*"
        + @"|\*\*=?|[-+*/@]=|[<>=!]=|[-+*/@%()\[\],.:=<>~;])")]
    private static partial Regex Piece();
}
