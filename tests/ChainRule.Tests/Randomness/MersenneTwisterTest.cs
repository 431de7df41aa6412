using ChainRule.Randomness;

namespace ChainRule.Tests.Randomness;

public class MersenneTwisterTest
{
    [Fact]
    public void The_ten_thousandth_number_from_the_default_seed_is_the_one_the_C_plus_plus_standard_demands()
    {
        var twister = new MersenneTwister(5489);
        for (int i = 1; i < 10_000; i++) twister.NextUInt32();
        Assert.Equal(4123659995u, twister.NextUInt32());
    }

    [Fact]
    public void Seeding_by_array_gives_the_first_numbers_of_the_reference_output()
    {
        var twister = MersenneTwister.FromArray([0x123, 0x234, 0x345, 0x456]);
        uint[] first = [twister.NextUInt32(), twister.NextUInt32(), twister.NextUInt32(), twister.NextUInt32(),
            twister.NextUInt32()];
        Assert.Equal([1067595299u, 955945823u, 477289528u, 4107218783u, 4228976476u], first);
    }

    [Fact]
    public void Every_word_of_several_blocks_follows_the_recurrence_one_word_at_a_time()
    {
        var twister = new MersenneTwister(42);
        uint[] s = twister.State.ToArray();
        for (int drawn = 0; drawn < 3 * MersenneTwister.StateLength; drawn++)
        {
            int i = drawn % MersenneTwister.StateLength;
            uint y = (s[i] & 0x8000_0000) | (s[(i + 1) % s.Length] & 0x7fff_ffff);
            s[i] = s[(i + 397) % s.Length] ^ (y >> 1) ^ (y % 2 == 1 ? 0x9908_b0df : 0);
            y = s[i];
            y ^= y >> 11;
            y ^= (y << 7) & 0x9d2c_5680;
            y ^= (y << 15) & 0xefc6_0000;
            y ^= y >> 18;
            Assert.Equal(y, twister.NextUInt32());
        }
    }

    [Fact]
    public void Sixty_four_bits_are_two_draws_with_the_first_one_high()
    {
        var words = new MersenneTwister(7);
        var pairs = new MersenneTwister(7);
        for (int i = 0; i < 700; i++)
        {
            ulong high = words.NextUInt32();
            Assert.Equal(high << 32 | words.NextUInt32(), pairs.NextUInt64());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(623)]
    [InlineData(624)]
    [InlineData(1000)]
    public void A_restored_twister_continues_where_it_was_saved(int drawn)
    {
        var twister = new MersenneTwister(1337);
        for (int i = 0; i < drawn; i++) twister.NextUInt32();
        var (state, position) = twister.Save();
        var other = new MersenneTwister(1);
        other.Restore(state, position);
        Assert.Equal(twister.Position, other.Position);
        for (int i = 0; i < 1300; i++) Assert.Equal(twister.NextUInt32(), other.NextUInt32());
    }

    [Fact]
    public void Wrong_states_and_keys_say_what_is_wrong()
    {
        var twister = new MersenneTwister(0);
        Assert.StartsWith("restore: 3 state words: a Mersenne twister has 624",
            Assert.ThrowsAny<ArgumentException>(() => twister.Restore([1, 2, 3], 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("restore: position 625: it must lie within 0 and 624",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => twister.Restore(new uint[624], 625)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("seed: the key has no words: give at least one",
            Assert.ThrowsAny<ArgumentException>(() => MersenneTwister.FromArray([])).Message, StringComparison.Ordinal);
    }
}
