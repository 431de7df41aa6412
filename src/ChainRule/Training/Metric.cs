namespace ChainRule.Training;

/// <summary>
/// A number that says how good a network's output is on a batch, such as an accuracy: a mean over the rows.
/// </summary>
/// <param name="output">What the network makes of the batch.</param>
/// <param name="y">The targets.</param>
public delegate double Metric<TY>(Tensor output, TY y);

/// <summary>A number that is measured on a batch in a way of its own: a mean over the rows.</summary>
/// <param name="x">The inputs.</param>
/// <param name="y">The targets.</param>
public delegate double Metric<TX, TY>(TX x, TY y);
