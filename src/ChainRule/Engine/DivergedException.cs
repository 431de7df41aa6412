namespace ChainRule;

/// <summary>
/// Training cannot go on, because a loss or a gradient is NaN or infinite, most often from too high a learning rate.
/// What was saved before stays as it is.
/// </summary>
public sealed class DivergedException(string message) : InvalidOperationException(message);
