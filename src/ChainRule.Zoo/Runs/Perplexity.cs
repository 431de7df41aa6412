namespace ChainRule.Zoo.Runs;

/// <summary>Other ways to say a loss in nats a character.</summary>
public static class Perplexity
{
    /// <summary>exp(loss): among how many equally likely characters the model is as unsure.</summary>
    public static double Of(double loss) => Math.Exp(loss);

    /// <summary>loss / ln 2: how many bits a character costs when the model writes down the text.</summary>
    public static double Bits(double loss) => loss / Math.Log(2);
}
