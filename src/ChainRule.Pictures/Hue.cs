namespace ChainRule.Pictures;

/// <summary>
/// The ten colours of series, in the order in which they are given out. Each has a light and a dark form.
/// </summary>
public enum Hue
{
    Blue,
    Orange,
    Green,
    Pink,
    Olive,
    Cyan,
    Violet,
    Red,
    Brown,
    Grey,
}
