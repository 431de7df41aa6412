namespace ChainRule;

/// <summary>The op of a derivative: it is gone back through once, and has no second derivative of its own.</summary>
interface IOnce;
