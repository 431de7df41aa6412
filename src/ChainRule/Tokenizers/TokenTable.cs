using System.Numerics;
using System.Runtime.InteropServices;

namespace ChainRule.Tokenizers;

/// <summary>The bytes of each token by its id, and the id of bytes. Ids may leave numbers out.</summary>
sealed class TokenTable
{
    readonly byte[]?[] _bytes;
    readonly int[] _places;

    /// <param name="asked">What is read, as an error begins.</param>
    /// <param name="tokens">Each once, with its id.</param>
    /// <exception cref="InvalidDataException">Two tokens have one id, or one token has two.</exception>
    public TokenTable(string asked, IReadOnlyList<(byte[] Bytes, int Id)> tokens)
    {
        _bytes = new byte[]?[tokens.Count == 0 ? 0 : tokens.Max(one => one.Id) + 1];
        _places = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * tokens.Count))];
        foreach (var (bytes, id) in tokens)
        {
            if (_bytes[id] is { } other)
                Throw.Data($"{asked}: id {id} is that of '{Shown(other)}' and of '{Shown(bytes)}': take a whole copy "
                    + "of the file");
            if (Find(bytes) is >= 0 and var twice)
                Throw.Data($"{asked}: the token '{Shown(bytes)}' has ids {twice} and {id}: take a whole copy of the "
                    + "file");
            _bytes[id] = bytes;
            int at = Place(bytes);
            while (_places[at] != 0) at = (at + 1) & (_places.Length - 1);
            _places[at] = id + 1;
            Count++;
        }
    }

    /// <summary>One above the greatest id.</summary>
    public int Size => _bytes.Length;

    /// <summary>How many tokens there are.</summary>
    public int Count { get; }

    /// <summary>The bytes of a token; null where no token has the id.</summary>
    public byte[]? this[int id] => (uint)id < (uint)_bytes.Length ? _bytes[id] : null;

    /// <summary>The id of bytes; −1 where they are no token.</summary>
    public int Find(ReadOnlySpan<byte> bytes)
    {
        for (int at = Place(bytes); _places[at] != 0; at = (at + 1) & (_places.Length - 1))
            if (bytes.SequenceEqual(_bytes[_places[at] - 1])) return _places[at] - 1;
        return -1;
    }

    /// <summary>Bytes as they may be shown in an error.</summary>
    public static string Shown(ReadOnlySpan<byte> bytes) =>
        Printable.Of(System.Text.Encoding.UTF8.GetString(bytes), 40);

    int Place(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length;
        while (bytes.Length >= 8)
        {
            hash = TokenPairs.Mixed(hash ^ MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[8..];
        }
        ulong last = 0;
        foreach (byte one in bytes) last = last << 8 | one;
        return (int)(TokenPairs.Mixed(hash ^ last) >> (64 - BitOperations.Log2((uint)_places.Length)));
    }
}
