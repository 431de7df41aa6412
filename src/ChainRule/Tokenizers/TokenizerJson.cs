using System.Text.Json;

namespace ChainRule.Tokenizers;

/// <summary>
/// Reads and writes tokenizer.json of the kind BPE on bytes. What the file asks for and is not done here is refused by
/// name; what only adds tokens around a text (post_processor) is left to the caller.
/// </summary>
static class TokenizerJson
{
    const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    const string Ending = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

    const string Llama3 = Ending + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
        + @"|\s+(?!\S)|\s+";

    const string Small = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]", Large = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]",
        Sign = @"[^\r\n\p{L}\p{N}]?";

    static readonly (TokenPattern Pattern, string Regex)[] s_known =
    [
        (TokenPattern.Gpt2, Gpt2),
        (TokenPattern.Llama3, Llama3),
        (TokenPattern.Qwen2, Llama3.Replace(@"\p{N}{1,3}", @"\p{N}", StringComparison.Ordinal)),
        (TokenPattern.O200k, Sign + Large + "*" + Small + "+" + Ending + "?|" + Sign + Large + "+" + Small + "*"
            + Ending + @"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
        (TokenPattern.Cl100k, @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++"
            + @"[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"),
    ];

    public static BpeTokenizer Parse(string asked, byte[] json) =>
        BpeTokenizer.OfJson(asked, json, root => Parse(asked, root));

    static BpeTokenizer Parse(string asked, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !Has(root, "model", out var model)
            || model.ValueKind != JsonValueKind.Object)
        {
            Throw.Data($"{asked}: there is no 'model' in it: give a tokenizer.json");
            return null;
        }
        if (Has(model, "type", out var type) && !type.ValueEquals("BPE"))
            Throw.Data($"{asked}: its model is of type {Printable.Of(type.ToString(), 40)}: only BPE on bytes is read");
        foreach (string name in (string[])["normalizer", "truncation", "padding"])
            if (Has(root, name, out var asks))
                Throw.Data($"{asked}: it has a {name} ({Printable.Of(asks.GetRawText(), 60)}), which is not done here: "
                    + "do it by yourself, and take it out of the file");
        foreach (string name in (string[])["dropout", "continuing_subword_prefix", "end_of_word_suffix"])
            if (Has(model, name, out var asks) && !(asks.ValueKind == JsonValueKind.String && asks.ValueEquals("")))
                Throw.Data($"{asked}: its model has a {name}, which is not done here: only BPE on bytes is read");
        if (Flag(model, "byte_fallback"))
            Throw.Data($"{asked}: its tokens are characters with bytes for the rest (byte_fallback): only BPE on bytes "
                + "is read");
        if (!Has(model, "vocab", out var vocabulary) || !Has(model, "merges", out var merges)
            || merges.ValueKind != JsonValueKind.Array)
        {
            Throw.Data($"{asked}: its model lacks vocab or merges: take a whole copy of the file");
            return null;
        }
        return BpeTokenizer.Of(asked, BpeTokenizer.ReadVocabulary(asked, vocabulary), Merges(asked, merges),
            Pattern(asked, root), Flag(model, "ignore_merges"), Specials(asked, root));
    }

    /// <summary>The regular expression of a pattern.</summary>
    public static string Regex(TokenPattern pattern) => s_known.First(one => one.Pattern == pattern).Regex;

    static IEnumerable<(string, string)> Merges(string asked, JsonElement merges)
    {
        foreach (var merge in merges.EnumerateArray())
        {
            if (merge.ValueKind == JsonValueKind.String) yield return BpeTokenizer.SplitMerge(merge.GetString()!);
            else if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2
                && merge.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String))
                yield return (merge[0].GetString()!, merge[1].GetString()!);
            else
                Throw.Data($"{asked}: the merge {Printable.Of(merge.GetRawText(), 60)} is not two tokens: take a whole "
                    + "copy of the file");
        }
    }

    static Dictionary<string, int> Specials(string asked, JsonElement root)
    {
        Dictionary<string, int> specials = new(StringComparer.Ordinal);
        if (!Has(root, "added_tokens", out var added)) return specials;
        if (added.ValueKind != JsonValueKind.Array) Throw.Data($"{asked}: its added_tokens are no list: give one");
        foreach (var one in added.EnumerateArray())
        {
            if (one.ValueKind != JsonValueKind.Object || !Has(one, "content", out var content)
                || content.ValueKind != JsonValueKind.String || !Has(one, "id", out var number)
                || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out int id))
            {
                Throw.Data($"{asked}: an added token lacks its content or its id: take a whole copy of the file");
                continue;
            }
            if (!specials.TryAdd(content.GetString()!, id))
                Throw.Data($"{asked}: the added token '{Printable.Of(content.GetString(), 40)}' stands there twice: "
                    + "take one out");
        }
        return specials;
    }

    // ByteLevel alone cuts as GPT-2 does; after a Split it only writes bytes as characters.
    static TokenPattern Pattern(string asked, JsonElement root)
    {
        if (!Has(root, "pre_tokenizer", out var cuts) || cuts.ValueKind != JsonValueKind.Object)
        {
            Throw.Data($"{asked}: it has no pre_tokenizer, so that its tokens are no bytes: only BPE on bytes is read");
            return default;
        }
        JsonElement[] parts = Has(cuts, "pretokenizers", out var all) && all.ValueKind == JsonValueKind.Array
            ? [.. all.EnumerateArray()] : [cuts];
        TokenPattern? pattern = null;
        bool bytes = false;
        foreach (var part in parts)
        {
            string? type = part.ValueKind == JsonValueKind.Object && Has(part, "type", out var said)
                ? said.ToString() : null;
            if (type == "Split" && pattern is null && !bytes && Has(part, "pattern", out var split)
                && split.ValueKind == JsonValueKind.Object && Has(split, "Regex", out var regex)
                && Known(regex.ToString()) is { } known) pattern = known;
            else if (type == "ByteLevel" && !bytes && !Flag(part, "add_prefix_space")
                && !(pattern is not null && Flag(part, "use_regex"))) bytes = true;
            else
                Throw.Data($"{asked}: its pre_tokenizer {Printable.Of(part.GetRawText(), 100)} is not done here: texts "
                    + "are cut as in GPT-2, cl100k, Llama 3, Qwen 2 or o200k, and then into bytes");
        }
        if (!bytes) Throw.Data($"{asked}: its pre_tokenizer lacks ByteLevel: only BPE on bytes is read");
        return pattern ?? TokenPattern.Gpt2;
    }

    static TokenPattern? Known(string regex)
    {
        foreach (var (pattern, one) in s_known) if (one == regex) return pattern;
        return null;
    }

    static bool Has(JsonElement json, string name, out JsonElement value) =>
        json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    static bool Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
