using ChainRule.Zoo.Lectures;

namespace ChainRule.Zoo.Tests.Lectures;

public sealed class ComparisonTest
{
    [Theory]
    [InlineData("3.3239", 3.32391, "3.3239", true)]
    [InlineData("3.3239", 3.32396, "3.3240", false)]
    [InlineData("12097", 12097, "12097", true)]
    [InlineData("20.0", 20, "20.0", true)]
    [InlineData("-8.0", -8, "-8.0", true)]
    [InlineData("0.8958441028683222", 0.8958441028683222, "0.8958441028683222", true)]
    [InlineData("2.640702e-03", 0.002640702, "2.640702e-03", true)]
    [InlineData("2.999378523327323e-06", 2.999378523327323e-06, "2.999378523327323e-06", true)]
    [InlineData("1.0e+100", 1e100, "1.0e+100", true)]
    [InlineData("60.95 %", 60.953, "60.95 %", true)]
    [InlineData("+0.000246", 0.0002461, "+0.000246", true)]
    [InlineData("+0.000246", -0.0002461, "-0.000246", false)]
    [InlineData("-0.0000", -0.00001, "0.0000", false)]
    [InlineData("0.0000", -0.00001, "0.0000", true)]
    [InlineData("1.25", double.NaN, "NaN", false)]
    [InlineData("1.2e+00", double.PositiveInfinity, "Infinity", false)]
    public void A_number_is_compared_and_printed_at_the_decimals_of_the_lecture(string lecture, double ours,
        string printed, bool agrees) =>
        Assert.Equal(new Comparison("loss", printed, lecture, agrees), Comparison.Of("loss", lecture, ours));

    [Fact]
    public void Within_a_margin_two_numbers_agree_and_the_line_says_the_margin()
    {
        var near = Comparison.Of("loss", "1.7690", 1.7691, within: 0.0002);
        Assert.Equal("loss: 1.7691 | lecture: 1.7690 | agrees within 0.0002", near.ToString());
        Assert.False(Comparison.Of("loss", "1.7690", 1.7693, within: 0.0002).Agrees);
    }

    [Fact]
    public void Texts_agree_where_they_are_the_same() => Assert.Equal(
        ["name: carpah. | lecture: carpah. | agrees", "name: carpah. | lecture: carpa. | differs"],
        new[] { "carpah.", "carpa." }.Select(lecture => Comparison.Of("name", lecture, "carpah.").ToString()));

    [Fact]
    public void A_text_that_is_no_number_is_refused() => Assert.Equal(
        "compare loss: 'about 2' does not begin with a number: give the lecture's text as it was printed",
        Assert.Throws<FormatException>(() => Comparison.Of("loss", "about 2", 2)).Message);

    [Theory]
    [InlineData("first loss: 3.3239 | lecture: 3.3239 | agrees", "first loss", "3.3239", "3.3239", true)]
    [InlineData("  step 3: loss: 3.1 | lecture: 3.2 | differs", "step 3", "loss: 3.1", "3.2", false)]
    [InlineData("loss: 1.7691 | lecture: 1.7690 | agrees within 0.0002", "loss", "1.7691", "1.7690", true)]
    public void A_line_is_read_back(string line, string name, string ours, string lecture, bool agrees) =>
        Assert.Equal(new Comparison(name, ours, lecture, agrees), Comparison.Parse(line));

    [Theory]
    [InlineData("first loss: 3.3239")]
    [InlineData("a table | lecture | agrees")]
    [InlineData("")]
    public void Other_lines_are_none(string line) => Assert.Null(Comparison.Parse(line));
}
