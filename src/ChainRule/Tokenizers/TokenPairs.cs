using System.Numerics;
using System.Security.Cryptography;

namespace ChainRule.Tokenizers;

/// <summary>What two tokens side by side are merged into, and how early: the lowest rank first.</summary>
/// <param name="Rank">Its place among all merges; <see cref="None"/> where they are never merged.</param>
/// <param name="Id">The token that they become.</param>
readonly record struct TokenMerge(int Rank, int Id)
{
    public const int None = int.MaxValue;

    public static TokenMerge Never => new(None, 0);
}

/// <summary>
/// Merges by the ids of their two tokens: a table of one array, in which a key lies at its hash or soon behind it.
/// </summary>
sealed class TokenPairs
{
    // Drawn for each process, so that no file can be made whose keys all fall on one place.
    static readonly ulong s_secret = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;

    (ulong Key, TokenMerge Merge)[] _places = new (ulong, TokenMerge)[64];

    public int Count { get; private set; }

    /// <summary>Adds a merge; false where these two have one.</summary>
    public bool Add(int left, int right, TokenMerge merge)
    {
        if (2 * ++Count > _places.Length) Grow();
        return Put(_places, Key(left, right), merge);
    }

    public TokenMerge Find(int left, int right)
    {
        ulong key = Key(left, right);
        var places = _places;
        for (int at = Place(key, places.Length); ; at = (at + 1) & (places.Length - 1))
        {
            ref var place = ref places[at];
            if (place.Key == key) return place.Merge;
            if (place.Key == 0) return TokenMerge.Never;
        }
    }

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<(int Left, int Right, TokenMerge Merge)> All()
    {
        foreach (var (key, merge) in _places)
            if (key != 0) yield return ((int)(key >> 32) - 1, (int)(uint)key, merge);
    }

    /// <summary>A number that changes with every bit of x.</summary>
    public static ulong Mixed(ulong x)
    {
        ulong high = Math.BigMul(x ^ s_secret, 0x9E3779B97F4A7C15, out ulong low);
        return high ^ low;
    }

    // A place whose key is 0 is empty: 1 is added to the left id.
    static ulong Key(int left, int right) => (ulong)(uint)(left + 1) << 32 | (uint)right;

    static int Place(ulong key, int places) => (int)(Mixed(key) >> (64 - BitOperations.Log2((uint)places)));

    static bool Put((ulong Key, TokenMerge Merge)[] places, ulong key, TokenMerge merge)
    {
        for (int at = Place(key, places.Length); ; at = (at + 1) & (places.Length - 1))
        {
            if (places[at].Key == key) return false;
            if (places[at].Key != 0) continue;
            places[at] = (key, merge);
            return true;
        }
    }

    void Grow()
    {
        var grown = new (ulong, TokenMerge)[2 * _places.Length];
        foreach (var (key, merge) in _places) if (key != 0) Put(grown, key, merge);
        _places = grown;
    }
}
