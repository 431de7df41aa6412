using ChainRule.Randomness;

namespace ChainRule.Tests.Randomness;

public class BlockMathTest
{
    const float Ulp = 1f / (1 << 23);

    [Fact]
    public void The_logarithm_is_good_to_two_units_in_the_last_place_wherever_a_uniform_may_lie()
    {
        for (int k = 1; k <= 1 << 24; k += 101)
        {
            float x = k / (float)(1 << 24);
            double exact = Math.Log(x);
            Assert.True(Math.Abs(BlockMath.Log(x) - exact) <= 2 * Ulp * Math.Abs(exact),
                $"ln {x:R} is {BlockMath.Log(x):R}, not {exact:R}");
        }
        Assert.Equal(0, BlockMath.Log(1));
    }

    [Fact]
    public void Sine_and_cosine_are_good_to_a_unit_of_one_over_the_whole_turn()
    {
        for (int k = 0; k < 1 << 24; k += 101)
        {
            float theta = MathF.Tau * (k / (float)(1 << 24));
            var (sin, cos) = BlockMath.SinCos(theta);
            Assert.Equal(Math.Sin(theta), sin, Ulp);
            Assert.Equal(Math.Cos(theta), cos, Ulp);
        }
    }
}
