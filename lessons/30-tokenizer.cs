#:project ../src/ChainRule.Zoo
#:project ../src/ChainRule.Pictures
// Lesson 30: A tokenizer. Byte-pair encoding: the commonest neighbours become one token, again and again; any text goes
// in and comes out the same.
//
// What it is: the algorithm behind GPT's tokens (lecture 8, "Let's build the GPT tokenizer"): train, encode, decode,
// and what it buys: shorter texts against a larger vocabulary. What it is not: OpenAI's vocabulary, or fast; it looks
// through the whole text once for each merge.
//
// 512 tokens on a tenth of Shakespeare take a second or two; --quick learns from less, --full from all of
// it, in about ten seconds.
using System.Text;
using System.Text.RegularExpressions;
using ChainRule.Pictures;
using ChainRule.Zoo.Lectures;

if (!new LessonOptions(args).Ok()) return Lecture.Misused;
if (!Lecture.Has("tinyshakespeare.txt", out string path)) return Lecture.DataMissing;
string all = File.ReadAllText(path);
string text = all[..(args.Contains("--quick") ? 20_000 : args.Contains("--full") ? 1_000_000 : 100_000)];

Console.WriteLine("""
    A network wants whole numbers. Characters make a small vocabulary and long sequences, words a huge vocabulary that
    still misses some. In between: begin with the 256 bytes of UTF-8, which can spell anything, and give the commonest
    pair of neighbours a token of its own. Then again.

    The smallest example, three merges by hand:
    """);
var small = new Tokenizer();
small.Train("aaabdaaabac", vocabulary: 259);
int[] ids = small.Encode("aaabdaaabac");
Lecture.Compare("aaabdaaabac after three merges", "258 100 258 97 99", string.Join(" ", ids));
Console.WriteLine($"11 bytes are {ids.Length} tokens now: "
    + $"{string.Join(", ", small.Merges.Select(merge => $"'{small.Decode([merge.Id])}'"))} got names of their own.");

Console.WriteLine($"\nNow {text.Length:N0} characters of Shakespeare.");
var tokenizer = new Tokenizer();
tokenizer.Train(text, vocabulary: 512);
var firstMerges = tokenizer.Merges.Take(12).Select(merge => Shown(tokenizer.Decode([merge.Id])));
Console.WriteLine($"the first merges: {string.Join(" ", firstMerges)}");
var longest = tokenizer.Merges.Select(merge => tokenizer.Decode([merge.Id])).OrderByDescending(t => t.Length)
    .ThenBy(t => t, StringComparer.Ordinal).Take(6);
Console.WriteLine($"the longest tokens: {string.Join(" ", longest.Select(Shown))}");

string line = "First Citizen: speak, speak.";
int[] encoded = tokenizer.Encode(line);
Console.WriteLine($"\n'{line}' is {line.Length} characters and {encoded.Length} tokens:");
Console.WriteLine(string.Join(" ", encoded.Select(id => Shown(tokenizer.Decode([id])))));

Console.WriteLine("\nThere and back again, for text that it never saw too: bytes can spell everything.");
foreach (string sample in new[]
    { all[^1000..], "", "naïve café, ὅτι, 안녕하세요, 👋🏽!", "  spaces\t\tand\r\nlines\n\n", "{\"json\": [1, 2.50, -3]}" })
{
    string back = tokenizer.Decode(tokenizer.Encode(sample));
    string name = sample.Length == 0 ? "the empty text"
        : sample.Length > 50 ? "the play's last thousand characters" : Shown(sample);
    Console.WriteLine($"{name}: {(back == sample ? "the same" : "NOT the same")}, "
        + $"{Encoding.UTF8.GetByteCount(sample):N0} bytes, {tokenizer.Encode(sample).Length:N0} tokens");
}

Console.WriteLine("\nWhat a larger vocabulary buys: bytes to a token, on text it learnt from and on the last 20,000 "
    + "characters, which it did not see.");
string held = all[^20_000..];
var sizes = new List<double>();
List<double> seen = [], unseen = [];
foreach (int size in new[] { 256, 288, 320, 384, 448, 512 })
{
    var upTo = tokenizer.UpTo(size);
    sizes.Add(size);
    seen.Add((double)Encoding.UTF8.GetByteCount(text) / upTo.Encode(text).Length);
    unseen.Add((double)Encoding.UTF8.GetByteCount(held) / upTo.Encode(held).Length);
    Console.WriteLine($"{size} tokens: {seen[^1]:0.00} bytes to a token, {unseen[^1]:0.00} on unseen text");
}

Console.WriteLine("""

    A balance: with longer tokens a context of 64 reaches further back, but each token is seen less often in training,
    and the last layer grows. And a warning: to a model 'speak' and ' speak' are different tokens, and it never sees the
    letters. Spelling backwards is hard for that reason alone.
    """);

new Page("A tokenizer")
    .Add("Byte-pair encoding buys shorter sequences with a larger vocabulary, ever more slowly.")
    .Add(Chart.Line("Bytes to a token", "size of the vocabulary", "bytes to a token",
        [new("learnt from", seen) { X = sizes }, new("unseen", unseen) { X = sizes }], new() { EndValues = true }))
    .Add(Chart.Bar("How often the first merged pairs occurred", "pair", "count",
        [.. tokenizer.Merges.Take(20).Select(merge => (Shown(tokenizer.Decode([merge.Id])), (double)merge.Count))]))
    .Save("pictures/30-tokenizer.html");
Console.WriteLine("pictures: pictures/30-tokenizer.html");
return 0;

static string Shown(string token) => $"'{token.Replace("\r", "\\r").Replace("\n", "\\n").Replace("\t", "\\t")}'";

