namespace ChainRule.Zoo.Images;

/// <summary>An image of a data set.</summary>
/// <param name="Picture">The image.</param>
/// <param name="Class">Its class.</param>
public sealed record ImageExample(Pixels Picture, string Class);
