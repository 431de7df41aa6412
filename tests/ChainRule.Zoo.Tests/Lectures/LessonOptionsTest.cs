using ChainRule.Zoo.Lectures;

namespace ChainRule.Zoo.Tests.Lectures;

public sealed class LessonOptionsTest
{
    static (int Steps, uint Seed, double Rate, bool Ok, string Said) Parse(params string[] args)
    {
        var before = Console.Error;
        using var said = new StringWriter { NewLine = "\n" };
        Console.SetError(said);
        try
        {
            var options = new LessonOptions(args);
            return (options.Integer("--steps", 100, least: 1, most: 1000), options.Seed("--seed", 7),
                options.Positive("--learning-rate", 0.1), options.Ok(), said.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }

    [Fact]
    public void What_is_given_is_taken_and_the_rest_has_its_usual_value()
    {
        Assert.Equal((100, 7u, 0.1, true, ""), Parse());
        Assert.Equal((3, 4_294_967_295u, 0.001, true, ""),
            Parse("--learning-rate", "1e-3", "--quick", "--steps", "3", "--seed", "4294967295"));
        Assert.True(new LessonOptions(["--quick"]).Quick);
        Assert.True(new LessonOptions(["--full"]).Full);
    }

    [Fact]
    public void A_number_may_have_either_sign()
    {
        var options = new LessonOptions(["--threshold", "-2.5"]);
        Assert.Equal((-2.5, 5.0, true), (options.Number("--threshold", 5), options.Number("--bias", 5), options.Ok()));
    }

    [Fact]
    public void Help_says_what_each_option_is()
    {
        var options = new LessonOptions(["--help"]);
        options.Integer("--steps", 100, least: 1, most: 1000, "how many steps are made");
        options.Seed("--seed", 7);
        options.Number("--bias", 5);
        options.Flag("--all", "prints all rows");
        Assert.Equal("""
            Options of this lesson:
            --quick        small sizes, in a second or two
            --full         the lecture's own sizes; some lessons take many minutes
            --steps N      how many steps are made; a whole number from 1 to 1,000
            --seed N       what is drawn: the same seed draws the same; a whole number from 0 to 4,294,967,295
            --bias NUMBER  a number, such as -0.5
            --all          prints all rows
            """, options.Help);
    }

    [Theory]
    [InlineData("--steps 0", "lesson: --steps 0: give a whole number from 1 to 1,000\n")]
    [InlineData("--steps 2.5", "lesson: --steps 2.5: give a whole number from 1 to 1,000\n")]
    [InlineData("--steps 99999999999", "lesson: --steps 99999999999: give a whole number from 1 to 1,000\n")]
    [InlineData("--steps", "lesson: --steps has no value: give a whole number from 1 to 1,000\n")]
    [InlineData("--learning-rate abc", "lesson: --learning-rate abc: give a number above 0, such as 0.01\n")]
    [InlineData("--learning-rate NaN", "lesson: --learning-rate NaN: give a number above 0, such as 0.01\n")]
    [InlineData("--learning-rate -1", "lesson: --learning-rate -1: give a number above 0, such as 0.01\n")]
    [InlineData("--seed x", "lesson: --seed x: give a whole number from 0 to 4,294,967,295\n")]
    [InlineData("--seed -1", "lesson: --seed -1: give a whole number from 0 to 4,294,967,295\n")]
    [InlineData("--seed 1 --seed 2", "lesson: --seed is given twice: give it once\n")]
    [InlineData("--quick --full", "lesson: --quick does not go with --full: choose one\n")]
    [InlineData("--sed 1", "lesson: '--sed' is no option of this lesson: it has --full, --learning-rate, --quick, "
        + "--seed, --steps\nlesson: '1' is no option of this lesson: it has --full, --learning-rate, --quick, --seed, "
        + "--steps\n")]
    public void What_is_wrong_is_a_sentence(string args, string says)
    {
        var (_, _, _, ok, said) = Parse(args.Split(' '));
        Assert.Equal((false, says), (ok, said));
    }
}
