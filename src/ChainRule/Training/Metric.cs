namespace ChainRule.Training;

/// <summary>A number that says how good a model is on a batch, such as an accuracy: a mean over the rows.</summary>
/// <param name="x">The inputs.</param>
/// <param name="y">The targets.</param>
public delegate double Metric<TX, TY>(TX x, TY y);
