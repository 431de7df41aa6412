using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class PerplexityTest
{
    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(0.6931471805599453, 2, 1)]
    [InlineData(4.174387269895637, 65, 6.022367813028454)]
    public void Of_a_loss_in_nats_it_is_the_exponential_and_bits_are_nats_over_ln_2(double loss, double perplexity, double bits)
    {
        Assert.Equal(perplexity, Perplexity.Of(loss), 1e-12);
        Assert.Equal(bits, Perplexity.Bits(loss), 1e-12);
    }
}