readonly record struct Merge(int Left, int Right, int Id, int Count);

sealed class Tokenizer
{
    readonly Dictionary<(int, int), int> _ids = [];
    readonly List<byte[]> _bytes = [.. Enumerable.Range(0, 256).Select(b => new[] { (byte)b })];

    public List<Merge> Merges { get; } = [];

    // Text is cut first, so that no token spans a word and the comma after it: letters, digits and signs stay apart,
    // and a space goes with the word that it precedes.
    static readonly Regex s_pieces = new(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        RegexOptions.Compiled);

    public void Train(string text, int vocabulary)
    {
        // Equal pieces are counted once and remembered with their number.
        var pieces = s_pieces.Matches(text).GroupBy(piece => piece.Value)
            .Select(group => (Ids: Bytes(group.Key), Times: group.Count())).ToArray();
        while (_bytes.Count < vocabulary)
        {
            var counts = new Dictionary<(int, int), int>();
            foreach (var (ids, times) in pieces)
                for (int i = 0; i + 1 < ids.Count; i++)
                    counts[(ids[i], ids[i + 1])] = counts.GetValueOrDefault((ids[i], ids[i + 1])) + times;
            if (counts.Count == 0) break;
            var (pair, count) = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).First();
            Add(new(pair.Item1, pair.Item2, _bytes.Count, count));
            foreach (var (ids, _) in pieces) Replace(ids, Merges[^1]);
        }
    }

    public Tokenizer UpTo(int vocabulary)
    {
        var smaller = new Tokenizer();
        foreach (var merge in Merges.Take(vocabulary - 256)) smaller.Add(merge);
        return smaller;
    }

    public int[] Encode(string text) => [.. s_pieces.Matches(text).SelectMany(piece => Merged(Bytes(piece.Value)))];

    public string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>();
        foreach (int id in ids) bytes.AddRange(_bytes[id]);
        return Encoding.UTF8.GetString([.. bytes]);
    }

    void Add(Merge merge)
    {
        Merges.Add(merge);
        _ids[(merge.Left, merge.Right)] = merge.Id;
        _bytes.Add([.. _bytes[merge.Left], .. _bytes[merge.Right]]);
    }

    // The pair that was learnt first goes first: later tokens are made of earlier ones.
    List<int> Merged(List<int> ids)
    {
        while (true)
        {
            int earliest = int.MaxValue;
            for (int i = 0; i + 1 < ids.Count; i++)
                if (_ids.TryGetValue((ids[i], ids[i + 1]), out int id)) earliest = Math.Min(earliest, id);
            if (earliest == int.MaxValue) return ids;
            Replace(ids, Merges[earliest - 256]);
        }
    }

    static List<int> Bytes(string text) => [.. Encoding.UTF8.GetBytes(text).Select(b => (int)b)];

    static void Replace(List<int> ids, Merge merge)
    {
        int to = 0;
        for (int from = 0; from < ids.Count; from++, to++)
        {
            bool match = from + 1 < ids.Count && ids[from] == merge.Left && ids[from + 1] == merge.Right;
            ids[to] = match ? merge.Id : ids[from];
            if (match) from++;
        }
        ids.RemoveRange(to, ids.Count - to);
    }
}

// expected:
// A network wants whole numbers. Characters make a small vocabulary and long sequences, words a huge vocabulary that
// still misses some. In between: begin with the 256 bytes of UTF-8, which can spell anything, and give the commonest
// pair of neighbours a token of its own. Then again.
//
// The smallest example, three merges by hand:
// aaabdaaabac after three merges: 258 100 258 97 99 | lecture: 258 100 258 97 99 | agrees
// 11 bytes are 5 tokens now: 'aa', 'ab', 'aaab' got names of their own.
//
// Now 20,000 characters of Shakespeare.
// the first merges: ' t' 'he' 'ou' ' a' ' the' ' w' 're' ' s' 'in' 'ha' 'it' ' m'
// the longest tokens: ' Citizen' ' Marcius' 'MENENIUS' 'VIRGILIA' 'VOLUMNIA' 'MARCIUS'
//
// 'First Citizen: speak, speak.' is 28 characters and 11 tokens:
// 'First' ' Citizen' ':' ' s' 'pe' 'ak' ',' ' s' 'pe' 'ak' '.'
//
// There and back again, for text that it never saw too: bytes can spell everything.
// the play's last thousand characters: the same, 1,000 bytes, 583 tokens
// the empty text: the same, 0 bytes, 0 tokens
// 'naïve café, ὅτι, 안녕하세요, 👋🏽!': the same, 49 bytes, 47 tokens
// '  spaces\t\tand\r\nlines\n\n': the same, 22 bytes, 16 tokens
// '{"json": [1, 2.50, -3]}': the same, 23 bytes, 22 tokens
//
// What a larger vocabulary buys: bytes to a token, on text it learnt from and on the last 20,000 characters, which it did not see.
// 256 tokens: 1.00 bytes to a token, 1.00 on unseen text
// 288 tokens: 1.33 bytes to a token, 1.28 on unseen text
// 320 tokens: 1.50 bytes to a token, 1.43 on unseen text
// 384 tokens: 1.75 bytes to a token, 1.60 on unseen text
// 448 tokens: 1.92 bytes to a token, 1.70 on unseen text
// 512 tokens: 2.06 bytes to a token, 1.77 on unseen text
//
// A balance: with longer tokens a context of 64 reaches further back, but each token is seen less often in training,
// and the last layer grows. And a warning: to a model 'speak' and ' speak' are different tokens, and it never sees the
// letters. Spelling backwards is hard for that reason alone.
// pictures: pictures/30-tokenizer.html
