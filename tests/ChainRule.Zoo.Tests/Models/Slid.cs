namespace ChainRule.Zoo.Tests.Models;

/// <summary>Where a window begins that lets so many of its oldest go whenever it is full.</summary>
static class Slid
{
    public static int Start(int at, int context, int slide) =>
        at < context ? 0 : (at - context) / slide * slide + slide;
}
