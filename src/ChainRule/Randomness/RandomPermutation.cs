using ChainRule.Errors;

namespace ChainRule.Randomness;

/// <summary>
/// The numbers 0 … n − 1 in random order, none of them stored: the number at any place is computed, in a time that does
/// not depend on n. A seed has one order, on every machine.
/// <code>
/// var order = new RandomPermutation(5_000_000_000, seed: 1);
/// long first = order[0];
/// </code>
/// Each of 96 rounds has a random k in [0, n), and pairs every x with (k − x) mod n; a random bit of the pair says
/// whether the two change places.
/// </summary>
/// <remarks>Hoang, Morris and Rogaway, "An Enciphering Scheme Based on a Card Shuffle" (2012), swap-or-not. The bits
/// are
/// of SplitMix64's finaliser: good statistics, and no secrecy.</remarks>
public sealed class RandomPermutation
{
    const int Rounds = 96;

    readonly ulong[] _pairs = new ulong[Rounds], _bits = new ulong[Rounds];

    /// <summary>The order of a seed.</summary>
    /// <param name="count">How many numbers there are.</param>
    /// <param name="seed">Decides the order.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no number.</exception>
    public RandomPermutation(long count, ulong seed)
    {
        if (count < 1)
            throw new RefusedRangeException($"random permutation of {count} numbers: give 1 or more", nameof(count));
        Count = count;
        ulong state = Mixed(seed ^ 0x5851f42d4c957f2d);
        for (int round = 0; round < Rounds; round++)
        {
            _pairs[round] = Mixed(state += 0x9e3779b97f4a7c15) % (ulong)count;
            _bits[round] = Mixed(state += 0x9e3779b97f4a7c15);
        }
    }

    /// <summary>How many numbers there are.</summary>
    public long Count { get; }

    /// <summary>The number at a place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public long this[long place]
    {
        get
        {
            ulong n = (ulong)Count, x = (ulong)place;
            if (x >= n)
                throw new RefusedRangeException($"random permutation: place {place}: the places run from 0 to "
                    + $"{Count - 1}", nameof(place));
            for (int round = 0; round < Rounds; round++)
            {
                ulong other = _pairs[round] >= x ? _pairs[round] - x : _pairs[round] + n - x;
                // Half of such branches would be mispredicted.
                ulong swap = (ulong)((long)Mixed(Math.Max(x, other) ^ _bits[round]) >> 63);
                x ^= (x ^ other) & swap;
            }
            return (long)x;
        }
    }

    /// <summary>How many numbers there are.</summary>
    public override string ToString() => $"random permutation of {Count:N0} numbers";

    static ulong Mixed(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
