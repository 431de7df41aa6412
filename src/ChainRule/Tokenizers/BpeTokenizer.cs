using System.Buffers;
using System.Text;

namespace ChainRule.Tokenizers;

/// <summary>
/// Byte-level byte pair encoding: texts as the ids of tokens, as GPT-2, GPT-4, Llama 3 and many others read them. A
/// text is cut into pieces (<see cref="TokenPattern"/>), and in each piece pairs of neighbours are merged, the earliest
/// learned first, from single bytes on: any bytes have tokens, and decoding gives them back.
/// <code>
/// var tokenizer = BpeTokenizer.Read("tokenizer.json");
/// int[] ids = tokenizer.Encode("Hello, world");
/// string text = tokenizer.Decode(ids);
/// </code>
/// It does not change once it is made, and may be used by several threads.
/// </summary>
/// <remarks>Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units" (2016); Radford
/// and others, "Language Models are Unsupervised Multitask Learners" (2019), for bytes.</remarks>
public sealed partial class BpeTokenizer
{
    const string Asked = "tokenizer";

    readonly TokenTable _table;
    readonly TokenPairs _pairs;
    readonly PieceMerger _merger;
    readonly PieceSplitter _splitter;
    readonly SortedDictionary<string, int> _specials = new(StringComparer.Ordinal);
    readonly Dictionary<int, byte[]> _specialBytes = [];

    // Whether a piece that is a token is that token, whatever its bytes are merged into.
    readonly bool _wholePieces;

    // Whether any two tokens that are a third one together are merged into it, so that the rank of a merge is its id.
    readonly bool _allPairs;

    // Of a token, whether its bytes are merged into it.
    readonly bool[] _isMerged;

    BpeTokenizer(string asked, TokenTable table, TokenPairs pairs, TokenPattern pattern, bool wholePieces,
        IEnumerable<KeyValuePair<string, int>> specials, bool allPairs = false)
    {
        (_table, _pairs, Pattern, _wholePieces, _allPairs) = (table, pairs, pattern, wholePieces, allPairs);
        _splitter = new(pattern);
        int[] ofByte = new int[256];
        for (int i = 0; i < 256; i++)
            if ((ofByte[i] = table.Find([(byte)i])) < 0)
                Throw.Data($"{asked}: the byte 0x{i:X2} is no token, so that not every text can be encoded: give a "
                    + "vocabulary of bytes, as GPT-2's is");
        foreach (var (text, id) in specials) AddSpecial(asked, text, id);
        _merger = new(ofByte, pairs);
        _isMerged = new bool[table.Size];
        Span<int> ids = new int[LongestToken];
        for (int id = 0; id < table.Size; id++)
            _isMerged[id] = table[id] is { } bytes && (wholePieces || _merger.Merge(bytes, ids) == 1 && ids[0] == id);
    }

    /// <summary>One above the greatest id: how many rows an embedding of all tokens needs.</summary>
    public int Size => Math.Max(_table.Size, _specials.Count == 0 ? 0 : _specials.Values.Max() + 1);

    /// <summary>Where texts are cut before bytes are merged.</summary>
    public TokenPattern Pattern { get; }

    /// <summary>Tokens that no text is merged into, such as <c>&lt;|endoftext|&gt;</c>, with their ids.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens => _specials;

    /// <summary>The tokens of a text. Special tokens in it are read as any other characters; half a surrogate pair is
    /// read as U+FFFD.</summary>
    public int[] Encode(string text)
    {
        Throw.IfNull(text, Asked);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            return Encode(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>The tokens of bytes, which need not be sound UTF-8: <see cref="DecodeBytes"/> gives the same back.
    /// </summary>
    public int[] Encode(ReadOnlySpan<byte> bytes)
    {
        var ids = new ArrayBufferWriter<int>(Math.Max(16, bytes.Length / 3));
        Encode(bytes, ids);
        return ids.WrittenSpan.ToArray();
    }

    /// <summary>The tokens of a text in which special tokens stand for themselves; where two begin at one place, the
    /// longer one. Not for texts of strangers.</summary>
    public int[] EncodeWithSpecialTokens(string text)
    {
        Throw.IfNull(text, Asked);
        var ids = new ArrayBufferWriter<int>(16);
        for (int at = 0; at < text.Length;)
        {
            var (from, special) = (text.Length, (string?)null);
            foreach (string one in _specials.Keys)
                if (text.IndexOf(one, at, StringComparison.Ordinal) is >= 0 and var found
                    && (found < from || found == from && one.Length > special?.Length))
                    (from, special) = (found, one);
            if (from > at) ids.Write(Encode(text[at..from]));
            if (special is not null) ids.Write([_specials[special]]);
            at = from + (special?.Length ?? 0);
        }
        return ids.WrittenSpan.ToArray();
    }

    /// <summary>The text of tokens; bytes that are no sound UTF-8 become U+FFFD.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No token has one of the ids.</exception>
    public string Decode(ReadOnlySpan<int> ids) => Encoding.UTF8.GetString(DecodeBytes(ids));

    /// <summary>The bytes of tokens, one after another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No token has one of the ids.</exception>
    public byte[] DecodeBytes(ReadOnlySpan<int> ids)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(16, 4 * ids.Length));
        foreach (int id in ids) bytes.Write(BytesOf(id, nameof(ids)));
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The bytes of one token, which may be a part of a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No token has the id.</exception>
    public byte[] Token(int id) => [.. BytesOf(id, nameof(id))];

    /// <summary>The id of a token; null where the bytes are none.</summary>
    public int? Find(ReadOnlySpan<byte> token) => _table.Find(token) is >= 0 and var id ? id : null;

    public override string ToString() => $"byte-level BPE of {_table.Count:N0} tokens"
        + $"{(_specials.Count == 0 ? "" : $" and {_specials.Count} special ones")}, pieces as in {Pattern}";

    void Encode(ReadOnlySpan<byte> bytes, ArrayBufferWriter<int> to)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int end = _splitter.Next(bytes, at);
            var piece = bytes[at..end];
            at = end;
            if (_table.Find(piece) is >= 0 and var id && _isMerged[id])
            {
                to.GetSpan(1)[0] = id;
                to.Advance(1);
                continue;
            }
            to.Advance(_merger.Merge(piece, to.GetSpan(piece.Length)));
        }
    }

    byte[] BytesOf(int id, string parameter)
    {
        if (_specialBytes.TryGetValue(id, out byte[]? special)) return special;
        if (_table[id] is { } bytes) return bytes;
        Throw.OutOfRange($"{Asked}: no token has the id {id}: ids run from 0 to {Size - 1}", parameter);
        return [];
    }

    void AddSpecial(string asked, string text, int id)
    {
        if (string.IsNullOrEmpty(text)) Throw.Data($"{asked}: a special token is empty: give it a text");
        if (id is < 0 or > MostTokens)
            Throw.Data($"{asked}: the special token '{Printable.Of(text, 40)}' has id {id}: give 0 to {MostTokens:N0}");
        if (_table[id] is { } bytes && !bytes.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text))
            || _specialBytes.ContainsKey(id))
            Throw.Data($"{asked}: id {id} is that of the special token '{Printable.Of(text, 40)}' and of "
                + $"'{TokenTable.Shown(_table[id] ?? _specialBytes[id])}': give it another id");
        if (!_specials.TryAdd(text, id))
            Throw.Data($"{asked}: the special token '{Printable.Of(text, 40)}' has ids {_specials[text]} and {id}: "
                + "give it one");
        _specialBytes[id] = Encoding.UTF8.GetBytes(text);
    }
}
