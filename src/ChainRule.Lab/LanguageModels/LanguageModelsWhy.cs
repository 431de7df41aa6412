using ChainRule.Explaining;
using ChainRule.Lab.Why;

namespace ChainRule.Lab.LanguageModels;

/// <summary>
/// Says what the numbers of a language model were computed from: the window is read once more as in training, with its
/// graph.
/// </summary>
static class LanguageModelsWhy
{
    const int Depth = 12, Top = 4, Numbers = 300;

    /// <summary>The probability or the logit of a next character.</summary>
    public static WhyTree Next(OpenModel model, WhyNextRequest request)
    {
        int[] ids = model.Encode(request.Prompt);
        int size = model.Characters.Count;
        if (request.Character < 0 || request.Character >= size)
            Throw.Argument($"why: there is no character {request.Character}: give 0 to {size - 1}");
        var (logits, window) = model.Logits(ids);
        string character = model.Shown(request.Character);
        int[] at = [logits.Shape[0] - 1, request.Character];
        var options = Options(model);
        string about = $"The number of '{character}' after {After(model, window)}.";
        return request.IsLogit ? WhyTree.Of(Explain.Value(logits, at, options, "logits"), about)
            : WhyTree.Of(Explain.Value(logits.Softmax(), at, options with { Names = Named(logits) }, "p"), about);
    }

    /// <summary>−ln p of a character of a text.</summary>
    public static WhyTree Loss(OpenModel model, WhyLossRequest request)
    {
        int[] ids = model.Encode(request.Text);
        if (request.Place < 0 || request.Place >= ids.Length - 1)
            Throw.Argument($"why: there is no loss {request.Place}: "
                + (ids.Length < 2 ? "give a character or more" : $"give 0 to {ids.Length - 2}"));
        var (logits, window) = model.Logits(ids[..(request.Place + 1)]);
        int id = ids[request.Place + 1];
        return WhyTree.Of(Explain.Value(-logits.LogSoftmax(), [logits.Shape[0] - 1, id],
            Options(model) with { Names = Named(logits) }, "losses"),
            $"The loss of '{model.Shown(id)}' after {After(model, window)}: −ln p.");
    }

    /// <summary>How much one character takes from another in a head.</summary>
    public static WhyTree Attention(OpenModel model, WhyAttentionRequest request)
    {
        if (model.AttentionTensors(model.Encode(request.Text)) is not var (window, weights))
            throw new ArgumentException("why: this model has no attention: a GPT has");
        int heads = weights[0].Shape[1], side = window.Length;
        Check("layer", request.Layer, weights.Length);
        Check("head", request.Head, heads);
        Check("character", request.From, side);
        Check("character", request.To, side);
        string[] shown = model.Shown(window);
        return WhyTree.Of(Explain.Value(weights[request.Layer], [0, request.Head, request.From, request.To],
            Options(model), "attention"), $"'{shown[request.From]}', place {request.From + 1}, takes from "
                + $"'{shown[request.To]}', place {request.To + 1}, in head {request.Head + 1} of layer "
                + $"{request.Layer + 1}.");
    }

    static void Check(string what, int number, int count)
    {
        if (number < 0 || number >= count)
            Throw.Argument($"why: there is no {what} {number}: give 0 to {count - 1}");
    }

    static ExplainOptions Options(OpenModel model) =>
        new() { Depth = Depth, Top = Top, Numbers = Numbers, Model = model.Model };

    static Dictionary<string, Tensor> Named(Tensor logits) => new() { ["logits"] = logits };

    // The end of a long window says enough.
    static string After(OpenModel model, int[] window)
    {
        const int Most = 40;
        string text = string.Concat(model.Shown(window).Select(one => one == "start" ? "" : one));
        return text.Length == 0 ? "nothing" : $"'{(text.Length > Most ? "…" + text[^Most..] : text)}'";
    }
}
